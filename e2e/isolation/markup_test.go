package isolation

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// hostileData is a site's data in which every name is hostile.
func hostileData() string {
	var users, issues, worklogs []any
	for i, text := range harness.Hostile() {
		name := fmt.Sprintf("u%d", i)
		users = append(users, map[string]any{"name": name, "displayName": text, "active": true, "timeZone": "Etc/UTC"})
		issue := map[string]any{
			"key": fmt.Sprintf("EVIL-%d", i+1), "id": fmt.Sprint(30000 + i), "project": "EVIL", "summary": text, "issuetype": text,
			"status": text, "statusCategory": "indeterminate", "priority": text, "assignee": name, "reporter": "u0", "labels": []string{text},
			"created": "2026-01-01T00:00:00.000+0000", "updated": "2026-01-02T00:00:00.000+0000", "timeestimate": 3600,
		}
		issues = append(issues, issue)
		worklogs = append(worklogs, map[string]any{
			"id": fmt.Sprint(40000 + i), "issue": issue["key"], "author": name, "comment": text,
			"started": "2026-01-02T00:00:00.000+0000", "timeSpentSeconds": 3600,
		})
	}
	return harness.AsJSON(map[string]any{
		"projects": []any{map[string]any{"key": "EVIL", "name": harness.Hostile()[0] + harness.Hostile()[3], "category": harness.Hostile()[1]}},
		"users":    users, "issues": issues, "worklogs": worklogs,
	})
}

// shows checks that a text is shown, escaped.
func shows(t testing.TB, name, body, text string) {
	t.Helper()
	if !strings.Contains(html.UnescapeString(body), text) {
		t.Errorf("%s: %q is not shown:\n%s", name, text, body)
	}
}

func TestMarkupComesOutAsText(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t, connecttest.Options{Data: strings.NewReader(hostileData())}))
	r.Install(t)
	b := harness.NewBoard(t, r, "EVIL")
	title := harness.Hostile()[0] + harness.Hostile()[2]
	b.Configure(t, workload.GadgetConfig{Projects: []string{"EVIL"}, Window: workload.Month, Unit: workload.UnitHours, Title: title})
	p := b.Look(t, b.Dashboard.Owner)
	harness.Harmless(t, "gadget", p.Body)
	shows(t, "gadget", p.Body, title)
	for _, text := range harness.Hostile() {
		shows(t, "gadget", p.Body, text)
	}
	session := harness.Attribute(t, p.Body, "data-session")
	form := b.Call(t, b.Address("/gadget/workload/form"), session)
	harness.Harmless(t, "form", form.Body)
	shows(t, "form", form.Body, harness.Hostile()[0]+harness.Hostile()[3])
	shows(t, "form", form.Body, title)

	for _, text := range harness.Hostile() {
		for field, says := range map[string]string{"projects": "422", "role": "422", "window": "422", "unit": "422", "title": "200"} {
			values := url.Values{"projects": {"EVIL"}, "window": {"14"}, "unit": {"hours"}, field: {text}}
			status, body := r.Save(t, session, b.Dashboard.ID, b.Item, values)
			if fmt.Sprint(status) != says {
				t.Errorf("%s %q: status %d, want %s\n%s", field, text, status, says, body)
			}
			harness.Harmless(t, field, body)
			if field == "title" {
				shows(t, field, body, text)
			}
		}
		for _, address := range []string{
			"/gadget/workload?dashboardId=" + url.QueryEscape(text), "/configure?x=" + url.QueryEscape(text),
			"/chat/setup?jwt=" + url.QueryEscape(text), "/" + url.PathEscape(text),
		} {
			p := harness.Ask(t, harness.NewRequest(t, http.MethodGet, r.URL+address, nil))
			harness.Harmless(t, address, p.Body)
			if p.Status < 400 || strings.Contains(html.UnescapeString(p.Body), text) {
				t.Errorf("%s: %d\n%s", address, p.Status, p.Body)
			}
		}
	}
	room := r.Site.Objects().Conversations[0]
	r.SetUpRoom(t, harness.AppKey, room, "EVIL")
	for _, module := range []string{"setup-dialog", "workload-sidebar"} {
		address, err := r.Site.ChatPageURL(harness.AppKey, module, room.ID, room.Members[0])
		if err != nil {
			t.Fatal(err)
		}
		p := harness.Ask(t, harness.NewRequest(t, http.MethodGet, address, nil))
		harness.Harmless(t, module, p.Body)
		shows(t, module, p.Body, "EVIL")
	}
	r.LeaksNothing(t)
}

// TestDeveloperDetailsComeOutAsText: the reason of a refusal quotes the
// request, as text.
func TestDeveloperDetailsComeOutAsText(t *testing.T) {
	t.Parallel()
	dev := harness.Furnished(t)
	for _, text := range harness.Hostile() {
		right, err := dev.Site.ModuleURL(harness.AppKey, "configure", dev.Site.People()[0].AccountID, "", "")
		if err != nil {
			t.Fatal(err)
		}
		p := harness.Ask(t, harness.NewRequest(t, http.MethodGet, right+"&"+url.QueryEscape(text)+"="+url.QueryEscape(text), nil))
		if p.Status != http.StatusUnauthorized || !strings.Contains(p.Body, "This request:") {
			t.Errorf("%q: %d\n%s", text, p.Status, p.Body)
		}
		harness.Harmless(t, text, p.Body)
	}
}
