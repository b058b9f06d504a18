package slackapp_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/glance"
)

// untilAnswer is a context whose deadline comes when the answer to a method has
// begun; as a transport it sees when that is.
type untilAnswer struct {
	context.Context
	http.RoundTripper

	method string
	over   chan struct{}
	once   sync.Once
}

func (u *untilAnswer) Done() <-chan struct{} { return u.over }

func (u *untilAnswer) Deadline() (time.Time, bool) { return time.Now().Add(time.Hour), true }

func (u *untilAnswer) Err() error {
	select {
	case <-u.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func (u *untilAnswer) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := u.RoundTripper.RoundTrip(req)
	if strings.HasSuffix(req.URL.Path, u.method) {
		u.once.Do(func() { close(u.over) })
	}
	return resp, err
}

// TestStallIsADeadline: Slack stops in the middle of an answer. The error says that
// the time is over, not that the answer is unreadable.
func TestStallIsADeadline(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"chat.update", "oauth.v2.access"} {
		r := newRig(t)
		ends := &untilAnswer{Context: t.Context(), RoundTripper: r.site.Client().Transport, method: method, over: make(chan struct{})}
		at := r.place(t, 0)
		r.put(t, &at, "1 open")
		code := r.code(t)
		r.network = ends
		app := r.newApp(clientID, secret)
		if err := r.site.AddFault(connecttest.Fault{Path: "/slack/api/" + method, Status: http.StatusOK, Stall: true, Body: `{"ok":tr`}); err != nil {
			t.Fatal(err)
		}
		var err error
		if method == "chat.update" {
			_, err = app.Surface.PutGlance(ends, at, glance.State{Label: "2 open"})
		} else {
			_, err = app.Exchange(ends, code, redirect)
		}
		if !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "xoxb") || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: got %v", method, err)
		}
		r.site.ClearFaults()
	}
}
