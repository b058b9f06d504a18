package jira_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/connect/userquery"
)

func TestSearchUsers(t *testing.T) {
	t.Parallel()
	const answer = `[{"accountId":"5b10","accountType":"app","appType":"agent","self":"https://x"}]`
	want := []jira.User{{AccountID: "5b10", AccountType: "app", AppType: "agent", Self: "https://x"}}
	run(t, []call{
		{
			name: "find", method: "GET", uri: "/rest/api/3/user/search?maxResults=1000&property=location.city%3DSydney&query=an+n&startAt=7",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.Search(ctx, jira.UserSearchOptions{Query: "an n", Property: "location.city=Sydney", StartAt: 7, MaxResults: 1000})
			},
			answer: answer, want: want,
		},
		{
			name: "find one", method: "GET", uri: "/rest/api/3/user/search?accountId=557058%3Aann",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.Search(ctx, jira.UserSearchOptions{AccountID: "557058:ann"})
			},
			answer: `[]`, want: []jira.User{},
		},
		{
			name: "assignable", method: "GET",
			uri: "/rest/api/3/user/assignable/search?accountType=atlassian&accountType=app&actionDescriptorId=3&appType=agent&issueKey=A-1&maxResults=5&query=an&recommend=true&sessionId=s&startAt=10",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.SearchAssignable(ctx, jira.AssignableSearchOptions{
					Query: "an", IssueKey: "A-1", ActionDescriptorID: 3, Recommend: true, SessionID: "s",
					AccountTypes: []string{"atlassian", "app"}, AppTypes: []string{"agent"}, StartAt: 10, MaxResults: 5,
				})
			},
			answer: answer, want: want,
		},
		{
			name: "assignable in a project", method: "GET", uri: "/rest/api/3/user/assignable/search?accountId=ann&project=A",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.SearchAssignable(ctx, jira.AssignableSearchOptions{AccountID: "ann", Project: "A"})
			},
			answer: answer, want: want,
		},
		{
			name: "assignable in projects", method: "GET", uri: "/rest/api/3/user/assignable/multiProjectSearch?projectKeys=A%2CB&query=an",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.SearchMultiProject(ctx, jira.MultiProjectSearchOptions{Query: "an", ProjectKeys: []string{"A", "B"}})
			},
			answer: answer, want: want,
		},
		{
			name: "with permissions", method: "GET", uri: "/rest/api/3/user/permission/search?permissions=BROWSE%2CEDIT_ISSUE&projectKey=A&query=an",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.SearchPermission(ctx, jira.PermissionSearchOptions{Query: "an", Permissions: []string{"BROWSE", "EDIT_ISSUE"}, ProjectKey: "A"})
			},
			answer: answer, want: want,
		},
		{
			name: "who see an issue", method: "GET", uri: "/rest/api/3/user/viewissue/search?issueKey=A-1&query=an",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.SearchViewIssue(ctx, jira.ViewIssueSearchOptions{Query: "an", IssueKey: "A-1"})
			},
			answer: answer, want: want,
		},
		{
			name: "all", method: "GET", uri: "/rest/api/3/users/search?maxResults=1000&startAt=1000",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.List(ctx, jira.UserListOptions{StartAt: 1000, MaxResults: 1000})
			},
			answer: answer, want: want,
		},
		{
			name: "picker", method: "GET",
			uri: "/rest/api/3/user/picker?avatarSize=small&excludeAccountIds=a&excludeAccountIds=b&excludeConnectUsers=true&maxResults=2&query=mi&showAvatar=true",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.Picker(ctx, jira.UserPickerOptions{
					Query: "mi", MaxResults: 2, ShowAvatar: true, AvatarSize: "small", ExcludeAccountIDs: []string{"a", "b"}, ExcludeConnectUsers: true,
				})
			},
			answer: `{"header":"Showing 1 of 2 matching users","total":2,"users":[{"accountId":"5b10","displayName":"Mia","html":"<strong>Mi</strong>a"}]}`,
			want: jira.FoundUsers{
				Header: "Showing 1 of 2 matching users", Total: 2,
				Users: []jira.PickedUser{{AccountID: "5b10", DisplayName: "Mia", HTML: "<strong>Mi</strong>a"}},
			},
		},
	})
}

