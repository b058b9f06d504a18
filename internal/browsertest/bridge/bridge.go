// Package bridge puts Atlassian's own Connect bridge on a local site: a
// dashboard page around connect-host.js, and iframe.js as the all.js that the
// app's pages load. Both are atlassian-connect-js from the npm registry, in the
// version of package-lock.json; "npm ci" in this folder installs them.
//
// The page is a path of the site, because an app allows only its tenant's own
// origin to frame it.
//
// What running the two in a real browser showed:
//
//   - Messages cross the windows as read in the source: init, req, resp, evt
//     with the frame's exact origin. Host and app on two ports of one address
//     are two origins and that is enough.
//   - theming is built in on both sides. The host tells of a new theme when the
//     data-theme or data-color-mode attribute of its html element changes, and
//     says which surface the frame is on by comparing the computed
//     --ds-elevation-surface-current with the raised and overlay colours, so
//     the page needs the tokens' style sheets and the gadget's card that
//     property. The frame then loads its style sheets from Atlassian's CDN.
//   - An event for a frame that has registered for any event already is sent at
//     once, whether it listens to this one or not, and iframe.js registers for
//     some as soon as it runs: a click on Configure before the app's page has
//     called onDashboardItemEdit is not heard. An event for a frame that has
//     registered for none waits up to 30 seconds and then comes with each
//     registration: who clicks Configure while the page loads makes the app hear
//     up to five edits.
//   - The frame follows its content both ways, to the pixel: iframe.js puts
//     sensors into the .ac-content element, which so becomes a positioned one.
//     It takes the fifth size within 400 ms for flicker, and then stays at the
//     highest of the five until the next change. AP.resize is not held back so.
//   - Without Statsig the host writes "Feature flag service is not initialised"
//     to the console, once a flag. That is not the app's mistake.
package bridge

import (
	"bytes"
	"embed"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/browsertest"
)

//go:embed host.html host.css host.js dashboard-item.js
var files embed.FS

const dist = "atlassian-connect-js/dist/"

// CDN is the origin from which the real iframe script loads its themes.
const CDN = "https://connect-cdn.atl-paas.net"

// Path is where the page of a dashboard is.
func Path(dashboard string) string { return "/bridge/dashboards/" + dashboard }

// Mount puts the real bridge on the site and lets the browser's tabs have the
// CDN's themes from the npm package.
func Mount(tb testing.TB, site *connecttest.Site, browser *browsertest.Browser) {
	tb.Helper()
	packages := browsertest.NeedPackages(tb)
	site.Handle("GET "+Path("{id}"), file("host.html", own(tb, "host.html")))
	for name, content := range map[string][]byte{
		"host.css": own(tb, "host.css"), "host.js": own(tb, "host.js"),
		"jquery.js":        packages.Read(tb, "jquery/dist/jquery.js"),
		"connect-host.js":  packages.Read(tb, dist+"connect-host.js"),
		"connect-host.css": packages.Read(tb, dist+"connect-host.css"),
	} {
		site.Handle("GET /-/bridge/"+name, file(name, content))
	}
	themes := http.FileServer(http.Dir(packages.Dir(dist)))
	site.Handle("GET /-/bridge/", http.StripPrefix("/-/bridge", themes))
	script := append(packages.Read(tb, dist+"iframe.js"), own(tb, "dashboard-item.js")...)
	site.Handle("GET /atlassian-connect/all.js", file("all.js", script))
	browser.StandIn(CDN, themes)
}

func own(tb testing.TB, name string) []byte {
	tb.Helper()
	content, err := files.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return content
}

// file serves a content under a name that tells its type.
func file(name string, content []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, path.Base(name), time.Time{}, bytes.NewReader(content))
	})
}

// OwnProblem says whether the bridge itself wrote a line to the console.
func OwnProblem(problem string) bool {
	return strings.Contains(problem, "Feature flag service is not initialised")
}
