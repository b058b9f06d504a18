package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
)

// TestRoomsStayApart asks for one room with the right tokens of others.
func TestRoomsStayApart(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	if status, body := r.saveRoom(t, r.key, r.ID, r.Members[0], url.Values{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}}); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	r.waitForLabel(t, r.ID, fmt.Sprintf("%d open", r.count(t, r.Members[0], `project = HARB AND statusCategory != Done`)))
	other := r.site.Objects().Conversations[1]
	if _, err := r.site.InstallChat(t.Context(), r.url+"/atlassian-chat.json", other.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
		t.Fatal(err)
	}
	before := r.kept(t)
	// Calls with a body of the platform's own say where they are from.
	calls, told := []chatCall{}, []chatCall{}
	for _, call := range r.calls(t) {
		if call.kind == "application/json" {
			told = append(told, call)
		} else {
			calls = append(calls, call)
		}
	}
	for name, claims := range map[string]map[string]any{
		"a room without the app": r.about("resourceId", r.site.Objects().Conversations[2].ID),
		"an unknown room":        r.about("resourceId", "../"+r.ID),
		"upper case":             r.about("resourceId", strings.ToUpper(r.ID)),
		"another cloud":          r.about("cloudId", "11111111-2222-4333-8444-555555555555"),
	} {
		for _, call := range told {
			status, body := r.send(t, call, "Bearer "+r.sign(t, claims))
			refused(t, status, body, "")
		}
		for _, call := range calls {
			status, body := r.send(t, call, "Bearer "+r.sign(t, claims))
			if status != http.StatusNotFound || !strings.Contains(body, "not in this conversation") {
				t.Errorf("%s: %s %s: status %d, want 404\n%s", name, call.method, call.path, status, body)
			}
		}
	}
	token := "Bearer " + r.sign(t, r.about("resourceId", other.ID))
	if _, body := r.send(t, chatCall{method: http.MethodGet, path: "/chat/glance"}, token); !strings.Contains(body, `"Not set up"`) {
		t.Errorf("another room's token gets the label:\n%s", body)
	}
	if _, body := r.send(t, chatCall{method: http.MethodGet, path: "/chat/configuration"}, token); body != `{"configured":false}` {
		t.Errorf("another room's token gets %s", body)
	}
	if _, body := r.send(t, chatCall{method: http.MethodGet, path: "/chat/sidebar"}, token); !strings.Contains(body, "not set up yet") {
		t.Errorf("another room's token gets the sidebar:\n%s", body)
	}
	// Ids beside the token count for nothing.
	beside := "?resourceId=" + r.ID + "&conversationId=" + r.ID + "&cloudId=" + r.site.CloudID()
	if _, body := r.send(t, chatCall{method: http.MethodGet, path: "/chat/configuration" + beside}, token); body != `{"configured":false}` {
		t.Errorf("ids in the query win over the token: %s", body)
	}
	if diff := cmp.Diff(before, r.kept(t)); diff != "" {
		t.Errorf("the calls changed what is kept:\n%s", diff)
	}
}

func TestUninstalledRoomIsGone(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	token := "Bearer " + r.sign(t, r.claims())
	if _, err := r.site.UninstallChat(t.Context(), r.key, r.ID); err != nil {
		t.Fatal(err)
	}
	for _, call := range r.calls(t) {
		if call.kind == "application/json" {
			continue // these come from the platform, at any time
		}
		if status, body := r.send(t, call, token); status != http.StatusNotFound {
			t.Errorf("%s %s: status %d, want 404\n%s", call.method, call.path, status, body)
		}
	}
	if kept := r.kept(t); len(kept) > 0 {
		t.Errorf("kept after uninstall: %q", kept)
	}
	// A second uninstall is nothing new.
	if status, body := r.send(t, r.calls(t)[6], token); status != http.StatusNoContent {
		t.Errorf("second uninstall: status %d\n%s", status, body)
	}
}

