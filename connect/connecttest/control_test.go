package connecttest

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestControlIsForLoopbackOnly(t *testing.T) {
	t.Parallel()
	site, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	for _, test := range []struct {
		name, remote, host, origin, kind string
		want                             int
	}{
		{"here", "127.0.0.1:5000", "127.0.0.1:2990", "", "application/json", 204},
		{"by name", "127.0.0.1:5000", "localhost:2990", "http://localhost:2990", "application/json; charset=utf-8", 204},
		{"IPv6", "[::1]:5000", "[::1]:2990", "http://[::1]:2990", "application/json", 204},
		{"another machine", "192.0.2.1:5000", "127.0.0.1:2990", "", "application/json", 403},
		{"another host name", "127.0.0.1:5000", "rebound.example.com", "", "application/json", 403},
		{"another origin", "127.0.0.1:5000", "127.0.0.1:2990", "http://127.0.0.1:8080", "application/json", 403},
		{"no origin at all", "127.0.0.1:5000", "127.0.0.1:2990", "null", "application/json", 403},
		{"form", "127.0.0.1:5000", "127.0.0.1:2990", "", "application/x-www-form-urlencoded", 415},
		{"text", "127.0.0.1:5000", "127.0.0.1:2990", "", "text/plain", 415},
		{"no type with a body", "127.0.0.1:5000", "127.0.0.1:2990", "", "", 415},
	} {
		r := httptest.NewRequest(http.MethodPost, "/-/reset", strings.NewReader("{}"))
		r.RemoteAddr, r.Host = test.remote, test.host
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		if test.kind != "" {
			r.Header.Set("Content-Type", test.kind)
		}
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%s: got %d %s, want %d", test.name, w.Code, w.Body, test.want)
		}
	}
}

