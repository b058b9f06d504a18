package jiradc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jiradc"
	"github.com/sightline-go/sightline/connect/rest"
)

// people answers a search among n people, as Jira does, and fails from the
// person number broken on unless that is 0.
func people(n, broken int, asked *[]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.RawQuery)
		startAt, _ := strconv.Atoi(r.URL.Query().Get("startAt"))
		size, _ := strconv.Atoi(r.URL.Query().Get("maxResults"))
		if broken > 0 && startAt >= broken {
			clienttest.Answer(w, http.StatusInternalServerError, `{}`)
			return
		}
		names := make([]string, 0, size)
		for i := startAt; i < min(startAt+size, n); i++ {
			names = append(names, fmt.Sprintf(`{"name":"u%d"}`, i))
		}
		clienttest.Answer(w, http.StatusOK, "["+strings.Join(names, ",")+"]")
	}
}

func TestSearchesWalkTheirPages(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		n, broken   int
		startAt     int
		size        int
		stop        int // after so many; 0: never
		want, calls int
		bad         error
	}{
		{name: "short page", n: 120, want: 120, calls: 3},
		{name: "full pages", n: 100, want: 100, calls: 3},
		{name: "nobody", n: 0, want: 0, calls: 1},
		{name: "own size", n: 5, startAt: 1, size: 2, want: 4, calls: 3},
		{name: "stopped", n: 120, stop: 50, want: 50, calls: 1},
		{name: "failure", n: 120, broken: 50, want: 50, calls: 2, bad: rest.ErrServer},
		{name: "too large", n: 5, size: 1001, want: 0, calls: 0, bad: rest.ErrLimit},
		{name: "negative", n: 5, size: -1, want: 0, calls: 0, bad: rest.ErrLimit},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var asked []string
			c, ctx := newClient(t, people(tc.n, tc.broken, &asked)), t.Context()
			for _, seq := range []iter.Seq2[jiradc.User, error]{
				c.Users.SearchAll(ctx, jiradc.UserSearchOptions{Username: "u", StartAt: tc.startAt, MaxResults: tc.size}),
				c.Users.SearchPermissionAll(ctx, jiradc.PermissionSearchOptions{Permissions: []string{"BROWSE"}, StartAt: tc.startAt, MaxResults: tc.size}),
			} {
				asked = nil
				got, last, err := walk(seq, tc.stop)
				if got != tc.want || !errors.Is(err, tc.bad) || len(asked) != tc.calls {
					t.Errorf("got %d people, %v in %q, want %d, %v in %d calls", got, err, asked, tc.want, tc.bad, tc.calls)
				}
				if want := fmt.Sprintf("u%d", tc.startAt+tc.want-1); tc.want > 0 && last != want {
					t.Errorf("last: got %s, want %s", last, want)
				}
			}
		})
	}
}

func walk(seq iter.Seq2[jiradc.User, error], stop int) (n int, last string, err error) {
	for user, err := range seq {
		if err != nil {
			return n, last, err
		}
		n, last = n+1, user.Name
		if n == stop {
			break
		}
	}
	return n, last, nil
}

