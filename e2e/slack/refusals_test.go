package slack

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// signed is a request as Slack makes it, signed with this secret at this time.
func (s *onSlack) signed(t *testing.T, path, kind, body, secret string, at time.Time) *http.Request {
	t.Helper()
	req := harness.NewRequest(t, http.MethodPost, s.URL+path, strings.NewReader(body))
	req.Header.Set("Content-Type", kind)
	for name, values := range connecttest.SignSlack(secret, at, []byte(body)) {
		req.Header[name] = values
	}
	return req
}

const formType = "application/x-www-form-urlencoded"

func (s *onSlack) commandBody(team, user string) string {
	c := s.Slack.State().Channels[0]
	return url.Values{
		"team_id": {team}, "user_id": {user}, "user_name": {"ann"}, "channel_id": {c.ID}, "command": {"/sightline"}, "trigger_id": {"1.2.x"},
	}.Encode()
}

func (s *onSlack) rows(t *testing.T) int {
	t.Helper()
	list, err := s.Store.Glances.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestSlackBodiesOfEveryKind(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state := s.Slack.State()
	payload := func(text string) string { return url.Values{"payload": {text}}.Encode() }
	ids := `"team":{"id":"` + state.Team.ID + `"},"user":{"id":"` + state.People[0].ID + `"}`
	for name, test := range map[string]struct {
		path, body string
		want       int
	}{
		"empty":              {"/slack/command", "", http.StatusUnauthorized},
		"no trigger":         {"/slack/command", "team_id=" + state.Team.ID + "&user_id=U1", http.StatusUnauthorized},
		"foreign team":       {"/slack/command", s.commandBody("T999", "U1"), http.StatusOK},
		"not JSON":           {"/slack/interactions", payload("{"), http.StatusUnauthorized},
		"not ours":           {"/slack/interactions", payload(`{"type":"view_submission",` + ids + `}`), http.StatusOK},
		"bad metadata":       {"/slack/interactions", payload(`{"type":"view_submission",` + ids + `,"view":{"callback_id":"setup","private_metadata":"x"}}`), http.StatusUnauthorized},
		"unknown person":     {"/slack/interactions", payload(`{"type":"view_submission",` + ids + `,"view":{"callback_id":"setup","private_metadata":"{\"channel\":\"C1\"}"}}`), http.StatusOK},
		"stop by a stranger": {"/slack/interactions", payload(`{"type":"block_actions",` + ids + `,"actions":[{"action_id":"stop"}],"view":{"callback_id":"setup","private_metadata":"{\"channel\":\"C1\"}"}}`), http.StatusForbidden},
		"options, stranger":  {"/slack/options", payload(`{"type":"block_suggestion",` + ids + `,"action_id":"projects"}`), http.StatusForbidden},
		"options, foreign":   {"/slack/options", payload(`{"type":"block_suggestion","team":{"id":"T9"},"user":{"id":"U9"},"action_id":"projects"}`), http.StatusForbidden},
	} {
		status, answer := harness.Fetch(t, s.signed(t, test.path, formType, test.body, onsite.SlackSigningSecret, time.Now()))
		if status != test.want {
			t.Errorf("%s: got %d %s, want %d", name, status, answer, test.want)
		}
		if strings.Contains(answer, "xoxb") || strings.Contains(answer, "SELECT") {
			t.Errorf("%s: the answer tells too much: %s", name, answer)
		}
	}
	status, answer := harness.Fetch(t, s.signed(t, "/slack/command", formType, s.commandBody("T999", "U9"), onsite.SlackSigningSecret, time.Now()))
	if status != http.StatusOK || !strings.Contains(answer, "not connected to Jira") {
		t.Errorf("foreign team: got %d %s", status, answer)
	}
	if s.rows(t) != 0 {
		t.Error("something was set up")
	}
}

func TestSlackInstallStateMisuse(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	visit := func(address string) (int, string) {
		t.Helper()
		return harness.Fetch(t, s.Return(t, address))
	}
	clear := func(name, address, title string, want int) {
		t.Helper()
		status, page := visit(address)
		if status != want || !strings.Contains(page, title) || !strings.Contains(page, "</html>") {
			t.Errorf("%s: got %d, want %d and a page %q:\n%s", name, status, want, title, page)
		}
	}
	const expired = "no longer works"
	clear("no state", s.URL+"/slack/install", expired, http.StatusForbidden)
	clear("bad state", s.URL+"/slack/install?state=a.b.c", expired, http.StatusForbidden)
	clear("no state at the callback", s.URL+"/slack/oauth?code=x", expired, http.StatusForbidden)

	link := s.installLink(t)
	back := s.Allow(t, link, "deny")
	clear("denied", back, "Nothing was installed", http.StatusForbidden)

	at, _ := url.Parse(link)
	state := at.Query().Get("state")
	clear("no code", s.URL+"/slack/oauth?"+url.Values{"state": {state}}.Encode(), expired, http.StatusForbidden)
	clear("used", s.Allow(t, link, "allow"), expired, http.StatusForbidden) // the visit without a code used it up

	link = s.installLink(t)
	at, _ = url.Parse(link)
	clear("bad code", s.URL+"/slack/oauth?"+url.Values{"state": at.Query()["state"], "code": {"no"}}.Encode(), "did not finish", http.StatusBadGateway)

	back = s.Allow(t, s.installLink(t), "allow")
	if status, page := visit(back); status != http.StatusOK {
		t.Fatalf("got %d\n%s", status, page)
	}
	clear("reused", back, expired, http.StatusForbidden)

	// A person's code is not a state, and a state ends with its installation.
	link = s.installLink(t)
	if _, err := s.Site.Uninstall(t.Context(), s.jira.Key); err != nil {
		t.Fatal(err)
	}
	clear("uninstalled", link, expired, http.StatusForbidden)
}

func TestTwoTenantsAndOneWorkspace(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	// A second Jira site in the same app; the workspace is the first one's.
	second := connecttest.NewSite(t)
	in, err := s.Store.Slack.SlackInstall(t.Context(), s.Slack.State().Team.ID)
	if err != nil {
		t.Fatal(err)
	}
	other, err := s.Store.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: s.jira.Key, ClientKey: "second", SharedSecret: connect.NewSecret("s"), BaseURL: second.URL(), ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	state, err := s.tickets(t).Issue(slackapp.Ticket{Use: slackapp.UseInstall, Tenant: other.ID, Generation: other.Generation})
	if err != nil {
		t.Fatal(err)
	}
	back := s.Allow(t, s.URL+"/slack/install?"+url.Values{"state": {state}}.Encode(), "allow")
	if status, page := harness.Fetch(t, s.Return(t, back)); status != http.StatusConflict || !strings.Contains(page, "another Jira site") {
		t.Errorf("got %d\n%s", status, page)
	}
	if got, err := s.Store.Slack.SlackInstall(t.Context(), in.Team); err != nil || got.Tenant != in.Tenant {
		t.Errorf("got %+v, %v, want the first tenant's", got, err)
	}
	// A person's code of the second tenant is refused in the first one's Jira.
	code, err := s.tickets(t).Issue(slackapp.Ticket{
		Use: slackapp.UsePerson, Tenant: other.ID, Generation: other.Generation, Team: in.Team, User: "U1", UserName: "eve",
	})
	if err != nil {
		t.Fatal(err)
	}
	page := s.connectPage(t, "http://x/"+s.jira.Key+"/slack-connect?"+url.Values{"ac.code": {code}}.Encode(), s.person(t, false).AccountID)
	if !strings.Contains(page, "no longer works") {
		t.Errorf("got\n%s", page)
	}
}

func TestSlackConnectCodeMisuse(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state := s.Slack.State()
	channel, user := state.Channels[0].ID, state.People[0].ID
	s.Say(t, channel, user, "/sightline")
	link := html.UnescapeString(harness.JiraLink.FindStringSubmatch(s.Told(t, channel, user))[1])
	account := s.person(t, false).AccountID
	if page := s.connectPage(t, link, ""); !strings.Contains(page, "Log in to Jira") {
		t.Errorf("nobody: got\n%s", page)
	}
	if page := s.connectPage(t, link+"x", account); !strings.Contains(page, "no longer works") {
		t.Errorf("altered: got\n%s", page)
	}
	page := s.connectPage(t, link, account)
	session := harness.Attribute(t, page, "data-session")
	if status, _ := s.post(t, "/slack/connect", session, url.Values{"code": {"x"}}); status != http.StatusForbidden {
		t.Errorf("bad code: got %d", status)
	}
	if status, _ := s.post(t, "/slack/connect", "no session", url.Values{}); status != http.StatusUnauthorized {
		t.Errorf("no session: got %d", status)
	}
	if status, _ := s.confirm(t, page); status != http.StatusOK {
		t.Fatalf("got %d", status)
	}
	if status, _ := s.confirm(t, page); status != http.StatusForbidden {
		t.Errorf("again: got %d, want 403", status)
	}
	if got, err := s.Store.Slack.SlackPerson(t.Context(), state.Team.ID, user); err != nil || string(got) != account {
		t.Errorf("got %q, %v, want %q", got, err, account)
	}
}

// The app follows everything that happens to a channel or to itself in Slack.
func TestSlackEvents(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	if err := s.Slack.Challenge(t.Context()); err != nil {
		t.Errorf("challenge: %v", err)
	}
	state, project := s.Slack.State(), s.Site.Objects().Projects[0].Key
	user := state.People[0].ID
	one, two := state.Channels[0].ID, state.Channels[1].ID
	s.connect(t, one, user, s.Site.Objects().Dashboards[0].Owner)
	s.SetUp(t, one, user, project)
	s.SetUp(t, two, user, project)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	row := func(channel string) glance.Row {
		t.Helper()
		list, err := s.Store.Glances.List(t.Context())
		must(err)
		for _, r := range list {
			if r.Key == s.key(channel) {
				return r
			}
		}
		return glance.Row{}
	}
	must(s.Slack.Archive(t.Context(), one, true))
	if got := row(one); !got.Stopped || got.StoppedFor != glance.ReasonArchived {
		t.Errorf("archived: got %+v", got)
	}
	s.Say(t, one, user, "/sightline")
	if view := s.Slack.State().Modals[user]; !bytes.Contains(view.View, []byte("archived")) {
		t.Errorf("the modal does not say why nothing is shown: %s", view.View)
	}
	must(s.Slack.Close(user))
	must(s.Slack.Archive(t.Context(), one, false))
	harness.Eventually(t, "shown again", func() bool { return !row(one).Stopped && !row(one).NeedsWork() })
	if got := s.Written(t, one); len(got) != 1 {
		t.Errorf("opened again: got %+v, want the same message", got)
	}

	must(s.Slack.SetMember(t.Context(), two, false))
	if _, err := s.Store.Glances.Glance(t.Context(), s.key(two)); !isAbsent(err) {
		t.Errorf("removed from the channel: got %v", err)
	}
	must(s.Slack.SetMember(t.Context(), two, true))
	s.SetUp(t, two, user, project)
	must(s.Slack.DeleteChannel(t.Context(), two))
	if _, err := s.Store.Glances.Glance(t.Context(), s.key(two)); !isAbsent(err) {
		t.Errorf("deleted: got %v", err)
	}

	must(s.Slack.Uninstall(t.Context()))
	if _, err := s.Store.Slack.SlackInstall(t.Context(), state.Team.ID); !isAbsent(err) {
		t.Errorf("uninstalled: got %v", err)
	}
	if s.rows(t) != 0 {
		t.Errorf("uninstalled: got %d rows", s.rows(t))
	}
}

func TestSlackStopButton(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state := s.Slack.State()
	channel, user := state.Channels[0].ID, state.People[0].ID
	s.connect(t, channel, user, s.Site.Objects().Dashboards[0].Owner)
	s.SetUp(t, channel, user, s.Site.Objects().Projects[0].Key)
	s.Say(t, channel, user, "/sightline")
	if err := s.Slack.Click(t.Context(), user, "stop"); err != nil {
		t.Fatal(err)
	}
	if got := s.Channel(t, channel); len(s.Written(t, channel)) != 0 || len(got.Bookmarks) != 0 {
		t.Errorf("got %+v, %+v, want nothing", s.Written(t, channel), got.Bookmarks)
	}
	if view := s.Slack.State().Modals[user]; !bytes.Contains(view.View, []byte("no longer shows anything")) {
		t.Errorf("got %s", view.View)
	}
	if s.rows(t) != 0 {
		t.Error("the rows are still there")
	}
}

// What Slack refuses is shown next to the field, and what was entered stays.
func TestSlackRefusesTheFirstMessage(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state, project := s.Slack.State(), s.Site.Objects().Projects[0].Key
	user, private := state.People[0].ID, state.Channels[2].ID
	s.connect(t, private, user, s.Site.Objects().Dashboards[0].Owner)
	fields, wrong := map[string]any{"projects": []string{project}}, map[string]string(nil)
	harness.Eventually(t, "an answer in time", func() bool { // a busy machine may need more than one
		s.Say(t, private, user, "/sightline")
		if _, err := s.Slack.Suggest(t.Context(), user, "projects", ""); err != nil {
			t.Fatal(err)
		}
		wrong = s.Submit(t, user, fields)
		return len(wrong) > 0
	})
	if !strings.Contains(wrong["projects"], "/invite") {
		t.Fatalf("got %v", wrong)
	}
	if len(s.Slack.State().Modals) != 1 {
		t.Fatal("the modal is gone")
	}
	s.Say(t, private, user, "/invite @sightline")
	if wrong := s.Submit(t, user, fields); len(wrong) > 0 {
		t.Fatalf("invited: got %v", wrong)
	}
	harness.Eventually(t, "a message", func() bool { return len(s.Written(t, private)) == 1 })
}

// sendModal submits a modal that Slack itself may never have shown.
func (s *onSlack) sendModal(t *testing.T, user, channel string, projects ...string) (int, string) {
	t.Helper()
	option := func(v string) map[string]any { return map[string]any{"value": v} }
	one := func(v string) map[string]any { return map[string]any{"selected_option": option(v)} }
	var chosen []any
	for _, key := range projects {
		chosen = append(chosen, option(key))
	}
	values := map[string]any{
		"projects": map[string]any{"projects": map[string]any{"selected_options": chosen}},
		"parts":    map[string]any{"parts": map[string]any{"selected_options": []any{option("open")}}},
		"window":   map[string]any{"window": one("14")}, "zone": map[string]any{"zone": one("UTC")},
	}
	payload := harness.AsJSON(map[string]any{
		"type": "view_submission", "team": map[string]any{"id": s.Slack.State().Team.ID}, "user": map[string]any{"id": user},
		"view": map[string]any{
			"callback_id": "setup", "private_metadata": `{"channel":"` + channel + `"}`, "state": map[string]any{"values": values},
		},
	})
	body := url.Values{"payload": {payload}}.Encode()
	return harness.Fetch(t, s.signed(t, "/slack/interactions", formType, body, onsite.SlackSigningSecret, time.Now()))
}

// A project that a person cannot see is refused, whatever Slack sends.
func TestSlackPersonSeesOnlyTheirProjects(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state := s.Slack.State()
	channel, user := state.Channels[0].ID, state.People[0].ID
	s.connect(t, channel, user, s.Site.Objects().Dashboards[0].Owner)
	for _, project := range []string{"NOSUCH", "x y", "'; DROP"} {
		status, answer := s.sendModal(t, user, channel, project)
		if status != http.StatusOK || !strings.Contains(answer, `"response_action":"errors"`) || s.rows(t) != 0 {
			t.Errorf("%s: got %d %s", project, status, answer)
		}
	}
}

// Projects that another member of the channel chose stay, as in the chat's
// rooms, and cannot be added by anybody who cannot see them.
func TestSlackKeepsProjectsOfOthers(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state, channel := s.Slack.State(), s.Slack.State().Channels[0].ID
	insider, outsider := state.People[0].ID, state.People[1].ID
	s.connect(t, channel, insider, s.Site.People()[0].AccountID)
	s.connect(t, channel, outsider, s.Site.People()[9].AccountID) // sees no VALT
	s.Say(t, channel, outsider, "/sightline")
	options, err := s.Slack.Suggest(t.Context(), outsider, "projects", "VALT")
	if err != nil || len(options) != 0 {
		t.Errorf("a hidden project is offered: %v, %v", options, err)
	}
	if err := s.Slack.Close(outsider); err != nil {
		t.Fatal(err)
	}
	s.SetUp(t, channel, insider, "VALT")
	shows := func(want ...string) {
		t.Helper()
		row, err := s.Store.Glances.Glance(t.Context(), s.key(channel))
		if err != nil || !slices.Equal(row.Config.Projects, want) {
			t.Errorf("the channel shows %q, %v, want %q", row.Config.Projects, err, want)
		}
	}
	s.SetUp(t, channel, outsider, "VALT", "HARB")
	shows("VALT", "HARB")
	s.SetUp(t, channel, outsider, "HARB")
	shows("HARB")
	if status, answer := s.sendModal(t, outsider, channel, "HARB", "VALT"); status != http.StatusOK || !strings.Contains(answer, "You cannot see the project") {
		t.Errorf("a hidden project is added: %d %s", status, answer)
	}
	shows("HARB")
}

// A team can come from a query, and its errors show next to it; the channel
// keeps its team until a query is valid.
func TestSlackTeamOfAQuery(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state := s.Slack.State()
	channel, user, owner := state.Channels[0].ID, state.People[0].ID, s.Site.Objects().Dashboards[0].Owner
	s.connect(t, channel, user, owner)
	s.SetUp(t, channel, user, "HARB")
	s.WaitForMessage(t, channel, fmt.Sprintf("%d open", s.openIssues(t, owner, "HARB")))
	s.Say(t, channel, user, "/sightline")
	if _, err := s.Slack.Suggest(t.Context(), user, "role", ""); err != nil {
		t.Fatal(err)
	}
	const query = "is reporter of (HARB-1, HARB-2, HARB-3)"
	refuse := connecttest.Fault{Path: "/rest/api/*/user/search/query", Status: http.StatusBadRequest, Times: 1}
	for _, test := range []struct {
		fields map[string]any
		fault  *connecttest.Fault
		want   string
	}{
		{map[string]any{"query": query, "role": "10002"}, nil, "Choose either a role or a user query."},
		{map[string]any{"query": "is assignee of"}, nil, "The user query is incomplete."},
		{map[string]any{"query": "everybody"}, nil, "is not a user query"},
		{map[string]any{"query": query}, &refuse, "Jira rejects this query."},
	} {
		if test.fault != nil {
			s.Fault(t, *test.fault)
		}
		test.fields["projects"] = []string{"HARB"}
		if wrong := s.Submit(t, user, test.fields); len(wrong) != 1 || !strings.Contains(wrong["query"], test.want) {
			t.Errorf("%v: got %v, want %q next to the query", test.fields, wrong, test.want)
		}
		if row, err := s.Store.Glances.Glance(t.Context(), s.key(channel)); err != nil || row.Config.Query != "" {
			t.Errorf("%v: the channel shows %q, %v", test.fields, row.Config.Query, err)
		}
	}
	if wrong := s.Submit(t, user, map[string]any{"projects": []string{"HARB"}, "query": query}); len(wrong) > 0 {
		t.Fatalf("a valid query: %v", wrong)
	}
	s.WaitForMessage(t, channel, fmt.Sprintf("%d open", s.OpenOf(t, "HARB", s.Matches(t, query))))
	s.Say(t, channel, user, "/sightline")
	if modal := s.Slack.State().Modals[user]; !bytes.Contains(modal.View, []byte(`"initial_value":"`+query+`"`)) {
		t.Errorf("the modal does not hold the query: %s", modal.View)
	}
}

// Without its settings Slack is off.
func TestSlackIsOff(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t), func(f *app.ServeFlags) {
		f.SlackFlags = app.SlackFlags{APIURL: f.SlackFlags.APIURL, AuthorizeURL: f.SlackFlags.AuthorizeURL}
	})
	r.Install(t)
	// The page of Slack users is in Jira's menu: there it says that Slack is off.
	for path, want := range map[string]int{"/slack/install": 404, "/slack/oauth": 404, "/slack/command": 404, "/slack/events": 404, "/slack/connect": 401} {
		if status, _ := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, r.URL+path, nil)); status != want {
			t.Errorf("%s: got %d, want %d", path, status, want)
		}
	}
	s := &onSlack{Workspace: harness.Workspace{Running: r}, jira: connecttest.App{Key: harness.AppKey}}
	if page := s.configurePage(t, s.person(t, true).AccountID); strings.Contains(page, "Slack") {
		t.Errorf("the page for admins speaks of Slack:\n%s", page)
	}
}
