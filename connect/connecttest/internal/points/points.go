// Package points counts what apps spend of Jira's hourly quotas and refuses calls
// as Jira does when a limit is reached: the quota of the app, that of the app on one
// site, a burst on one endpoint, writes to one issue.
// See https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
package points

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Quota is the account of the apps of one vendor, over all sites that have it. Its
// fields are set before the first call. The zero value is Jira's first tier.
type Quota struct {
	// Global is how many points an app has an hour over all sites; 0: 65,000, less
	// than 0: there is no such quota.
	Global int
	// Tenant is how many points an app has an hour on each site; 0: there is no such
	// quota. Jira has it in its second tier.
	Tenant int
	// Burst is how many calls a second one endpoint of a site takes, from whoever
	// they come; 0: Jira's defaults, less than 0: there is no such limit.
	Burst int
	// Measured counts and refuses nothing: the headers bear the names under which
	// Jira tries them out.
	Measured bool
	// Odd makes the headers as odd as they have been seen: the policy vanishes when
	// nothing is left and the time to the reset jumps, resets lose their seconds, and
	// one answer mixes both forms.
	Odd bool
	// Cheap counts 1 for calls whose cost nobody has measured (bulkfetch and the
	// lists of work logs), without what they return.
	Cheap bool
	// Now is the clock; nil: time.Now.
	Now func() time.Time

	mu      sync.Mutex
	hour    time.Time
	apps    map[string]*account
	buckets map[bucketKey]*bucket
	writes  map[issueKey][]time.Time
	refused map[string]int
	calls   int
}

// account is what one app has spent in the hour.
type account struct {
	points     int
	tenants    map[string]int // by cloud id
	operations map[string]Spent
}

// Spent is what the calls of an operation cost.
type Spent struct {
	Calls  int `json:"calls"`
	Points int `json:"points"`
}

// Call is what is known of a call before it is answered.
type Call struct {
	// App is the key of the app that calls; empty: nobody's points are spent, as
	// with API tokens.
	App string
	// Site is the cloud id.
	Site string
	// Operation is the one of Jira's document; empty: none.
	Operation string
}

// firstTier is how many points an app has an hour.
const firstTier = 65000

func (q *Quota) now() time.Time {
	if q.Now != nil {
		return q.Now()
	}
	return time.Now()
}

// SetGlobal changes how many points an app has an hour over all sites, as Global
// has it, from the next call on.
func (q *Quota) SetGlobal(points int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.Global = points
}

func (q *Quota) global() int {
	switch {
	case q.Global == 0:
		return firstTier
	case q.Global < 0:
		return 0
	}
	return q.Global
}

// Serve answers a call with next, or refuses it, and says in the headers how the
// limits stand.
func (q *Quota) Serve(w http.ResponseWriter, r *http.Request, c Call, next http.HandlerFunc) {
	if refusal, ok := q.admit(r, c); !ok {
		refusal.write(w)
		return
	}
	if c.App == "" {
		next(w, r)
		return
	}
	out := answer{reply.NewMemory(), w}
	next(out, r)
	out.WriteHeader(http.StatusOK) // if nothing was written
	standing := q.spend(c, cost(q, r.Method, c.Operation, out.Status, out.Body.Bytes()))
	maps.Copy(w.Header(), out.Header())
	standing.write(w.Header())
	w.WriteHeader(out.Status)
	_, _ = w.Write(out.Body.Bytes()) // the caller has gone: nothing to do
}

// answer is kept until its points are known; why a call was refused goes to the log
// at once.
type answer struct {
	*reply.Memory
	to http.ResponseWriter
}

// NoteReason puts into the log why a call was refused.
func (a answer) NoteReason(reason string) { reply.Note(a.to, reason) }

// admit reports whether a call may be answered, and otherwise how it is refused.
func (q *Quota) admit(r *http.Request, c Call) (refusal, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.turn()
	if wait, rate := q.burst(r.Method, c, now); wait > 0 {
		return q.refuse(refusal{reason: reasonBurst, wait: wait, limit: rate, now: now}), false
	}
	if wait := q.issueWrites(r, c, now); wait > 0 {
		return q.refuse(refusal{reason: reasonIssue, wait: wait, limit: shortWrites, now: now}), false
	}
	if c.App == "" || q.Measured {
		return refusal{}, true
	}
	spent := q.account(c.App)
	reset := q.hour.Add(time.Hour).Sub(now)
	switch {
	case q.Tenant > 0 && spent.tenants[c.Site] >= q.Tenant:
		return q.refuse(refusal{reason: reasonTenant, wait: reset, limit: q.Tenant, now: now, policy: tenantPolicy, odd: q.Odd}), false
	case q.global() > 0 && spent.points >= q.global():
		return q.refuse(refusal{reason: reasonGlobal, wait: reset, limit: q.global(), now: now, policy: globalPolicy, odd: q.Odd}), false
	}
	return refusal{}, true
}

// turn begins another hour of UTC where it is time.
func (q *Quota) turn() time.Time {
	now := q.now()
	if hour := now.UTC().Truncate(time.Hour); !hour.Equal(q.hour) || q.apps == nil {
		q.hour, q.apps, q.refused = hour, map[string]*account{}, map[string]int{}
	}
	return now
}

func (q *Quota) account(app string) *account {
	if q.apps[app] == nil {
		q.apps[app] = &account{tenants: map[string]int{}, operations: map[string]Spent{}}
	}
	return q.apps[app]
}

func (q *Quota) refuse(r refusal) refusal {
	q.refused[r.reason]++
	return r
}

// spend adds an answer's points and returns how the app stands after it.
func (q *Quota) spend(c Call, points int) standing {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.turn()
	spent := q.account(c.App)
	spent.points += points
	spent.tenants[c.Site] += points
	one := spent.operations[c.Operation]
	spent.operations[c.Operation] = Spent{one.Calls + 1, one.Points + points}
	q.calls++
	return standing{
		quotas: []level{{globalPolicy, q.global(), spent.points}, {tenantPolicy, q.Tenant, spent.tenants[c.Site]}},
		reset:  q.hour.Add(time.Hour).Sub(now), now: now, measured: q.Measured, odd: q.Odd, turned: q.calls%2 == 0,
	}
}

// Report is what the current hour of UTC has cost.
type Report struct {
	// Hour is when it began.
	Hour time.Time `json:"hour"`
	// Global and Tenant are the limits; 0: there is none.
	Global int         `json:"global"`
	Tenant int         `json:"tenant"`
	Apps   []AppReport `json:"apps"`
	// Refused counts refused calls by reason.
	Refused map[string]int `json:"refused"`
}

// AppReport is what one app has spent.
type AppReport struct {
	App    string `json:"app"`
	Points int    `json:"points"`
	// Tenants are points by cloud id.
	Tenants    map[string]int   `json:"tenants"`
	Operations map[string]Spent `json:"operations"`
}

// Report tells what the current hour has cost.
func (q *Quota) Report() Report {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.turn()
	out := Report{Hour: q.hour, Global: q.global(), Tenant: q.Tenant, Apps: []AppReport{}, Refused: maps.Clone(q.refused)}
	for app, spent := range q.apps {
		out.Apps = append(out.Apps, AppReport{app, spent.points, maps.Clone(spent.tenants), maps.Clone(spent.operations)})
	}
	slices.SortFunc(out.Apps, func(a, b AppReport) int { return strings.Compare(a.App, b.App) })
	return out
}
