package connecttest

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

type dashboardAnswer struct {
	Dashboard struct{ Owner *person }
	Viewer    *person
	Viewers   []person
	CanView   bool
	CanEdit   bool
	Items     []item
}

// person is a person as the pages get them.
type person struct{ AccountID, DisplayName, Label string }

// item is a gadget as the dashboard page gets it.
type item struct {
	ID, Title, App, Module, ModuleKey, URL, Origin string
	Configurable, Refreshable, Editable            bool
	Column, Row                                    int
}

func TestDashboardView(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	d := site.Objects().Dashboards[0]
	var got dashboardAnswer
	get(t, site.URL()+"/-/ui/dashboards/"+d.ID, "").into(t, &got)
	if got.Viewer == nil || got.Viewer.AccountID != d.Owner || !got.CanView || !got.CanEdit || got.Dashboard.Owner.AccountID != d.Owner {
		t.Errorf("owner: got %+v", got)
	}
	item := got.Items[0]
	if item.App != "com.example.app" || item.ModuleKey != "gadget" || item.Origin != app.URL || !item.Configurable ||
		!item.Editable || !item.Refreshable || item.Module != "com.atlassian.plugins.atlassian-connect-plugin:com.example.app__gadget" {
		t.Errorf("item: got %+v", item)
	}
	if _, claims := openPage(t, app, item.URL); claims.Subject != d.Owner {
		t.Errorf("signed for %q, want %q", claims.Subject, d.Owner)
	}
	if len(got.Viewers) < 3 || got.Viewers[0].Label != "owner" || got.Viewers[len(got.Viewers)-1].AccountID != "" {
		t.Errorf("viewers: got %+v", got.Viewers)
	}
	get(t, site.URL()+"/-/ui/dashboards/"+d.ID+"?as=anonymous", "").into(t, &got)
	if got.Viewer != nil || got.CanEdit {
		t.Errorf("anonymous: got %+v", got)
	}
	if got.CanView != (len(got.Items) > 0) {
		t.Errorf("anonymous: can view %t, but %d items", got.CanView, len(got.Items))
	}
}

// TestTwoGadgetsOfOneApp checks that each dashboard item module of an app is on
// the dashboards once, side by side, even if a later version adds the second.
func TestTwoGadgetsOfOneApp(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	app.amend = func(d map[string]any) {
		modules := d["modules"].(map[string]any)
		first := modules["jiraDashboardItems"].([]any)[0].(map[string]any)
		second := maps.Clone(first)
		second["key"], second["name"] = "second", map[string]any{"value": "Second"}
		modules["jiraDashboardItems"] = []any{first, second}
	}
	app.mustInstall(t, site)
	for _, d := range site.Objects().Dashboards {
		var got dashboardAnswer
		get(t, site.URL()+"/-/ui/dashboards/"+d.ID+"?as="+url.QueryEscape(d.Owner), "").into(t, &got)
		if len(got.Items) != 2 || got.Items[0].ModuleKey != "gadget" || got.Items[1].ModuleKey != "second" ||
			got.Items[0].Column != 0 || got.Items[1].Column != 1 || got.Items[1].Row != 0 {
			t.Errorf("%s: got %+v", d.Name, got.Items)
		}
	}
}

func TestViewersSeeWhatTheyMay(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	for _, d := range site.world.Dashboards() {
		for _, p := range site.world.Humans() {
			address := site.URL() + "/-/ui/dashboards/" + d.ID
			var got dashboardAnswer
			get(t, address+"?as="+url.QueryEscape(p.AccountID), "").into(t, &got)
			want := site.world.CanView(p.AccountID, d)
			if got.CanView != want || (len(got.Items) == 1) != want {
				t.Errorf("%s on %s: got %t with %d items, want %t", p.DisplayName, d.Name, got.CanView, len(got.Items), want)
			}
			status := get(t, address+"/items/"+d.Items[0].ID+"?as="+url.QueryEscape(p.AccountID), "").status
			if (status == http.StatusOK) != want {
				t.Errorf("%s on %s: item: got %d, want to see it: %t", p.DisplayName, d.Name, status, want)
			}
		}
	}
}

