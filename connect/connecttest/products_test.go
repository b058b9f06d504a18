package connecttest

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

const wikiUser = "/wiki/rest/api/user/"

func dcBasic(p Person) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(p.Username+":"+p.Token))
}

func TestConfluenceCallers(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	me := admin(site)
	current := site.URL() + wikiUser + "current"
	relative := QSH("GET", wikiUser+"current", "", "/wiki")
	if relative != QSH("GET", strings.TrimPrefix(wikiUser, "/wiki")+"current", "", "") {
		t.Fatal("the hash has /wiki in it")
	}
	for name, test := range map[string]struct{ auth, account string }{
		"basic":                   {basic(me), me.AccountID},
		"app":                     {"JWT " + app.token(t, "GET", current, nil), "addon_com.example.app"},
		"app, relative to /wiki":  {"JWT " + app.token(t, "GET", current, map[string]any{"qsh": relative}), "addon_com.example.app"},
		"impersonation":           {"Bearer " + app.bearer(t, site, me.AccountID, ""), me.AccountID},
		"impersonation, narrowed": {"Bearer " + app.bearer(t, site, me.AccountID, "READ"), me.AccountID},
	} {
		if got := get(t, current, test.auth); got.status != 200 || got.str("accountId") != test.account {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
	for name, test := range map[string]struct {
		auth   string
		status int
	}{
		"anonymous": {"", 403},
		"wrong":     {"Basic x", 401},
		"user name": {dcBasic(me), 401},
		"other qsh": {"JWT " + app.token(t, "GET", current+"?x=1", nil), 401},
	} {
		if got := get(t, current, test.auth); got.status != test.status || got.str("statusCode") == "" {
			t.Errorf("%s: got %d %s, want %d", name, got.status, got.body, test.status)
		}
	}
}

func TestConfluenceScopes(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.amend = func(d map[string]any) { d["scopes"] = []any{"READ", "WRITE", "ACT_AS_USER", "ACCESS_EMAIL_ADDRESSES"} }
	app.mustInstall(t, site)
	me := admin(site)
	email := site.URL() + wikiUser + "email?accountId=" + me.AccountID
	property := site.URL() + wikiUser + me.AccountID + "/property/k"
	narrow := "Bearer " + app.bearer(t, site, me.AccountID, "READ")
	if got := get(t, email, "JWT "+app.token(t, "GET", email, nil)); got.status != 200 || got.str("email") != me.Email {
		t.Errorf("e-mail: got %d %s", got.status, got.body)
	}
	for _, auth := range []string{basic(me), narrow} {
		if got := get(t, email, auth); got.status != 400 {
			t.Errorf("e-mail without the scope: got %d %s", got.status, got.body)
		}
	}
	if got := do(t, "POST", property, "application/json", `{"value":{"a":1}}`, narrow); got.status != 403 {
		t.Errorf("narrowed: got %d %s", got.status, got.body)
	}
	wide := "Bearer " + app.bearer(t, site, me.AccountID, "")
	if got := do(t, "POST", property, "application/json", `{"value":{"a":1}}`, wide); got.status != 201 {
		t.Errorf("create: got %d %s", got.status, got.body)
	}
	if got := get(t, property, "JWT "+app.token(t, "GET", property, nil)); got.status != 200 {
		t.Errorf("the app itself: got %d %s", got.status, got.body)
	}
	if got := get(t, property, basic(me)); got.status != 404 {
		t.Errorf("nobody's app: got %d %s", got.status, got.body)
	}
}

func TestDataCenterCallers(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	me := site.People()[0]
	self := site.URL() + "/dc/rest/api/2/user?username=" + me.Username
	for name, auth := range map[string]string{"basic": dcBasic(me), "token": "Bearer " + me.Token} {
		if got := get(t, self, auth); got.status != 200 || got.str("key") != me.UserKey {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
	for name, auth := range map[string]string{
		"nobody": "", "e-mail": basic(me), "app": "JWT " + app.token(t, "GET", self, nil), "impersonation": "Bearer " + app.bearer(t, site, me.AccountID, ""),
	} {
		if got := get(t, self, auth); got.status != 401 || got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
	last := site.Requests(0)
	if got := last[len(last)-1]; got.Operation != "dc.getUser_1" || got.Status != 401 {
		t.Errorf("log: got %+v", got)
	}
}

func TestProductsAreLogged(t *testing.T) {
	t.Parallel()
	var v witness
	site := NewSite(t, Options{Check: v.check, Strict: true})
	me := admin(site)
	for _, tt := range []struct {
		method, path, auth, operation string
		status                        int
	}{
		{"GET", wikiUser + "current", basic(me), "confluence.getCurrentUser", 200},
		{"GET", wikiUser + "current?zebra=1", basic(me), "confluence.getCurrentUser", 400},
		{"GET", "/dc/rest/api/2/user/avatars", dcBasic(me), "dc.getAllAvatars_1", 200},
		{"GET", "/dc/rest/api/latest/user/avatars?zebra=1", dcBasic(me), "dc.getAllAvatars_1", 400},
		{"GET", "/wiki/rest/api/nothing", basic(me), "", 404},
		{"GET", "/dc/nothing", dcBasic(me), "", 404},
		{"GET", "/wiki/nothing", basic(me), "", 404},
	} {
		got := do(t, tt.method, site.URL()+tt.path, "", "", tt.auth)
		requests := site.Requests(0)
		entry := requests[len(requests)-1]
		if got.status != tt.status || entry.Operation != tt.operation || entry.Status != tt.status || v.last(t).status != tt.status {
			t.Errorf("%s: got %d %s, logged %+v", tt.path, got.status, got.body, entry)
		}
		if tt.operation != "" && entry.Caller != me.AccountID {
			t.Errorf("%s: got caller %q", tt.path, entry.Caller)
		}
	}
}

func TestProductsOfUsersMadeThere(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	me := admin(site)
	users := site.URL() + "/dc/rest/api/2/user"
	made := do(t, "POST", users, "application/json", `{"name":"fred","emailAddress":"f@example.com","displayName":"F","password":"abracadabra"}`, dcBasic(me))
	fred := "Basic " + base64.StdEncoding.EncodeToString([]byte("fred:abracadabra"))
	if got := get(t, users+"?username=fred", fred); made.status != 201 || got.status != 200 {
		t.Fatalf("got %d %s, then %d %s", made.status, made.body, got.status, got.body)
	}
	requests := site.Requests(0)
	if got := requests[len(requests)-1].Caller; got != made.str("key") {
		t.Errorf("logged as %q", got)
	}
	site.Reset()
	if got := get(t, users+"?username=fred", fred); got.status != 401 {
		t.Errorf("after a reset: got %d", got.status)
	}
}

func TestProductSettings(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.amend = func(d map[string]any) { d["scopes"] = []any{"READ", "ACCESS_EMAIL_ADDRESSES"} }
	app.mustInstall(t, site)
	me := admin(site)
	email := site.URL() + wikiUser + "email?accountId=" + me.AccountID
	unlock := func() int {
		return do(t, http.MethodDelete, site.URL()+"/dc/rest/api/2/user/anonymization/unlock", "", "", dcBasic(me)).status
	}
	ask := func() int { return get(t, email, "JWT "+app.token(t, "GET", email, nil)).status }
	if got := do(t, "PUT", site.URL()+"/-/settings", "application/json", `{"emailsOff":true,"clusterOff":true}`, ""); got.status != 200 {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	if got := ask(); got != 501 {
		t.Errorf("e-mail off: got %d", got)
	}
	if got := unlock(); got != 400 {
		t.Errorf("cluster off: got %d", got)
	}
	site.Reset()
	if got := ask(); got != 200 {
		t.Errorf("e-mail on: got %d", got)
	}
	if got := unlock(); got != 404 {
		t.Errorf("cluster on: got %d", got)
	}
}
