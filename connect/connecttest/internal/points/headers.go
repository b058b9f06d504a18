package points

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// The reasons of a 429, and the names of the quotas.
const (
	reasonBurst  = "jira-burst-based"
	reasonIssue  = "jira-per-issue-on-write"
	reasonTenant = "jira-quota-tenant-based"
	reasonGlobal = "jira-quota-global-based"

	globalPolicy = "global-app-quota"
	tenantPolicy = "tenant-app-quota"
)

// jump is by how much the time to the reset has been seen too long when nothing was
// left.
const jump = 700 * time.Second

// refusal is a 429.
type refusal struct {
	reason string
	wait   time.Duration
	limit  int
	now    time.Time
	policy string // of a quota
	odd    bool
}

func (f refusal) write(w http.ResponseWriter) {
	h := w.Header()
	seconds := seconds(f.wait)
	h.Set("Retry-After", strconv.Itoa(seconds))
	h.Set("RateLimit-Reason", f.reason)
	h.Set("X-RateLimit-Limit", strconv.Itoa(f.limit))
	h.Set("X-RateLimit-Remaining", "0")
	layout := "2006-01-02T15:04:05Z"
	if f.odd {
		layout = "2006-01-02T15:04Z"
	}
	h.Set("X-RateLimit-Reset", f.now.Add(f.wait).UTC().Format(layout))
	if f.policy != "" {
		h.Set("X-RateLimit-NearLimit", "true")
		level{f.policy, f.limit, f.limit}.write(h, "", f.wait, f.odd)
	}
	reply.Note(w, f.reason)
	reply.JSON(w, http.StatusTooManyRequests, map[string]any{
		"errorMessages": []string{"Rate limit exceeded: " + f.reason}, "errors": map[string]string{},
	})
}

// seconds are whole ones, rounded up.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// level is one quota and what is used of it.
type level struct {
	name        string
	limit, used int
}

func (l level) left() int { return max(l.limit-l.used, 0) }

// nearLimit reports whether less than a fifth is left: only then the headers say how
// much.
func (l level) nearLimit() bool { return l.left()*5 < l.limit }

// write adds the quota to the two lists.
func (l level) write(h http.Header, prefix string, reset time.Duration, odd bool) {
	if l.limit == 0 {
		return
	}
	if odd && l.left() == 0 {
		reset += jump
	} else {
		join(h, prefix+"RateLimit-Policy", `"`+l.name+`";q=`+strconv.Itoa(l.limit)+`;w=3600`)
	}
	item := `"` + l.name + `";t=` + strconv.Itoa(seconds(reset))
	if l.nearLimit() {
		item = `"` + l.name + `";r=` + strconv.Itoa(l.left()) + `;t=` + strconv.Itoa(seconds(reset))
	}
	join(h, prefix+"RateLimit", item)
}

func join(h http.Header, name, item string) {
	h.Set(name, strings.TrimPrefix(h.Get(name)+", "+item, ", "))
}

// standing is how an app stands after a call.
type standing struct {
	quotas []level
	reset  time.Duration
	now    time.Time
	// turned lists the quotas the other way round: their order says nothing.
	turned        bool
	measured, odd bool
}

func (s standing) write(h http.Header) {
	prefix := ""
	if s.measured {
		prefix = "Beta-"
		h.Set("X-Beta-RateLimit-Reset", s.now.Add(s.reset).UTC().Format(time.RFC3339))
		if s.odd { // one of an hour gone by
			h.Set("X-Beta-RateLimit-Reset", s.now.Add(s.reset-2*time.Hour).UTC().Format(time.RFC3339))
		}
	}
	if s.turned {
		slices.Reverse(s.quotas)
	}
	for _, quota := range s.quotas {
		quota.write(h, prefix, s.reset, s.odd)
		if quota.limit > 0 && quota.nearLimit() {
			h.Set("X-RateLimit-NearLimit", "true")
		}
	}
	if s.odd && !s.measured { // the same budget, measured beside
		level{globalPolicy, firstTier, 0}.write(h, "Beta-", s.reset, false)
	}
}
