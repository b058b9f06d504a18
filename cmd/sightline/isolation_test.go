package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestViewersSeeTheirOwnNumbers shows one gadget to two people with different
// rights, in every way and order there is.
func TestViewersSeeTheirOwnNumbers(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB", "VALT")
	lead, outsider := r.person(0), r.person(9)
	want := map[string]int{
		lead:     r.count(t, lead, `project IN (HARB, VALT) AND statusCategory != Done`),
		outsider: r.count(t, outsider, `project = HARB AND statusCategory != Done`),
	}
	if want[lead] <= want[outsider] {
		t.Fatalf("the sample shows both the same: %v", want)
	}
	check := func(t *testing.T, who string, p page) {
		t.Helper()
		if p.status != http.StatusOK || total(t, p.body) != want[who] {
			t.Errorf("%s gets %d, want %d open:\n%s", who, p.status, want[who], p.body)
		}
		if hidden := strings.Contains(p.body, "1 of 2 projects shown. You cannot see VALT."); hidden != (who == outsider) {
			t.Errorf("%s is told of a hidden project: %v", who, hidden)
		}
		if links := strings.Contains(p.body, url.QueryEscape(`"VALT"`)); links != (who == lead) {
			t.Errorf("%s is led to VALT: %v", who, links)
		}
		if p.header.Get("ETag") != "" || p.header.Get("Last-Modified") != "" || p.header.Get("Cache-Control") != "no-cache, no-store" {
			t.Errorf("the page may be kept: %v", p.header)
		}
	}
	session := map[string]string{}
	for _, who := range []string{lead, outsider, outsider, lead} { // each finds the other's in the cache
		p := b.look(t, who)
		check(t, who, p)
		session[who] = attribute(t, p.body, "data-session")
	}
	for _, who := range []string{outsider, lead} {
		contextToken, err := r.site.ContextToken(appKey, who)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{session[who], contextToken} {
			check(t, who, b.call(t, b.address("/gadget/workload/view"), token))
			check(t, who, b.call(t, b.address("/gadget/workload/view")+"&fresh=1", token))
			// Names in the query count for nothing.
			check(t, who, b.call(t, b.address("/gadget/workload/view")+"&accountId="+url.QueryEscape(lead)+"&sub="+url.QueryEscape(lead), token))
		}
	}
	var looks sync.WaitGroup
	for i := range 20 {
		who := []string{lead, outsider}[i%2]
		looks.Go(func() { check(t, who, b.call(t, b.address("/gadget/workload/view")+"&fresh=1", session[who])) })
	}
	looks.Wait()
	req := newRequest(t, http.MethodGet, b.url+b.address("/gadget/workload/view"), nil)
	req.Header.Set("Authorization", "JWT "+session[outsider])
	req.Header.Set("If-None-Match", "*")
	check(t, outsider, ask(t, req))
}

