package rest

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The reasons that Jira gives for a 429. Quotas are of a whole tenant or app, a
// burst is of one operation, a write of one issue.
const (
	ReasonBurst       = "jira-burst-based"
	ReasonIssueWrites = "jira-per-issue-on-write"
	ReasonTenantQuota = "jira-quota-tenant-based"
	ReasonGlobalQuota = "jira-quota-global-based"
)

// RateLimit is what an answer says about the budget that its call was taken from.
// See https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
type RateLimit struct {
	// Limit is the size of the budget and Remaining what is left of it, in
	// calls or points; -1 if the API does not say.
	Limit, Remaining int
	// Reset is when the budget is full again; zero if the API does not say.
	// Jira gives whole minutes.
	Reset time.Time
	// NearLimit reports that less than a fifth of the budget is left.
	NearLimit bool
	// RetryAfter is how long to wait before the next try; zero if there is
	// nothing to wait for.
	RetryAfter time.Duration
	// Reason says why a call was turned away, as one of the Reason constants.
	Reason string
	// Quotas are the single budgets, if the API lists them.
	Quotas []Quota
}

// Quota is one of several budgets. What the API does not say is zero.
type Quota struct {
	// Name is the budget's name, for example tenant-app-quota.
	Name string
	// Limit is how many calls or points may be used in each Window.
	Limit  int
	Window time.Duration
	// Remaining is what is left of Limit; -1 if the API does not say.
	Remaining int
	// Reset is how long from now until the budget is full again.
	Reset time.Duration
}

// RateLimit reads what the answer's headers say about rate limits.
func (r *Response) RateLimit() RateLimit { return readRateLimit(r.Header, r.at) }

func readRateLimit(h http.Header, now time.Time) RateLimit {
	limit := RateLimit{
		Limit:     readCount(h.Get("X-RateLimit-Limit")),
		Remaining: readCount(h.Get("X-RateLimit-Remaining")),
		Reset:     readInstant(h.Get("X-RateLimit-Reset")),
		NearLimit: strings.EqualFold(h.Get("X-RateLimit-NearLimit"), "true"),
		Reason:    readReason(h),
		Quotas:    readQuotas(h),
	}
	if h.Get("Retry-After") != "" || limit.Remaining == 0 {
		limit.RetryAfter, _ = retryAfter(h, now)
	}
	return limit
}

// readCount reads a number of calls; -1 stands for anything else.
func readCount(text string) int {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 {
		return -1
	}
	return int(n)
}

// maxReason keeps a header that is not Jira's out of logs.
const maxReason = 64

func readReason(h http.Header) string {
	if reason := h.Get("RateLimit-Reason"); len(reason) <= maxReason {
		return reason
	}
	return ""
}

var (
	// quotaItem is an item of the structured headers, such as
	// "tenant-app-quota";q=65000;w=3600.
	quotaItem = regexp.MustCompile(`"([^"]{1,64})"((?:\s*;\s*[a-z]+=[^;,]*)*)`)
	quotaPart = regexp.MustCompile(`([a-z]+)=([0-9]+)`)
)

const maxQuotas = 16

// readQuotas reads RateLimit-Policy and RateLimit, also with the prefixes
// under which they were tried out.
func readQuotas(h http.Header) []Quota {
	var quotas []Quota
	for _, prefix := range []string{"", "Beta-", "X-Beta-"} {
		for _, name := range []string{"RateLimit-Policy", "RateLimit"} {
			text := strings.Join(h.Values(prefix+name), ",")
			for _, item := range quotaItem.FindAllStringSubmatch(text, maxQuotas) {
				quotas = addQuota(quotas, item[1], item[2])
			}
		}
	}
	return quotas
}

func addQuota(quotas []Quota, name, parts string) []Quota {
	at := 0
	for at < len(quotas) && quotas[at].Name != name {
		at++
	}
	if at == len(quotas) {
		quotas = append(quotas, Quota{Name: name, Remaining: -1})
	}
	for _, part := range quotaPart.FindAllStringSubmatch(parts, maxQuotas) {
		n := readCount(part[2])
		if n < 0 {
			continue
		}
		switch part[1] {
		case "q":
			quotas[at].Limit = n
		case "w":
			quotas[at].Window = time.Duration(n) * time.Second
		case "r":
			quotas[at].Remaining = n
		case "t":
			quotas[at].Reset = time.Duration(n) * time.Second
		}
	}
	return quotas
}
