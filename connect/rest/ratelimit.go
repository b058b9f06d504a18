package rest

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The reasons that Jira gives for a 429. Any other reason is treated like the
// quota of the tenant.
const (
	ReasonBurst       = "jira-burst-based"
	ReasonIssueWrites = "jira-per-issue-on-write"
	ReasonTenantQuota = "jira-quota-tenant-based"
	ReasonGlobalQuota = "jira-quota-global-based"
)

// The names of Jira's hourly quotas, see [Quota].
const (
	QuotaGlobal = "global-app-quota" // of the app, over all tenants
	QuotaTenant = "tenant-app-quota" // of the app at one tenant
)

// Scope is what a limit is about: the calls that a refusal concerns.
type Scope int

// The scopes. Only quotas, which are counted in points, concern more than a call's
// tenant.
const (
	// ScopeNone is that of an answer that refused nothing.
	ScopeNone Scope = iota
	// ScopeApp is every call of the app at every tenant.
	ScopeApp
	// ScopeTenant is every call to one tenant. Refusals of an unknown reason, and
	// those of Atlassian's gateway, which give none, are counted to it.
	ScopeTenant
	// ScopeEndpoint is one method of one path at one tenant.
	ScopeEndpoint
	// ScopeIssue is the writes to one issue.
	ScopeIssue
)

func scopeOf(status int, reason string) Scope {
	switch {
	case reason == ReasonBurst:
		return ScopeEndpoint
	case reason == ReasonIssueWrites:
		return ScopeIssue
	case reason == ReasonGlobalQuota:
		return ScopeApp
	case reason != "" || status == http.StatusTooManyRequests:
		return ScopeTenant
	}
	return ScopeNone
}

// RateLimit is what an answer says about the budget that its call was taken from.
// See https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
type RateLimit struct {
	// Limit is the size of the budget and Remaining what is left of it, in
	// calls or points; -1 if the API does not say.
	Limit, Remaining int
	// Reset is when the budget is full again; zero if the API does not say.
	// Jira may give whole minutes.
	Reset time.Time
	// NearLimit reports that less than a fifth of the budget is left.
	NearLimit bool
	// RetryAfter is how long to wait before the next try, see the function
	// RetryAfter; zero if there is nothing to wait for.
	RetryAfter time.Duration
	// Reason says why a call was turned away, as one of the Reason constants.
	Reason string
	// Scope is what is turned away for RetryAfter.
	Scope Scope
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
	// Reset is how long from now until the budget is full again, as the API says.
	// Jira's hourly quotas are full at each full hour of UTC, whatever it says.
	Reset time.Duration
	// Measured says that the budget is only tried out: it is counted, but not
	// enforced. What the API enforces besides wins.
	Measured bool
}

// RateLimit reads what the answer's headers say about rate limits.
func (r *Response) RateLimit() RateLimit { return ReadRateLimit(r.Status, r.Header, r.at) }

// ReadRateLimit is RateLimit for the status and headers that a transport sees. now
// is when the answer came.
func ReadRateLimit(status int, h http.Header, now time.Time) RateLimit {
	reason := readReason(h)
	limit := RateLimit{
		Limit:     readCount(h.Get("X-RateLimit-Limit")),
		Remaining: readCount(h.Get("X-RateLimit-Remaining")),
		Reset:     readInstant(h.Get("X-RateLimit-Reset")),
		NearLimit: strings.EqualFold(h.Get("X-RateLimit-NearLimit"), "true"),
		Reason:    reason,
		Scope:     scopeOf(status, reason),
		Quotas:    readQuotas(h),
	}
	if h.Get("Retry-After") != "" || limit.Remaining == 0 || limit.Scope != ScopeNone {
		limit.RetryAfter, _ = RetryAfter(h, now)
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

// readQuotas reads RateLimit-Policy and RateLimit. Beta- and X-Beta- are the
// prefixes under which they are tried out; one answer may mix all forms.
func readQuotas(h http.Header) []Quota {
	quotas := readForms(h, "")
	for _, quota := range readForms(h, "Beta-", "X-Beta-") {
		if enforced := slices.ContainsFunc(quotas, quota.sameName); !enforced {
			quota.Measured = true
			quotas = append(quotas, quota)
		}
	}
	return quotas
}

func (q Quota) sameName(other Quota) bool { return q.Name == other.Name }

// readForms reads both headers under some prefixes, however often they come.
func readForms(h http.Header, prefixes ...string) (quotas []Quota) {
	for _, prefix := range prefixes {
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
	at := slices.IndexFunc(quotas, Quota{Name: name}.sameName)
	if at < 0 {
		at = len(quotas)
		quotas = append(quotas, Quota{Name: name, Remaining: -1})
	}
	for _, part := range quotaPart.FindAllStringSubmatch(parts, maxQuotas) {
		if n := readCount(part[2]); n >= 0 {
			quotas[at].take(part[1], n)
		}
	}
	return quotas
}

// take keeps a parameter. Of one that comes twice, the value that leaves less counts.
func (q *Quota) take(name string, n int) {
	switch seconds := time.Duration(n) * time.Second; name {
	case "q":
		if q.Limit == 0 || n < q.Limit {
			q.Limit = n
		}
	case "w":
		q.Window = max(q.Window, seconds)
	case "r":
		if q.Remaining < 0 || n < q.Remaining {
			q.Remaining = n
		}
	case "t":
		q.Reset = max(q.Reset, seconds)
	}
}
