package jira_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
)

// script answers each call with its next line and keeps what was asked.
type script struct {
	lines []string
	asked []string
}

func (s *script) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.asked = append(s.asked, r.Method+" "+r.URL.RawQuery+string(body))
	if len(s.asked) > len(s.lines) {
		w.WriteHeader(http.StatusTeapot) // asked too often
		return
	}
	line := s.lines[len(s.asked)-1]
	if status, err := strconv.Atoi(line); err == nil {
		w.WriteHeader(status)
		return
	}
	clienttest.Answer(w, http.StatusOK, line)
}

func TestProjectsAll(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		lines []string
		want  []string
		asked []string
		bad   error
	}{
		{
			"three pages",
			[]string{`{"values":[{"key":"A"},{"key":"B"}]}`, `{"values":[{"key":"C"}]}`, `{"isLast":true,"values":[{"key":"D"}]}`},
			[]string{"A", "B", "C", "D"},
			[]string{"GET ", "GET startAt=2", "GET startAt=3"},
			nil,
		},
		{"empty page that is not the last", []string{`{"values":[]}`}, nil, []string{"GET "}, nil},
		{"empty page before the total", []string{`{"total":2,"values":[{"key":"A"}]}`, `{"total":2,"values":[]}`}, []string{"A"}, []string{"GET ", "GET startAt=1"}, rest.ErrWalk},
		{"a project twice", []string{`{"values":[{"key":"A"}]}`, `{"isLast":true,"values":[{"key":"A"},{"key":"B"}]}`}, []string{"A", "B"}, []string{"GET ", "GET startAt=1"}, nil},
		{"failure on the way", []string{`{"values":[{"key":"A"}]}`, "404"}, []string{"A"}, []string{"GET ", "GET startAt=1"}, rest.ErrNotFound},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &script{lines: tc.lines}
			projects, err := clienttest.Collect(newClient(t, s.serve).Projects.All(t.Context(), jira.ProjectSearchOptions{}))
			var got []string
			for _, p := range projects {
				got = append(got, p.Key)
			}
			if !errors.Is(err, tc.bad) {
				t.Errorf("error: got %v, want %v", err, tc.bad)
			}
			if diff := cmp.Diff(tc.want, got) + cmp.Diff(tc.asked, s.asked); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSearchAll(t *testing.T) {
	t.Parallel()
	opts := jira.SearchOptions{JQL: "project = A", Fields: []string{"summary", "status"}, MaxResults: 2, ReconcileIssues: []int64{5, 6}}
	first := "GET fields=summary%2Cstatus&jql=project+%3D+A&maxResults=2&reconcileIssues=5&reconcileIssues=6"
	second := strings.Replace(first, "&reconcile", "&nextPageToken=t%2B1&reconcile", 1)
	cases := []struct {
		name  string
		lines []string
		want  int
		asked []string
		bad   error
	}{
		{"by token, over an empty page", []string{`{"issues":[{"id":"1"}],"nextPageToken":"t+1"}`, `{"issues":[],"nextPageToken":"t+1","isLast":true}`}, 1, []string{first, second}, nil},
		{"no token", []string{`{"issues":[{"id":"1"}],"isLast":false}`}, 1, []string{first}, nil},
		{"the same token again", []string{`{"issues":[{"id":"1"}],"nextPageToken":"t+1"}`, `{"issues":[{"id":"2"}],"nextPageToken":"t+1"}`}, 2, []string{first, second}, rest.ErrWalk},
		{"an issue twice", []string{`{"issues":[{"id":"1"}],"nextPageToken":"t+1"}`, `{"issues":[{"id":"1"},{"id":"2"}],"isLast":true}`}, 2, []string{first, second}, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &script{lines: tc.lines}
			issues, err := clienttest.Collect(newClient(t, s.serve).Search.All(t.Context(), opts))
			if !errors.Is(err, tc.bad) || len(issues) != tc.want {
				t.Errorf("got %d issues, %v, want %d, %v", len(issues), err, tc.want, tc.bad)
			}
			if diff := cmp.Diff(tc.asked, s.asked); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongSearchIsPosted(t *testing.T) {
	t.Parallel()
	s := &script{lines: []string{`{"issues":[{"id":"1"}],"isLast":true}`}}
	opts := jira.SearchOptions{JQL: "key in (" + strings.Repeat("A-1,", 600) + "A-1)", Fields: []string{"summary"}, MaxResults: 5000}
	page, err := newClient(t, s.serve).Search.JQL(t.Context(), opts)
	if err != nil || len(page.Issues) != 1 {
		t.Fatalf("got %d issues, %v, want 1", len(page.Issues), err)
	}
	want := fmt.Sprintf(`POST {"jql":%q,"maxResults":5000,"fields":["summary"]}`, opts.JQL)
	if diff := cmp.Diff([]string{want}, s.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSearchSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		clienttest.Answer(w, http.StatusBadRequest, `{"errorMessages":["The value 'X' does not exist for the field 'project'."],"errors":{}}`)
	})
	_, err := c.Search.JQL(t.Context(), jira.SearchOptions{JQL: "project = X"})
	var failed *rest.Error
	if !errors.As(err, &failed) || !errors.Is(err, rest.ErrBadRequest) {
		t.Fatalf("got %v, want a *rest.Error that is ErrBadRequest", err)
	}
	if diff := cmp.Diff([]string{"The value 'X' does not exist for the field 'project'."}, failed.Messages); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWorklogsAll(t *testing.T) {
	t.Parallel()
	s := &script{lines: []string{
		`{"startAt":0,"total":3,"worklogs":[{"id":"1"},{"id":"2"}]}`,
		`{"startAt":2,"total":3,"worklogs":[{"id":"3"}]}`,
	}}
	worklogs, err := clienttest.Collect(newClient(t, s.serve).Worklogs.All(t.Context(), "A-1", jira.WorklogListOptions{}))
	if err != nil || len(worklogs) != 3 {
		t.Errorf("got %d worklogs, %v, want 3", len(worklogs), err)
	}
	if diff := cmp.Diff([]string{"GET ", "GET startAt=2"}, s.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// A total that is never reached: something is missing.
	s = &script{lines: []string{`{"total":9,"worklogs":[]}`}}
	if _, err := clienttest.Collect(newClient(t, s.serve).Worklogs.All(t.Context(), "A-1", jira.WorklogListOptions{})); !errors.Is(err, rest.ErrWalk) {
		t.Errorf("got %v, want ErrWalk", err)
	}
}

func TestWorklogsUpdated(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		lines []string
		want  []int64
		bad   error
	}{
		{"two pages", []string{`{"values":[{"worklogId":1,"updatedTime":5}],"since":1700000000000,"until":1700000000005,"lastPage":false,"nextPage":"https://evil.example/"}`, `{"values":[{"worklogId":2}],"until":1700000000009,"lastPage":true}`}, []int64{1, 2}, nil},
		{"nothing", []string{`{"values":[],"lastPage":true}`}, nil, nil},
		{"stands still", []string{`{"values":[{"worklogId":1}],"until":1700000000000,"lastPage":false}`}, []int64{1}, rest.ErrWalk},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &script{lines: tc.lines}
			changes, err := clienttest.Collect(newClient(t, s.serve).Worklogs.Updated(t.Context(), time.UnixMilli(1700000000000)))
			if !errors.Is(err, tc.bad) {
				t.Errorf("error: got %v, want %v", err, tc.bad)
			}
			var got []int64
			for _, change := range changes {
				got = append(got, change.WorklogID)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if want := "GET since=1700000000000"; s.asked[0] != want {
				t.Errorf("asked: got %s, want %s", s.asked[0], want)
			}
		})
	}
}

func TestWorklogsByIDs(t *testing.T) {
	t.Parallel()
	var sizes []int
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		var body struct{ IDs []int64 }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		sizes = append(sizes, len(body.IDs))
		clienttest.Answer(w, http.StatusOK, fmt.Sprintf(`[{"id":"%d"}]`, body.IDs[0]))
	})
	ids := make([]int64, 2001)
	for i := range ids {
		ids[i] = int64(i)
	}
	worklogs, err := c.Worklogs.ByIDs(t.Context(), ids)
	if err != nil || len(worklogs) != 3 || worklogs[2].ID != "2000" {
		t.Errorf("got %v, %v, want one worklog a call", worklogs, err)
	}
	if want := []int{1000, 1000, 1}; !slices.Equal(sizes, want) {
		t.Errorf("asked for %v, want %v", sizes, want)
	}
	if none, err := c.Worklogs.ByIDs(t.Context(), nil); err != nil || len(none) != 0 || len(sizes) != 3 {
		t.Errorf("no ids: got %v, %v and a call", none, err)
	}
}

func TestErrorsAreTyped(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { clienttest.Answer(w, http.StatusForbidden, `{}`) })
	if created, err := c.DashboardItems.SetProperty(t.Context(), "1", "2", "k", 3); created || !errors.Is(err, rest.ErrForbidden) {
		t.Errorf("set property: got %v, %v, want ErrForbidden", created, err)
	}
	if _, err := c.DashboardItems.SetProperty(t.Context(), "1", "2", "k", func() {}); err == nil {
		t.Error("set property to a func: got no error")
	}
	if _, err := c.Worklogs.ByIDs(t.Context(), []int64{1}); !errors.Is(err, rest.ErrForbidden) {
		t.Errorf("worklogs by ids: got %v, want ErrForbidden", err)
	}
	if _, err := c.Dashboards.Get(t.Context(), ".."); !errors.Is(err, rest.ErrParam) {
		t.Errorf("dashboard ..: got %v, want ErrParam", err)
	}
}
