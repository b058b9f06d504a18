package quota

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What Jira's headers say wins over what was counted.
func TestHeaders(t *testing.T) {
	t.Parallel()
	const global, tenant = "global-app-quota", "tenant-app-quota"
	for _, tc := range []struct {
		name        string
		headers     []string
		app, tenant Level
	}{
		{"silent", nil, Level{Limit: FirstTier, Used: 2}, Level{Used: 2}},
		{
			"a policy",
			[]string{"RateLimit-Policy", `"` + global + `";q=1000;w=3600`, "RateLimit", `"` + global + `";t=3200`},
			Level{Limit: 1000, Used: 2},
			Level{Used: 2},
		},
		{
			"what is left",
			[]string{"RateLimit-Policy", `"` + global + `";q=1000;w=3600`, "RateLimit", `"` + global + `";r=120;t=3200`},
			Level{Limit: 1000, Used: 880},
			Level{Used: 2},
		},
		{
			"the second tier, beside bursts and in any order",
			[]string{"RateLimit-Policy", `"jira-burst-based";q=100;w=1, "` + tenant + `";q=1000;w=3600`, "RateLimit", `"` + tenant + `";r=120;t=3200`},
			Level{Used: 2},
			Level{Limit: 1000, Used: 880},
		},
		{
			"both",
			[]string{"RateLimit-Policy", `"` + tenant + `";q=1000;w=3600, "` + global + `";q=2000;w=3600`, "RateLimit", `"` + global + `";r=100;t=1`},
			Level{Limit: 2000, Used: 1900},
			Level{Limit: 1000, Used: 2},
		},
		{
			"only measured",
			[]string{"Beta-RateLimit-Policy", `"` + global + `";q=1000;w=3600`, "Beta-RateLimit", `"` + global + `";r=50;t=1`},
			Level{Limit: 1000, Used: 950},
			Level{Used: 2},
		},
		{
			"enforced beside measured",
			[]string{
				"Beta-RateLimit-Policy", `"` + global + `";q=9;w=3600`, "Beta-RateLimit", `"` + global + `";r=0;t=1`,
				"RateLimit-Policy", `"` + global + `";q=1000;w=3600`,
			},
			Level{Limit: 1000, Used: 2},
			Level{Used: 2},
		},
		{
			"doubled",
			[]string{
				"RateLimit-Policy", `"` + global + `";q=1000;w=3600`, "RateLimit-Policy", `"` + global + `";q=1000;w=3600`,
				"RateLimit", `"` + global + `";r=180;t=9`, "RateLimit", `"` + global + `";r=150;t=9`,
			},
			Level{Limit: 1000, Used: 850},
			Level{Used: 2},
		},
		{
			"a policy that vanished, and a reset that jumped",
			[]string{"RateLimit", `"` + global + `";r=0;t=4300`},
			Level{Limit: FirstTier, Used: FirstTier},
			Level{Used: 2},
		},
		{"a warning alone", []string{"X-RateLimit-NearLimit", "true"}, Level{Limit: FirstTier, Used: 52000}, Level{Used: 2}},
		{
			"a warning about a tenant",
			[]string{"X-RateLimit-NearLimit", "true", "RateLimit-Policy", `"` + tenant + `";q=1000;w=3600`},
			Level{Used: 2},
			Level{Limit: 1000, Used: 800},
		},
		{
			"more left than there is",
			[]string{"RateLimit-Policy", `"` + global + `";q=1000;w=3600`, "RateLimit", `"` + global + `";r=70000;t=1`},
			Level{Limit: 1000},
			Level{Used: 2},
		},
		{
			"rubbish",
			[]string{"RateLimit-Policy", `global;q=-1, "` + global + `";q=many`, "RateLimit", `"` + global + `";r=;t=`, "X-RateLimit-NearLimit", "perhaps"},
			Level{Limit: FirstTier, Used: 2},
			Level{Used: 2},
		},
	} {
		l := &Ledger{Now: newClock().now}
		l.must(t, says(200, tc.headers...), "acme", Person)
		if diff := cmp.Diff([]Level{tc.app, tc.tenant}, []Level{l.App(), l.Tenant("acme")}); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tc.name, diff)
		}
	}
}

// What is counted after a header adds to it, and the next header corrects that.
func TestCountingAfterHeaders(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := &Ledger{Now: clock.now}
	left := func(r string) *api {
		return says(200, "RateLimit-Policy", `"global-app-quota";q=1000;w=3600`, "RateLimit", `"global-app-quota";r=`+r+`;t=5`)
	}
	for _, step := range []struct {
		api  *api
		want int
	}{{left("150"), 850}, {says(200), 852}, {left("100"), 900}, {says(200), 902}} {
		l.must(t, step.api, "acme", Person)
		if got := l.App().Used; got != step.want {
			t.Errorf("got %d, want %d", got, step.want)
		}
	}
	clock.advance(time.Hour)
	l.must(t, says(200), "acme", Person)
	if got := l.App(); got != (Level{Limit: 1000, Used: 2}) || got.Left() != 998 {
		t.Errorf("the next hour: got %+v", got)
	}
}

// An app that once had a quota over all sites is not taken for one without.
func TestSecondTierIsSaidFirst(t *testing.T) {
	t.Parallel()
	l := &Ledger{Now: newClock().now}
	l.must(t, says(200, "RateLimit-Policy", `"global-app-quota";q=1000;w=3600`), "acme", Person)
	l.must(t, says(200, "RateLimit-Policy", `"tenant-app-quota";q=70;w=3600`), "acme", Person)
	if got := l.App().Limit; got != 1000 {
		t.Errorf("got %d, want 1000", got)
	}
	if l.Tenant("acme").Left() != 66 || l.Tenant("other").Left() != -1 {
		t.Errorf("got %+v and %+v", l.Tenant("acme"), l.Tenant("other"))
	}
}