func TestControlCalls(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	if got := postJSON(t, site.URL()+"/-/apps", map[string]string{"descriptor": app.descriptorURL(), "product": "jira"}); got.status != 200 ||
		got.str("key") != "com.example.app" || got.str("status") != "204" || got.str("clientKey") == "" {
		t.Fatalf("install: got %d %s", got.status, got.body)
	}
	key, _ := anIssue(site)
	var objects Objects
	get(t, site.URL()+"/-/objects", "").into(t, &objects)
	item := "?dashboard=" + objects.Dashboards[0].ID + "&item=" + objects.Dashboards[0].Items[0].ID
	for _, test := range []struct {
		method, path, body string
		want               int
	}{
		{"GET", "/-/people", "", 200},
		{"GET", "/-/apps/com.example.app/modules/gadget" + item + "&as=" + url.QueryEscape(site.People()[0].AccountID), "", 200},
		{"GET", "/-/apps/com.example.app/modules/gadget" + item + "&as=nobody", "", 422},
		{"GET", "/-/apps/com.example.app/modules/other", "", 404},
		{"GET", "/-/apps/other/modules/gadget", "", 404},
		{"POST", "/-/apps", `{"descriptor":"x"}`, 422},
		{"POST", "/-/apps", `{"descriptor":"x","product":"bitbucket"}`, 422},
		{"POST", "/-/apps", `{"unknown":1}`, 400},
		{"POST", "/-/apps", `{`, 400},
		{"POST", "/-/apps", `{"descriptor":"` + app.chatURL() + `","product":"chat"}`, 422},
		{"POST", "/-/apps", `{"descriptor":"` + app.chatURL() + `","product":"chat","conversation":"x","clientId":"c","clientSecret":"s"}`, 404},
		{"POST", "/-/apps", `{"descriptor":"` + app.chatURL() + `","product":"chat","clientId":"c","clientSecret":"s"}`, 200},
		{"POST", "/-/apps/com.example.app/rotate", ``, 200},
		{"POST", "/-/apps/com.example.app/import", ``, 200},
		{"POST", "/-/apps/other/rotate", ``, 404},
		{"POST", "/-/webhooks", `{"event":"jira:issue_updated","issue":"` + key + `"}`, 202},
		{"POST", "/-/webhooks", `{"event":"jira:issue_updated","issue":"NONE-1"}`, 404},
		{"POST", "/-/webhooks", `{}`, 422},
		{"POST", "/-/faults", `{"path":"/rest/*","status":503,"times":1}`, 201},
		{"POST", "/-/faults", `{"path":"/rest/*"}`, 422},
		{"POST", "/-/faults", `{"path":1}`, 400},
		{"DELETE", "/-/faults", ``, 204},
		{"GET", "/-/requests?since=x", "", 422},
		{"GET", "/-/nothing", "", 404},
		{"PUT", "/-/people", "", 405},
		{"POST", "/-/reset", "", 204},
		{"DELETE", "/-/apps/com.example.app", "", 200},
		{"DELETE", "/-/apps/com.example.app", "", 404},
		{"DELETE", "/-/apps/com.example.chat", "", 200},
		{"DELETE", "/-/apps/com.example.chat?product=jira", "", 404},
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

func TestRefusedInstallIsRelayed(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	for status, want := range map[int]int{401: 401, 500: 500, 302: 502} {
		app.answers(func(call) int { return status })
		got := postJSON(t, site.URL()+"/-/apps", map[string]string{"descriptor": app.descriptorURL()})
		if got.status != want || want != 502 && got.str("answer") != "no" {
			t.Errorf("%d: got %d %s, want %d", status, got.status, got.body, want)
		}
	}
}

func TestObjects(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	var got map[string]json.RawMessage
	get(t, site.URL()+"/-/objects", "").into(t, &got)
	for _, name := range []string{"spaces", "content", "labels"} {
		var ids []string
		if err := json.Unmarshal(got[name], &ids); err != nil || len(ids) == 0 {
			t.Errorf("%s: got %s", name, got[name])
		}
	}
	objects := site.Objects()
	if len(objects.Dashboards) < 2 || len(objects.Projects) < 3 || len(objects.Conversations) != 4 || len(objects.Attachments) != 4 || objects.CloudID == "" {
		t.Errorf("got %+v", objects)
	}
	for _, c := range objects.Conversations {
		if len(c.Members) < 2 {
			t.Errorf("room %s: got %d members", c.Name, len(c.Members))
		}
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	var got []Person
	get(t, site.URL()+"/-/people", "").into(t, &got)
	if len(got) != len(site.People()) || len(got) < 10 {
		t.Fatalf("got %d people", len(got))
	}
	for _, p := range got {
		if p.AccountID == "" || p.Email == "" || p.Token == "" || p.TimeZone == "" || p.Username == "" || p.UserKey == "" {
			t.Errorf("got %+v", p)
		}
	}
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	person := site.People()[0].AccountID
	token := app.token(t, "GET", app.selfURL(site)+"?a=1", nil)
	get(t, app.selfURL(site)+"?a=1&jwt="+token, "")
	get(t, app.selfURL(site), "JWT "+token)
	bearer := app.bearer(t, site, person, "")
	get(t, site.URL()+"/rest/api/3/myself", "Bearer "+bearer)
	all := get(t, site.URL()+"/-/requests", "")
	for _, secret := range []string{app.installed().SharedSecret, token, bearer, strings.Split(token, ".")[2]} {
		if strings.Contains(string(all.body), secret) {
			t.Errorf("the log shows %s", secret)
		}
	}
	var log struct {
		Next     int
		Requests []Request
	}
	all.into(t, &log)
	find := func(operation string) Request {
		for _, r := range log.Requests {
			if r.Operation == operation {
				return r
			}
		}
		t.Errorf("no %s in the log", operation)
		return Request{}
	}
	if r := find("lifecycle.installed"); r.From != "site" || r.To != "com.example.app" || r.Status != 204 || r.Token == nil || r.Token.Header["alg"] != "RS256" {
		t.Errorf("installed: got %+v", r)
	}
	if r := find("connect.get"); r.From != "com.example.app" || r.To != "site" || r.Query != "a=1" || r.Token == nil || r.Token.Where != "query" || r.Caller != "addon_com.example.app" {
		t.Errorf("app's call: got %+v", r)
	}
	if r := find("impersonation.token"); r.Status != 200 || r.Token == nil || r.Token.Where != "assertion" {
		t.Errorf("assertion: got %+v", r)
	}
	last := log.Requests[len(log.Requests)-1]
	if last.Caller != person || last.Token == nil || last.Token.Claims["sub"] != person || last.End.Before(last.Start) {
		t.Errorf("bearer: got %+v", last)
	}
	refused := log.Requests[len(log.Requests)-3]
	if refused.Status != 401 || !strings.Contains(refused.Reason, "qsh") {
		t.Errorf("refused: got %+v", refused)
	}
	if log.Next != last.Seq || len(site.Requests(log.Next)) != 0 {
		t.Errorf("next: got %d, want %d", log.Next, last.Seq)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, site.URL()+"/-/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := site.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Scan() // the stream has begun
	get(t, site.URL()+"/_edge/tenant_info", "")
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			var got Request
			answered{body: []byte(data)}.into(t, &got)
			if got.Operation != "tenantInfo" || got.Status != 200 {
				t.Errorf("got %+v", got)
			}
			return
		}
	}
	t.Error("the stream ended without the request")
}
