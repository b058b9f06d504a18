package isolation

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
)

// newAtlassian serves the install keys and user tokens of several sites.
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

// passOn passes an assertion to a site, signed anew for its address if it was
// signed with that site's secret.
func passOn(t testing.TB, w http.ResponseWriter, r *http.Request, site *connecttest.Site, claims jwt.MapClaims) {
	form := r.PostForm
	signed, err := site.SignHost(harness.AppKey, claims)
	if err != nil || signed != form.Get("assertion") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims["aud"] = site.URL()
	if signed, err = site.SignHost(harness.AppKey, claims); err != nil {
		t.Error(err)
	}
	form.Set("assertion", signed)
	req := harness.NewRequest(t, http.MethodPost, site.URL()+"/oauth2/token", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	site.ServeHTTP(w, req)
}

// twoTenants is one program on two sites that hold the same ids. The first
// one's gadget shows HARB, the second one's LANT.
func twoTenants(t testing.TB) (one, two harness.Board, apps [2]connecttest.App) {
	t.Helper()
	first, second := connecttest.NewSite(t), connecttest.NewSite(t)
	atlassian := newAtlassian(t, first, second)
	r := harness.Start(t, first, func(f *app.ServeFlags) {
		f.AllowedHosts += "," + strings.TrimPrefix(second.URL(), "http://")
		f.InstallKeysURL, f.OAuthTokenURL = atlassian+"/install-keys", atlassian+"/oauth2/token"
		f.ACJSURL = atlassian + "/all.js"
	})
	other := *r
	other.Site = second
	apps = [2]connecttest.App{r.Install(t), other.Install(t)}
	one, two = harness.NewBoard(t, r, "HARB"), harness.NewBoard(t, &other, "LANT")
	if one.Dashboard.ID != two.Dashboard.ID || one.Item != two.Item || one.Person(0) != two.Person(0) {
		t.Fatal("the sites do not hold the same ids")
	}
	return one, two, apps
}

func TestTwoTenants(t *testing.T) {
	t.Parallel()
	one, two, apps := twoTenants(t)
	owner := one.Dashboard.Owner
	for range 2 {
		two.FinishOneIssue(t, owner, "LANT")
	}
	want := map[*connecttest.Site]int{
		one.Site: one.Count(t, owner, workload.OpenIssues("HARB")),
		two.Site: two.Count(t, owner, workload.OpenIssues("LANT")),
	}
	if want[one.Site] == want[two.Site] {
		t.Fatal("the sites show the same")
	}
	check := func(b harness.Board, p harness.Page) {
		t.Helper()
		if p.Status != http.StatusOK || harness.Total(t, p.Body) != want[b.Site] {
			t.Errorf("%s: status %d, want %d open\n%s", b.Site.URL(), p.Status, want[b.Site], p.Body)
		}
		other := two.Site.URL()
		if b.Site == two.Site {
			other = one.Site.URL()
		}
		if strings.Contains(p.Body, other) || strings.Contains(p.Header.Get("Content-Security-Policy"), strings.TrimPrefix(other, "http://")) {
			t.Errorf("%s: the other site %s is named:\n%v\n%s", b.Site.URL(), other, p.Header, p.Body)
		}
	}
	sessions := map[*connecttest.Site]string{}
	for _, b := range []harness.Board{one, two, one, two} {
		p := b.Look(t, owner)
		check(b, p)
		sessions[b.Site] = harness.Attribute(t, p.Body, "data-session")
	}
	for _, b := range []harness.Board{two, one} {
		contextToken, err := b.Site.ContextToken(harness.AppKey, owner)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{sessions[b.Site], contextToken} {
			check(b, b.Call(t, b.Address("/gadget/workload/view")+"&fresh=1", token))
		}
	}
	// The first tenant's secret does not sign for the second.
	claims := harness.Forger{Running: one.Running, App: apps[0]}.Claims(http.MethodGet, "/configure")
	claims["iss"] = apps[1].ClientKey
	token, err := one.Site.SignHost(harness.AppKey, claims)
	if err != nil {
		t.Fatal(err)
	}
	p := one.Call(t, "/configure", token)
	harness.Refused(t, p.Status, p.Body, token)
	claims["iss"], claims["aud"] = apps[0].ClientKey, apps[1].ClientKey
	if token, err = one.Site.SignHost(harness.AppKey, claims); err != nil {
		t.Fatal(err)
	}
	p = one.Call(t, "/configure", token)
	harness.Refused(t, p.Status, p.Body, token)

	// What one tenant saves, forgets and loses does not touch the other.
	form := url.Values{"projects": {"VALT"}, "window": {"7"}, "unit": {"hours"}}
	if status, body := one.Save(t, sessions[one.Site], one.Dashboard.ID, one.Item, form); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, body)
	}
	check(two, two.Look(t, owner))
	if _, err := one.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
		t.Fatal(err)
	}
	p = one.Call(t, one.Address("/gadget/workload/view"), sessions[one.Site])
	harness.Refused(t, p.Status, p.Body, sessions[one.Site])
	check(two, two.Look(t, owner))
	check(two, two.Call(t, two.Address("/gadget/workload/view"), sessions[two.Site]))
}

// TestTwoClouds adds the chat app to rooms with the same id on two clouds.
func TestTwoClouds(t *testing.T) {
	t.Parallel()
	one, two, _ := twoTenants(t)
	here := harness.Room{Running: one.Running, Conversation: one.Site.Objects().Conversations[0], Key: harness.AppKey}
	there := here
	there.Running = two.Running
	for r, project := range map[*harness.Room]string{&here: "HARB", &there: "LANT"} {
		token := "Bearer " + r.Sign(t, r.Claims())
		if r == &here {
			if _, err := r.Site.InstallChat(t.Context(), r.URL+"/atlassian-chat.json", r.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
				t.Fatal(err)
			}
		} else if status, body := r.Send(t, r.Calls(t)[7], token); status != http.StatusNoContent {
			t.Fatalf("install there: %d\n%s", status, body)
		}
		form := harness.ChatCall{Method: http.MethodPost, Path: "/chat/setup", Kind: "application/x-www-form-urlencoded", Body: "projects=" + project + "&window=14&zone=UTC"}
		// The platform has no room on the other cloud, so only this one can
		// show it.
		want := map[*harness.Room]int{&here: http.StatusOK, &there: http.StatusBadGateway}[r]
		if status, body := r.Send(t, form, token); status != want {
			t.Fatalf("set up %s: %d, want %d\n%s", project, status, want, body)
		}
	}
	for r, project := range map[*harness.Room]string{&here: "HARB", &there: "LANT"} {
		want := r.Count(t, r.Members[0], workload.OpenIssues(project))
		token := "Bearer " + r.Sign(t, r.Claims())
		for range 2 {
			if status, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/sidebar"}, token); status != http.StatusOK || harness.Total(t, body) != want {
				t.Errorf("sidebar of %s: %d, want %d open\n%s", project, status, want, body)
			}
		}
		harness.Eventually(t, "label of "+project, func() bool {
			_, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/glance"}, token)
			return strings.Contains(body, fmt.Sprintf(`"value":"%d open`, want))
		})
	}
	kept := here.Kept(t)
	if status, body := there.Send(t, there.Calls(t)[6], "Bearer "+there.Sign(t, there.Claims())); status != http.StatusNoContent {
		t.Fatalf("uninstall there: %d\n%s", status, body)
	}
	if len(kept) != 4 || len(here.Kept(t)) != 2 || !strings.Contains(fmt.Sprint(here.Kept(t)), "[HARB]") {
		t.Errorf("before %q, after %q", kept, here.Kept(t))
	}
}
