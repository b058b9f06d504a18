package isolation

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestViewersSeeTheirOwnNumbers shows one gadget to two people with different
// rights, in every way and order.
func TestViewersSeeTheirOwnNumbers(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB", "VALT")
	lead, outsider := r.Person(0), r.Person(9)
	want := map[string]int{
		lead:     r.Count(t, lead, `project IN (HARB, VALT) AND statusCategory != Done`),
		outsider: r.Count(t, outsider, `project = HARB AND statusCategory != Done`),
	}
	if want[lead] <= want[outsider] {
		t.Fatalf("the sample shows both the same: %v", want)
	}
	check := func(t *testing.T, who string, p harness.Page) {
		t.Helper()
		if p.Status != http.StatusOK || harness.Total(t, p.Body) != want[who] {
			t.Errorf("%s gets %d, want %d open:\n%s", who, p.Status, want[who], p.Body)
		}
		if hidden := strings.Contains(p.Body, "1 of 2 projects shown. You cannot see VALT."); hidden != (who == outsider) {
			t.Errorf("%s is told of a hidden project: %v", who, hidden)
		}
		if links := strings.Contains(p.Body, url.QueryEscape(`"VALT"`)); links != (who == lead) {
			t.Errorf("%s gets links to VALT: %v", who, links)
		}
		if p.Header.Get("ETag") != "" || p.Header.Get("Last-Modified") != "" || p.Header.Get("Cache-Control") != "no-cache, no-store" {
			t.Errorf("the page may be kept: %v", p.Header)
		}
	}
	session := map[string]string{}
	for _, who := range []string{lead, outsider, outsider, lead} { // each finds the other's view in the cache
		p := b.Look(t, who)
		check(t, who, p)
		session[who] = harness.Attribute(t, p.Body, "data-session")
	}
	for _, who := range []string{outsider, lead} {
		contextToken, err := r.Site.ContextToken(harness.AppKey, who)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{session[who], contextToken} {
			check(t, who, b.Call(t, b.Address("/gadget/workload/view"), token))
			check(t, who, b.Call(t, b.Address("/gadget/workload/view")+"&fresh=1", token))
			// Names in the query are ignored.
			check(t, who, b.Call(t, b.Address("/gadget/workload/view")+"&accountId="+url.QueryEscape(lead)+"&sub="+url.QueryEscape(lead), token))
		}
	}
	var looks sync.WaitGroup
	for i := range 20 {
		who := []string{lead, outsider}[i%2]
		looks.Go(func() { check(t, who, b.Call(t, b.Address("/gadget/workload/view")+"&fresh=1", session[who])) })
	}
	looks.Wait()
	req := harness.NewRequest(t, http.MethodGet, b.URL+b.Address("/gadget/workload/view"), nil)
	req.Header.Set("Authorization", "JWT "+session[outsider])
	req.Header.Set("If-None-Match", "*")
	check(t, outsider, harness.Ask(t, req))
}