func TestQueryUsers(t *testing.T) {
	t.Parallel()
	query := userquery.And(userquery.AssigneeOf("ABC"), userquery.Property("location", "city").Is("Sydney"))
	const text = "query=is+assignee+of+ABC+AND+%5Blocation%5D.city+is+%22Sydney%22"
	opts := jira.UserQueryOptions{Query: query, StartAt: 100, MaxResults: 50}
	run(t, []call{
		{
			name: "query", method: "GET", uri: "/rest/api/3/user/search/query?maxResults=50&" + text + "&startAt=100",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Users.Query(ctx, opts) },
			answer: `{"startAt":100,"maxResults":50,"total":1,"isLast":true,"values":[{"accountId":"5b10"}]}`,
			want:   jira.Page[jira.User]{StartAt: 100, MaxResults: 50, Total: 1, IsLast: true, Values: []jira.User{{AccountID: "5b10"}}},
		},
		{
			name: "keys", method: "GET", uri: "/rest/api/3/user/search/query/key?maxResult=50&" + text + "&startAt=100",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Users.QueryKeys(ctx, opts) },
			answer: `{"isLast":true,"values":[{"accountId":"5b10"}]}`,
			want:   jira.Page[jira.UserKey]{IsLast: true, Values: []jira.UserKey{{AccountID: "5b10"}}},
		},
		{
			name: "keys on version 2", method: "GET", uri: "/rest/api/2/user/search/query/key?" + text,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.V2().Users.QueryKeys(ctx, jira.UserQueryOptions{Query: query})
			},
			answer: `{"values":[]}`,
			want:   jira.Page[jira.UserKey]{Values: []jira.UserKey{}},
		},
	})
	c := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a query that is none was sent") })
	for _, bad := range []userquery.Query{{}, userquery.AssigneeOf("A) OR")} {
		if _, err := c.Users.Query(t.Context(), jira.UserQueryOptions{Query: bad}); !errors.Is(err, userquery.ErrInvalid) {
			t.Errorf("query %q: got %v, want ErrInvalid", bad, err)
		}
		if _, err := clienttest.Collect(c.Users.QueryKeysAll(t.Context(), jira.UserQueryOptions{Query: bad})); !errors.Is(err, userquery.ErrInvalid) {
			t.Errorf("keys of %q: got %v, want ErrInvalid", bad, err)
		}
	}
}

// crowd is a site of 1200 users of whom every hundredth matches, numbered by
// their place.
type crowd struct{ starts []int }

const crowdSize = 1200

// filtered pages first and filters then, within the first thousand.
func (s *crowd) filtered(w http.ResponseWriter, r *http.Request) {
	start, size := s.slice(r, 50)
	clienttest.Answer(w, http.StatusOK, people(start, min(start+size, 1000), 100))
}

// plain filters first and pages then.
func (s *crowd) plain(w http.ResponseWriter, r *http.Request) {
	start, size := s.slice(r, 50)
	clienttest.Answer(w, http.StatusOK, people(start*100, min((start+size)*100, 1000), 100))
}

func (s *crowd) everybody(w http.ResponseWriter, r *http.Request) {
	start, size := s.slice(r, 50)
	clienttest.Answer(w, http.StatusOK, people(start, min(start+size, crowdSize), 1))
}

// bean answers as the structured queries do, at most 200 a page.
func (s *crowd) bean(w http.ResponseWriter, r *http.Request) {
	start, size := s.slice(r, 100)
	size = min(size, 200)
	clienttest.Answer(w, http.StatusOK, fmt.Sprintf(`{"startAt":%d,"maxResults":%d,"isLast":%t,"values":%s}`,
		start, size, start+size >= 1000, people(start, min(start+size, 1000), 100)))
}

func (s *crowd) slice(r *http.Request, size int) (int, int) {
	query := r.URL.Query()
	start, _ := strconv.Atoi(query.Get("startAt"))
	for _, name := range []string{"maxResults", "maxResult"} {
		if n, err := strconv.Atoi(query.Get(name)); err == nil {
			size = n
		}
	}
	s.starts = append(s.starts, start)
	return start, size
}

func people(from, to, step int) string {
	list := []byte("[")
	for i := (from + step - 1) / step * step; i < to; i += step {
		if len(list) > 1 {
			list = append(list, ',')
		}
		list = fmt.Appendf(list, `{"accountId":"%d"}`, i)
	}
	return string(append(list, ']'))
}