func TestUIRefusals(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	room := app.mustInstallChat(t, site, "").Conversation
	as := "?as=" + url.QueryEscape(site.People()[0].AccountID)
	for _, test := range []struct {
		method, path, body string
		want               int
	}{
		{"GET", "/-/ui/dashboards" + as, "", 200},
		{"GET", "/-/ui/dashboards/1", "", 404},
		{"GET", "/-/ui/dashboards/1/items/1", "", 404},
		{"POST", "/-/ui/context-token" + as + "&app=com.example.app", "", 200},
		{"POST", "/-/ui/context-token?as=anonymous&app=com.example.app", "", 200},
		{"POST", "/-/ui/context-token?as=nobody&app=com.example.app", "", 422},
		{"POST", "/-/ui/context-token" + as + "&app=other", "", 404},
		{"POST", "/-/ui/rest" + as, `{"method":"GET","path":"https://other.example.com/rest/"}`, 422},
		{"POST", "/-/ui/rest" + as, `{"method":"GET","path":"/-/people"}`, 422},
		{"POST", "/-/ui/rest" + as, `{"method":"G T","path":"/rest/api/3/myself"}`, 422},
		{"POST", "/-/ui/rest" + as, `{`, 400},
		{"POST", "/-/ui/rest?as=nobody", `{"method":"GET","path":"/rest/api/3/myself"}`, 422},
		{"POST", "/-/ui/rest" + as, `{"method":"GET","path":"/rest/api/3/myself","app":"other"}`, 404},
		{"GET", "/-/ui/chat/x" + as, "", 404},
		{"GET", "/-/ui/chat/" + room + "?as=anonymous", "", 403},
		{"GET", "/-/ui/chat/" + room + "?as=nobody", "", 422},
		{"GET", "/-/ui/chat/" + room, "", 200},
		{"GET", "/-/ui/chat/" + room + "/modules/board" + as + "&app=com.example.chat", "", 200},
		{"GET", "/-/ui/chat/" + room + "/modules/other" + as + "&app=com.example.chat", "", 404},
		{"GET", "/-/ui/chat/x/modules/board" + as + "&app=com.example.chat", "", 404},
		{"POST", "/-/ui/chat/" + room + "/token" + as + "&app=com.example.chat", "", 200},
		{"POST", "/-/ui/chat/" + room + "/token" + as + "&app=other", "", 404},
		{"POST", "/-/ui/chat/" + room + "/messages" + as, `{"text":"Hello"}`, 201},
		{"POST", "/-/ui/chat/" + room + "/messages" + as, `{"text":""}`, 422},
		{"POST", "/-/ui/chat/x/messages" + as, `{"text":"Hello"}`, 404},
	} {
		kind := ""
		if test.body != "" {
			kind = "application/json"
		}
		if got := do(t, test.method, site.URL()+test.path, kind, test.body, ""); got.status != test.want {
			t.Errorf("%s %s %s: got %d %s, want %d", test.method, test.path, test.body, got.status, got.body, test.want)
		}
	}
}

func TestUICallsREST(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.amend = func(d map[string]any) { d["scopes"] = []string{"READ"} }
	app.mustInstall(t, site)
	person := site.People()[0]
	run := func(body string) answered {
		return do(t, http.MethodPost, site.URL()+"/-/ui/rest?as="+url.QueryEscape(person.AccountID), "application/json", body, "")
	}
	var got struct {
		Status  int
		Headers map[string]string
		Body    map[string]any
	}
	run(`{"method":"get","path":"/rest/api/3/myself","app":"com.example.app"}`).into(t, &got)
	if got.Status != http.StatusOK || got.Body["accountId"] != person.AccountID || !strings.HasPrefix(got.Headers["Content-Type"], "application/json") {
		t.Errorf("myself: got %+v", got)
	}
	write := `{"method":"PUT","path":"/rest/api/3/user/properties/x?accountId=` + url.QueryEscape(person.AccountID) + `","body":{"a":1}`
	run(write+`,"app":"com.example.app"}`).into(t, &got)
	if got.Status != http.StatusForbidden {
		t.Errorf("write within READ: got %+v", got)
	}
	run(write+`}`).into(t, &got)
	if got.Status != http.StatusCreated {
		t.Errorf("write as the person: got %+v", got)
	}
	last := site.Requests(0)[len(site.Requests(0))-1]
	if last.From != "browser" || last.Caller != person.AccountID || last.Status != http.StatusCreated {
		t.Errorf("log: got %+v", last)
	}
}

func TestResetKeepsApps(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	app.mustInstallChat(t, site, "")
	before := site.Objects()
	addFault(t, site, Fault{Path: "*", Status: 500})
	site.Reset()
	after := site.Objects()
	if len(after.Dashboards[0].Items) != 1 || after.Dashboards[0].Items[0] != before.Dashboards[0].Items[0] {
		t.Errorf("items: got %+v, want %+v", after.Dashboards[0].Items, before.Dashboards[0].Items)
	}
	self := app.selfURL(site)
	if got := get(t, self, "JWT "+app.token(t, "GET", self, nil)); got.status != http.StatusOK {
		t.Errorf("the app: got %d %s", got.status, got.body)
	}
	if got := get(t, roomURL(site, after.Conversations[0].ID), chatAuth(t, site)); got.status != http.StatusOK {
		t.Errorf("the chat app: got %d %s", got.status, got.body)
	}
}
