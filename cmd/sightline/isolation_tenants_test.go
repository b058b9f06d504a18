package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
)

// newAtlassian is the one place where several sites have their install keys
// and their users' tokens.
func newAtlassian(t testing.TB, sites ...*connecttest.Site) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /install-keys/{kid}", func(w http.ResponseWriter, r *http.Request) {
		for _, site := range sites {
			if _, kid := site.InstallKey(); kid == r.PathValue("kid") {
				site.ServeHTTP(w, r)
				return
			}
		}
		http.NotFound(w, r)
	})
	mux.HandleFunc("POST /oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		claims := jwt.MapClaims{}
		if _, _, err := jwt.NewParser().ParseUnverified(r.PostFormValue("assertion"), claims); err != nil {
			t.Errorf("assertion: %v", err)
		}
		for _, site := range sites {
			if site.URL() == claims["tnt"] {
				passOn(t, w, r, site, claims)
			}
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// passOn gives a site its assertion, signed anew for its own address if it was
// signed with that site's secret.
func passOn(t testing.TB, w http.ResponseWriter, r *http.Request, site *connecttest.Site, claims jwt.MapClaims) {
	form := r.PostForm
	signed, err := site.SignHost(appKey, claims)
	if err != nil || signed != form.Get("assertion") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims["aud"] = site.URL()
	if signed, err = site.SignHost(appKey, claims); err != nil {
		t.Error(err)
	}
	form.Set("assertion", signed)
	req := newRequest(t, http.MethodPost, site.URL()+"/oauth2/token", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	site.ServeHTTP(w, req)
}

// twoTenants is one program on two sites that hold the same ids. The first
// one's gadget shows HARB, the second one's LANT.
func twoTenants(t testing.TB) (one, two board, apps [2]connecttest.App) {
	t.Helper()
	first, second := connecttest.NewSite(t), connecttest.NewSite(t)
	atlassian := newAtlassian(t, first, second)
	r := startProgram(t, first, func(f *app.ServeFlags) {
		f.AllowedHosts += "," + strings.TrimPrefix(second.URL(), "http://")
		f.InstallKeysURL, f.OAuthTokenURL = atlassian+"/install-keys", atlassian+"/oauth2/token"
		f.ACJSURL = atlassian + "/all.js"
	})
	other := *r
	other.site = second
	apps = [2]connecttest.App{r.install(t), other.install(t)}
	one, two = newBoard(t, r, "HARB"), newBoard(t, &other, "LANT")
	if one.dashboard.ID != two.dashboard.ID || one.item != two.item || one.person(0) != two.person(0) {
		t.Fatal("the sites do not hold the same ids")
	}
	return one, two, apps
}

func TestTwoTenants(t *testing.T) {
	t.Parallel()
	one, two, apps := twoTenants(t)
	owner := one.dashboard.Owner
	for range 2 {
		two.finishOneIssue(t, owner, "LANT")
	}
	want := map[*connecttest.Site]int{
		one.site: one.count(t, owner, workload.OpenIssues("HARB")),
		two.site: two.count(t, owner, workload.OpenIssues("LANT")),
	}
	if want[one.site] == want[two.site] {
		t.Fatal("the sites show the same")
	}
	check := func(b board, p page) {
		t.Helper()
		if p.status != http.StatusOK || total(t, p.body) != want[b.site] {
			t.Errorf("%s: status %d, want %d open\n%s", b.site.URL(), p.status, want[b.site], p.body)
		}
		other := two.site.URL()
		if b.site == two.site {
			other = one.site.URL()
		}
		if strings.Contains(p.body, other) || strings.Contains(p.header.Get("Content-Security-Policy"), strings.TrimPrefix(other, "http://")) {
			t.Errorf("%s: the other site %s is named:\n%v\n%s", b.site.URL(), other, p.header, p.body)
		}
	}
	sessions := map[*connecttest.Site]string{}
	for _, b := range []board{one, two, one, two} {
		p := b.look(t, owner)
		check(b, p)
		sessions[b.site] = attribute(t, p.body, "data-session")
	}
	for _, b := range []board{two, one} {
		contextToken, err := b.site.ContextToken(appKey, owner)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{sessions[b.site], contextToken} {
			check(b, b.call(t, b.address("/gadget/workload/view")+"&fresh=1", token))
		}
	}
	// The first tenant's secret does not sign for the second.
	claims := forger{one.running, apps[0]}.claims(http.MethodGet, "/configure")
	claims["iss"] = apps[1].ClientKey
	token, err := one.site.SignHost(appKey, claims)
	if err != nil {
		t.Fatal(err)
	}
	p := one.call(t, "/configure", token)
	refused(t, p.status, p.body, token)
	claims["iss"], claims["aud"] = apps[0].ClientKey, apps[1].ClientKey
	if token, err = one.site.SignHost(appKey, claims); err != nil {
		t.Fatal(err)
	}
	p = one.call(t, "/configure", token)
	refused(t, p.status, p.body, token)

	// What one tenant saves, forgets and loses is not the other's.
	form := url.Values{"projects": {"VALT"}, "window": {"7"}, "unit": {"hours"}}
	if status, body := one.save(t, sessions[one.site], one.dashboard.ID, one.item, form); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, body)
	}
	check(two, two.look(t, owner))
	if _, err := one.site.Uninstall(t.Context(), appKey); err != nil {
		t.Fatal(err)
	}
	p = one.call(t, one.address("/gadget/workload/view"), sessions[one.site])
	refused(t, p.status, p.body, sessions[one.site])
	check(two, two.look(t, owner))
	check(two, two.call(t, two.address("/gadget/workload/view"), sessions[two.site]))
}

// TestTwoClouds puts the chat app into rooms of the same id on two clouds.
func TestTwoClouds(t *testing.T) {
	t.Parallel()
	one, two, _ := twoTenants(t)
	here := room{running: one.running, Conversation: one.site.Objects().Conversations[0], key: appKey}
	there := here
	there.running = two.running
	for r, project := range map[*room]string{&here: "HARB", &there: "LANT"} {
		token := "Bearer " + r.sign(t, r.claims())
		if r == &here {
			if _, err := r.site.InstallChat(t.Context(), r.url+"/atlassian-chat.json", r.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
				t.Fatal(err)
			}
		} else if status, body := r.send(t, r.calls(t)[7], token); status != http.StatusNoContent {
			t.Fatalf("install there: %d\n%s", status, body)
		}
		form := chatCall{http.MethodPost, "/chat/setup", "application/x-www-form-urlencoded", "projects=" + project + "&window=14&zone=UTC"}
		// The platform has no room there, so only here is there one to show it.
		want := map[*room]int{&here: http.StatusOK, &there: http.StatusBadGateway}[r]
		if status, body := r.send(t, form, token); status != want {
			t.Fatalf("set up %s: %d, want %d\n%s", project, status, want, body)
		}
	}
	for r, project := range map[*room]string{&here: "HARB", &there: "LANT"} {
		want := r.count(t, r.Members[0], workload.OpenIssues(project))
		token := "Bearer " + r.sign(t, r.claims())
		for range 2 {
			if status, body := r.send(t, chatCall{method: http.MethodGet, path: "/chat/sidebar"}, token); status != http.StatusOK || total(t, body) != want {
				t.Errorf("sidebar of %s: %d, want %d open\n%s", project, status, want, body)
			}
		}
		eventually(t, "label of "+project, func() bool {
			_, body := r.send(t, chatCall{method: http.MethodGet, path: "/chat/glance"}, token)
			return strings.Contains(body, fmt.Sprintf(`"value":"%d open`, want))
		})
	}
	kept := here.kept(t)
	if status, body := there.send(t, there.calls(t)[6], "Bearer "+there.sign(t, there.claims())); status != http.StatusNoContent {
		t.Fatalf("uninstall there: %d\n%s", status, body)
	}
	if len(kept) != 4 || len(here.kept(t)) != 2 || !strings.Contains(fmt.Sprint(here.kept(t)), "[HARB]") {
		t.Errorf("before %q, after %q", kept, here.kept(t))
	}
}
