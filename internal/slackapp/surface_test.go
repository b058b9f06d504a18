package slackapp_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

const (
	allScopes = "commands,chat:write,channels:join,channels:read,bookmarks:read,bookmarks:write"
	redirect  = "http://127.0.0.1:1/slack/oauth"
	clientID  = "1.2"
	secret    = "the client secret"
)

// rig is a driver on the local site's Slack; both share a clock.
type rig struct {
	*slackapp.Surface
	app     *slackapp.App
	site    *connecttest.Site
	install slackapp.Install
	findErr error

	mu  sync.Mutex
	now time.Time
	// What it keeps of renewals: the lease, and how often saving fails.
	lease    time.Time
	saveErrs int
	network  http.RoundTripper // nil is the site's
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// sleep moves the clock in place of waiting.
func (r *rig) sleep(_ context.Context, d time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
	return nil
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{now: time.Now()}
	r.site = connecttest.NewSite(t, connecttest.Options{Now: r.clock})
	r.app = r.newApp(clientID, secret)
	r.Surface = r.app.Surface
	err := r.site.Slack().Register(connecttest.SlackApp{
		Name: "App", ClientID: clientID, ClientSecret: secret, SigningSecret: "s", RedirectURL: redirect, Command: "/sightline",
		CommandURL: redirect, InteractionsURL: redirect, OptionsURL: redirect, EventsURL: redirect,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.install, err = r.app.Exchange(t.Context(), r.code(t), redirect); err != nil {
		t.Fatal(err)
	}
	return r
}

// newApp is the app with a client's id and secret.
func (r *rig) newApp(id, secret string) *slackapp.App {
	return slackapp.New(slackapp.Config{
		ClientID: id, ClientSecret: connect.NewSecret(secret), APIURL: r.site.URL() + "/slack/api/",
		AuthorizeURL: r.site.URL() + "/slack/oauth/v2/authorize", Network: cmp.Or(r.network, r.site.Client().Transport), Now: r.clock, Sleep: r.sleep,
		Find: r.find, Renewals: r, First: once(),
		Link: func(context.Context, glance.Place) (string, error) { return "https://jira.example/issues/?jql=x", nil },
	})
}

// code is an authorization code, as a person who approves brings it.
func (r *rig) code(t *testing.T) string {
	t.Helper()
	form := url.Values{
		"client_id": {clientID}, "scope": {allScopes}, "state": {"s"}, "redirect_uri": {redirect},
		"user": {r.site.Slack().State().People[0].ID}, "answer": {"allow"},
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.site.URL()+"/slack/oauth/v2/authorize", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := r.site.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	return to.Query().Get("code")
}

func (r *rig) channel(t *testing.T, n int) connecttest.SlackChannel {
	t.Helper()
	return r.site.Slack().State().Channels[n]
}

func (r *rig) place(t *testing.T, n int) glance.Place {
	t.Helper()
	return glance.Place{Site: r.install.Team, Conversation: r.channel(t, n).ID, Module: "glance"}
}

// put shows a label and keeps the handle.
func (r *rig) put(t *testing.T, at *glance.Place, label string) {
	t.Helper()
	handle, err := r.PutGlance(t.Context(), *at, glance.State{Label: label})
	if err != nil {
		t.Fatalf("put %q: %v", label, err)
	}
	at.Handle = handle
	r.forward(2 * time.Second)
}

func (r *rig) forward(d time.Duration) { _ = r.sleep(context.Background(), d) }

func bots(c connecttest.SlackChannel) []connecttest.SlackMessage {
	return slices.DeleteFunc(c.Messages, func(m connecttest.SlackMessage) bool { return !m.Bot })
}

func TestKeepsOneMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at := r.place(t, 0)
	for _, label := range []string{"1 open", "1 open", "2 open <&>"} {
		r.put(t, &at, label)
	}
	got := r.channel(t, 0)
	if list := bots(got); len(list) != 1 || list[0].Text != "2 open &lt;&amp;&gt;" || list[0].Edited || !strings.Contains(string(list[0].Blocks), "section") {
		t.Errorf("messages: got %+v", list)
	}
	if len(got.Bookmarks) != 1 || got.Bookmarks[0].Title != "2 open <&>" {
		t.Errorf("bookmarks: got %+v", got.Bookmarks)
	}
	if !got.Member {
		t.Error("the public channel was not joined")
	}
}

// A note is a line below the label, and goes when nothing is missing any more.
func TestShowsItsNote(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at := r.place(t, 0)
	for _, note := range []string{"", "Something is missing.", ""} {
		handle, err := r.PutGlance(t.Context(), at, glance.State{Label: "1 open", Note: note})
		if err != nil {
			t.Fatal(err)
		}
		at.Handle = handle
		r.forward(2 * time.Second)
		list := bots(r.channel(t, 0))
		if len(list) != 1 || strings.Contains(string(list[0].Blocks), "Something is missing.") != (note != "") || list[0].Text != "1 open" {
			t.Errorf("note %q: got %+v", note, list)
		}
	}
}

func TestWritesAnew(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"deleted", "edit_window_closed", "cant_update_message"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			at := r.place(t, 0)
			r.put(t, &at, "1 open")
			first := bots(r.channel(t, 0))[0].TS
			var err error
			if how == "deleted" {
				err = r.site.Slack().DeleteMessage(at.Conversation, first)
			} else {
				err = r.site.Slack().LockMessage(at.Conversation, first, how)
			}
			if err != nil {
				t.Fatal(err)
			}
			r.put(t, &at, "2 open")
			r.put(t, &at, "3 open")
			list := bots(r.channel(t, 0))
			if newest := list[len(list)-1]; newest.TS == first || newest.Text != "3 open" {
				t.Errorf("got %+v, want a new message that is kept", list)
			}
			if marks := r.channel(t, 0).Bookmarks; len(marks) != 1 || marks[0].Title != "3 open" {
				t.Errorf("bookmarks: got %+v, want one", marks)
			}
		})
	}
}

