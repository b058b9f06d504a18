package main

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/workload"
)

// hostile are texts that must come out as text wherever they are shown.
func hostile() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(2)>`, `' onmouseover='alert(3)`,
		`</textarea></title></option></select><svg onload=alert(4)>`, `{{constructor.constructor('alert(5)')()}}`,
		`javascript:alert(6)`, "\u202egnp.exe", `&lt;b&gt;`, `--><!--`, `]]>`,
	}
}

// hostileData is a site's data whose every name is hostile.
func hostileData() string {
	var users, issues, worklogs []any
	for i, text := range hostile() {
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
	return asJSON(map[string]any{
		"projects": []any{map[string]any{"key": "EVIL", "name": hostile()[0] + hostile()[3], "category": hostile()[1]}},
		"users":    users, "issues": issues, "worklogs": worklogs,
	})
}

// tag is a start tag with its attributes, as a browser would find it.
var tag = regexp.MustCompile(`<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>`)

// harmless checks that a page has no markup but its own: no handlers, no
// script that is not a file, no address of a script.
func harmless(t testing.TB, name, body string) {
	t.Helper()
	for _, text := range hostile()[:5] {
		if strings.Contains(text, "<") && strings.Contains(body, text) {
			t.Errorf("%s: %q comes out as markup:\n%s", name, text, body)
		}
	}
	for _, element := range tag.FindAllString(body, -1) {
		bare := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(element, `""`)
		switch {
		case regexp.MustCompile(`(?i)\son[a-z]+\s*=|\sstyle=|\ssrcdoc=`).MatchString(bare),
			regexp.MustCompile(`(?i)(href|src|action)="\s*(javascript|data|vbscript):`).MatchString(element),
			strings.HasPrefix(element, "<script") && !strings.Contains(element, ` src="`),
			strings.HasPrefix(element, "<svg") && strings.Contains(element, "onload"):
			t.Errorf("%s: an element that may run: %s", name, element)
		}
	}
}

// shows checks that a text is there, escaped.
func shows(t testing.TB, name, body, text string) {
	t.Helper()
	if !strings.Contains(html.UnescapeString(body), text) {
		t.Errorf("%s: %q is not shown:\n%s", name, text, body)
	}
}

func TestMarkupComesOutAsText(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t, connecttest.Options{Data: strings.NewReader(hostileData())}))
	r.install(t)
	b := newBoard(t, r, "EVIL")
	title := hostile()[0] + hostile()[2]
	b.configure(t, workload.GadgetConfig{Projects: []string{"EVIL"}, Window: workload.Month, Unit: workload.UnitHours, Title: title})
	p := b.look(t, b.dashboard.Owner)
	harmless(t, "gadget", p.body)
	shows(t, "gadget", p.body, title)
	for _, text := range hostile() {
		shows(t, "gadget", p.body, text)
	}
	session := attribute(t, p.body, "data-session")
	form := b.call(t, b.address("/gadget/workload/form"), session)
	harmless(t, "form", form.body)
	shows(t, "form", form.body, hostile()[0]+hostile()[3])
	shows(t, "form", form.body, title)

	for _, text := range hostile() {
		for field, says := range map[string]string{"projects": "422", "role": "422", "window": "422", "unit": "422", "title": "200"} {
			values := url.Values{"projects": {"EVIL"}, "window": {"14"}, "unit": {"hours"}, field: {text}}
			status, body := r.save(t, session, b.dashboard.ID, b.item, values)
			if fmt.Sprint(status) != says {
				t.Errorf("%s %q: status %d, want %s\n%s", field, text, status, says, body)
			}
			harmless(t, field, body)
			if field == "title" {
				shows(t, field, body, text)
			}
		}
		for _, address := range []string{
			"/gadget/workload?dashboardId=" + url.QueryEscape(text), "/configure?x=" + url.QueryEscape(text),
			"/chat/setup?jwt=" + url.QueryEscape(text), "/" + url.PathEscape(text),
		} {
			p := ask(t, newRequest(t, http.MethodGet, r.url+address, nil))
			harmless(t, address, p.body)
			if p.status < 400 || strings.Contains(html.UnescapeString(p.body), text) {
				t.Errorf("%s: %d\n%s", address, p.status, p.body)
			}
		}
	}
	room := r.site.Objects().Conversations[0]
	r.setUpRoom(t, appKey, room, "EVIL")
	for _, module := range []string{"setup-dialog", "workload-sidebar"} {
		address, err := r.site.ChatPageURL(appKey, module, room.ID, room.Members[0])
		if err != nil {
			t.Fatal(err)
		}
		p := ask(t, newRequest(t, http.MethodGet, address, nil))
		harmless(t, module, p.body)
		shows(t, module, p.body, "EVIL")
	}
	r.leaksNothing(t)
}

// TestDeveloperDetailsComeOutAsText shows why a request was refused, which
// quotes the request.
func TestDeveloperDetailsComeOutAsText(t *testing.T) {
	t.Parallel()
	dev := startDev(t)
	for _, text := range hostile() {
		right, err := dev.Site.ModuleURL(appKey, "configure", dev.Site.People()[0].AccountID, "", "")
		if err != nil {
			t.Fatal(err)
		}
		p := ask(t, newRequest(t, http.MethodGet, right+"&"+url.QueryEscape(text)+"="+url.QueryEscape(text), nil))
		if p.status != http.StatusUnauthorized || !strings.Contains(p.body, "This request:") {
			t.Errorf("%q: %d\n%s", text, p.status, p.body)
		}
		harmless(t, text, p.body)
	}
}
