package index

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/index"
)

// fired sends an event of an issue with other members, and waits until it was taken.
func (b *board) fired(t *testing.T, event, issue string, body map[string]any) {
	t.Helper()
	err := b.Site.Fire(t.Context(), connecttest.Webhook{Event: event, Issue: issue, Body: body})
	if err == nil {
		err = b.Site.WaitIdle(t.Context())
	}
	check(t, err)
}

// An event of an odd shape says nothing but that something may be lost: what has
// changed is read, and until then nothing is counted from the index.
func TestOddEvent(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		b := newBoard(t, connecttest.NewSite(t), harness.On(database), on)
		b.filled(t)
		losses := strings.Count(b.state(t).Cursor, "losses")
		for _, body := range []map[string]any{
			{"issue": map[string]any{"id": "10000", "fields": map[string]any{"assignee": []string{"a"}}}},
			{"issue": map[string]any{"id": "none"}},
			{"issue": "HARB-1"},
			{"changelog": map[string]any{"items": []any{map[string]any{"fieldId": "status", "to": map[string]any{}}}}},
		} {
			b.fired(t, "jira:issue_updated", "HARB-1", body)
			losses++
			harness.Eventually(t, fmt.Sprint("it is known as lost: ", body), func() bool {
				return strings.Contains(b.state(t).Cursor, `"losses":`+strconv.Itoa(losses))
			})
		}
		b.filled(t)
		b.same(t, "healed")
	})
}

// An event that names an issue in another project moves the facts, and one about a
// project that is not shown leaves nothing.
func TestMovedIssue(t *testing.T) {
	t.Parallel()
	b := newBoard(t, connecttest.NewSite(t), on)
	b.filled(t)
	key := b.OpenIssue(t, b.admin.AccountID, "HARB")
	before, _ := b.held(t)
	var issue struct{ ID string }
	b.rest(t, http.MethodGet, "/rest/api/3/issue/"+key, nil, &issue)
	moved := map[string]any{"issue": map[string]any{
		"id": issue.ID, "key": "VALT-999", "fields": map[string]any{
			"project": map[string]any{"key": "VALT"}, "updated": b.now().Add(time.Second).Format("2006-01-02T15:04:05.000-0700"),
			"assignee": nil, "status": map[string]any{"id": "1", "statusCategory": map[string]any{"key": "new"}}, "duedate": nil, "timeestimate": nil,
		},
	}}
	b.fired(t, "jira:issue_updated", key, moved)
	after, ok := b.held(t)
	if !ok || after.Totals.Open != before.Totals.Open-1 {
		t.Errorf("%d open before, %d after, %v", before.Totals.Open, after.Totals.Open, ok)
	}
	moved["issue"].(map[string]any)["id"] = "987654"
	b.fired(t, "jira:issue_updated", key, moved)
	held, _, err := index.New(b.Store.Index, nil).Issues(t.Context(), b.tenant, []int64{987654})
	if err != nil || len(held) > 0 {
		t.Errorf("of a project that is not shown: %+v, %v", held, err)
	}
}

// A work log of an issue that is not held is fetched with its issue; one that not
// everybody may see is not held, and then Jira is asked.
func TestWorklogOfUnknownIssue(t *testing.T) {
	t.Parallel()
	clock := &harness.Clock{}
	b := newBoard(t, connecttest.NewSite(t, connecttest.Options{Now: clock.Now}), harness.By(clock))
	b.now = clock.Now
	r := b.replica(t, "one")
	b.feed = r.Feed
	check(t, r.Visit(t.Context(), b.shown()))
	var issue, log struct{ ID string }
	b.rest(t, http.MethodGet, "/rest/api/3/issue/VALT-1", nil, &issue)
	b.rest(t, http.MethodPost, "/rest/api/3/issue/VALT-1/worklog", map[string]any{"timeSpentSeconds": 60}, &log)
	id, _ := strconv.ParseInt(issue.ID, 10, 64)
	told := feed.Event{What: index.WorklogCreated, Worklog: feed.Worklog{ID: log.ID, IssueID: issue.ID}}
	check(t, r.Tell(t.Context(), b.tenant, told))
	b.same(t, "fetched")
	if held, missing, err := r.Index.Issues(t.Context(), b.tenant, []int64{id}); err != nil || len(held) != 1 || len(missing) > 0 {
		t.Errorf("its issue: %+v, %d, %v", held, missing, err)
	}
}
