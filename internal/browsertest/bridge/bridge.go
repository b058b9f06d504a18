// Package bridge puts Atlassian's Connect bridge on a local site: a dashboard
// page around connect-host.js, and iframe.js as the all.js of the app's pages.
// Both are part of the npm package atlassian-connect-js, in the version of
// package-lock.json; "npm ci" in this folder installs it.
//
// The page is a path of the site, because an app lets only its tenant's origin
// frame it.
//
// Running the two in a real browser showed:
//
//   - Messages are those of the source: init, req, resp, evt, with the frame's
//     exact origin. Host and app on two ports of one address are two origins,
//     which is enough.
//   - Theming is built in on both sides. The host announces a new theme when the
//     data-theme or data-color-mode attribute of its html element changes. It
//     finds the frame's surface by comparing the computed
//     --ds-elevation-surface-current with the raised and overlay colours, so the
//     page needs the tokens' style sheets, and the gadget's card that property.
//     The frame then loads its style sheets from Atlassian's CDN.
//   - An event for a frame that has registered for any event is sent at once,
//     even if the frame does not listen to this one, and iframe.js registers for
//     some as soon as it runs. A click on Configure before the app's page has
//     called onDashboardItemEdit is lost. An event for a frame that has
//     registered for none waits up to 30 seconds and is then sent with each
//     registration, so a click on Configure while the page loads can reach the
//     app as up to five edits.
//   - The frame follows its content both ways, to the pixel: iframe.js puts
//     sensors into the .ac-content element, which thereby becomes positioned. It
//     takes the fifth size within 400 ms for flicker, and then keeps the largest
//     of the five until the next change. AP.resize has no such limit.
//   - Without Statsig the host writes "Feature flag service is not initialised"
//     to the console, once for each flag. The app does not cause that.
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

// CDN is the origin from which iframe.js loads its themes.
const CDN = "https://connect-cdn.atl-paas.net"

// Path returns the path of a dashboard's page.
func Path(dashboard string) string { return "/bridge/dashboards/" + dashboard }

// Mount puts the bridge on the site, and serves the CDN's themes to the browser
// from the npm package.
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

// file serves content; the name decides its type.
func file(name string, content []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, path.Base(name), time.Time{}, bytes.NewReader(content))
	})
}

// OwnProblem reports whether the bridge wrote a line to the console.
func OwnProblem(problem string) bool {
	return strings.Contains(problem, "Feature flag service is not initialised")
}
