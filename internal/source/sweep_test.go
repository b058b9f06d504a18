package source_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/workload"
)

// board is a site with one project of so many open issues, each with one worklog of
// yesterday, and every tenth issue again as a closed one.
func board(t *testing.T, issues int) siteOf {
	t.Helper()
	type object = map[string]any
	yesterday := time.Now().Add(-24 * time.Hour).UTC().Format(time.RFC3339)
	var list, logs []object
	for n := 1; n <= issues+issues/10; n++ {
		issue := object{"key": "WIDE-" + strconv.Itoa(n), "id": strconv.Itoa(50_000 - n), "project": "WIDE", "issuetype": "Task", "summary": "n", "assignee": "ann", "status": "Doing", "statusCategory": "indeterminate", "created": "2026-01-01T00:00:00Z"}
		if n > issues {
			issue["status"], issue["statusCategory"] = "Done", "done"
		} else {
			logs = append(logs, object{"id": strconv.Itoa(90_000 + n), "issue": issue["key"], "author": "ann", "started": yesterday, "timeSpentSeconds": 60})
		}
		list = append(list, issue)
	}
	raw, err := json.Marshal(object{"users": []object{{"name": "ann", "active": true}}, "projects": []object{{"key": "WIDE"}, {"key": "ELSE"}}, "issues": list, "worklogs": logs})
	if err != nil {
		t.Fatal(err)
	}
	return siteOf{connecttest.NewSite(t, connecttest.Options{Data: strings.NewReader(string(raw)), KeepDates: true}), t}
}

// calls are a site's calls by operation.
func (s siteOf) calls() map[string]int {
	n := map[string]int{}
	for _, r := range s.Requests(0) {
		n[r.Operation]++
	}
	return n
}

const (
	opSearch = "searchAndReconsileIssuesUsingJql"
	opFetch  = "bulkFetchIssues"
)

func TestSweepHasEveryIssueOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ issues, searches, fetches int }{
		{0, 1, 0}, {100, 1, 0}, {101, 2, 0}, {200, 2, 0}, {201, 3, 1}, {1437, 3, 2},
	} {
		site := board(t, tt.issues)
		p := site.named("ann")
		got, err := site.reader(p).Open(t.Context(), []string{"WIDE"})
		if err != nil || got.Gaps.Any() {
			t.Errorf("%d: %+v, %v", tt.issues, got.Gaps, err)
		}
		calls := site.calls()
		if diff := cmp.Diff(site.openLines(p, "WIDE"), lines(got.Issues)); diff != "" || len(got.Issues) != tt.issues {
			t.Errorf("%d issues, want %d (-want +got)\n%s", len(got.Issues), tt.issues, diff)
		}
		if calls[opSearch] != tt.searches || calls[opFetch] != tt.fetches {
			t.Errorf("%d: %v, want %d searches and %d fetches", tt.issues, calls, tt.searches, tt.fetches)
		}
	}
}

func TestSweepOfWorklogs(t *testing.T) {
	t.Parallel()
	site := board(t, 450)
	to := workload.DateOf(time.Now(), time.UTC)
	got, err := site.reader(site.named("ann")).Logged(t.Context(), []string{"WIDE"}, to.AddDays(-6), to)
	if err != nil || got.Gaps.Any() || len(got.Worklogs) != 450 {
		t.Errorf("%d worklogs, %+v, %v", len(got.Worklogs), got.Gaps, err)
	}
	if calls := site.calls(); calls[opSearch] != 3 || calls[opFetch] != 3 {
		t.Errorf("got %v", calls)
	}
}

