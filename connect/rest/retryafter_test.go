package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// asked is when the answers of these tests come: the next full hour is in 40 min.
var asked = time.Date(2026, 11, 24, 12, 20, 0, 0, time.UTC)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const (
		second = time.Second
		most   = 10 * time.Minute
		hour   = 40 * time.Minute
	)
	for name, tc := range map[string]struct {
		header map[string]string
		want   time.Duration
	}{
		"nothing":             {nil, 0},
		"seconds":             {map[string]string{"Retry-After": "7"}, 7 * second},
		"a fraction":          {map[string]string{"Retry-After": "1.5"}, 1500 * time.Millisecond},
		"less than a second":  {map[string]string{"Retry-After": "0.25"}, 250 * time.Millisecond},
		"zero":                {map[string]string{"Retry-After": "0"}, 0},
		"negative":            {map[string]string{"Retry-After": "-5"}, 0},
		"ten minutes":         {map[string]string{"Retry-After": "600"}, most},
		"a day":               {map[string]string{"Retry-After": "86400"}, most},
		"64 bits":             {map[string]string{"Retry-After": "9223372036854775807"}, most},
		"beyond 64 bits":      {map[string]string{"Retry-After": "92233720368547758080"}, most},
		"beyond all":          {map[string]string{"Retry-After": strings.Repeat("9", 400)}, most},
		"no number":           {map[string]string{"Retry-After": "soon"}, 0},
		"infinite":            {map[string]string{"Retry-After": "Inf"}, 0},
		"not a number":        {map[string]string{"Retry-After": "NaN"}, 0},
		"exponent":            {map[string]string{"Retry-After": "1e3"}, 0},
		"hexadecimal":         {map[string]string{"Retry-After": "0x10"}, 0},
		"RFC 1123":            {map[string]string{"Retry-After": "Tue, 24 Nov 2026 12:20:09 GMT"}, 9 * second},
		"RFC 850":             {map[string]string{"Retry-After": "Tuesday, 24-Nov-26 12:20:09 GMT"}, 9 * second},
		"asctime":             {map[string]string{"Retry-After": "Tue Nov 24 12:20:09 2026"}, 9 * second},
		"a date long ago":     {map[string]string{"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}, 0},
		"a date far off":      {map[string]string{"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, most},
		"unix time":           {map[string]string{"Retry-After": "1795522830"}, 30 * second},
		"unix time gone by":   {map[string]string{"Retry-After": "1700000000"}, 0},
		"the other header":    {map[string]string{"X-RateLimit-Reset": "2026-11-24T12:21Z"}, 60 * second},
		"with seconds":        {map[string]string{"X-RateLimit-Reset": "2026-11-24T12:20:11Z"}, 11 * second},
		"beside a bad one":    {map[string]string{"Retry-After": "soon", "X-RateLimit-Reset": "2026-11-24T12:21Z"}, 60 * second},
		"beside a past one":   {map[string]string{"Retry-After": "-1", "X-RateLimit-Reset": "2026-11-24T12:21Z"}, 60 * second},
		"the first is enough": {map[string]string{"Retry-After": "3", "X-RateLimit-Reset": "2026-11-24T12:21Z"}, 3 * second},
		"a reset far off":     {map[string]string{"X-RateLimit-Reset": "2027-11-24T12:21Z"}, most},
		"draft header":        {map[string]string{"RateLimit-Reset": "50"}, 50 * second},
		"a used-up budget":    {map[string]string{"RateLimit": `"burst";r=0;t=4, "other";r=9;t=3000`}, 4 * second},
		"none used up":        {map[string]string{"RateLimit": `"tenant-app-quota";t=3000`}, 0},
		"only measured":       {map[string]string{"Beta-RateLimit": `"tenant-app-quota";r=0;t=3000`}, 0},

		"a burst":                 {map[string]string{"Retry-After": "86400", "RateLimit-Reason": rest.ReasonBurst}, most},
		"an issue":                {map[string]string{"Retry-After": "9", "RateLimit-Reason": rest.ReasonIssueWrites}, 9 * second},
		"a quota":                 {map[string]string{"Retry-After": "2400", "RateLimit-Reason": rest.ReasonTenantQuota}, hour},
		"a quota, less":           {map[string]string{"Retry-After": "30", "RateLimit-Reason": rest.ReasonGlobalQuota}, hour},
		"a quota, a day":          {map[string]string{"Retry-After": "86400", "RateLimit-Reason": rest.ReasonTenantQuota}, hour},
		"a quota without a time":  {map[string]string{"RateLimit-Reason": rest.ReasonTenantQuota}, hour},
		"a quota with a past one": {map[string]string{"X-RateLimit-Reset": "2026-11-24T12:00Z", "RateLimit-Reason": rest.ReasonTenantQuota}, hour},
		"an unknown reason":       {map[string]string{"Retry-After": "5", "RateLimit-Reason": "jira-cost-based"}, hour},
		"a reason of another":     {map[string]string{"Retry-After": "5", "RateLimit-Reason": strings.Repeat("x", 65)}, 5 * second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for name, value := range tc.header {
				h.Set(name, value)
			}
			got, ok := rest.RetryAfter(h, asked)
			if ok != (tc.want > 0) || got != tc.want {
				t.Errorf("got %v, %v, want %v", got, ok, tc.want)
			}
		})
	}
}

// A quota's answer that comes just after the full hour may be about the hour
// before: it must not cost a whole hour.
func TestQuotaAroundTheFullHour(t *testing.T) {
	t.Parallel()
	h := http.Header{"Retry-After": {"2"}, "Ratelimit-Reason": {rest.ReasonTenantQuota}}
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for at, want := range map[time.Duration]time.Duration{
		-time.Second:       time.Second,
		0:                  2 * time.Second,
		59 * time.Second:   2 * time.Second,
		time.Minute:        59 * time.Minute,
		30*time.Minute + 1: 30*time.Minute - 1,
	} {
		// The hour is one of UTC, also where clocks show half hours.
		if got, _ := rest.RetryAfter(h, noon.Add(at).In(time.FixedZone("", 5*3600+1800))); got != want {
			t.Errorf("%v after noon: got %v, want %v", at, got, want)
		}
	}
}

// FuzzRetryAfter holds what every header keeps to: no wait is negative or above an
// hour, and none above ten minutes without a quota's reason.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range [][4]string{
		{"7", "", "", ""},
		{"1.5", "2026-11-24T12:21Z", "", rest.ReasonBurst},
		{"92233720368547758080", "1795522830", `"a";r=0;t=3200`, rest.ReasonTenantQuota},
		{"Tue, 24 Nov 2026 12:20:09 GMT", "-1", `"a";q=5;w=3600, "b";r=0;t=99999999999`, "?"},
		{"Tuesday, 24-Nov-26 12:20:09 GMT", "Tue Nov 24 12:20:09 2026", `;;"`, ""},
		{".", "0x1p-2", `"\"";t=1`, "jira-cost-based"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, after, reset, budget, reason string) {
		h := http.Header{"Retry-After": {after}, "X-Ratelimit-Reset": {reset}, "Ratelimit": {budget}, "Ratelimit-Reason": {reason}}
		got, ok := rest.RetryAfter(h, asked)
		most := 10 * time.Minute
		if reason != "" && reason != rest.ReasonBurst && reason != rest.ReasonIssueWrites {
			most = 40 * time.Minute
		}
		if ok != (got > 0) || got < 0 || got > most {
			t.Errorf("got %v, %v, want at most %v", got, ok, most)
		}
	})
}