func TestUserSearchesGoOverTheWholeWindow(t *testing.T) {
	t.Parallel()
	query := userquery.AssigneeOf("A")
	cases := []struct {
		name   string
		serve  func(*crowd) http.HandlerFunc
		walk   func(context.Context, *jira.Client) ([]jira.User, error)
		want   int
		starts []int
	}{
		{
			"assignable", func(s *crowd) http.HandlerFunc { return s.filtered },
			func(ctx context.Context, c *jira.Client) ([]jira.User, error) {
				return clienttest.Collect(c.Users.SearchAssignableAll(ctx, jira.AssignableSearchOptions{Project: "A", MaxResults: 300}))
			}, 10,
			[]int{0, 300, 600, 900},
		},
		{
			"in projects, from the middle", func(s *crowd) http.HandlerFunc { return s.filtered },
			func(ctx context.Context, c *jira.Client) ([]jira.User, error) {
				return clienttest.Collect(c.Users.SearchMultiProjectAll(ctx, jira.MultiProjectSearchOptions{StartAt: 901, MaxResults: 40}))
			}, 0,
			[]int{901, 941, 981},
		},
		{
			"permission, pages of the usual size", func(s *crowd) http.HandlerFunc { return s.filtered },
			func(ctx context.Context, c *jira.Client) ([]jira.User, error) {
				return clienttest.Collect(c.Users.SearchPermissionAll(ctx, jira.PermissionSearchOptions{StartAt: 800}))
			}, 2,
			[]int{800, 850, 900, 950},
		},
		{
			"view issue, one page", func(s *crowd) http.HandlerFunc { return s.filtered },
			func(ctx context.Context, c *jira.Client) ([]jira.User, error) {
				return clienttest.Collect(c.Users.SearchViewIssueAll(ctx, jira.ViewIssueSearchOptions{MaxResults: 1000}))
			}, 10,
			[]int{0},
		},
		{
			"plain", func(s *crowd) http.HandlerFunc { return s.plain },
			func(ctx context.Context, c *jira.Client) ([]jira.User, error) {
				return clienttest.Collect(c.Users.SearchAll(ctx, jira.UserSearchOptions{Query: "a", MaxResults: 4}))
			}, 10,
			[]int{0, 4, 8, 10},
		},
		{
			"everybody", func(s *crowd) http.HandlerFunc { return s.everybody },
			func(ctx context.Context, c *jira.Client) ([]jira.User, error) {
				return clienttest.Collect(c.Users.All(ctx, jira.UserListOptions{MaxResults: 500}))
			}, crowdSize,
			[]int{0, 500, 1000, 1200},
		},
		{
			"query, smaller pages than asked for", func(s *crowd) http.HandlerFunc { return s.bean },
			func(ctx context.Context, c *jira.Client) ([]jira.User, error) {
				return clienttest.Collect(c.Users.QueryAll(ctx, jira.UserQueryOptions{Query: query, MaxResults: 400}))
			}, 10,
			[]int{0, 200, 400, 600, 800},
		},
		{
			"keys, page size by its other name", func(s *crowd) http.HandlerFunc { return s.bean },
			func(ctx context.Context, c *jira.Client) ([]jira.User, error) {
				keys, err := clienttest.Collect(c.Users.QueryKeysAll(ctx, jira.UserQueryOptions{Query: query, StartAt: 750, MaxResults: 150}))
				return make([]jira.User, len(keys)), err
			}, 2,
			[]int{750, 900},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &crowd{}
			users, err := tc.walk(t.Context(), newClient(t, tc.serve(s)))
			if err != nil || len(users) != tc.want {
				t.Errorf("got %d users, %v, want %d", len(users), err, tc.want)
			}
			if diff := cmp.Diff(tc.starts, s.starts); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUserSearchesStopWithTheCaller(t *testing.T) {
	t.Parallel()
	s := &crowd{}
	c := newClient(t, s.filtered)
	for user, err := range c.Users.SearchAssignableAll(t.Context(), jira.AssignableSearchOptions{MaxResults: 100}) {
		if err != nil {
			t.Fatal(err)
		}
		if user.AccountID == "200" {
			break
		}
	}
	if want := []int{0, 100, 200}; !slices.Equal(s.starts, want) {
		t.Errorf("asked from %v, want %v", s.starts, want)
	}
	down := newClient(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	if users, err := clienttest.Collect(down.Users.SearchAll(t.Context(), jira.UserSearchOptions{})); len(users) != 0 || !errors.Is(err, rest.ErrServer) {
		t.Errorf("got %v, %v, want ErrServer", users, err)
	}
}
