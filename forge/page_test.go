package forge_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// hostScript plays Jira around the page: it answers the bridge's calls by a plan
// and records them. Values are copied, as between two windows.
const hostScript = `
const plan = PLAN;
globalThis.asked = [];
const unpacked = async (text) => new Response(
	new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
const said = async (name, payload) => {
	if (name === "fetchProduct") return "jira " + [payload.fetchRequestInit.method, payload.restPath, payload.fetchRequestInit.body].join(" ").trim();
	if (name !== "invoke") return name + (payload === undefined ? "" : " " + JSON.stringify(payload));
	if (payload.invokeType !== "ui-remote-fetch") return "invoke of " + payload.invokeType;
	// A page that can read says so in every call.
	const path = payload.path.replace(/[?&]reads=\d+-\d+/, "");
	const by = path === payload.path ? "the server reads" : undefined;
	const { form, path: shows, answers } = payload.body ?? {};
	const brought = answers === undefined ? undefined : shows + " " + (answers && await unpacked(answers));
	return [payload.method, path, form, brought, by].filter((part) => part !== undefined).join(" ");
};
const answer = (name) => {
	if (name === "getContext") return plan.context;
	if (name === "invoke") return plan.answers.shift() ?? { success: false, error: { message: "not planned", status: 500 } };
	if (name === "fetchProduct") {
		const found = plan.jira.shift();
		if (!found) throw new Error("the bridge fails");
		return found;
	}
	return plan[name] ?? true;
};
globalThis.__bridge = {
	callBridge: async (name, payload) => {
		const at = asked.push(name) - 1;
		asked[at] = await said(name, structuredClone(payload));
		return structuredClone(answer(name));
	},
};`

// standIn does what Atlassian's package does, for a page that was not built.
const standIn = `
const call = (name, payload) => globalThis.__bridge.callBridge(name, payload);
export const view = {
	getContext: () => call("getContext"),
	close: () => call("close"),
	theme: { enable: () => call("enableTheming") },
	submit: async (config) => {
		if ((await call("submit", config)) === false) throw new Error("not submittable");
	},
};
export const router = {
	navigate: (url) => call("navigate", { url, type: "same-tab" }),
	open: (url) => call("navigate", { url, type: "new-tab" }),
};
export const requestJira = async (restPath, { method, headers, body }) => {
	const got = await call("fetchProduct", { product: "jira", restPath, fetchRequestInit: { method, headers: Object.entries(headers), body } });
	return new Response(got.body || null, { status: got.status, headers: got.headers });
};
export const invokeRemote = async (input) => {
	const { success, payload, error } = (await call("invoke", { ...input, invokeType: "ui-remote-fetch" })) ?? {};
	return { ...(success ? payload : error) };
};`

// policy is stricter than Forge's own.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"

// plan is what the host answers.
type plan struct {
	Context hostContext `json:"context"`
	Answers []any       `json:"answers"` // to invoke, in turn
	Jira    []any       `json:"jira"`    // to requestJira, in turn; then the bridge fails
	Submit  *bool       `json:"submit,omitempty"`
}

type hostContext struct {
	ModuleKey string         `json:"moduleKey"`
	Locale    string         `json:"locale"`
	Extension map[string]any `json:"extension"`
}

// answered is how the host passes an answer of the backend on.
func answered(body map[string]any) map[string]any {
	return map[string]any{"success": true, "payload": map[string]any{
		"status": 200, "headers": map[string]any{"content-type": []string{"application/json"}}, "body": body,
	}}
}

func fragment(code int, html string) map[string]any {
	return answered(map[string]any{"code": code, "html": html})
}

func failed(status int) map[string]any {
	return map[string]any{"success": false, "error": map[string]any{"message": "from the host", "status": status}}
}