// TestOtherItems asks with a person's own tokens for items that are not theirs.
func TestOtherItems(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	private := b
	private.Dashboard = r.Site.Objects().Dashboards[1] // only its owner sees it
	private.Item = private.Dashboard.Items[0].ID
	private.Configure(t, workload.GadgetConfig{Projects: []string{"LANT"}, Window: workload.Week, Unit: workload.UnitHours})
	if p := private.Look(t, private.Dashboard.Owner); harness.Total(t, p.Body) == 0 {
		t.Fatal("the owner sees no numbers")
	}
	outsider := r.Person(9)
	session := harness.Attribute(t, b.Look(t, outsider).Body, "data-session")
	contextToken, err := r.Site.ContextToken(harness.AppKey, outsider)
	if err != nil {
		t.Fatal(err)
	}
	view, form := private.Address("/gadget/workload/view"), private.Address("/gadget/workload/form")
	for _, path := range []string{view, view + "&fresh=1", form} {
		if p := b.Call(t, path, session); p.Status != http.StatusForbidden {
			t.Errorf("session at %s: %d, want 403\n%s", path, p.Status, p.Body)
		}
	}
	for _, path := range []string{view, view + "&fresh=1"} {
		if p := b.Call(t, path, contextToken); p.Status != http.StatusOK || !strings.Contains(p.Body, "not set up yet") || strings.Contains(p.Body, "data-person") {
			t.Errorf("context token at %s: %d\n%s", path, p.Status, p.Body)
		}
	}
	if p := b.Call(t, form, contextToken); p.Status != http.StatusForbidden {
		t.Errorf("context token at the form: %d, want 403\n%s", p.Status, p.Body)
	}
	for _, token := range []string{session, contextToken} {
		for _, other := range []harness.Board{b, private} {
			status, body := r.Save(t, token, other.Dashboard.ID, other.Item, url.Values{"projects": {"HARB"}, "window": {"7"}, "unit": {"days"}})
			if status != http.StatusForbidden {
				t.Errorf("save on dashboard %s: %d, want 403\n%s", other.Dashboard.ID, status, body)
			}
		}
	}
	var config struct{ Value workload.GadgetConfig }
	path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", private.Dashboard.ID, private.Item, workload.ConfigProperty)
	r.Rest(t, private.Dashboard.Owner, http.MethodGet, path, nil, &config)
	if config.Value.Projects[0] != "LANT" || config.Value.Window != workload.Week {
		t.Errorf("somebody else's save went through: %+v", config.Value)
	}
	for name, path := range map[string]string{
		"no item":         "/gadget/workload/view?dashboardId=10000",
		"an item in text": "/gadget/workload/view?dashboardId=10000&dashboardItemId=../1",
		"a long number":   "/gadget/workload/view?dashboardId=10000&dashboardItemId=" + strings.Repeat("1", 40),
		"not ASCII":       "/gadget/workload/view?dashboardId=10000&dashboardItemId=%D9%A1",
	} {
		if p := b.Call(t, path, contextToken); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, `"field":"dashboardItemId"`) {
			t.Errorf("%s: %d\n%s", name, p.Status, p.Body)
		}
	}
}

// TestNobodySeesNothing opens the gadget on a public dashboard without logging
// in.
func TestNobodySeesNothing(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	b.Look(t, b.Dashboard.Owner)
	p := b.Look(t, "")
	if p.Status != http.StatusOK || !strings.Contains(p.Body, "Log in") || strings.Contains(p.Body, "data-person") {
		t.Errorf("anonymous page: %d\n%s", p.Status, p.Body)
	}
	token, err := r.Site.ContextToken(harness.AppKey, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/gadget/workload/view", "/gadget/workload/form"} {
		if p := b.Call(t, b.Address(path), token); p.Status != http.StatusForbidden {
			t.Errorf("anonymous %s: %d, want 403\n%s", path, p.Status, p.Body)
		}
	}
}

// TestRoomMembersSeeTheirOwnNumbers opens a room's sidebar as two people with
// different rights.
func TestRoomMembersSeeTheirOwnNumbers(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	lead, outsider := r.Person(0), r.Person(9)
	form := url.Values{"projects": {"HARB", "VALT"}, "window": {"14"}, "zone": {"UTC"}}
	if status, body := r.SaveRoom(t, r.Key, r.ID, lead, form); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	for range 2 {
		for who, jql := range map[string]string{
			lead: `project IN (HARB, VALT) AND statusCategory != Done`, outsider: `project = HARB AND statusCategory != Done`,
		} {
			token := "Bearer " + r.Sign(t, harness.With(r.Claims(), "sub", who))
			for _, path := range []string{"/chat/sidebar", "/chat/sidebar/view", "/chat/sidebar/view?fresh=1"} {
				status, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: path}, token)
				if want := r.Count(t, who, jql); status != http.StatusOK || harness.Total(t, body) != want {
					t.Errorf("%s as %s: %d, want %d open\n%s", path, who, status, want, body)
				}
				if hidden := strings.Contains(body, "1 of 2 projects shown. You cannot see VALT."); hidden != (who == outsider) {
					t.Errorf("%s is told of a hidden project: %v", who, hidden)
				}
			}
		}
	}
}
