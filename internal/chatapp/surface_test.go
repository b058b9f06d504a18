package chatapp_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/chatapp"
	"github.com/sightline-go/sightline/internal/glance"
)

// platform answers each call with the next of its statuses, 204 after the
// last.
type platform struct {
	mu       sync.Mutex
	statuses []int
	tokens   int
	calls    []string
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.URL.Path == "/oauth/token" {
		p.tokens++
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":3600}`, p.tokens)
		return
	}
	body, _ := io.ReadAll(r.Body)
	p.calls = append(p.calls, r.Header.Get("Authorization")+" "+r.URL.Path+" "+string(body))
	status := http.StatusNoContent
	if len(p.statuses) > 0 {
		status, p.statuses = p.statuses[0], p.statuses[1:]
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("X-RateLimit-Reset", time.Now().Add(time.Minute).UTC().Format(time.RFC3339))
	}
	w.WriteHeader(status)
}

func newChat(t *testing.T, statuses ...int) (chatapp.Surface, *platform) {
	t.Helper()
	p := &platform{statuses: statuses}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	credentials := &chat.Credentials{
		TokenURL: server.URL + "/oauth/token", BaseURL: server.URL, ClientID: "id",
		ClientSecret: func() string { return "secret" }, Base: server.Client().Transport,
	}
	client, err := chat.New(&http.Client{Transport: credentials}, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return chatapp.Surface{Client: client}, p
}

var place = glance.Place{Site: "cloud", Conversation: "room", Module: "workload"}

const put = " /site/cloud/conversation/room/app/module/"

func TestChatShowsStates(t *testing.T) {
	t.Parallel()
	c, p := newChat(t)
	state := glance.State{Label: "12 open", Numbers: glance.Numbers{Open: 12, Heavy: 2}}
	if handle, err := c.PutGlance(t.Context(), place, state); handle != "" || err != nil {
		t.Errorf("got %q, %v", handle, err)
	}
	if err := c.PutConfigured(t.Context(), place, true); err != nil {
		t.Error(err)
	}
	want := []string{
		"Bearer token-1" + put + `chat:glance/workload/state {"label":"12 open","metadata":{"open":12,"overdue":0,"dueSoon":0,"unassigned":0,"heavy":2}}`,
		"Bearer token-1" + put + `chat:configuration/workload/state {"configured":true}`,
	}
	if diff := cmp.Diff(want, p.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if got := c.Abilities(); !got.Configuration || got.CallsAMinute != 100 {
		t.Errorf("abilities: %+v", got)
	}
}

// TestChatRefreshesItsTokenOnce: a 401 leads to one new token and one more
// call, whatever its answer.
func TestChatRefreshesItsTokenOnce(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		statuses []int
		fails    bool
	}{{[]int{401}, false}, {[]int{401, 401}, true}} {
		c, p := newChat(t, tc.statuses...)
		_, err := c.PutGlance(t.Context(), place, glance.State{Label: "x"})
		if (err != nil) != tc.fails || errors.Is(err, glance.ErrGone) {
			t.Errorf("%v: got %v", tc.statuses, err)
		}
		if p.tokens != 2 || len(p.calls) != 2 {
			t.Errorf("%v: %d tokens, %d calls, want two of each", tc.statuses, p.tokens, len(p.calls))
		}
	}
}

// TestChatErrors: what the platform forbids or does not know is gone; a call
// is made once, because the reconciler tries again.
func TestChatErrors(t *testing.T) {
	t.Parallel()
	for status, gone := range map[int]bool{403: true, 404: true, 400: false, 409: false, 429: false, 500: false, 503: false} {
		c, p := newChat(t, status, status)
		_, err := c.PutGlance(t.Context(), place, glance.State{Label: "x"})
		var answered *rest.Error
		if !errors.As(err, &answered) || answered.Status != status || errors.Is(err, glance.ErrGone) != gone {
			t.Errorf("%d: got %v, want gone %v", status, err, gone)
		}
		if errors.Is(c.PutConfigured(t.Context(), place, true), glance.ErrGone) != gone {
			t.Errorf("%d: the configuration differs", status)
		}
		if status == http.StatusTooManyRequests && (answered.RetryAfter < 50*time.Second || answered.RetryAfter > time.Minute) {
			t.Errorf("429: retry after %s, want the reset's minute", answered.RetryAfter)
		}
		if len(p.calls) != 2 {
			t.Errorf("%d: %d calls, want one each", status, len(p.calls))
		}
	}
}
