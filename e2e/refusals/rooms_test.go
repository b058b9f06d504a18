package refusals

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
)

// TestRoomsStayApart asks for one room with valid tokens of others.
func TestRoomsStayApart(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	if status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], url.Values{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}}); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	r.WaitForLabel(t, r.ID, fmt.Sprintf("%d open", r.Count(t, r.Members[0], `project = HARB AND statusCategory != Done`)))
	other := r.Site.Objects().Conversations[1]
	if _, err := r.Site.InstallChat(t.Context(), r.URL+"/atlassian-chat.json", other.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
		t.Fatal(err)
	}
	before := r.Kept(t)
	// Calls with a body from the platform say where they come from.
	calls, told := []harness.ChatCall{}, []harness.ChatCall{}
	for _, call := range r.Calls(t) {
		if call.Kind == "application/json" {
			told = append(told, call)
		} else {
			calls = append(calls, call)
		}
	}
	for name, claims := range map[string]map[string]any{
		"a room without the app": about(r, "resourceId", r.Site.Objects().Conversations[2].ID),
		"an unknown room":        about(r, "resourceId", "../"+r.ID),
		"upper case":             about(r, "resourceId", strings.ToUpper(r.ID)),
		"another cloud":          about(r, "cloudId", "11111111-2222-4333-8444-555555555555"),
	} {
		for _, call := range told {
			status, body := r.Send(t, call, "Bearer "+r.Sign(t, claims))
			harness.Refused(t, status, body, "")
		}
		for _, call := range calls {
			status, body := r.Send(t, call, "Bearer "+r.Sign(t, claims))
			if status != http.StatusNotFound || !strings.Contains(body, "not in this conversation") {
				t.Errorf("%s: %s %s: status %d, want 404\n%s", name, call.Method, call.Path, status, body)
			}
		}
	}
	token := "Bearer " + r.Sign(t, about(r, "resourceId", other.ID))
	if _, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/glance"}, token); !strings.Contains(body, `"Not set up"`) {
		t.Errorf("another room's token gets the label:\n%s", body)
	}
	if _, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/configuration"}, token); body != `{"configured":false}` {
		t.Errorf("another room's token gets %s", body)
	}
	if _, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/sidebar"}, token); !strings.Contains(body, "not set up yet") {
		t.Errorf("another room's token gets the sidebar:\n%s", body)
	}
	// Ids outside the token are ignored.
	beside := "?resourceId=" + r.ID + "&conversationId=" + r.ID + "&cloudId=" + r.Site.CloudID()
	if _, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/configuration" + beside}, token); body != `{"configured":false}` {
		t.Errorf("ids in the query win over the token: %s", body)
	}
	if diff := cmp.Diff(before, r.Kept(t)); diff != "" {
		t.Errorf("the calls changed what is stored:\n%s", diff)
	}
}

func TestUninstalledRoomIsGone(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	token := "Bearer " + r.Sign(t, r.Claims())
	if _, err := r.Site.UninstallChat(t.Context(), r.Key, r.ID); err != nil {
		t.Fatal(err)
	}
	for _, call := range r.Calls(t) {
		if call.Kind == "application/json" {
			continue // these come from the platform, at any time
		}
		if status, body := r.Send(t, call, token); status != http.StatusNotFound {
			t.Errorf("%s %s: status %d, want 404\n%s", call.Method, call.Path, status, body)
		}
	}
	if kept := r.Kept(t); len(kept) > 0 {
		t.Errorf("kept after uninstall: %q", kept)
	}
	// A second uninstall changes nothing.
	if status, body := r.Send(t, r.Calls(t)[6], token); status != http.StatusNoContent {
		t.Errorf("second uninstall: status %d\n%s", status, body)
	}
}

func TestChatLifecycleBodies(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	before := r.Kept(t)
	other := r.Site.Objects().Conversations[1].ID
	token := "Bearer " + r.Sign(t, r.Claims())
	for _, event := range []string{"installed", "uninstalled"} {
		right := r.Lifecycle(event, nil)
		for name, body := range map[string]string{
			"another conversation": r.Lifecycle(event, map[string]any{"resourceId": other}),
			"another cloud":        r.Lifecycle(event, map[string]any{"cloudId": "11111111-2222-4333-8444-555555555555"}),
			"another client id":    r.Lifecycle(event, map[string]any{"oauthClientId": "another-client"}),
			"another app":          r.Lifecycle(event, map[string]any{"key": "another.app"}),
			"another event":        r.Lifecycle("archived", nil),
			"no conversation":      r.Lifecycle(event, map[string]any{"resourceId": nil}),
			"no cloud":             r.Lifecycle(event, map[string]any{"cloudId": nil}),
			"ids of wrong types":   r.Lifecycle(event, map[string]any{"resourceId": []string{r.ID}}),
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
				status, answer := r.Send(t, harness.ChatCall{Method: http.MethodPost, Path: "/chat/lifecycle/" + event, Kind: "application/json", Body: body}, token)
				harness.Refused(t, status, answer, token)
			})
		}
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json2", "multipart/form-data"} {
			status, answer := r.Send(t, harness.ChatCall{Method: http.MethodPost, Path: "/chat/lifecycle/" + event, Kind: kind, Body: right}, token)
			if status != http.StatusUnauthorized {
				t.Errorf("%s as %q: status %d, want 401\n%s", event, kind, status, answer)
			}
		}
		status, answer := r.Send(t, harness.ChatCall{Method: http.MethodPost, Path: "/chat/lifecycle/" + event, Kind: "application/json", Body: `{"pad":"` + strings.Repeat("x", 10<<20) + `"}`}, token)
		if status != http.StatusRequestEntityTooLarge {
			t.Errorf("10 MB: status %d, want 413\n%s", status, answer)
		}
	}
	if diff := cmp.Diff(before, r.Kept(t)); diff != "" {
		t.Errorf("refused bodies changed what is stored:\n%s", diff)
	}
}