// What changes between the list of ids and the fetch: an issue that is closed,
// deleted or moved is not counted, one that comes back is counted once.
func TestSweepWhileIssuesChange(t *testing.T) {
	t.Parallel()
	site := board(t, 450)
	p := site.named("ann")
	var fetched atomic.Bool
	gone := map[string]string{
		"WIDE-1":   `"key":"WIDE-1","status":{"statusCategory":{"key":"done"}}`,
		"WIDE-2":   `"project":{"id":"777","key":"ELSE"}`,
		"WIDE-3":   "",
		"WIDE-450": "", // in the first page, so it was read before
	}
	base := roundTrip(func(r *http.Request) (*http.Response, error) {
		resp, err := site.Client().Transport.RoundTrip(r)
		if err != nil || !strings.HasSuffix(r.URL.Path, "/bulkfetch") {
			return resp, err
		}
		fetched.Store(true)
		return edited(resp, gone)
	})
	want := slices.DeleteFunc(site.openLines(p, "WIDE"), func(line string) bool {
		key, _, _ := strings.Cut(line, "|")
		return key == "WIDE-1" || key == "WIDE-2" || key == "WIDE-3"
	})
	got, err := site.readerOver(p, base).Open(t.Context(), []string{"WIDE"})
	if diff := cmp.Diff(want, lines(got.Issues)); diff != "" || err != nil || got.Gaps.Any() || !fetched.Load() {
		t.Errorf("%+v, %v (-want +got)\n%s", got.Gaps, err, diff)
	}
}