// TestOtherItems asks with a person's own tokens for items that are not theirs.
func TestOtherItems(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB")
	private := b
	private.dashboard = r.site.Objects().Dashboards[1] // nobody but its owner sees it
	private.item = private.dashboard.Items[0].ID
	private.configure(t, workload.GadgetConfig{Projects: []string{"LANT"}, Window: workload.Week, Unit: workload.UnitHours})
	if p := private.look(t, private.dashboard.Owner); total(t, p.body) == 0 {
		t.Fatal("the owner sees no numbers")
	}
	outsider := r.person(9)
	session := attribute(t, b.look(t, outsider).body, "data-session")
	contextToken, err := r.site.ContextToken(appKey, outsider)
	if err != nil {
		t.Fatal(err)
	}
	view, form := private.address("/gadget/workload/view"), private.address("/gadget/workload/form")
	for _, path := range []string{view, view + "&fresh=1", form} {
		if p := b.call(t, path, session); p.status != http.StatusForbidden {
			t.Errorf("session at %s: %d, want 403\n%s", path, p.status, p.body)
		}
	}
	for _, path := range []string{view, view + "&fresh=1"} {
		if p := b.call(t, path, contextToken); p.status != http.StatusOK || !strings.Contains(p.body, "not set up yet") || strings.Contains(p.body, "data-person") {
			t.Errorf("context token at %s: %d\n%s", path, p.status, p.body)
		}
	}
	if p := b.call(t, form, contextToken); p.status != http.StatusForbidden {
		t.Errorf("context token at the form: %d, want 403\n%s", p.status, p.body)
	}
	for _, token := range []string{session, contextToken} {
		for _, other := range []board{b, private} {
			status, body := r.save(t, token, other.dashboard.ID, other.item, url.Values{"projects": {"HARB"}, "window": {"7"}, "unit": {"days"}})
			if status != http.StatusForbidden {
				t.Errorf("save on dashboard %s: %d, want 403\n%s", other.dashboard.ID, status, body)
			}
		}
	}
	var config struct{ Value workload.GadgetConfig }
	path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", private.dashboard.ID, private.item, workload.ConfigProperty)
	r.rest(t, private.dashboard.Owner, http.MethodGet, path, nil, &config)
	if config.Value.Projects[0] != "LANT" || config.Value.Window != workload.Week {
		t.Errorf("somebody else's save went through: %+v", config.Value)
	}
	for name, path := range map[string]string{
		"no item":         "/gadget/workload/view?dashboardId=10000",
		"an item in text": "/gadget/workload/view?dashboardId=10000&dashboardItemId=../1",
		"a long number":   "/gadget/workload/view?dashboardId=10000&dashboardItemId=" + strings.Repeat("1", 40),
		"not ASCII":       "/gadget/workload/view?dashboardId=10000&dashboardItemId=%D9%A1",
	} {
		if p := b.call(t, path, contextToken); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, `"field":"dashboardItemId"`) {
			t.Errorf("%s: %d\n%s", name, p.status, p.body)
		}
	}
}

// TestNobodySeesNothing opens the gadget on a public dashboard without logging
// in.
func TestNobodySeesNothing(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB")
	b.look(t, b.dashboard.Owner)
	p := b.look(t, "")
	if p.status != http.StatusOK || !strings.Contains(p.body, "Log in") || strings.Contains(p.body, "data-person") {
		t.Errorf("anonymous page: %d\n%s", p.status, p.body)
	}
	token, err := r.site.ContextToken(appKey, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/gadget/workload/view", "/gadget/workload/form"} {
		if p := b.call(t, b.address(path), token); p.status != http.StatusForbidden {
			t.Errorf("anonymous %s: %d, want 403\n%s", path, p.status, p.body)
		}
	}
}

// TestRoomMembersSeeTheirOwnNumbers opens a room's sidebar as two people with
// different rights.
func TestRoomMembersSeeTheirOwnNumbers(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	lead, outsider := r.person(0), r.person(9)
	form := url.Values{"projects": {"HARB", "VALT"}, "window": {"14"}, "zone": {"UTC"}}
	if status, body := r.saveRoom(t, r.key, r.ID, lead, form); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	for range 2 {
		for who, jql := range map[string]string{
			lead: `project IN (HARB, VALT) AND statusCategory != Done`, outsider: `project = HARB AND statusCategory != Done`,
		} {
			token := "Bearer " + r.sign(t, with(r.claims(), "sub", who))
			for _, path := range []string{"/chat/sidebar", "/chat/sidebar/view", "/chat/sidebar/view?fresh=1"} {
				status, body := r.send(t, chatCall{method: http.MethodGet, path: path}, token)
				if want := r.count(t, who, jql); status != http.StatusOK || total(t, body) != want {
					t.Errorf("%s as %s: %d, want %d open\n%s", path, who, status, want, body)
				}
				if hidden := strings.Contains(body, "1 of 2 projects shown. You cannot see VALT."); hidden != (who == outsider) {
					t.Errorf("%s is told of a hidden project: %v", who, hidden)
				}
			}
		}
	}
}
