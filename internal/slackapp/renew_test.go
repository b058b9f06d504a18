package slackapp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

func (r *rig) find(context.Context, string) (slackapp.Install, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.install, r.findErr
}

// BeginSlackRenewal implements slackapp.Renewals in memory; the database's own has
// tests where it is.
func (r *rig) BeginSlackRenewal(_ context.Context, in slackapp.Install, until time.Time) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now.Before(r.lease) || in.Token.Reveal() != r.install.Token.Reveal() {
		return false, nil
	}
	r.lease = until
	return true, nil
}

// SaveSlackRenewal implements slackapp.Renewals.
func (r *rig) SaveSlackRenewal(_ context.Context, in slackapp.Install, until time.Time) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.saveErrs > 0 {
		r.saveErrs--
		return false, io.ErrShortWrite
	}
	if !r.lease.Equal(until) {
		return false, nil
	}
	r.install, r.lease = in, time.Time{}
	return true, nil
}

// EndSlackRenewal implements slackapp.Renewals.
func (r *rig) EndSlackRenewal(_ context.Context, _ string, until time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lease.Equal(until) {
		r.install.Refresh, r.lease = connect.Secret{}, time.Time{}
	}
	return nil
}

// newRotating is a driver whose token ends.
func newRotating(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.site.Slack().SetRotation(true)
	var err error
	if r.install, err = r.app.Exchange(t.Context(), r.code(t), redirect); err != nil {
		t.Fatal(err)
	}
	if want := r.clock().Add(12 * time.Hour); r.install.Refresh.IsZero() || r.install.Ends.Sub(want).Abs() > time.Minute {
		t.Fatalf("got %+v, want an end at %v", r.install, want)
	}
	return r
}

func (r *rig) renewals(t *testing.T, since int) (n int) {
	t.Helper()
	for _, q := range r.site.Requests(since) {
		if q.Operation == "slack.oauth.v2.access" {
			n++
		}
	}
	return n
}

func TestTokenIsRenewedBeforeItsEnd(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	at, seen, first := r.place(t, 0), r.seen(), r.install
	r.put(t, &at, "1 open")
	if got := r.renewals(t, seen); got != 0 {
		t.Errorf("at once: %d renewals", got)
	}
	r.forward(10*time.Hour + time.Minute)
	r.put(t, &at, "2 open")
	r.put(t, &at, "3 open")
	if got := r.renewals(t, seen); got != 1 || r.install.Token.Reveal() == first.Token.Reveal() || r.install.Refresh.Reveal() == first.Refresh.Reveal() {
		t.Errorf("before the end: %d renewals, %+v", got, r.install)
	}
	if r.install.TeamName != first.TeamName || r.install.BotUser != first.BotUser || !r.install.Ends.After(first.Ends) {
		t.Errorf("got %+v after %+v", r.install, first)
	}
	// Asleep for days: renewed after the end.
	r.forward(72 * time.Hour)
	r.put(t, &at, "4 open")
	if got := r.renewals(t, seen); got != 2 {
		t.Errorf("after the end: %d renewals, want 2", got)
	}
	if err := r.Renew(t.Context(), r.install.Team); err != nil || r.renewals(t, seen) != 2 {
		t.Errorf("not due: %v", err)
	}
}

func (r *rig) seen() int {
	n := 0
	for _, q := range r.site.Requests(0) {
		n = max(n, q.Seq)
	}
	return n
}

func TestTokenThatSlackSaysHasEnded(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	at, seen := r.place(t, 0), r.seen()
	if err := r.site.Slack().ExpireToken(); err != nil {
		t.Fatal(err)
	}
	r.put(t, &at, "1 open")
	if got := r.renewals(t, seen); got != 1 {
		t.Errorf("%d renewals, want 1", got)
	}
	// Without a refresh token the room gets a reason.
	r.install.Refresh = connect.Secret{}
	if err := r.site.Slack().ExpireToken(); err != nil {
		t.Fatal(err)
	}
	_, err := r.PutGlance(t.Context(), at, glance.State{Label: "2 open"})
	if !slackapp.IsCode(err, slackapp.CodeTokenExpired) || glance.ReasonOf(err) != glance.ReasonRevoked {
		t.Errorf("got %v, %v", err, glance.ReasonOf(err))
	}
}

// TestManyRenewAtOnce: of all that come at the same time one renews.
func TestManyRenewAtOnce(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	seen := r.seen()
	r.forward(11 * time.Hour)
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			if err := r.Renew(t.Context(), r.team()); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if got := r.renewals(t, seen); got != 1 {
		t.Errorf("%d renewals, want 1", got)
	}
}

func (r *rig) team() string {
	in, _ := r.find(context.Background(), "")
	return in.Team
}

// losing loses the answers of Slack to renewals, after they were carried out.
type losing struct {
	http.RoundTripper
	lose atomic.Bool
}

func (l *losing) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(req)
	if err == nil && l.lose.Load() {
		_ = resp.Body.Close()
		return nil, io.ErrUnexpectedEOF
	}
	return resp, err
}

// TestAnswerToRenewalIsLost: the old token does until its end, the next try finds
// that the refresh token is used, and then the room gets a reason.
func TestAnswerToRenewalIsLost(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	network := &losing{RoundTripper: r.site.Client().Transport}
	r.network = network
	r.app = r.newApp(clientID, secret)
	r.Surface = r.app.Surface
	at := r.place(t, 0)
	r.forward(10*time.Hour + time.Minute)

	network.lose.Store(true)
	if err := r.Renew(t.Context(), r.install.Team); !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, glance.ErrGone) {
		t.Errorf("lost: got %v", err)
	}
	network.lose.Store(false)
	r.put(t, &at, "1 open") // within the lease nobody asks again
	r.forward(time.Minute)
	if err := r.Renew(t.Context(), r.install.Team); !slackapp.IsCode(err, slackapp.CodeInvalidRefreshToken) {
		t.Errorf("the next try: got %v", err)
	}
	if !r.install.Refresh.IsZero() {
		t.Error("a refresh token that Slack does not take is kept")
	}
	r.put(t, &at, "2 open")
	r.forward(2 * time.Hour)
	_, err := r.PutGlance(t.Context(), at, glance.State{Label: "3 open"})
	if !slackapp.IsCode(err, slackapp.CodeTokenExpired) || glance.ReasonOf(err) != glance.ReasonRevoked {
		t.Errorf("after the end: got %v", err)
	}
}

