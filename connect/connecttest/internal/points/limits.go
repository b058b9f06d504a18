package points

import (
	"cmp"
	"net/http"
	"strings"
	"time"
)

// bucketKey is an endpoint of a site.
type bucketKey struct{ site, method, operation string }

// bucket has one token for each call that may still be made, and fills up within a
// second. How large Jira's are is not published.
type bucket struct {
	tokens float64
	at     time.Time
}

// rates are the endpoints with a rate of their own, in calls a second.
func rates(operation string) int {
	switch operation {
	case "getAttachmentContent":
		return 300
	case "getChangeLogs", "getProjectRole", "getProjectRoleById":
		return 200
	case "getIssue", "getUser", "countIssues", "evaluateJiraExpression", "evaluateJSISJiraExpression":
		return 150
	}
	return 0
}

func (q *Quota) rate(method, operation string) int {
	switch {
	case q.Burst != 0:
		return max(q.Burst, 0)
	case method == http.MethodPut || method == http.MethodDelete:
		return 50
	}
	return cmp.Or(rates(operation), 100)
}

// burst takes a token of the endpoint's bucket, or returns how long to wait for one.
func (q *Quota) burst(method string, c Call, now time.Time) (wait time.Duration, rate int) {
	rate = q.rate(method, c.Operation)
	if rate == 0 {
		return 0, 0
	}
	key := bucketKey{c.Site, method, c.Operation}
	if q.buckets == nil {
		q.buckets = map[bucketKey]*bucket{}
	}
	if q.buckets[key] == nil {
		q.buckets[key] = &bucket{float64(rate), now}
	}
	b := q.buckets[key]
	if gone := now.Sub(b.at); gone > 0 {
		b.tokens = min(float64(rate), b.tokens+gone.Seconds()*float64(rate))
	}
	b.at = now
	if b.tokens < 1 {
		return time.Second, rate
	}
	b.tokens--
	return 0, rate
}

// issueKey is an issue as calls name it.
type issueKey struct{ site, issue string }

// Jira takes 20 writes to an issue in 2 seconds and 100 in 30.
const (
	shortWrites, shortTime = 20, 2 * time.Second
	longWrites, longTime   = 100, 30 * time.Second
)

// issueWrites notes a write to an issue, or returns how long to wait with it.
func (q *Quota) issueWrites(r *http.Request, c Call, now time.Time) time.Duration {
	_, rest, found := strings.Cut(r.URL.Path, "/issue/")
	issue, _, _ := strings.Cut(rest, "/")
	if !found || r.Method == http.MethodGet || r.Method == http.MethodHead || isRead(c.Operation) {
		return 0
	}
	if q.writes == nil {
		q.writes = map[issueKey][]time.Time{}
	}
	key := issueKey{c.Site, issue}
	list := q.writes[key]
	for len(list) > 0 && now.Sub(list[0]) >= longTime {
		list = list[1:]
	}
	q.writes[key] = list
	if n := len(list) - shortWrites; n >= 0 && now.Sub(list[n]) < shortTime {
		return shortTime - now.Sub(list[n])
	}
	if n := len(list) - longWrites; n >= 0 {
		return longTime - now.Sub(list[n])
	}
	q.writes[key] = append(list, now)
	return 0
}
