package slack

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/store"
)

// slackCall is a call that Slack makes and signs.
type slackCall struct {
	path, kind, body string
	// again says that Slack may send the same call again.
	again bool
}

func (s *onSlack) calls() []slackCall {
	state := s.Slack.State()
	team, user := state.Team.ID, state.People[0].ID
	ids := `"team":{"id":"` + team + `"},"user":{"id":"` + user + `"}`
	payload := func(text string) string { return url.Values{"payload": {text}}.Encode() }
	return []slackCall{
		{path: "/slack/command", kind: formType, body: s.commandBody(team, user)},
		{path: "/slack/interactions", kind: formType, body: payload(`{"type":"block_actions",` + ids + `}`)},
		{path: "/slack/options", kind: formType, body: payload(`{"type":"block_suggestion","action_id":"projects",` + ids + `}`)},
		{path: "/slack/events", kind: "application/json", body: `{"type":"event_callback","team_id":"` + team + `","event":{"type":"app_uninstalled"}}`, again: true},
	}
}

// slackVisit is a page that a person opens with a ticket.
type slackVisit struct {
	route handlers.Route
	use   slackapp.Use
	open  func(t *testing.T, ticket string) (status int, page string)
	// once says that the visit uses up the ticket.
	once bool
}

func (s *onSlack) visits(account string) []slackVisit {
	public := func(address string) func(*testing.T, string) (int, string) {
		return func(t *testing.T, ticket string) (int, string) {
			t.Helper()
			return harness.Fetch(t, s.Return(t, s.URL+address+url.QueryEscape(ticket)))
		}
	}
	question := func(t *testing.T, code string) *http.Request {
		t.Helper()
		address, err := s.Site.PageURL(s.jira.Key, "slack-connect", account, url.Values{"ac.code": {code}})
		if err != nil {
			t.Fatal(err)
		}
		return harness.NewRequest(t, http.MethodGet, address, nil)
	}
	return []slackVisit{
		{route: handlers.Route{Method: http.MethodGet, Path: "/slack/install"}, use: slackapp.UseInstall, open: public("/slack/install?state=")},
		{route: handlers.Route{Method: http.MethodGet, Path: "/slack/oauth"}, use: slackapp.UseInstall, open: public("/slack/oauth?code=x&state="), once: true},
		{
			route: handlers.Route{Method: http.MethodGet, Path: "/slack/connect"}, use: slackapp.UsePerson,
			open: func(t *testing.T, ticket string) (int, string) {
				t.Helper()
				return harness.Fetch(t, question(t, ticket))
			},
		},
		{
			route: handlers.Route{Method: http.MethodPost, Path: "/slack/connect"}, use: slackapp.UsePerson, once: true,
			open: func(t *testing.T, ticket string) (int, string) {
				t.Helper()
				_, page := harness.Fetch(t, question(t, s.ticket(t, s.tickets(t), slackapp.UsePerson)))
				return s.post(t, "/slack/connect", harness.Attribute(t, page, "data-session"), url.Values{"code": {ticket}})
			},
		},
	}
}

