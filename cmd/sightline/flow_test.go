package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestMainFlow is the product from end to end on the local site: install,
// view, configure, view again, webhook, glance.
func TestMainFlow(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	app := r.install(t)
	dashboard := r.site.Objects().Dashboards[0]
	item := dashboard.Items[0]

	page := r.gadget(t, dashboard.Owner, dashboard.ID, item.ID)
	if !strings.Contains(page, `data-fragment="config"`) {
		t.Fatalf("the owner of a new gadget does not get the form:\n%s", page)
	}
	other := r.viewer(t, dashboard)
	if page := r.gadget(t, other, dashboard.ID, item.ID); !strings.Contains(page, "not set up yet") {
		t.Errorf("another viewer of a new gadget does not get a sentence:\n%s", page)
	}

	project := r.site.Objects().Projects[0].Key
	session := attribute(t, page, "data-session")
	status, body := r.save(t, session, dashboard.ID, item.ID, url.Values{
		"projects": {project}, "window": {"14"}, "unit": {"hours"}, "title": {"Who has what"},
	})
	if status != http.StatusOK || !strings.Contains(body, `data-fragment="workload"`) {
		t.Fatalf("save: %d\n%s", status, body)
	}

	page = r.gadget(t, dashboard.Owner, dashboard.ID, item.ID)
	open := r.count(t, dashboard.Owner, workload.OpenIssues(project))
	if got := total(t, page); got != open {
		t.Errorf("the gadget counts %d open issues, the site %d", got, open)
	}
	if !strings.Contains(page, "Who has what") {
		t.Error("the title is not shown")
	}

	room := r.site.Objects().Conversations[0]
	r.setUpRoom(t, app.Key, room, project)
	r.waitForLabel(t, room.ID, fmt.Sprintf("%d open", open))

	r.finishOneIssue(t, dashboard.Owner, project)
	r.waitForLabel(t, room.ID, fmt.Sprintf("%d open", open-1))
	page = r.gadget(t, dashboard.Owner, dashboard.ID, item.ID)
	if got := total(t, page); got != open-1 {
		t.Errorf("after the change the gadget counts %d open issues, want %d", got, open-1)
	}
	r.pullsWhatIsShown(t, app.Key, room)
	r.leaksNothing(t)
}

// gadget opens the gadget as its viewer's browser would.
func (r *running) gadget(t testing.TB, account, dashboard, item string) string {
	t.Helper()
	address, err := r.site.ModuleURL("app.sightline", "workload", account, dashboard, item)
	if err != nil {
		t.Fatal(err)
	}
	status, body := fetch(t, newRequest(t, http.MethodGet, address, nil))
	if status != http.StatusOK {
		t.Fatalf("gadget: %d\n%s", status, body)
	}
	return r.loaded(t, body, dashboard, item)
}

// loaded fetches what a page came without, as its script does, and puts it in
// place.
func (r *running) loaded(t testing.TB, page, dashboard, item string) string {
	t.Helper()
	if !isLoading(page) {
		return page
	}
	return inPlace(page, r.refreshed(t, page, dashboard, item))
}

const loadingSection = `<section class="workload loading"`

func isLoading(page string) bool { return strings.Contains(page, loadingSection) }

// inPlace puts a fragment in the place of what a page came with instead.
func inPlace(page, fragment string) string {
	before, rest, _ := strings.Cut(page, loadingSection)
	_, after, _ := strings.Cut(rest, "</section>")
	return before + fragment + after
}

// save posts the gadget's form with a session token.
func (r *running) save(t testing.TB, session, dashboard, item string, form url.Values) (int, string) {
	t.Helper()
	address := fmt.Sprintf("%s/gadget/workload/form?dashboardId=%s&dashboardItemId=%s", r.url, dashboard, item)
	req := newRequest(t, http.MethodPost, address, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+session)
	return fetch(t, req)
}

// setUpRoom puts the chat app into a room and fills in its dialog.
func (r *running) setUpRoom(t testing.TB, key string, room connecttest.Conversation, projects ...string) {
	t.Helper()
	if _, err := r.site.InstallChat(t.Context(), r.url+"/atlassian-chat.json", room.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
		t.Fatal(err)
	}
	member := room.Members[0]
	address, err := r.site.ChatPageURL(key, "setup-dialog", room.ID, member)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := fetch(t, newRequest(t, http.MethodGet, address, nil)); status != http.StatusOK || !strings.Contains(body, projects[0]) {
		t.Fatalf("dialog: %d\n%s", status, body)
	}
	status, body := r.saveRoom(t, key, room.ID, member, url.Values{"projects": projects, "window": {"14"}, "zone": {"UTC"}})
	if status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
}