// edited replaces issues of an answer: their fields, or, if there is nothing
// instead, the whole issue.
func edited(resp *http.Response, instead map[string]string) (*http.Response, error) {
	defer resp.Body.Close()
	var body struct {
		Issues []struct {
			ID     string                     `json:"id"`
			Key    string                     `json:"key"`
			Fields map[string]json.RawMessage `json:"fields"`
		} `json:"issues"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		return nil, err
	}
	kept := body.Issues[:0]
	for _, issue := range body.Issues {
		fields, named := instead[issue.Key]
		if named && fields == "" {
			continue
		}
		if named {
			if err := json.Unmarshal([]byte("{"+fields+"}"), &issue.Fields); err != nil {
				return nil, err
			}
		}
		kept = append(kept, issue)
	}
	body.Issues = append(kept, kept[0]) // and one twice
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	rec.Header().Set("Content-Type", "application/json")
	_, _ = rec.Write(raw)
	out := rec.Result()
	out.Request = resp.Request
	return out, nil
}

// Where Jira does not fetch issues for the reader, the search is read page by page.
func TestSweepWithoutFetching(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 405} {
		site := board(t, 250)
		site.fault(connecttest.Fault{Method: http.MethodPost, Path: "/rest/api/3/issue/bulkfetch", Status: status})
		p := site.named("ann")
		got, err := site.reader(p).Open(t.Context(), []string{"WIDE"})
		if diff := cmp.Diff(site.openLines(p, "WIDE"), lines(got.Issues)); diff != "" || err != nil || got.Gaps.Any() {
			t.Errorf("%d: %+v, %v (-want +got)\n%s", status, got.Gaps, err, diff)
		}
	}
	for _, status := range []int{401, 500} {
		site := board(t, 250)
		site.fault(connecttest.Fault{Method: http.MethodPost, Path: "/rest/api/3/issue/bulkfetch", Status: status})
		if got, err := site.reader(site.named("ann")).Open(t.Context(), []string{"WIDE"}); err == nil {
			t.Errorf("%d: read %d issues", status, len(got.Issues))
		}
	}
}

// A part of a sweep that is missing is said.
func TestGapsOfSweeps(t *testing.T) {
	t.Parallel()
	const page = `{"nextPageToken":"t%d","issues":[{"id":"%d","key":"HARB-%d","fields":{"status":{"statusCategory":{"key":"new"}}}}]}`
	ids := `{"isLast":true,"issues":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"},{"id":"5"},{"id":"6"}]}`
	fetched := `{"issues":[{"id":"3","key":"HARB-3","fields":{"duedate":"soon"}},` + strings.ReplaceAll(goodIssue, "1", "4") + `],"issueErrors":[{"id":"5","errorMessage":"try again"}]}`
	for _, tt := range []struct {
		name, ids, fetched string
		issues             int
		want               workload.Gap
	}{
		{"records and errors", ids, fetched, 3, workload.Gap{Unreadable: 2, Keys: []string{"5", "HARB-3"}}},
		{
			"an issue that is found odd, and fetched odd", ids,
			`{"issues":[{"id":"3","key":"HARB-2","fields":"none"},{"id":"4","key":"HARB-2","fields":"none"}]}`, 2,
			workload.Gap{Unreadable: 1, Keys: []string{"HARB-2"}},
		},
		{"ids whose token comes twice", `{"nextPageToken":"again","issues":[{"id":"4"}]}`, `{"issues":[` + strings.ReplaceAll(goodIssue, "1", "4") + `]}`, 3, workload.Gap{Read: 3, Cut: "repeats"}},
		{"ids that cannot be read", `{"isLast":true,"issues":[{"id":{}},{"id":"4"}]}`, `{"issues":[` + strings.ReplaceAll(goodIssue, "1", "4") + `]}`, 3, workload.Gap{Unreadable: 1}},
	} {
		var last atomic.Value
		odd := &oddJira{issues: func(r *http.Request, n int) string {
			switch {
			case r.Method == http.MethodPost:
				body, _ := io.ReadAll(r.Body)
				last.Store(string(body))
				return tt.fetched
			case r.URL.Query().Get("fields") == "":
				return tt.ids
			}
			return fmt.Sprintf(page, n, n, n)
		}}
		got, err := odd.reader(t).Open(t.Context(), []string{"HARB"})
		if diff := cmp.Diff(tt.want, got.Gaps.Issues); diff != "" || err != nil || len(got.Issues) != tt.issues {
			t.Errorf("%s: %d issues, %v (-want +got)\n%s\n%v", tt.name, len(got.Issues), err, diff, last.Load())
		}
	}
}

// The bound of bytes holds for all that is fetched side by side.
func TestSweepIsBoundInBytes(t *testing.T) {
	t.Parallel()
	site := board(t, 1437)
	r := site.reader(site.named("ann"))
	var cut atomic.Int64
	r.Jira = r.Jira.WithLists(rest.ListPolicy{Bytes: 150_000, Cut: func(*rest.WalkError) { cut.Add(1) }})
	to := workload.DateOf(time.Now(), time.UTC)
	got, err := r.Logged(t.Context(), []string{"WIDE"}, to.AddDays(-6), to)
	if err != nil || got.Gaps.Worklogs.Cut != "bytes" || cut.Load() == 0 {
		t.Errorf("%+v, %v, %d cut short", got.Gaps, err, cut.Load())
	}
}

// No more is fetched than a view holds, over all projects together.
func TestSweepLimit(t *testing.T) {
	t.Parallel()
	site := board(t, 1437)
	for limit, more := range map[int]bool{150: true, 1200: true, 1436: true, 1437: false} {
		r := site.reader(site.named("ann"))
		r.Issues = limit
		got, err := r.Open(t.Context(), []string{"WIDE"})
		if err != nil || len(got.Issues) != limit || got.Gaps.Issues.Limit != more {
			t.Errorf("limit %d: %d issues, %+v, %v", limit, len(got.Issues), got.Gaps, err)
		}
	}
}

// Where nobody waits, a search is read page by page, which costs fewer points.
func TestThriftyReader(t *testing.T) {
	t.Parallel()
	site := board(t, 450)
	p := site.named("ann")
	r := site.reader(p)
	r.Thrifty = true
	got, err := r.Open(t.Context(), []string{"WIDE"})
	calls := site.calls()
	if diff := cmp.Diff(site.openLines(p, "WIDE"), lines(got.Issues)); diff != "" || err != nil || calls[opSearch] != 5 || calls[opFetch] != 0 {
		t.Errorf("%v, %v (-want +got)\n%s", calls, err, diff)
	}
}
