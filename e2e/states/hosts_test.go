package states

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// host is how a site shows the app's pages. A scene is set up and played the same
// way on every host.
type host interface {
	// stage starts the program for a scene, installed as on this host.
	stage(t *testing.T, sc harness.Scene) *harness.Stage
	// visit opens an address, and returns the app's page once it shows something.
	visit(t *testing.T, s *harness.Stage, tab *browsertest.Tab, sc harness.Scene, address string) *browsertest.Frame
	// resize gives the page a width, in CSS pixels.
	resize(tab *browsertest.Tab, page *browsertest.Frame, width int64)
	// colour makes the page light or dark.
	colour(tab *browsertest.Tab, page *browsertest.Frame, mode string)
	// shot keeps a picture of the tab.
	shot(tab *browsertest.Tab, name string)
	// excuses reports whether a problem in the console is not the app's.
	excuses(sc harness.Scene, problem string) bool
	// origins are those that the tab may send requests to.
	origins(s *harness.Stage) []string
}

// onConnect is a page as Jira signs it on Connect, alone in the tab.
type onConnect struct{}

func (onConnect) stage(t *testing.T, sc harness.Scene) *harness.Stage { return sc.Stage(t) }

func (onConnect) visit(_ *testing.T, _ *harness.Stage, tab *browsertest.Tab, sc harness.Scene, address string) *browsertest.Frame {
	if sc.Language != "" {
		tab.Speak(sc.Language) // for pages that do not ask Jira for the person's language
	}
	tab.Visit(address)
	page := tab.Main()
	page.Until(harness.Loaded + `document.querySelector("[data-fragment]")`)
	return page
}

func (onConnect) resize(tab *browsertest.Tab, _ *browsertest.Frame, width int64) {
	tab.Resize(width, 900)
}

func (onConnect) colour(tab *browsertest.Tab, _ *browsertest.Frame, mode string) {
	tab.Prefer(browsertest.Prefers{ColorScheme: mode})
}

// shot shows the whole page, up to 1600 px.
func (onConnect) shot(tab *browsertest.Tab, name string) {
	width := browsertest.Eval[int64](tab, "innerWidth")
	tab.Resize(width, 300)
	tab.Resize(width, min(1600, browsertest.Eval[int64](tab, "document.documentElement.scrollHeight")))
	tab.Shot("state " + name)
}

// excuses allows what the state provokes, and the icon that browsers request
// because the page is not in a frame here.
func (onConnect) excuses(sc harness.Scene, problem string) bool {
	for _, text := range append(sc.Complains, "favicon") {
		if strings.Contains(problem, text) {
			return true
		}
	}
	return false
}

func (onConnect) origins(s *harness.Stage) []string { return []string{s.URL, s.Site.URL()} }

// signedPage is the address of a page as the host signs it for the viewer.
func signedPage(t *testing.T, s *harness.Stage, address string) string {
	t.Helper()
	f := harness.Forger{Running: s.Running, App: s.Installed}
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return s.URL + address + separator + url.Values{"jwt": {f.Sign(t, f.Claims(http.MethodGet, address))}}.Encode()
}

// onForge is a page in the frame that Jira has for it on Forge.
type onForge struct {
	// built is the page's script with Atlassian's bridge in it; nil: the page without
	// a build, with the site's stand-in for the bridge.
	built []byte
}

func (h onForge) stage(t *testing.T, sc harness.Scene) *harness.Stage { return sc.OnForge(t, h.built) }

const forgeFrame = ".forge-iframe"

func (onForge) visit(_ *testing.T, _ *harness.Stage, tab *browsertest.Tab, sc harness.Scene, address string) *browsertest.Frame {
	tab.Resize(1360, 900)
	tab.Visit(address)
	page := tab.FrameAt(forgeFrame)
	shown := harness.Loaded + `document.querySelector("[data-fragment]")`
	page.Until(shown)
	if sc.Edits {
		tab.Click("[title='More actions']")
		tab.ClickText("Configure")
		page.Until(shown)
	}
	return page
}

// resize waits until the frame is as tall as the page in it, so that the page does
// not scroll. The frame of a page that is not a gadget has at least 400 px.
func (onForge) resize(tab *browsertest.Tab, page *browsertest.Frame, width int64) {
	tab.Do(fmt.Sprintf("document.querySelector(%q).style.width = '%dpx'", forgeFrame, width))
	page.Until(fmt.Sprintf(`innerWidth === %d && [document.documentElement.offsetHeight, 400].includes(innerHeight) &&
		document.documentElement.scrollHeight <= innerHeight`, width))
}

// colour switches Jira's theme, which the page follows. The system has the other
// one, so that the test fails if the page follows the system.
func (onForge) colour(tab *browsertest.Tab, page *browsertest.Frame, mode string) {
	other := map[string]string{"light": "dark", "dark": "light"}[mode]
	tab.Prefer(browsertest.Prefers{ColorScheme: other})
	tab.Do(fmt.Sprintf(`import("/-/assets/theme.js").then((theme) => theme.setTheme(%q))`, mode))
	page.Until(fmt.Sprintf("document.documentElement.dataset.colorMode === %q", mode))
}

func (onForge) shot(tab *browsertest.Tab, name string) { tab.Shot("forge " + name) }

// excuses allows what only Jira around the page logs: the bridge tells the page of
// failures in answers with status 200.
func (onForge) excuses(sc harness.Scene, problem string) bool {
	const invoked = "/-/ui/forge/invoke"
	return strings.Contains(problem, invoked) && slices.Contains(sc.Complains, invoked)
}

// origins is only Jira: the page reaches the app through it.
func (onForge) origins(s *harness.Stage) []string { return []string{s.Site.URL()} }