// ticket is one for the tenant that the workspace serves.
func (s *onSlack) ticket(t *testing.T, of *slackapp.Tickets, use slackapp.Use) string {
	t.Helper()
	in, err := s.Store.Slack.SlackInstall(t.Context(), s.Slack.State().Team.ID)
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := s.Store.Tenants.Tenant(t.Context(), in.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	text, err := of.Issue(slackapp.Ticket{
		Use: use, Tenant: tenant.ID, Generation: tenant.Generation, Team: in.Team, User: "U1", UserName: "eve",
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// tickets are the app's own, as anybody who knows its keys can make them.
func (s *onSlack) tickets(t *testing.T) *slackapp.Tickets {
	t.Helper()
	keys, err := store.ParseKeyRing(s.Flags.SecretKeys)
	if err != nil {
		t.Fatal(err)
	}
	return &slackapp.Tickets{Keys: keys.Derive("sightline slack")}
}

// TestEverySlackRouteIsTried fails if a route has no call among those that the
// tests forge, age and repeat.
func TestEverySlackRouteIsTried(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	tried := map[handlers.Route]bool{}
	for _, call := range s.calls() {
		tried[handlers.Route{Method: http.MethodPost, Path: call.path}] = true
	}
	for _, visit := range s.visits("") {
		tried[visit.route] = true
	}
	for _, route := range s.App.Server().Routes() {
		if strings.HasPrefix(route.Path, "/slack") && !tried[route] {
			t.Errorf("no test forges %s %s", route.Method, route.Path)
		}
		delete(tried, route)
	}
	if len(tried) > 0 {
		t.Errorf("no such routes: %v", slices.Collect(maps.Keys(tried)))
	}
}

func TestForgedSlackRequestsAreRefused(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	now, rows := time.Now(), s.rows(t)
	for _, call := range s.calls() {
		right := func(at time.Time) *http.Request {
			return s.signed(t, call.path, call.kind, call.body, onsite.SlackSigningSecret, at)
		}
		altered := right(now)
		altered.Body = harness.NewRequest(t, http.MethodPost, s.URL, strings.NewReader(call.body+" ")).Body
		altered.ContentLength++
		twice := right(now)
		twice.Header.Add("X-Slack-Signature", twice.Header.Get("X-Slack-Signature"))
		for name, req := range map[string]*http.Request{
			"another secret": s.signed(t, call.path, call.kind, call.body, "other", now),
			"no secret":      s.signed(t, call.path, call.kind, call.body, "", now),
			"old":            right(now.Add(-6 * time.Minute)),
			"of the future":  right(now.Add(6 * time.Minute)),
			"altered":        altered, "two signatures": twice,
			"unsigned": harness.NewRequest(t, http.MethodPost, s.URL+call.path, strings.NewReader(call.body)),
		} {
			status, answer := harness.Fetch(t, req)
			if status != http.StatusUnauthorized || strings.Contains(answer, "Slack") {
				t.Errorf("%s %s: got %d %s, want a plain 401", call.path, name, status, answer)
			}
		}
		if status, _ := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, s.URL+call.path, nil)); status != http.StatusMethodNotAllowed {
			t.Errorf("GET %s: got %d, want 405", call.path, status)
		}
		huge := strings.Repeat("x", 10<<20)
		if status, _ := harness.Fetch(t, s.signed(t, call.path, call.kind, huge, onsite.SlackSigningSecret, now)); status != http.StatusRequestEntityTooLarge {
			t.Errorf("10 MB to %s: got %d, want 413", call.path, status)
		}
	}
	if _, err := s.Store.Slack.SlackInstall(t.Context(), s.Slack.State().Team.ID); err != nil {
		t.Errorf("the app has left the workspace: %v", err)
	}
	if got := s.rows(t); got != rows {
		t.Errorf("rows: got %d, want %d", got, rows)
	}
}

func TestReplayedSlackRequestsAreRefused(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	now := time.Now()
	for _, call := range s.calls() {
		send := func() int {
			status, _ := harness.Fetch(t, s.signed(t, call.path, call.kind, call.body, onsite.SlackSigningSecret, now))
			return status
		}
		first, second := send(), send()
		if first == http.StatusUnauthorized {
			t.Errorf("%s: a valid call is refused", call.path)
		}
		if (second == http.StatusUnauthorized) == call.again {
			t.Errorf("%s again: got %d", call.path, second)
		}
	}
}

func TestSlackTicketsOfEveryKind(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	forger := &slackapp.Tickets{Keys: [][]byte{bytes.Repeat([]byte{7}, 32)}}
	old := s.tickets(t)
	old.Now = func() time.Time { return time.Now().Add(-11 * time.Minute) }
	other := map[slackapp.Use]slackapp.Use{slackapp.UseInstall: slackapp.UsePerson, slackapp.UsePerson: slackapp.UseInstall}
	for _, visit := range s.visits(s.person(t, false).AccountID) {
		used := s.ticket(t, s.tickets(t), visit.use)
		tickets := map[string]string{
			"none": "", "garbage": "a.b.c", "forged": s.ticket(t, forger, visit.use), "old": s.ticket(t, old, visit.use),
			"of another use": s.ticket(t, s.tickets(t), other[visit.use]), "altered": used + "x",
		}
		if status, page := visit.open(t, used); status == http.StatusForbidden {
			t.Errorf("%v: a valid ticket is refused:\n%s", visit.route, page)
		}
		if visit.once {
			tickets["used"] = used
		}
		for name, ticket := range tickets {
			status, page := visit.open(t, ticket)
			if status != http.StatusForbidden || !strings.Contains(page, "valid for ten minutes") {
				t.Errorf("%v with a ticket that is %s: got %d\n%s", visit.route, name, status, page)
			}
		}
	}
}