// A bookmark is found again after its handle was lost because the process died.
func TestFindsItsBookmark(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at := r.place(t, 0)
	r.put(t, &at, "1 open")
	at.Handle = ""
	r.put(t, &at, "2 open")
	if marks := r.channel(t, 0).Bookmarks; len(marks) != 1 || marks[0].Title != "2 open" {
		t.Errorf("got %+v, want one", marks)
	}
}

func TestBookmarkIsAnExtra(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at := r.place(t, 0)
	r.put(t, &at, "1 open")
	if err := r.site.Slack().RevokeScope("bookmarks:write"); err != nil {
		t.Fatal(err)
	}
	r.put(t, &at, "2 open") // the app does not know yet
	r.install.Scopes = slices.DeleteFunc(r.install.Scopes, func(s string) bool { return s == "bookmarks:write" })
	before := len(r.site.Requests(0))
	r.put(t, &at, "3 open")
	if calls := r.site.Requests(0)[before:]; len(calls) != 1 || calls[0].Operation != "slack.chat.update" {
		t.Errorf("got %+v, want one call", calls)
	}
	if list := bots(r.channel(t, 0)); len(list) != 1 || list[0].Text != "3 open" {
		t.Errorf("got %+v", list)
	}
}

func TestGone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code string
		act  func(t *testing.T, r *rig, at *glance.Place) error
	}{
		"archived": {"is_archived", func(t *testing.T, r *rig, at *glance.Place) error {
			_ = r.site.Slack().Archive(t.Context(), at.Conversation, true) // the app does not listen at its address
			return nil
		}},
		"private": {"channel_not_found", func(t *testing.T, r *rig, at *glance.Place) error {
			*at = r.place(t, 2)
			return nil
		}},
		"removed": {"not_in_channel", func(t *testing.T, r *rig, at *glance.Place) error {
			_ = r.site.Slack().SetMember(t.Context(), at.Conversation, false)
			r.install.Scopes = []string{"chat:write"}
			return nil
		}},
		"revoked": {"token_revoked", func(_ *testing.T, r *rig, _ *glance.Place) error { return r.site.Slack().RevokeToken() }},
		"uninstalled": {"account_inactive", func(t *testing.T, r *rig, _ *glance.Place) error {
			_ = r.site.Slack().Uninstall(t.Context())
			return nil
		}},
		"bad token": {"invalid_auth", func(_ *testing.T, r *rig, _ *glance.Place) error {
			r.install.Token = connect.NewSecret("xoxb-other")
			return nil
		}},
		"no scope": {"missing_scope", func(_ *testing.T, r *rig, _ *glance.Place) error { return r.site.Slack().RevokeScope("chat:write") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			at := r.place(t, 0)
			r.put(t, &at, "1 open")
			if err := test.act(t, r, &at); err != nil {
				t.Fatal(err)
			}
			_, err := r.PutGlance(t.Context(), at, glance.State{Label: "2 open"})
			if !errors.Is(err, glance.ErrGone) || !strings.Contains(err.Error(), test.code) {
				t.Errorf("got %v, want %s and %v", err, test.code, glance.ErrGone)
			}
			if err != nil && strings.Contains(err.Error(), "xoxb") {
				t.Errorf("the error holds the token: %v", err)
			}
		})
	}
}