func TestChatOrigins(t *testing.T) {
	t.Parallel()
	const listed = "https://chat.example"
	r := harness.NewRoom(t, func(f *app.ServeFlags) { f.ChatOrigins += "," + listed })
	token := r.Sign(t, r.Claims())
	ask := func(t *testing.T, method, path, origin string) *http.Response {
		t.Helper()
		req := harness.NewRequest(t, method, r.URL+path, nil)
		if method == http.MethodOptions {
			req.Header.Set("Access-Control-Request-Method", "GET")
			req.Header.Set("Access-Control-Request-Headers", "authorization")
		} else {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		resp, err := harness.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
	for _, path := range []string{"/chat/glance", "/chat/configuration"} {
		for _, origin := range []string{r.Site.URL(), listed, ""} {
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
			"https://CHAT.example", "https://evil-chat.example", "https://chat.example:444", "file://", r.Site.URL() + "0", "*",
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

// TestWrongSetupsSaveNothing posts wrong forms of the room.
func TestWrongSetupsSaveNothing(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	before := r.Kept(t)
	const script = `<script>alert(1)</script>`
	outsider := r.Site.People()[9].AccountID // sees no VALT
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
		status, body := r.SaveRoom(t, r.Key, r.ID, tc.person, tc.form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, tc.says) || !strings.Contains(body, `data-fragment="config"`) {
			t.Errorf("%s: status %d, want 422 and %q\n%s", name, status, tc.says, body)
		}
		if strings.Contains(body, script) {
			t.Errorf("%s: what was typed comes back as markup:\n%s", name, body)
		}
	}
	token := "Bearer " + r.Sign(t, r.Claims())
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
		if status, body := r.Send(t, harness.ChatCall{Method: http.MethodPost, Path: "/chat/setup", Kind: tc.kind, Body: tc.body}, token); status != tc.want {
			t.Errorf("%s: status %d, want %d\n%s", name, status, tc.want, body)
		}
	}
	// Parameters in the address are not the form.
	if status, body := r.Send(t, harness.ChatCall{Method: http.MethodPost, Path: "/chat/setup?projects=HARB&window=14&zone=UTC", Kind: "application/x-www-form-urlencoded", Body: ""}, token); status != http.StatusUnprocessableEntity {
		t.Errorf("form in the address: status %d, want 422\n%s", status, body)
	}
	if diff := cmp.Diff(before, r.Kept(t)); diff != "" {
		t.Errorf("wrong forms changed what is stored:\n%s", diff)
	}
}

// TestChatPeople asks for a room's pages as nobody, as a stranger, and while
// Jira does not have the app.
func TestChatPeople(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	form := url.Values{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}}
	if status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], form); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	before := r.Kept(t)
	pages := []harness.ChatCall{
		{Method: http.MethodGet, Path: "/chat/setup"},
		{Method: http.MethodGet, Path: "/chat/sidebar"},
		{Method: http.MethodGet, Path: "/chat/sidebar/view"},
		{Method: http.MethodPost, Path: "/chat/setup", Kind: "application/x-www-form-urlencoded", Body: "projects=LANT&window=7&zone=UTC"},
	}
	for name, account := range map[string]any{
		"nobody": nil, "a stranger": "557058:99999999-2222-4333-8444-555555555555", "a path": "../../rest/api/3/myself",
	} {
		token := "Bearer " + r.Sign(t, harness.With(r.Claims(), "sub", account))
		for _, call := range pages {
			status, body := r.Send(t, call, token)
			if status != http.StatusForbidden || strings.Contains(body, "data-person") {
				t.Errorf("%s: %s %s: status %d, want 403\n%s", name, call.Method, call.Path, status, body)
			}
		}
	}
	if _, err := r.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
		t.Fatal(err)
	}
	token := "Bearer " + r.Sign(t, r.Claims())
	for _, call := range pages[:3] {
		if status, body := r.Send(t, call, token); status != http.StatusOK || !strings.Contains(body, "Jira is not connected") {
			t.Errorf("without jira: %s: status %d\n%s", call.Path, status, body)
		}
	}
	if status, body := r.Send(t, pages[3], token); status != http.StatusForbidden {
		t.Errorf("without jira: save: status %d, want 403\n%s", status, body)
	}
	if diff := cmp.Diff(before, r.Kept(t)); diff != "" {
		t.Errorf("the calls changed what is stored:\n%s", diff)
	}
}