func TestNothingIsSentBeyondTheLimits(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("got %s %s", r.Method, r.URL) })
	long, large := strings.Repeat("é", 128), strings.Repeat("x", 32767)
	calls := map[string]func(ctx context.Context) (any, error){
		"1000: maxResults of /rest/api/2/user/picker": func(ctx context.Context) (any, error) {
			return c.Users.Picker(ctx, jiradc.UserPickerOptions{MaxResults: 1001})
		},
		"1000: maxResults of /rest/api/2/user/search": func(ctx context.Context) (any, error) {
			return c.Users.Search(ctx, jiradc.UserSearchOptions{MaxResults: 1001})
		},
		"100: maxResults of /rest/api/2/user/assignable/search": func(ctx context.Context) (any, error) {
			return c.Users.SearchAssignable(ctx, jiradc.AssignableSearchOptions{MaxResults: 101})
		},
		"100: maxResults of /rest/api/2/user/assignable/multiProjectSearch": func(ctx context.Context) (any, error) {
			return c.Users.SearchMultiProject(ctx, jiradc.MultiProjectSearchOptions{MaxResults: 101})
		},
		"100: maxResults of /rest/api/2/user/viewissue/search": func(ctx context.Context) (any, error) {
			return c.Users.SearchViewIssue(ctx, jiradc.ViewIssueSearchOptions{MaxResults: 101})
		},
		"255: user property key bytes": func(ctx context.Context) (any, error) {
			return jiradc.GetUserProperty[int](ctx, c, fred(), long)
		},
		"255: user property key bytes of a write": func(ctx context.Context) (any, error) {
			return c.UserProperties.SetProperty(ctx, fred(), long, 1)
		},
		"255: user property key bytes of a deletion": func(ctx context.Context) (any, error) {
			return clienttest.None(c.UserProperties.DeleteProperty(ctx, fred(), long))
		},
		"32768: user property value bytes": func(ctx context.Context) (any, error) {
			return c.UserProperties.SetProperty(ctx, fred(), "k", large)
		},
	}
	for name, call := range calls {
		limit, what, _ := strings.Cut(name, ": ")
		_, err := call(t.Context())
		var over *rest.LimitError
		if !errors.Is(err, rest.ErrLimit) || !errors.As(err, &over) || strconv.Itoa(over.Limit) != limit || over.Got != over.Limit+1 || !strings.HasPrefix(what, over.Name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := c.UserProperties.SetProperty(t.Context(), fred(), "k", func() {}); err == nil {
		t.Error("set property to a func: got no error")
	}
	if err := c.Sessions.Delete(t.Context(), ".."); !errors.Is(err, rest.ErrParam) {
		t.Errorf("end session of ..: got %v, want ErrParam", err)
	}
}

func TestUploadAnswers(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, page string
		want       error
	}{
		{"a page without json", `<html><body>Sorry</body></html>`, rest.ErrUnreadable},
		{"a textarea without json", `<textarea>Sorry</textarea>`, rest.ErrUnreadable},
		{"nothing", ``, rest.ErrUnreadable},
		{"json of its own", `{"cropperWidth":120}`, nil},
		{"json in a page", `<html><textarea>{&quot;cropperWidth&quot;:120}</textarea></html>`, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { clienttest.Answer(w, http.StatusCreated, tc.page) })
			crop, err := c.Avatars.UploadTemporary(t.Context(), "", jiradc.AvatarImage{})
			if !errors.Is(err, tc.want) || (tc.want == nil && crop.Width != 120) {
				t.Errorf("got %v, %v, want an error that is %v", crop, err, tc.want)
			}
		})
	}
}

func TestUploadThatWentWrongWithoutAStatus(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		clienttest.Answer(w, http.StatusCreated, `<textarea>{"errorMessages":["The file is no image"],"errors":{"avatar":"bad"}}</textarea>`)
	})
	_, err := c.Avatars.UploadTemporary(t.Context(), "", jiradc.AvatarImage{})
	want := &rest.Error{
		Status: http.StatusCreated, Method: "POST", Path: "/rest/api/2/user/avatar/temporary",
		Messages: []string{"The file is no image"}, Fields: map[string]string{"avatar": "bad"},
	}
	var got *rest.Error
	if !errors.As(err, &got) {
		t.Fatalf("got %v, want a *rest.Error", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnonymizationAnswers(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { clienttest.Answer(w, http.StatusAccepted, `[]`) })
	if _, err := c.Anonymization.Schedule(t.Context(), jiradc.AnonymizationRequest{}); !errors.Is(err, rest.ErrUnreadable) {
		t.Errorf("a list: got %v, want ErrUnreadable", err)
	}
	for url, want := range map[string]int64{
		"/rest/api/2/user/anonymization/progress?taskId=10100": 10100,
		"/rest/api/2/user/anonymization/progress":              0,
		"":             0,
		"%zz?taskId=1": 0,
		"/?taskId=x":   0,
	} {
		if got := (jiradc.AnonymizationProgress{ProgressURL: url}).TaskID(); got != want {
			t.Errorf("task of %q: got %d, want %d", url, got, want)
		}
	}
}

func TestCountIsANumberOrAMember(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{`0`: 0, `{"count":7}`: 7, `{"name":"fred"}`: -1, `"7"`: -1} {
		c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { clienttest.Answer(w, http.StatusOK, body) })
		got, err := c.Duplicates.Count(t.Context(), jiradc.DuplicatedOptions{})
		if (want < 0) != (err != nil) || (err == nil && got != want) {
			t.Errorf("%s: got %d, %v, want %d", body, got, err, want)
		}
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want time.Time
		bad  bool
	}{
		{text: `"2020-12-08T21:14:31.428+0100"`, want: time.Date(2020, 12, 8, 20, 14, 31, 428e6, time.UTC)},
		{text: `"2023-08-30T16:37:01+1000"`, want: time.Date(2023, 8, 30, 6, 37, 1, 0, time.UTC)},
		{text: `"2023-08-30T16:37:01+10:00"`, want: time.Date(2023, 8, 30, 6, 37, 1, 0, time.UTC)},
		{text: `null`},
		{text: `""`},
		{text: `"yesterday"`, bad: true},
		{text: `7`, bad: true},
	}
	for _, tc := range cases {
		var got jiradc.Time
		if err := json.Unmarshal([]byte(tc.text), &got); (err != nil) != tc.bad || !got.Equal(tc.want) {
			t.Errorf("%s: got %v, %v, want %v", tc.text, got, err, tc.want)
		}
	}
}
