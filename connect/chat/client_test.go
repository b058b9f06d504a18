package chat_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/rest"
)

func newClient(t *testing.T, h http.HandlerFunc) *chat.Client {
	t.Helper()
	return clienttest.New(t, chat.New, h)
}

func TestNewRefusesABadURL(t *testing.T) {
	t.Parallel()
	if _, err := chat.New(&http.Client{}, "api.atlassian.com"); err == nil {
		t.Error("got no error")
	}
}

func TestPutState(t *testing.T) {
	t.Parallel()
	const app = "/base/site/c1/conversation/a%2Fb/app/module/"
	glance := func(label string, metadata any) func(*testing.T, *chat.Client) error {
		return func(t *testing.T, c *chat.Client) error {
			return c.PutGlance(t.Context(), "c1", "a/b", "open-work", chat.GlanceState{Label: label, Metadata: metadata})
		}
	}
	configuration := func(configured bool) func(*testing.T, *chat.Client) error {
		return func(t *testing.T, c *chat.Client) error {
			return c.PutConfiguration(t.Context(), "c1", "a/b", "setup", configured)
		}
	}
	cases := []struct {
		name string
		put  func(*testing.T, *chat.Client) error
		uri  string
		body string
		bad  bool
	}{
		{name: "glance", put: glance("8 open", map[string]int{"open": 8}), uri: app + "chat:glance/open-work/state", body: `{"label":"8 open","metadata":{"open":8}}`},
		{name: "struct", put: glance("", struct{ Open int }{8}), uri: app + "chat:glance/open-work/state", body: `{"label":"","metadata":{"Open":8}}`},
		{name: "no metadata", put: glance("x", nil), uri: app + "chat:glance/open-work/state", body: `{"label":"x","metadata":{}}`},
		{name: "nil map", put: glance("x", map[string]int(nil)), uri: app + "chat:glance/open-work/state", body: `{"label":"x","metadata":{}}`},
		{name: "metadata is no object", put: glance("x", []int{1}), bad: true},
		{name: "metadata is no json", put: glance("x", func() {}), bad: true},
		{name: "configured", put: configuration(true), uri: app + "chat:configuration/setup/state", body: `{"configured":true}`},
		{name: "not configured", put: configuration(false), uri: app + "chat:configuration/setup/state", body: `{"configured":false}`},
	}
	for _, tc := range cases {
		for _, status := range []int{http.StatusOK, http.StatusNoContent} {
			t.Run(fmt.Sprint(tc.name, " ", status), func(t *testing.T) {
				t.Parallel()
				var got, body string
				c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
					data, _ := io.ReadAll(r.Body)
					got, body = r.Method+" "+r.RequestURI, string(data)
					w.WriteHeader(status)
				})
				err := tc.put(t, c)
				if (err != nil) != tc.bad {
					t.Errorf("error: got %v, want one: %v", err, tc.bad)
				}
				if want := "PUT " + tc.uri; !tc.bad && (got != want || body != tc.body) {
					t.Errorf("got %s %s\nwant %s %s", got, body, want, tc.body)
				}
			})
		}
	}
}

func TestConversation(t *testing.T) {
	t.Parallel()
	var got string
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Method + " " + r.RequestURI
		clienttest.Answer(w, http.StatusOK, `{"cloudId":"c1","id":"v1","name":"Release","topic":"v2","type":"group","privacy":"public","created":"2018-05-01T10:00:00.000Z","isArchived":false,"_links":{}}`)
	})
	conversation, err := c.Conversation(t.Context(), "c1", "v1")
	if err != nil {
		t.Fatal(err)
	}
	want := chat.Conversation{ID: "v1", CloudID: "c1", Name: "Release", Topic: "v2", Type: "group", Privacy: "public", Created: time.Date(2018, 5, 1, 10, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, conversation); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "GET /base/site/c1/conversation/v1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRoster(t *testing.T) {
	t.Parallel()
	people := func(from, to int) string {
		var list []string
		for i := from; i < to; i++ {
			list = append(list, fmt.Sprintf("%q", fmt.Sprint("557058:", i)))
		}
		return `{"values":[` + strings.Join(list, ",") + `]}`
	}
	cases := []struct {
		name  string
		pages map[string]string
		want  int
		bad   error
	}{
		{"nobody", map[string]string{"0": people(0, 0)}, 0, nil},
		{"one page", map[string]string{"0": people(0, 2)}, 2, nil},
		{"a full page and a rest", map[string]string{"0": people(0, 75), "75": people(75, 80)}, 80, nil},
		{"two full pages", map[string]string{"0": people(0, 75), "75": people(75, 150), "150": people(0, 0)}, 150, nil},
		{"the offset is ignored", map[string]string{"0": people(0, 75), "75": people(0, 75), "150": people(0, 75)}, 75, rest.ErrWalk},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				if got := r.URL.Query().Get("limit"); got != "75" {
					t.Errorf("limit: got %s, want 75", got)
				}
				clienttest.Answer(w, http.StatusOK, tc.pages[r.URL.Query().Get("start")])
			})
			got, err := c.Roster(t.Context(), "c1", "v1")
			if !errors.Is(err, tc.bad) || len(got) != tc.want {
				t.Errorf("got %d members, %v, want %d, %v", len(got), err, tc.want, tc.bad)
			}
		})
	}
}

func TestSendMessage(t *testing.T) {
	t.Parallel()
	var got, body string
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		got, body = r.Method+" "+r.RequestURI, string(data)
		clienttest.Answer(w, http.StatusCreated, `{"id":"m1"}`)
	})
	id, err := c.SendMessage(t.Context(), "c1", "v1", "Deploy \"done\"\n\n<b>")
	if err != nil || id != "m1" {
		t.Errorf("got %q, %v, want m1", id, err)
	}
	want := `{"body":{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"Deploy \"done\""}]},` +
		`{"type":"paragraph"},{"type":"paragraph","content":[{"type":"text","text":"\u003cb\u003e"}]}]}}`
	if body != want || got != "POST /base/site/c1/conversation/v1/message" {
		t.Errorf("got %s\n%s\nwant %s", got, body, want)
	}
}

func TestErrorsAreTyped(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-RateLimit-Reset", time.Now().Add(time.Minute).Format(time.RFC3339))
		clienttest.Answer(w, http.StatusTooManyRequests, `{"code":429,"message":"request has been rate limited"}`)
	})
	err := c.PutConfiguration(t.Context(), "c1", "v1", "setup", true)
	var limited *rest.Error
	if !errors.As(err, &limited) || !errors.Is(err, rest.ErrRateLimited) {
		t.Fatalf("got %v, want a *rest.Error that is ErrRateLimited", err)
	}
	if limited.RetryAfter <= 0 || limited.RetryAfter > time.Minute || limited.Messages[0] != "request has been rate limited" {
		t.Errorf("got %+v, want the wait and the message", limited)
	}
	if _, err := c.Roster(t.Context(), "c1", "v1"); !errors.Is(err, rest.ErrRateLimited) {
		t.Errorf("roster: got %v, want ErrRateLimited", err)
	}
	if err := c.PutConfiguration(t.Context(), "", "v1", "setup", true); !errors.Is(err, rest.ErrParam) {
		t.Errorf("no cloud id: got %v, want ErrParam", err)
	}
}