func TestIsBusy(t *testing.T) {
	t.Parallel()
	wait := func(err error) time.Duration {
		var w interface{ RetryAfter() time.Duration }
		if !errors.As(err, &w) {
			return -1
		}
		return w.RetryAfter()
	}
	for name, test := range map[string]struct {
		fault connecttest.Fault
		wait  time.Duration
	}{
		"429":        {connecttest.Fault{Status: 429, RetryAfter: 7}, 7 * time.Second},
		"a fraction": {connecttest.Fault{Status: 429, Headers: map[string]string{"Retry-After": "1.5"}}, 2 * time.Second},
		"no time":    {connecttest.Fault{Status: 429}, 30 * time.Second},
		"garbage":    {connecttest.Fault{Status: 429, Headers: map[string]string{"Retry-After": "soon"}}, 30 * time.Second},
		"a day":      {connecttest.Fault{Status: 429, RetryAfter: 86400}, 10 * time.Minute},
		"overflow":   {connecttest.Fault{Status: 429, Headers: map[string]string{"Retry-After": "9223372036854775807"}}, 10 * time.Minute},
		"too large":  {connecttest.Fault{Status: 200, Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"ok":true,"x":"` + strings.Repeat("x", 1<<20) + `"}`}, -1},
		"in 200":     {connecttest.Fault{Status: 200, Body: `{"ok":false,"error":"ratelimited"}`}, time.Second},
		"500":        {connecttest.Fault{Status: 500, Body: "<html>"}, -1},
		"internal":   {connecttest.Fault{Status: 200, Body: `{"ok":false,"error":"internal_error"}`}, 0},
		"not JSON":   {connecttest.Fault{Status: 200, Body: "<html>"}, -1},
		"no answer":  {connecttest.Fault{Reset: true}, -1},
		"redirected": {connecttest.Fault{Status: 307, Headers: map[string]string{"Location": "http://127.0.0.1:1/"}}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			at := r.place(t, 0)
			r.put(t, &at, "1 open")
			test.fault.Path, test.fault.Times = "/slack/api/chat.update", 1
			if err := r.site.AddFault(test.fault); err != nil {
				t.Fatal(err)
			}
			_, err := r.PutGlance(t.Context(), at, glance.State{Label: "2 open"})
			if err == nil || errors.Is(err, glance.ErrGone) || wait(err) != test.wait {
				t.Errorf("got %v that waits %v, want %v", err, wait(err), test.wait)
			}
			if err != nil && strings.Contains(err.Error(), "xoxb") {
				t.Errorf("the error holds the token: %v", err)
			}
			r.forward(11 * time.Minute)
			r.put(t, &at, "2 open")
			if list := bots(r.channel(t, 0)); len(list) != 1 || list[0].Text != "2 open" {
				t.Errorf("got %+v", list)
			}
		})
	}
}

// A failed bookmark comes with the next state; its message is not written
// again.
func TestGoesOnHalfWay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at := r.place(t, 0)
	fault := connecttest.Fault{Path: "/slack/api/bookmarks.*", Status: 429, RetryAfter: 3, Times: 2} // list and add
	if err := r.site.AddFault(fault); err != nil {
		t.Fatal(err)
	}
	r.put(t, &at, "1 open")
	r.forward(5 * time.Second)
	r.put(t, &at, "2 open")
	if c := r.channel(t, 0); len(bots(c)) != 1 || len(c.Bookmarks) != 1 || c.Bookmarks[0].Title != "2 open" {
		t.Errorf("got %+v, %+v, want one of each", bots(c), c.Bookmarks)
	}
	// For an older message the bookmark is retried, and the message stays as it
	// is.
	fault.Times = 1
	if err := r.site.AddFault(fault); err != nil {
		t.Fatal(err)
	}
	if _, err := r.PutGlance(t.Context(), at, glance.State{Label: "3 open"}); err == nil {
		t.Error("got no error")
	}
	r.forward(5 * time.Second)
	r.put(t, &at, "3 open")
	if c := r.channel(t, 0); len(bots(c)) != 1 || len(c.Bookmarks) != 1 || c.Bookmarks[0].Title != "3 open" {
		t.Errorf("got %+v, %+v, want one of each", bots(c), c.Bookmarks)
	}
}

func TestWithdraws(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at := r.place(t, 0)
	r.put(t, &at, "1 open")
	for range 2 { // it is not an error if it is already gone
		if err := r.Withdraw(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	if c := r.channel(t, 0); len(bots(c)) != 0 || len(c.Bookmarks) != 0 {
		t.Errorf("got %+v, %+v, want nothing", bots(c), c.Bookmarks)
	}
	if err := r.PutConfigured(t.Context(), at, true); !errors.Is(err, glance.ErrUnsupported) {
		t.Errorf("got %v, want %v", err, glance.ErrUnsupported)
	}
}

// Many channels change at once: everything is shown in the end, and Slack is
// never called more often than its tiers allow.
func TestKeepsTheTiers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const channels, rounds = 60, 2
	places := make([]glance.Place, channels)
	for i := range places {
		places[i] = glance.Place{Site: r.install.Team, Conversation: r.site.Slack().AddChannel(fmt.Sprint("c", i), false), Module: "glance"}
	}
	for round := range rounds {
		label := fmt.Sprintf("%d open", round)
		for todo := slices.Clone(places); len(todo) > 0; {
			handle, err := r.PutGlance(t.Context(), todo[0], glance.State{Label: label})
			if err == nil {
				i := slices.IndexFunc(places, func(p glance.Place) bool { return p.Conversation == todo[0].Conversation })
				places[i].Handle = handle
				todo = todo[1:]
				continue
			}
			var w interface{ RetryAfter() time.Duration }
			if !errors.As(err, &w) || w.RetryAfter() == 0 {
				t.Fatal(err)
			}
			todo = append(todo[1:], todo[0]) // the others' turn meanwhile
			r.forward(200 * time.Millisecond)
		}
	}
	for _, c := range r.site.Slack().State().Channels[3:] {
		if list := bots(c); len(list) != 1 || list[0].Text != fmt.Sprintf("%d open", rounds-1) || len(c.Bookmarks) != 1 {
			t.Fatalf("%s: got %+v, %+v", c.Name, list, c.Bookmarks)
		}
	}
	for _, q := range r.site.Requests(0) {
		if q.Status == http.StatusTooManyRequests {
			t.Fatalf("%s was refused", q.Operation)
		}
	}
}

func TestExchangeFails(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code := r.code(t)
	for _, test := range []struct{ id, secret, code, redirect, want string }{
		{"other", secret, code, redirect, "invalid_client_id"},
		{clientID, "other", code, redirect, "bad_client_secret"},
		{clientID, secret, "other", redirect, "invalid_code"},
		{clientID, secret, code, redirect + "x", "bad_redirect_uri"},
	} {
		_, err := r.newApp(test.id, test.secret).Exchange(t.Context(), test.code, test.redirect)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	if _, err := r.app.Exchange(t.Context(), code, redirect); err != nil {
		t.Errorf("the right one: %v", err)
	}
	if _, err := r.app.Exchange(t.Context(), code, redirect); err == nil || !strings.Contains(err.Error(), "code_already_used") {
		t.Errorf("once more: got %v", err)
	}
}
