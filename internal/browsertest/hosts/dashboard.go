package hosts

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// View names a dashboard item and its viewer. Account "" is an anonymous one.
type View struct {
	Account, Dashboard, Item string
	// Width and Height are the size of the window, in CSS pixels; 0: 1280 by 900.
	Width, Height int64
	// Columns is the dashboard's number of columns on the local site; 0: two. The
	// real bridge's page always has one.
	Columns int
}

// Dashboard is a dashboard in a browser's tab, with one of its items.
type Dashboard struct {
	// Tab is the host's page.
	*browsertest.Tab
	// Gadget is the app's page in the item's frame.
	Gadget *browsertest.Frame
	// Tokens are the context tokens that the host hands out.
	Tokens *Tokens

	tb   testing.TB
	host Host
	site *connecttest.Site
	card string
	// excused are parts of problems that a test provokes.
	excused []string
}

// Open mounts the host on the site and opens the dashboard. Call it once for each
// site, because a site has one host at a time.
func Open(tb testing.TB, host Host, browser *browsertest.Browser, site *connecttest.Site, v View) *Dashboard {
	tb.Helper()
	host.mount(tb, site, browser)
	tokens := watchTokens(site)
	if v.Width == 0 {
		v.Width, v.Height = 1280, 900
	}
	account := v.Account
	if account == "" {
		account = "anonymous"
	}
	query := url.Values{"as": {account}}
	if v.Columns > 0 {
		query.Set("columns", strconv.Itoa(v.Columns))
	}
	card := fmt.Sprintf(".gadget[data-item='%s']", v.Item)
	tab := browser.Open(tb, site.URL()+host.path(v.Dashboard)+"?"+query.Encode(), v.Width, v.Height)
	return &Dashboard{
		Tab: tab, Gadget: tab.FrameAt(card + " iframe"), Tokens: tokens,
		tb: tb, host: host, site: site, card: card,
	}
}

// Shown waits until the gadget has an element that matches the selector, and the
// host has given the frame its height.
func (d *Dashboard) Shown(selector string) {
	d.tb.Helper()
	d.Gadget.Until(fmt.Sprintf("document.querySelector(%q)", selector))
	d.Fits()
}

// Configure clicks the host's Configure. It waits for the gadget's script first,
// because the real bridge tells only pages that already listen.
func (d *Dashboard) Configure() {
	d.tb.Helper()
	d.Gadget.Until(`document.readyState === "complete"`)
	d.ConfigureNow()
}

// ConfigureNow clicks the host's Configure without waiting for the gadget.
func (d *Dashboard) ConfigureNow() {
	d.tb.Helper()
	d.host.configure(d.Tab, d.card)
}

// Configurable reports whether the host offers Configure to the viewer.
func (d *Dashboard) Configurable() bool {
	d.tb.Helper()
	return d.host.configurable(d.Tab, d.card)
}

// Refresh clicks the host's Refresh, which reloads the frame.
func (d *Dashboard) Refresh() {
	d.tb.Helper()
	d.host.refresh(d.Tab, d.card)
}

// Title waits until the host shows the text as the item's title.
func (d *Dashboard) Title(want string) {
	d.tb.Helper()
	d.Until(fmt.Sprintf("document.querySelector(%q).textContent === %q", d.card+" "+d.host.title(), want))
}

// Height returns the frame's height in CSS pixels.
func (d *Dashboard) Height() int {
	d.tb.Helper()
	return browsertest.Eval[int](d.Tab, fmt.Sprintf("document.querySelector(%q).clientHeight", d.card+" iframe"))
}

// Fits waits until the frame is as high as its content, to a pixel.
func (d *Dashboard) Fits() {
	d.tb.Helper()
	d.Gadget.Until(`Math.abs(innerHeight - document.querySelector(".ac-content, #content").getBoundingClientRect().height) <= 1`)
}

// Settle waits until the real bridge has forgotten the frame's last sizes. The
// bridge takes the fifth size within 400 ms for flicker, and then keeps the
// largest. A test that changes sizes faster than people do settles in between.
func (d *Dashboard) Settle() {
	d.tb.Helper()
	until := browsertest.FrameEval[float64](d.Gadget, "Date.now() + 450")
	d.Gadget.Until(fmt.Sprintf("Date.now() > %.0f", until))
}

// Theme switches the host to light or dark.
func (d *Dashboard) Theme(mode string) {
	d.tb.Helper()
	d.host.theme(d.Tab, mode)
	d.Gadget.Until(fmt.Sprintf("document.documentElement.dataset.colorMode === %q", mode))
}

// EndSessions makes the app's sessions invalid, as if they had expired: the site
// rotates the app's secret.
func (d *Dashboard) EndSessions(app string) {
	d.tb.Helper()
	if _, err := d.site.Rotate(d.tb.Context(), app); err != nil {
		d.tb.Fatalf("end sessions: %v", err)
	}
}

// Excuse makes Clean ignore problems that contain the text, because the test
// provokes them.
func (d *Dashboard) Excuse(text string) { d.excused = append(d.excused, text) }

func (d *Dashboard) excuses(problem string) bool {
	return d.host.excuses(problem) || slices.ContainsFunc(d.excused, func(text string) bool { return strings.Contains(problem, text) })
}

// Clean reports the errors in the console, and requests to other hosts than the
// site and the apps, which are given by their origins.
func (d *Dashboard) Clean(apps ...string) {
	d.tb.Helper()
	for _, problem := range d.Problems() {
		if !d.excuses(problem) {
			d.tb.Errorf("%s: the console complains: %s", d.host, problem)
		}
	}
	for _, address := range d.Foreign(apps...) {
		d.tb.Errorf("%s: a foreign host is asked: %s", d.host, address)
	}
}

// Foreign returns the requested addresses that belong neither to the site nor to
// the origins given.
func (d *Dashboard) Foreign(apps ...string) []string {
	var list []string
	for _, address := range d.Requests() {
		known := strings.HasPrefix(address, "data:") || strings.HasPrefix(address, d.site.URL()+"/")
		for _, app := range apps {
			known = known || strings.HasPrefix(address, app+"/")
		}
		if !known {
			list = append(list, address)
		}
	}
	return list
}
