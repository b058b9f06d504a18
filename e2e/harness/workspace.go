package harness

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/onsite"
)

// Workspace is a program and the workspace of its site in Slack.
type Workspace struct {
	*Running
	Slack *connecttest.Slack
}

// RegisterSlack registers the app at the site's Slack.
func (r *Running) RegisterSlack(t testing.TB) Workspace {
	t.Helper()
	if err := r.OnSite().RegisterSlack(t.Context()); err != nil {
		t.Fatal(err)
	}
	return Workspace{r, r.Site.Slack()}
}

// AddOnForge adds the app to the workspace from its page for admins on Forge.
func (s Workspace) AddOnForge(t testing.TB, f Forge, admin string) {
	t.Helper()
	page := f.Page(t, admin, "configure", "", nil)
	link := AddToSlackLink.FindStringSubmatch(page.HTML)
	if link == nil {
		t.Fatalf("the page for admins has no link to Slack: %+v", page)
	}
	back := s.Allow(t, html.UnescapeString(link[1]), "allow")
	if status, page := Fetch(t, s.Return(t, back)); status != http.StatusOK {
		t.Fatalf("callback: %d\n%s", status, page)
	}
}

// Invited has a person use the app in a channel for the first time, and returns
// the address in Jira that the app sends them.
func (s Workspace) Invited(t testing.TB, channel, user string) *url.URL {
	t.Helper()
	s.Say(t, channel, user, "/sightline")
	there := JiraLink.FindStringSubmatch(s.Told(t, channel, user))
	if there == nil {
		t.Fatalf("no link to Jira in %q", s.Told(t, channel, user))
	}
	address, err := url.Parse(html.UnescapeString(there[1]))
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// ConnectOnForge connects a Slack user's Jira account on the app's page on Forge.
func (s Workspace) ConnectOnForge(t testing.TB, f Forge, invited *url.URL, account string) {
	t.Helper()
	code := invited.Query().Get("code")
	asks := f.Page(t, account, "slack-connect", "?code="+url.QueryEscape(code), nil)
	if asks.Code != http.StatusOK || !strings.Contains(asks.HTML, "<form") {
		t.Fatalf("the page asks %+v", asks)
	}
	if known := f.Page(t, account, "slack-connect", "", url.Values{"code": {code}}); known.Code != http.StatusOK {
		t.Fatalf("connect: %+v", known)
	}
}

// AddOnConnect adds the app to the workspace from its page for admins on Connect.
func (s Workspace) AddOnConnect(t testing.TB, key, admin string) {
	t.Helper()
	link := AddToSlackLink.FindStringSubmatch(s.ConnectPage(t, key, "configure", admin, nil))
	if link == nil {
		t.Fatal("the page for admins has no link to Slack")
	}
	back := s.Allow(t, html.UnescapeString(link[1]), "allow")
	if status, page := Fetch(t, s.Return(t, back)); status != http.StatusOK || !strings.Contains(page, "Sightline is in Slack") {
		t.Fatalf("callback: %d\n%s", status, page)
	}
}

// ConnectOnConnect says on the app's page on Connect who a person of Slack is in
// Jira.
func (s Workspace) ConnectOnConnect(t testing.TB, invited *url.URL, account string) {
	t.Helper()
	page := s.AskedPage(t, invited, account)
	if !strings.Contains(page, "user id U0SL") || !strings.Contains(page, "harbour-works.slack.com") {
		t.Errorf("the question names neither the person's id nor the workspace's host:\n%s", page)
	}
	if status, answer := s.Confirm(t, page); status != http.StatusOK || !strings.Contains(answer, "Connected") {
		t.Fatalf("connect: %d\n%s", status, answer)
	}
}

// AskedPage opens the page on Connect that a link names.
func (s Workspace) AskedPage(t testing.TB, at *url.URL, account string) string {
	t.Helper()
	part := strings.Split(at.Path, "/")
	return s.ConnectPage(t, part[len(part)-2], part[len(part)-1], account, at.Query())
}

var codeField = regexp.MustCompile(`name="code" value="([^"]*)"`)

// Confirm answers the question of such a page.
func (s Workspace) Confirm(t testing.TB, page string) (int, string) {
	t.Helper()
	code := codeField.FindStringSubmatch(page)
	if code == nil {
		t.Fatalf("no question:\n%s", page)
	}
	req := NewRequest(t, http.MethodPost, s.URL+"/slack/connect", strings.NewReader(url.Values{"code": {code[1]}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+Attribute(t, page, "data-session"))
	return Fetch(t, req)
}

// ConnectPage opens a page of Connect that is no gadget, as a person.
func (r *Running) ConnectPage(t testing.TB, key, module, account string, query url.Values) string {
	t.Helper()
	address, err := r.Site.PageURL(key, module, account, query)
	if err != nil {
		t.Fatal(err)
	}
	_, page := Fetch(t, NewRequest(t, http.MethodGet, address, nil))
	return page
}

// Page calls a page of Forge that is no gadget, as a person; with a form it
// posts.
func (f Forge) Page(t testing.TB, as, page, query string, form url.Values) ForgeAnswer {
	t.Helper()
	key := forge.PageKey(page)
	call := connecttest.ForgeCall{Path: forge.PathPages + key + query}
	if form != nil {
		call.Method, call.Body = http.MethodPost, json.RawMessage(AsJSON(map[string]string{"form": form.Encode()}))
	}
	return f.invoke(t, as, key, call)
}

// AddToSlackLink is the link on the page for admins.
var AddToSlackLink = regexp.MustCompile(`href="([^"]*/slack/install\?[^"]*)"`)

// Allow follows the link on the page for admins, and the one on the page that names
// the Jira site, answers Slack's authorization page and returns where Slack
// redirects to.
func (s Workspace) Allow(t testing.TB, link, answer string) string {
	t.Helper()
	_, page := Fetch(t, NewRequest(t, http.MethodGet, link, nil))
	next := onsite.AuthorizeLink.FindStringSubmatch(page)
	if next == nil {
		t.Fatalf("no link to Slack:\n%s", page)
	}
	asked, err := url.Parse(html.UnescapeString(next[1]))
	if err != nil {
		t.Fatal(err)
	}
	form := asked.Query()
	form.Set("answer", answer)
	form.Set("user", s.Slack.State().People[0].ID)
	asked.RawQuery = ""
	req := NewRequest(t, http.MethodPost, asked.String(), strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return Location(t, req).String()
}

// Return is the visit to where Slack leads back, in the browser in which the
// installation began.
func (s Workspace) Return(t testing.TB, back string) *http.Request {
	t.Helper()
	req := NewRequest(t, http.MethodGet, back, nil)
	state := url.Values{"state": req.URL.Query()["state"]}
	resp, err := Client().Do(NewRequest(t, http.MethodGet, s.URL+"/slack/install?"+state.Encode(), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for _, cookie := range resp.Cookies() {
		req.AddCookie(cookie)
	}
	return req
}

// Location is where an answer redirects to.
func Location(t testing.TB, req *http.Request) *url.URL {
	t.Helper()
	resp, err := Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatalf("%s %s: %s: %v", req.Method, req.URL.Path, resp.Status, err)
	}
	return to
}

// Say writes in a channel as a person.
func (s Workspace) Say(t testing.TB, channel, user, text string) {
	t.Helper()
	if err := s.Slack.Say(t.Context(), channel, user, text); err != nil {
		t.Fatal(err)
	}
}

// Channel is a channel as it is now.
func (s Workspace) Channel(t testing.TB, id string) connecttest.SlackChannel {
	t.Helper()
	for _, c := range s.Slack.State().Channels {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no channel %s", id)
	return connecttest.SlackChannel{}
}

// Written returns the app's messages that everybody sees.
func (s Workspace) Written(t testing.TB, id string) []connecttest.SlackMessage {
	t.Helper()
	var list []connecttest.SlackMessage
	for _, m := range s.Channel(t, id).Messages {
		if m.Bot && m.For == "" {
			list = append(list, m)
		}
	}
	return list
}

// JiraLink is a link in a message of Slack.
var JiraLink = regexp.MustCompile(`<(http[^|>]*)\|`)

// Told is the last message that the app sent only to a person.
func (s Workspace) Told(t testing.TB, channel, user string) string {
	t.Helper()
	text := ""
	for _, m := range s.Channel(t, channel).Messages {
		if m.For == user {
			text = m.Text
		}
	}
	return text
}

// Submit fills in the modal that a person has open.
func (s Workspace) Submit(t testing.TB, user string, fields map[string]any) map[string]string {
	t.Helper()
	values := map[string]json.RawMessage{}
	for name, value := range fields {
		raw, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		values[name] = raw
	}
	wrong, err := s.Slack.Submit(t.Context(), user, values)
	if err != nil {
		t.Fatal(err)
	}
	return wrong
}

// SetUp shows projects in a channel.
func (s Workspace) SetUp(t testing.TB, channel, user string, projects ...string) {
	t.Helper()
	s.Say(t, channel, user, "/sightline")
	if _, err := s.Slack.Suggest(t.Context(), user, "projects", ""); err != nil {
		t.Fatal(err)
	}
	if wrong := s.Submit(t, user, map[string]any{"projects": projects}); len(wrong) > 0 {
		t.Fatalf("set up %s: %v", channel, wrong)
	}
}

// WaitForMessage waits until the last message of the app in a channel begins
// with want.
func (s Workspace) WaitForMessage(t testing.TB, channel, want string) {
	t.Helper()
	Eventually(t, want+" in "+channel, func() bool {
		list := s.Written(t, channel)
		return len(list) > 0 && strings.HasPrefix(list[len(list)-1].Text, want)
	})
}