func (r *running) saveRoom(t testing.TB, key, room, member string, form url.Values) (int, string) {
	t.Helper()
	token, err := r.site.ChatToken(key, room, member)
	if err != nil {
		t.Fatal(err)
	}
	req := newRequest(t, http.MethodPost, r.url+"/chat/setup", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	return fetch(t, req)
}

// shown is what the chat shows of a room.
type shown struct {
	label      string
	configured bool
	pushes     int
}

func (r *running) shown(t testing.TB, room string) shown {
	t.Helper()
	status, body := fetch(t, newRequest(t, http.MethodGet, r.site.URL()+"/-/chat", nil))
	if status != http.StatusOK {
		t.Fatalf("chat: %d\n%s", status, body)
	}
	var state struct {
		Conversations []struct {
			ID   string
			Apps []struct {
				Glances        []struct{ Label string }
				Configurations []struct{ Configured bool }
			}
		}
		Pushed []struct{ Conversation, Module string }
	}
	if err := json.Unmarshal([]byte(body), &state); err != nil {
		t.Fatal(err)
	}
	var out shown
	for _, c := range state.Conversations {
		if c.ID == room && len(c.Apps) > 0 {
			out.label, out.configured = c.Apps[0].Glances[0].Label, c.Apps[0].Configurations[0].Configured
		}
	}
	for _, p := range state.Pushed {
		if p.Conversation == room && p.Module == "chat:glance" {
			out.pushes++
		}
	}
	return out
}

// waitForLabel waits until the chat shows a label that begins as wanted.
func (r *running) waitForLabel(t testing.TB, room, want string) {
	t.Helper()
	eventually(t, "label "+want, func() bool {
		label := r.shown(t, room).label
		return label == want || strings.HasPrefix(label, want+" ·")
	})
}

// finishOneIssue moves an assigned open issue of the project to done, over
// REST, as a person would.
func (r *running) finishOneIssue(t testing.TB, account, project string) {
	t.Helper()
	var found struct{ Issues []struct{ Key string } }
	r.rest(t, account, http.MethodGet, "/rest/api/3/search/jql?maxResults=1&fields=key&jql="+url.QueryEscape(workload.OpenIssues(project)+" AND assignee is not EMPTY"), nil, &found)
	if len(found.Issues) == 0 {
		t.Fatal("no open issue to finish")
	}
	path := "/rest/api/3/issue/" + found.Issues[0].Key + "/transitions"
	var moves struct {
		Transitions []struct {
			ID string
			To struct{ StatusCategory struct{ Key string } }
		}
	}
	r.rest(t, account, http.MethodGet, path, nil, &moves)
	for _, move := range moves.Transitions {
		if move.To.StatusCategory.Key == "done" {
			r.rest(t, account, http.MethodPost, path, map[string]any{"transition": map[string]string{"id": move.ID}}, nil)
			return
		}
	}
	t.Fatalf("no transition of %s to done", found.Issues[0].Key)
}

// rest calls the site as a person with basic auth.
func (r *running) rest(t testing.TB, account, method, path string, in, out any) {
	t.Helper()
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	req := newRequest(t, method, r.site.URL()+path, body)
	req.Header.Set("Content-Type", "application/json")
	for _, p := range r.site.People() {
		if p.AccountID == account {
			req.SetBasicAuth(p.Email, p.Token)
		}
	}
	status, answer := fetch(t, req)
	if status >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d\n%s", method, path, status, answer)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal([]byte(answer), out); err != nil {
		t.Fatal(err)
	}
}

// count asks the site itself how many issues a query finds for a person.
func (r *running) count(t testing.TB, account, jql string) int {
	t.Helper()
	n, token := 0, ""
	for {
		var page struct {
			Issues        []struct{ ID string }
			NextPageToken string
		}
		path := "/rest/api/3/search/jql?maxResults=5000&jql=" + url.QueryEscape(jql)
		if token != "" {
			path += "&nextPageToken=" + url.QueryEscape(token)
		}
		r.rest(t, account, http.MethodGet, path, nil, &page)
		n += len(page.Issues)
		if token = page.NextPageToken; token == "" {
			return n
		}
	}
}

// viewer is somebody else who may see the dashboard.
func (r *running) viewer(t testing.TB, dashboard connecttest.Dashboard) string {
	t.Helper()
	for _, p := range r.site.People() {
		if p.AccountID != dashboard.Owner && !p.Admin && p.Email != "" {
			return p.AccountID
		}
	}
	t.Fatal("the site has nobody else")
	return ""
}

// pullsWhatIsShown asks the state addresses as a chat client would.
func (r *running) pullsWhatIsShown(t testing.TB, key string, room connecttest.Conversation) {
	t.Helper()
	token, err := r.site.ChatToken(key, room.ID, room.Members[0])
	if err != nil {
		t.Fatal(err)
	}
	var glance struct{ Label struct{ Value string } }
	var configuration struct{ Configured bool }
	for path, into := range map[string]any{"/chat/glance": &glance, "/chat/configuration": &configuration} {
		req := newRequest(t, http.MethodGet, r.url+path+"?jwt="+token, nil)
		req.Header.Set("Origin", r.site.URL())
		status, body := fetch(t, req)
		if status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", path, status, body)
		}
		if err := json.Unmarshal([]byte(body), into); err != nil {
			t.Fatal(err)
		}
	}
	now := r.shown(t, room.ID)
	if glance.Label.Value != now.label || configuration.Configured != now.configured || !now.configured {
		t.Errorf("pulled %q %v, shown %q %v", glance.Label.Value, configuration.Configured, now.label, now.configured)
	}
}

// leaksNothing looks for tokens and secrets in the log.
func (r *running) leaksNothing(t testing.TB) {
	t.Helper()
	logged := r.logs.String()
	for _, wrong := range []string{"eyJ", onsite.ChatClientSecret, "Bearer ", "jwt=", testKeys()} {
		if strings.Contains(logged, wrong) {
			t.Errorf("the log holds %q:\n%s", wrong, logged)
		}
	}
}

func newRequest(t testing.TB, method, address string, body io.Reader) *http.Request {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func fetch(t testing.TB, req *http.Request) (int, string) {
	t.Helper()
	resp, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// attribute reads an attribute's value out of a page.
func attribute(t testing.TB, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(name + `="([^"]*)"`).FindStringSubmatch(page)
	if m == nil || m[1] == "" {
		t.Fatalf("the page has no %s:\n%s", name, page)
	}
	return m[1]
}

// total reads the total of open issues out of a gadget's page.
func total(t testing.TB, page string) int {
	t.Helper()
	m := regexp.MustCompile(`data-count="open"[^>]*>(?:<(?:a|span)[^>]*>)?(\d+)`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no total:\n%s", page)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
