package source_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// oddJira answers searches for open issues, searches for worklogs and lists of
// worklogs with the given JSON; n counts the calls of a kind from 1.
type oddJira struct {
	issues, logged, worklogs func(r *http.Request, n int) string
	calls                    [3]atomic.Int64
}

func (o *oddJira) RoundTrip(r *http.Request) (*http.Response, error) {
	kind, answer := 0, o.issues
	switch {
	case strings.HasSuffix(r.URL.Path, "/worklog"):
		kind, answer = 2, o.worklogs
	case strings.Contains(r.URL.Query().Get("jql"), "worklogDate"):
		kind, answer = 1, o.logged
	}
	body := `{"isLast":true,"issues":[]}`
	if n := o.calls[kind].Add(1); answer != nil {
		body = answer(r, int(n))
	}
	return &http.Response{
		StatusCode: http.StatusOK, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

func (o *oddJira) reader(t *testing.T) source.Reader {
	t.Helper()
	client, err := jira.New(&http.Client{Transport: o}, "https://odd.example")
	if err != nil {
		t.Fatal(err)
	}
	return source.NewReader(client)
}

func always(body string) func(*http.Request, int) string {
	return func(*http.Request, int) string { return body }
}

var oddDay = workload.Date{Year: 2026, Month: time.November, Day: 24}

const (
	goodIssue = `{"id":"1","key":"HARB-1","fields":{"summary":"Good","status":{"statusCategory":{"key":"new"}}}}`
	goodLog   = `{"id":"7","author":{"accountId":"a"},"started":"2026-11-24T10:00:00.000+0000","timeSpentSeconds":3600}`
	oddLog    = `{"id":"8","author":{"accountId":"a"},"started":"yesterday","timeSpentSeconds":3600}`
)

func logged(key string, total int, logs ...string) string {
	return fmt.Sprintf(`{"isLast":true,"issues":[{"id":"1","key":%q,"fields":{"worklog":{"total":%d,"worklogs":[%s]}}}]}`, key, total, strings.Join(logs, ","))
}

// Records that cannot be read are left out and counted; the others are kept.
func TestGaps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		jira         *oddJira
		issues, logs int
		want         workload.Gaps
	}{
		{"nothing", &oddJira{issues: always(`{"isLast":true,"issues":[` + goodIssue + `]}`), logged: always(logged("HARB-1", 1, goodLog))}, 1, 1, workload.Gaps{}},
		{
			"a token that comes twice", &oddJira{issues: always(`{"nextPageToken":"again","issues":[` + goodIssue + `]}`)}, 1, 0,
			workload.Gaps{Issues: workload.Gap{Read: 1, Cut: "repeats"}},
		},
		{
			"a token of worklogs that comes twice", &oddJira{logged: always(strings.Replace(logged("HARB-1", 1, goodLog), `"isLast":true`, `"nextPageToken":"again"`, 1))}, 0, 1,
			workload.Gaps{Worklogs: workload.Gap{Read: 1, Cut: "repeats"}},
		},
		{
			"odd issues", &oddJira{issues: always(`{"isLast":true,"issues":[{"id":"2","key":"HARB-2","fields":"none"},` + goodIssue +
				`,{"id":"3","key":"HARB-3","fields":{"duedate":"soon"}},{"id":"4","fields":[]},null]}`)}, 1, 0,
			workload.Gaps{Issues: workload.Gap{Unreadable: 4, Keys: []string{"HARB-2", "4", "HARB-3"}}},
		},
		{
			"an odd worklog", &oddJira{logged: always(logged("HARB-9", 2, oddLog, goodLog))}, 0, 1,
			workload.Gaps{Worklogs: workload.Gap{Unreadable: 1, Keys: []string{"HARB-9"}}},
		},
		{
			"an odd worklog of a busy issue", &oddJira{
				logged:   always(logged("HARB-9", 3, oddLog, goodLog)),
				worklogs: always(`{"startAt":0,"maxResults":5000,"total":3,"worklogs":[` + oddLog + `,` + goodLog + `,{"id":"9","timeSpentSeconds":60,"started":"2026-11-24T10:00:00.000+0000"}]}`),
			}, 0, 2,
			workload.Gaps{Worklogs: workload.Gap{Unreadable: 1, Keys: []string{"HARB-9"}}},
		},
	} {
		got, err := tt.jira.reader(t).Work(t.Context(), []string{"HARB"}, oddDay, oddDay)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got.Gaps); diff != "" || len(got.Issues) != tt.issues || len(got.Worklogs) != tt.logs {
			t.Errorf("%s: %d issues, %d worklogs, want %d and %d; gaps (-want +got)\n%s", tt.name, len(got.Issues), len(got.Worklogs), tt.issues, tt.logs, diff)
		}
	}
}