func draw(t *testing.T, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// serve serves a page's folder as Forge's network does, with the host's script
// in its head.
func serve(t *testing.T, dir string, p plan) string {
	t.Helper()
	if p.Jira == nil {
		p.Jira = []any{}
	}
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	html := strings.Replace(readFile(t, dir, "index.html"), "<head>", `<head><script src="./host.js"></script>`, 1)
	own := map[string]string{"/": html, "/host.js": strings.Replace(hostScript, "PLAN", string(data), 1), "/bridge.js": standIn}
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		text, ok := own[r.URL.Path]
		switch {
		case r.URL.Path == "/favicon.ico":
			w.WriteHeader(http.StatusNoContent)
		case !ok:
			files.ServeHTTP(w, r)
		case strings.HasSuffix(r.URL.Path, ".js"):
			w.Header().Set("Content-Type", "text/javascript")
			fallthrough
		default:
			_, _ = w.Write([]byte(text))
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// scene is what the host answers, what a person does, and what the page must ask.
type scene struct {
	plan  plan
	act   func(tab *browsertest.Tab)
	asked []string // without enableTheming and getContext, which come first
}

// TestPage plays every scene on the bundle with Atlassian's bridge.
func TestPage(t *testing.T) {
	t.Parallel()
	chromium, dir := browsertest.Start(t), filepath.Join(build(t), "static", "app")
	for _, scenes := range []map[string]scene{viewScenes(t), editScenes(t), failureScenes(t), readerScenes(t)} {
		for name, s := range scenes {
			t.Run(name, func(t *testing.T) { s.play(t, chromium, dir) })
		}
	}
}

// TestPageUnbuilt plays some of them on the page without a build, where the host
// serves bridge.js itself.
func TestPageUnbuilt(t *testing.T) {
	t.Parallel()
	chromium, dir := browsertest.Start(t), t.TempDir()
	writeDir(t, dir, stages()["forge"])
	for name, s := range map[string]scene{
		"view": viewScenes(t)["a view"], "reader": readerScenes(t)["in two steps"], "edit": editScenes(t)["a correct form"], "failure": failureScenes(t)["the host says that it failed"],
	} {
		t.Run(name, func(t *testing.T) { s.play(t, chromium, filepath.Join(dir, "static", "app")) })
	}
}

func (s scene) play(t *testing.T, chromium *browsertest.Browser, dir string) {
	tab := chromium.Open(t, serve(t, dir, s.plan), 800, 600)
	tab.Until(`!document.querySelector("[data-slot]").hasAttribute("aria-busy") && document.querySelector("[data-fragment]")`)
	s.act(tab)
	asked := browsertest.Eval[[]string](tab, "asked")
	if diff := cmp.Diff(append([]string{"enableTheming", "getContext"}, s.asked...), asked); diff != "" {
		t.Errorf("asked of the host (-want +got):\n%s", diff)
	}
	if problems := tab.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

// want compares what an expression is in the page.
func want[T any](t *testing.T, tab *browsertest.Tab, expression string, want T) {
	t.Helper()
	if diff := cmp.Diff(want, browsertest.Eval[T](tab, expression)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", expression, diff)
	}
}

// TestPageIsUsable looks at the page as axe-core, at several widths, in light
// and dark, without a scroll bar of its own.
func TestPageIsUsable(t *testing.T) {
	t.Parallel()
	packages, chromium := browsertest.NeedPackages(t), browsertest.Start(t)
	dir := filepath.Join(build(t), "static", "app")
	for _, p := range []plan{
		{Context: gadget("view"), Answers: []any{fragment(200, workload(t))}},
		{Context: gadget("edit"), Answers: []any{fragment(200, form(t, nil))}},
		{Context: gadget("view"), Answers: []any{failed(500)}},
	} {
		tab := chromium.Open(t, serve(t, dir, p), 320, 400)
		tab.Until(`document.querySelector("[data-fragment]")`)
		for _, width := range []int64{320, 640, 1200} {
			for _, mode := range []string{"light", "dark"} {
				tab.Resize(width, 400)
				tab.Do(`document.documentElement.dataset.colorMode = "` + mode + `"`)
				for _, barrier := range tab.Axe(packages) {
					// The host's page has the heading and the frame's title.
					if !slices.Contains([]string{"page-has-heading-one", "region"}, barrier.Rule) {
						t.Errorf("%s at %d, %s: %s", p.Context.Extension["entryPoint"], width, mode, barrier)
					}
				}
				want(t, tab, `document.documentElement.scrollWidth <= innerWidth`, true)
				want(t, tab, `document.documentElement.offsetHeight >= document.querySelector(".ac-content").offsetHeight`, true)
			}
		}
		if got := tab.Violations(); len(got) > 0 {
			t.Errorf("the page violates its policy: %q", got)
		}
	}
}

// TestThemeFollowsTheHost switches the attribute that Jira sets.
func TestThemeFollowsTheHost(t *testing.T) {
	t.Parallel()
	chromium := browsertest.Start(t)
	tab := chromium.Open(t, serve(t, filepath.Join(build(t), "static", "app"), plan{
		Context: gadget("view"), Answers: []any{fragment(200, workload(t))},
	}), 600, 400)
	tab.Until(`document.querySelector("[data-fragment]")`)
	ground := `getComputedStyle(document.body).backgroundColor`
	tab.Do(`document.documentElement.dataset.colorMode = "light"`)
	light := browsertest.Eval[string](tab, ground)
	tab.Do(`document.documentElement.dataset.colorMode = "dark"`)
	if dark := browsertest.Eval[string](tab, ground); dark == light {
		t.Errorf("the background is %s in light and in dark", dark)
	}
}

func gadget(entry string) hostContext {
	return hostContext{
		ModuleKey: "workload-gadget", Locale: "en-US",
		Extension: map[string]any{"entryPoint": entry, "dashboard": map[string]any{"id": "10000"}, "gadget": map[string]any{"id": "10001"}},
	}
}