func TestChatLifecycleBodies(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	before := r.kept(t)
	other := r.site.Objects().Conversations[1].ID
	token := "Bearer " + r.sign(t, r.claims())
	for _, event := range []string{"installed", "uninstalled"} {
		right := r.lifecycle(event, nil)
		for name, body := range map[string]string{
			"another conversation": r.lifecycle(event, map[string]any{"resourceId": other}),
			"another cloud":        r.lifecycle(event, map[string]any{"cloudId": "11111111-2222-4333-8444-555555555555"}),
			"another client id":    r.lifecycle(event, map[string]any{"oauthClientId": "another-client"}),
			"another app":          r.lifecycle(event, map[string]any{"key": "another.app"}),
			"another event":        r.lifecycle("archived", nil),
			"no conversation":      r.lifecycle(event, map[string]any{"resourceId": nil}),
			"no cloud":             r.lifecycle(event, map[string]any{"cloudId": nil}),
			"ids of wrong types":   r.lifecycle(event, map[string]any{"resourceId": []string{r.ID}}),
			"nothing":              "",
			"null":                 "null",
			"an array":             "[" + right + "]",
			"a text":               `"installed"`,
			"cut short":            right[:len(right)-1],
			"something behind it":  right + "{}",
			"deep":                 strings.TrimSuffix(right, "}") + `,"x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}",
			"invalid utf-8":        strings.Replace(right, "conversation", "\xff\xfe", 1),
			"twice":                strings.TrimSuffix(right, "}") + `,"resourceId":"` + other + `"}`,
			"twice, other case":    strings.TrimSuffix(right, "}") + `,"ResourceID":"` + other + `"}`,
		} {
			t.Run(event+" "+name, func(t *testing.T) {
				status, answer := r.send(t, chatCall{http.MethodPost, "/chat/lifecycle/" + event, "application/json", body}, token)
				refused(t, status, answer, token)
			})
		}
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json2", "multipart/form-data"} {
			status, answer := r.send(t, chatCall{http.MethodPost, "/chat/lifecycle/" + event, kind, right}, token)
			if status != http.StatusUnauthorized {
				t.Errorf("%s as %q: status %d, want 401\n%s", event, kind, status, answer)
			}
		}
		status, answer := r.send(t, chatCall{http.MethodPost, "/chat/lifecycle/" + event, "application/json", `{"pad":"` + strings.Repeat("x", 10<<20) + `"}`}, token)
		if status != http.StatusRequestEntityTooLarge {
			t.Errorf("10 MB: status %d, want 413\n%s", status, answer)
		}
	}
	if diff := cmp.Diff(before, r.kept(t)); diff != "" {
		t.Errorf("refused bodies changed what is kept:\n%s", diff)
	}
}

func TestChatOrigins(t *testing.T) {
	t.Parallel()
	const listed = "https://chat.example"
	r := newRoom(t, func(f *app.ServeFlags) { f.ChatOrigins += "," + listed })
	token := r.sign(t, r.claims())
	ask := func(t *testing.T, method, path, origin string) *http.Response {
		t.Helper()
		req := newRequest(t, method, r.url+path, nil)
		if method == http.MethodOptions {
			req.Header.Set("Access-Control-Request-Method", "GET")
			req.Header.Set("Access-Control-Request-Headers", "authorization")
		} else {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		resp, err := client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
	for _, path := range []string{"/chat/glance", "/chat/configuration"} {
		for _, origin := range []string{r.site.URL(), listed, ""} {
			for method, want := range map[string]int{http.MethodGet: 200, http.MethodOptions: 204} {
				resp := ask(t, method, path, origin)
				if resp.StatusCode != want || resp.Header.Get("Access-Control-Allow-Origin") != origin || resp.Header.Get("Vary") != "Origin" {
					t.Errorf("%s %s from %q: %d %v", method, path, origin, resp.StatusCode, resp.Header)
				}
				if resp.Header.Get("Access-Control-Allow-Credentials") != "" {
					t.Errorf("%s %s from %q allows credentials", method, path, origin)
				}
				if allowed := resp.Header.Get("Access-Control-Allow-Headers"); method == http.MethodOptions && !strings.Contains(allowed, "Authorization") {
					t.Errorf("the preflight allows only %q", allowed)
				}
			}
		}
		for _, origin := range []string{
			"https://evil.example", "null", "http://chat.example", "https://chat.example/", "https://chat.example.evil.example",
			"https://CHAT.example", "https://evil-chat.example", "https://chat.example:444", "file://", r.site.URL() + "0", "*",
		} {
			for _, method := range []string{http.MethodGet, http.MethodOptions} {
				resp := ask(t, method, path, origin)
				if resp.StatusCode != http.StatusForbidden || resp.Header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s %s from %q: %d %v", method, path, origin, resp.StatusCode, resp.Header)
				}
			}
		}
	}
	for _, path := range []string{"/chat/setup", "/chat/sidebar", "/chat/sidebar/view"} {
		if resp := ask(t, http.MethodGet, path, listed); resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is open to other origins", path)
		}
		if resp := ask(t, http.MethodOptions, path, listed); resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("preflight of %s: %d", path, resp.StatusCode)
		}
	}
}

// TestWrongSetupsSaveNothing posts the room's form wrongly.
func TestWrongSetupsSaveNothing(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	before := r.kept(t)
	const script = `<script>alert(1)</script>`
	outsider := r.site.People()[9].AccountID // sees no VALT
	form := func(name string, values ...string) url.Values {
		out := url.Values{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}}
		out[name] = values
		return out
	}
	many := make([]string, 21)
	for i := range many {
		many[i] = fmt.Sprintf("P%d", i+10)
	}
	for name, tc := range map[string]struct {
		person string
		form   url.Values
		says   string
	}{
		"project that the person cannot see": {outsider, form("projects", "HARB", "VALT"), "cannot see the project"},
		"project that nobody sees":           {r.Members[0], form("projects", "NOPE"), "cannot see the project"},
		"no project":                         {r.Members[0], form("projects"), "Choose at least one project"},
		"empty project":                      {r.Members[0], form("projects", ""), "not a project key"},
		"too many projects":                  {r.Members[0], form("projects", many...), "at most 20"},
		"project twice":                      {r.Members[0], form("projects", "HARB", "HARB"), "chosen twice"},
		"project in lower case":              {r.Members[0], form("projects", "harb"), "not a project key"},
		"project with a script":              {r.Members[0], form("projects", script), "not a project key"},
		"project that is a query":            {r.Members[0], form("projects", `HARB" OR project = "VALT`), "not a project key"},
		"no window":                          {r.Members[0], form("window"), "Choose 7, 14 or 30"},
		"window in words":                    {r.Members[0], form("window", "two weeks"), "Choose 7, 14 or 30"},
		"window negative":                    {r.Members[0], form("window", "-14"), "Choose 7, 14 or 30"},
		"no zone":                            {r.Members[0], form("zone"), "Choose a time zone"},
		"zone of this machine":               {r.Members[0], form("zone", "Local"), "Choose a time zone"},
		"zone that is a path":                {r.Members[0], form("zone", "../../etc/passwd"), "Choose a time zone"},
		"zone with a script":                 {r.Members[0], form("zone", script), "Choose a time zone"},
	} {
		status, body := r.saveRoom(t, r.key, r.ID, tc.person, tc.form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, tc.says) || !strings.Contains(body, `data-fragment="config"`) {
			t.Errorf("%s: status %d, want 422 and %q\n%s", name, status, tc.says, body)
		}
		if strings.Contains(body, script) {
			t.Errorf("%s: what was typed comes back as markup:\n%s", name, body)
		}
	}
	token := "Bearer " + r.sign(t, r.claims())
	for name, tc := range map[string]struct {
		kind, body string
		want       int
	}{
		"broken escape":  {"application/x-www-form-urlencoded", "projects=%zz&window=14", 400},
		"json":           {"application/json", `{"projects":["HARB"]}`, 422},
		"several parts":  {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"projects\"\r\n\r\nHARB\r\n--x--", 422},
		"no type":        {"", "projects=HARB&window=14&zone=UTC", 422},
		"over the limit": {"application/x-www-form-urlencoded", "projects=HARB&window=14&zone=UTC&pad=" + strings.Repeat("x", 70<<10), 413},
	} {
		if status, body := r.send(t, chatCall{http.MethodPost, "/chat/setup", tc.kind, tc.body}, token); status != tc.want {
			t.Errorf("%s: status %d, want %d\n%s", name, status, tc.want, body)
		}
	}
	// What stands in the address is not the form.
	if status, body := r.send(t, chatCall{http.MethodPost, "/chat/setup?projects=HARB&window=14&zone=UTC", "application/x-www-form-urlencoded", ""}, token); status != http.StatusUnprocessableEntity {
		t.Errorf("form in the address: status %d, want 422\n%s", status, body)
	}
	if diff := cmp.Diff(before, r.kept(t)); diff != "" {
		t.Errorf("wrong forms changed what is kept:\n%s", diff)
	}
}

// TestChatPeople asks for a room's pages as nobody, as a stranger, and while
// Jira does not have the app.
func TestChatPeople(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	form := url.Values{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}}
	if status, body := r.saveRoom(t, r.key, r.ID, r.Members[0], form); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	before := r.kept(t)
	pages := []chatCall{
		{method: http.MethodGet, path: "/chat/setup"},
		{method: http.MethodGet, path: "/chat/sidebar"},
		{method: http.MethodGet, path: "/chat/sidebar/view"},
		{http.MethodPost, "/chat/setup", "application/x-www-form-urlencoded", "projects=LANT&window=7&zone=UTC"},
	}
	for name, account := range map[string]any{
		"nobody": nil, "a stranger": "557058:99999999-2222-4333-8444-555555555555", "a path": "../../rest/api/3/myself",
	} {
		token := "Bearer " + r.sign(t, with(r.claims(), "sub", account))
		for _, call := range pages {
			status, body := r.send(t, call, token)
			if status != http.StatusForbidden || strings.Contains(body, "data-person") {
				t.Errorf("%s: %s %s: status %d, want 403\n%s", name, call.method, call.path, status, body)
			}
		}
	}
	if _, err := r.site.Uninstall(t.Context(), appKey); err != nil {
		t.Fatal(err)
	}
	token := "Bearer " + r.sign(t, r.claims())
	for _, call := range pages[:3] {
		if status, body := r.send(t, call, token); status != http.StatusOK || !strings.Contains(body, "Jira is not connected") {
			t.Errorf("without jira: %s: status %d\n%s", call.path, status, body)
		}
	}
	if status, body := r.send(t, pages[3], token); status != http.StatusForbidden {
		t.Errorf("without jira: save: status %d, want 403\n%s", status, body)
	}
	if diff := cmp.Diff(before, r.kept(t)); diff != "" {
		t.Errorf("the calls changed what is kept:\n%s", diff)
	}
}