// Pages without anything new end a walk, and all walks of a view together.
func TestFruitlessPages(t *testing.T) {
	t.Parallel()
	empty := func(_ *http.Request, n int) string { return fmt.Sprintf(`{"nextPageToken":"t%d","issues":[]}`, n) }
	odd := &oddJira{issues: empty, logged: empty}
	got, err := odd.reader(t).Open(t.Context(), []string{"ONE"})
	if err != nil || got.Gaps.Issues.Cut != "fruitless" || odd.calls[0].Load() > 23 {
		t.Errorf("one walk: %+v, %v after %d searches", got.Gaps, err, odd.calls[0].Load())
	}
	odd = &oddJira{issues: empty, logged: empty}
	var projects []string
	for i := range 20 {
		projects = append(projects, fmt.Sprintf("P%d", i))
	}
	got, err = odd.reader(t).Work(t.Context(), projects, oddDay, oddDay)
	searches := odd.calls[0].Load() + odd.calls[1].Load()
	if err != nil || !got.Gaps.Issues.Any() || !got.Gaps.Worklogs.Any() || searches > 140 {
		t.Errorf("a view: %+v, %v after %d searches", got.Gaps, err, searches)
	}
}

// A person's list and a day's entries also say what is missing from them.
func TestGapsOfLists(t *testing.T) {
	t.Parallel()
	odd := &oddJira{
		issues: always(`{"nextPageToken":"again","issues":[` + goodIssue + `,{"id":"2","key":"HARB-2","fields":{"duedate":"20x6"}}]}`),
		logged: always(logged("HARB-9", 2, oddLog, goodLog)),
	}
	list, gap, err := odd.reader(t).List(t.Context(), "assignee = a", source.ByDue)
	want := workload.Gap{Read: 1, Cut: "repeats", Unreadable: 1, Keys: []string{"HARB-2"}}
	if diff := cmp.Diff(want, gap); diff != "" || err != nil || len(list) != 1 {
		t.Errorf("%d issues, %v (-want +got)\n%s", len(list), err, diff)
	}
	entries, gap, err := odd.reader(t).Entries(t.Context(), []string{"HARB"}, source.DayOf{Account: "a", Day: oddDay, Zone: time.UTC})
	want = workload.Gap{Unreadable: 1, Keys: []string{"HARB-9"}}
	if diff := cmp.Diff(want, gap); diff != "" || err != nil || len(entries) != 1 {
		t.Errorf("%d entries, %v (-want +got)\n%s", len(entries), err, diff)
	}
}

// A Jira that tracks no time refuses searches for it, and gives the issues.
func TestUntracked(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p := site.named(lead)
	base := roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.Contains(r.URL.Query().Get("jql"), "worklogDate") {
			r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "worklogDate", "noSuchField")
		}
		return site.Client().Transport.RoundTrip(r)
	})
	got, err := site.readerOver(p, base).Work(t.Context(), []string{"HARB"}, oddDay, oddDay)
	if err != nil || !got.Untracked || len(got.Issues) == 0 || got.Worklogs != nil {
		t.Errorf("untracked %v, %d issues, %d worklogs, %v", got.Untracked, len(got.Issues), len(got.Worklogs), err)
	}
}
