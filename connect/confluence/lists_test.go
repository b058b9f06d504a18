package confluence_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/confluence"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/rest"
)

// script answers one line a call and notes what was asked. After its last line
// it is out of order.
type script struct {
	lines []string
	asked []string
}

func (s *script) serve(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.Method+" "+r.URL.RawQuery)
	if len(s.asked) > len(s.lines) {
		clienttest.Answer(w, http.StatusInternalServerError, `{}`)
		return
	}
	clienttest.Answer(w, http.StatusOK, s.lines[len(s.asked)-1])
}

func TestMemberOfAll(t *testing.T) {
	t.Parallel()
	full := `{"results":[{"name":"a"},{"name":"b"}],"limit":2,"size":2`
	other := `{"results":[{"name":"c"},{"name":"d"}],"limit":2,"size":2`
	cases := []struct {
		name  string
		lines []string
		want  int
		asked []string
		bad   error
	}{
		{"short page", []string{full + `}`, `{"results":[{"name":"c"}],"limit":2,"size":1}`}, 3, []string{"GET accountId=x", "GET accountId=x&start=2"}, nil},
		{"no next link", []string{full + `,"_links":{"next":"https://evil.example/"}}`, other + `,"_links":{"self":"https://x"}}`}, 4, []string{"GET accountId=x", "GET accountId=x&start=2"}, nil},
		{"next link of a short page", []string{`{"results":[{"name":"c"}],"limit":2,"size":1,"_links":{"next":"/"}}`, other + `,"_links":{}}`}, 2, []string{"GET accountId=x", "GET accountId=x&start=1"}, nil},
		{"next link of an empty page", []string{`{"results":[],"limit":2,"size":0,"_links":{"next":"/"}}`}, 0, []string{"GET accountId=x"}, rest.ErrWalk},
		{"empty page", []string{full + `}`, `{"results":[],"limit":2,"size":0}`}, 2, []string{"GET accountId=x", "GET accountId=x&start=2"}, nil},
		{"failure", []string{full + `}`}, 2, []string{"GET accountId=x", "GET accountId=x&start=2"}, rest.ErrServer},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &script{lines: tc.lines}
			groups, err := clienttest.Collect(newClient(t, s.serve).Users.MemberOfAll(t.Context(), "x", confluence.MemberOfOptions{}))
			if len(groups) != tc.want || !errors.Is(err, tc.bad) {
				t.Errorf("got %d groups, %v, want %d, %v", len(groups), err, tc.want, tc.bad)
			}
			if diff := cmp.Diff(tc.asked, s.asked); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestListsEndWhenTheCallerDoes(t *testing.T) {
	t.Parallel()
	s := &script{lines: []string{`{"results":[{"key":"a"},{"key":"b"}],"limit":2,"size":2}`}}
	for key, err := range newClient(t, s.serve).UserProperties.KeysAll(t.Context(), "x", confluence.UserPropertyListOptions{Start: 4, Limit: 2}) {
		if key != "a" || err != nil {
			t.Errorf("got %q, %v, want a", key, err)
		}
		break
	}
	if diff := cmp.Diff([]string{"GET limit=2&start=4"}, s.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBulkIsSplitAndJoined(t *testing.T) {
	t.Parallel()
	ids := make([]string, 201)
	for i := range ids {
		ids[i] = fmt.Sprintf("id%d", i)
	}
	var sizes []int
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		asked := r.URL.Query()["accountId"]
		if len(asked) == 1 {
			asked = strings.Split(asked[0], ",")
		}
		sizes = append(sizes, len(asked))
		answer := fmt.Sprintf(`[{"accountId":%q}]`, asked[len(asked)-1])
		if strings.HasSuffix(r.URL.Path, "/user/bulk") {
			answer = `{"results":` + answer + `}`
		}
		clienttest.Answer(w, http.StatusOK, answer)
	})
	users, err := c.Users.Bulk(t.Context(), ids, confluence.UserOptions{})
	if err != nil || len(users) != 3 || users[0].AccountID != "id99" || users[2].AccountID != "id200" {
		t.Errorf("users: got %v, %v", users, err)
	}
	emails, err := c.Emails.Bulk(t.Context(), ids)
	if err != nil || len(emails) != 3 || emails[1].AccountID != "id199" {
		t.Errorf("emails: got %v, %v", emails, err)
	}
	if want := []int{100, 100, 1, 100, 100, 1}; !slices.Equal(sizes, want) {
		t.Errorf("got calls of %v, want %v", sizes, want)
	}
	if nobody, err := c.Users.Bulk(t.Context(), nil, confluence.UserOptions{}); len(nobody) != 0 || err != nil || len(sizes) != 6 {
		t.Errorf("nobody: got %v, %v after %d calls", nobody, err, len(sizes))
	}
}

func TestBulkIsAllOrNothing(t *testing.T) {
	t.Parallel()
	ids := slices.Repeat([]string{"x"}, 101)
	s := &script{lines: []string{`{"results":[{"accountId":"x"}]}`}}
	if users, err := newClient(t, s.serve).Users.Bulk(t.Context(), ids, confluence.UserOptions{}); users != nil || !errors.Is(err, rest.ErrServer) {
		t.Errorf("users: got %v, %v, want ErrServer", users, err)
	}
	s = &script{lines: []string{`[{"accountId":"x"}]`}}
	if emails, err := newClient(t, s.serve).Emails.Bulk(t.Context(), ids); emails != nil || !errors.Is(err, rest.ErrServer) {
		t.Errorf("emails: got %v, %v, want ErrServer", emails, err)
	}
}
