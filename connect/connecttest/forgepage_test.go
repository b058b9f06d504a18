package connecttest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// forgeFiles are a page that says what it is told, and does what its buttons
// say.
func forgeFiles() map[string]map[string]string {
	return map[string]map[string]string{"main": {
		"index.html": `<!doctype html><html><head><title>Little</title><link rel="stylesheet" href="./main.css">
<script type="module" src="./main.js"></script></head><body><p id="said"></p><button id="keep">Keep</button>
<button id="close">Close</button><button id="away">Away</button></body></html>`,
		"main.css":  `body { height: 300px; margin: 0 } p { margin: 0 } [data-color-mode="dark"] body { background: rgb(1, 2, 3) }`,
		"bridge.js": `export { invokeRemote, router, view } from "@forge/bridge";`,
		"main.js": `import { invokeRemote, router, view } from "./bridge.js";
const on = (id, act) => document.getElementById(id).addEventListener("click", async () => {
	try { await act(); } catch (error) { document.body.dataset.failed = error.message; }
});
on("keep", () => view.submit({ projects: ["A"] }));
on("close", () => view.close());
on("away", () => router.navigate("/issues/"));
await view.theme.enable();
const { extension, moduleKey, accountId } = await view.getContext();
const good = await invokeRemote({ path: "/ui", method: "POST", body: { form: "a=b" }, headers: { "Content-Type": "application/json" } });
const bad = await invokeRemote({ path: "/bad", method: "GET" });
document.getElementById("said").textContent = JSON.stringify({ extension, moduleKey, accountId, good: good.body, bad });`,
	}}
}

// newForgeSite has an app with pages.
func newForgeSite(t *testing.T) (*Site, *forgeBackend, ForgeApp) {
	t.Helper()
	site := NewSite(t)
	b := newForgeBackend(t, site)
	b.answer = func(c forgeCall) (int, string) {
		if c.path == "/bad" {
			return http.StatusTeapot, `{"secret":1}`
		}
		return http.StatusOK, `{"code":200,"form":` + string(c.body) + `}`
	}
	app, err := site.InstallForge(t.Context(), ForgeInstall{Source: ForgeSource{Manifest: b.manifest(), Resources: forgeFiles()}})
	if err != nil {
		t.Fatal(err)
	}
	return site, b, app
}

func TestForgeGadgetInBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	site, b, app := newForgeSite(t)
	place, owner := b.gadget(app)
	address, err := site.ModuleURL(app.AppID, "load-gadget", owner, place.Dashboard, place.Item)
	if err != nil {
		t.Fatal(err)
	}
	tab := browser.Open(t, address, 1000, 700)
	frame := tab.FrameAt(".forge-iframe")
	said := func(what string) {
		t.Helper()
		frame.Until(`document.getElementById("said").textContent.includes(` + "`" + what + "`" + `)`)
	}
	said(`"entryPoint":"view","gadget":{"id":"` + place.Item + `"},"gadgetConfiguration":{}`)
	said(`"moduleKey":"load-gadget","accountId":"` + owner + `"`)
	said(`"good":{"code":200,"form":{"form":"a=b"}},"bad":{"message":"the remote answered I'm a teapot","status":418}`)
	if c := b.taken("/ui"); len(c) != 1 || c[0].token.Principal != owner || c[0].token.App.Module.Key != "load-gadget" {
		t.Errorf("the backend was called %d times", len(c))
	}
	tab.Until(`document.querySelector(".forge-iframe").style.height === "300px"`)
	frame.Click("#keep")
	frame.Until(`document.body.dataset.failed === "submit was refused"`)

	tab.Do(`import("/-/assets/theme.js").then((theme) => theme.setTheme("dark"))`)
	frame.Until(`getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)"`)

	tab.Click(".gadget-header [title='More actions']")
	tab.ClickText("Configure")
	said(`"entryPoint":"edit"`)
	frame.Click("#keep")
	said(`"entryPoint":"view","gadget":{"id":"` + place.Item + `"},"gadgetConfiguration":{"projects":["A"]}`)
	if got := string(site.ForgeConfiguration(place.Dashboard, place.Item)); got != `{"projects":["A"]}` {
		t.Errorf("kept: got %s", got)
	}
	frame.Click("#away")
	tab.Until(`location.pathname === "/issues/"`)
	if got := tab.Problems(); len(got) > 0 {
		t.Errorf("the console complains: %q", got)
	}
}

func TestForgePagesInBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	site, _, app := newForgeSite(t)
	for module, path := range map[string]string{"set-up-page": "/jira/settings/apps/", "start-page": "/jira/apps/"} {
		got := get(t, site.URL()+"/-/apps/"+app.Key+"/modules/"+module+"?as="+admin(site).AccountID+"&code=x", "")
		address := got.str("url")
		if !strings.HasPrefix(address, site.URL()+path) {
			t.Errorf("%s: got %s", module, got.body)
		}
		tab := browser.Open(t, address, 1000, 700)
		frame := tab.FrameAt(".forge-iframe")
		frame.Until(`document.getElementById("said").textContent.includes('"moduleKey":"` + module + `","accountId":"` + admin(site).AccountID + `"')`)
		where, _, _ := strings.Cut(address, "?")
		frame.Until(`document.getElementById("said").textContent.includes('"location":"` + where + `?code=x"')`)
		if got := tab.Problems(); len(got) > 0 {
			t.Errorf("%s: the console complains: %q", module, got)
		}
	}
}

func TestForgeResources(t *testing.T) {
	t.Parallel()
	site, _, app := newForgeSite(t)
	environment := app.EnvironmentID[strings.LastIndex(app.EnvironmentID, "/")+1:]
	root := site.URL() + "/forge/app/" + app.Key + "/" + environment
	page := get(t, root+"/main/index.html", "")
	policy := page.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self'; style-src 'self'") || !strings.Contains(string(page.body), `<head><script src="/forge/host.js">`) {
		t.Errorf("got %q %s", policy, page.body)
	}
	for path, want := range map[string]string{
		"/main/main.css": "text/css; charset=utf-8", "/main/bridge.js": "text/javascript; charset=utf-8", "/main/other.js": "", "/other/index.html": "",
	} {
		got := get(t, root+path, "")
		switch {
		case want == "" && got.status != http.StatusNotFound:
			t.Errorf("%s: got %d", path, got.status)
		case want != "" && (got.header.Get("Content-Type") != want || strings.Contains(string(got.body), `from "@forge/bridge"`)):
			t.Errorf("%s: got %d %v", path, got.status, got.header)
		}
	}
	if got := get(t, site.URL()+"/forge/app/"+app.Key+"/other/main/index.html", ""); got.status != http.StatusNotFound {
		t.Errorf("another environment: got %d", got.status)
	}
}