// TestRenewalOutlastsItsCaller: the refresh token is used, so its answer is kept
// though the caller has gone and the database refuses for a while.
func TestRenewalOutlastsItsCaller(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	r.forward(11 * time.Hour)
	before := r.install.Token.Reveal()
	ctx, cancel := context.WithCancel(t.Context())
	r.saveErrs = 2
	network := &leaving{RoundTripper: r.site.Client().Transport, leave: cancel}
	r.network = network
	if err := r.newApp(clientID, secret).Surface.Renew(ctx, r.install.Team); err != nil {
		t.Error(err)
	}
	if r.install.Token.Reveal() == before {
		t.Error("the new token is lost")
	}
	r.forward(12 * time.Hour)
	r.saveErrs = 100
	err := r.newApp(clientID, secret).Surface.Renew(t.Context(), r.install.Team)
	if !errors.Is(err, io.ErrShortWrite) || glance.ReasonOf(err) != glance.ReasonInternal {
		t.Errorf("a database that never takes it: got %v", err)
	}
}

// leaving ends the caller's context while Slack works.
type leaving struct {
	http.RoundTripper
	leave func()
}

func (l *leaving) RoundTrip(req *http.Request) (*http.Response, error) {
	l.leave()
	return l.RoundTripper.RoundTrip(req)
}

// TestOddEnds: what an answer says about the token's end, with and without
// something to renew it with.
func TestOddEnds(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	for name, test := range map[string]struct {
		expires      string // the JSON of expires_in; "" leaves it out
		ends, renews time.Duration
		endless      bool
	}{
		"absent":           {expires: "", endless: true},
		"null":             {expires: "null", endless: true},
		"twelve hours":     {expires: "43200", ends: 12 * time.Hour, renews: 10 * time.Hour},
		"a minute":         {expires: "60", ends: time.Minute, renews: 45 * time.Second},
		"one second":       {expires: "1", ends: time.Second, renews: 750 * time.Millisecond},
		"fraction":         {expires: "3600.9", ends: time.Hour, renews: 45 * time.Minute},
		"exponent":         {expires: "3.6e3", ends: time.Hour, renews: 45 * time.Minute},
		"number as text":   {expires: `"3600"`, ends: time.Hour, renews: 45 * time.Minute},
		"a year":           {expires: "31536000", ends: 24 * time.Hour, renews: 22 * time.Hour},
		"beyond 64 bits":   {expires: "99999999999999999999", ends: 24 * time.Hour, renews: 22 * time.Hour},
		"beyond any float": {expires: "1e999", ends: 24 * time.Hour, renews: 22 * time.Hour},
		"zero":             {expires: "0", renews: time.Hour},
		"less than one":    {expires: "0.5", renews: time.Hour},
		"negative":         {expires: "-43200", renews: time.Hour},
		"text":             {expires: `"soon"`, renews: time.Hour},
		"not a number":     {expires: `"NaN"`, renews: time.Hour},
		"true":             {expires: "true", renews: time.Hour},
		"object":           {expires: `{"seconds":1}`, renews: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := granted(t, now, `"refresh_token":"r",`, test.expires)
			want := slackapp.Install{}
			if test.ends > 0 {
				want.Ends = now.Add(test.ends)
			}
			if test.renews > 0 {
				want.RenewAt = now.Add(test.renews)
			}
			if err != nil || !got.Ends.Equal(want.Ends) || !got.RenewAt.Equal(want.RenewAt) || got.Refresh.Reveal() != "r" {
				t.Errorf("got %v, %v, %v; want %v, %v", got.Ends, got.RenewAt, err, want.Ends, want.RenewAt)
			}
			for _, refresh := range []string{"", `"refresh_token":null,`, `"refresh_token":7,`} {
				if _, err := granted(t, now, refresh, test.expires); errors.Is(err, slackapp.ErrNotRenewable) == test.endless {
					t.Errorf("with %q: got %v", refresh, err)
				}
			}
		})
	}
}

// granted exchanges a code for an answer with these members.
func granted(t *testing.T, now time.Time, refresh, expires string) (slackapp.Install, error) {
	t.Helper()
	if expires != "" {
		expires = `"expires_in":` + expires + ","
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"ok":true,"access_token":"x","token_type":"bot","team":{"id":"T1"},%s%s"app_id":"A1"}`, refresh, expires)
	}))
	defer server.Close()
	app := slackapp.New(slackapp.Config{APIURL: server.URL + "/", Now: func() time.Time { return now }})
	return app.Exchange(t.Context(), "c", redirect)
}

func TestOrganisationIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.Slack().SetOrgWide(true)
	_, err := r.app.Exchange(t.Context(), r.code(t), redirect)
	if !errors.Is(err, slackapp.ErrEnterprise) {
		t.Errorf("got %v, want %v", err, slackapp.ErrEnterprise)
	}
	r.site.Slack().SetOrgWide(false)
	if _, err := r.app.Exchange(t.Context(), r.code(t), redirect); err != nil {
		t.Errorf("one workspace: %v", err)
	}
}
