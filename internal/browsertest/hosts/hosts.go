// Package hosts runs one test of a gadget on two hosts: the local site's
// dashboard page and Atlassian's Connect bridge. Only this package knows how
// their pages differ.
package hosts

import (
	"fmt"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/bridge"
)

// Selectors that match on every gadget's page.
const (
	Workload = "[data-fragment=workload]"
	Config   = "[data-fragment=config]"
	People   = "[data-person]"
)

// Count returns the selector of a number on a gadget's page, such as "open".
func Count(name string) string { return fmt.Sprintf("[data-count=%s]", name) }

// Host is a kind of dashboard page.
type Host interface {
	// String is the host's name in tests.
	String() string
	// mount adds the page to the site.
	mount(tb testing.TB, site *connecttest.Site, browser *browsertest.Browser)
	path(dashboard string) string
	configure(tab *browsertest.Tab, card string)
	refresh(tab *browsertest.Tab, card string)
	// configurable reports whether the host offers Configure to the viewer.
	configurable(tab *browsertest.Tab, card string) bool
	// title is the selector of a card's title.
	title() string
	theme(tab *browsertest.Tab, mode string)
	// excuses reports whether the host, not the app, causes a problem in the
	// console.
	excuses(problem string) bool
}

// All returns all hosts.
func All() []Host { return []Host{localHost{}, bridgeHost{}} }

// Each runs a test on every host in parallel, as subtests with the hosts' names.
func Each(t *testing.T, test func(t *testing.T, host Host)) {
	t.Helper()
	for _, host := range All() {
		t.Run(host.String(), func(t *testing.T) {
			t.Parallel()
			test(t, host)
		})
	}
}

// localHost is the dashboard page of the local site, with its own all.js.
type localHost struct{}

func (localHost) String() string { return "local site" }

func (localHost) mount(testing.TB, *connecttest.Site, *browsertest.Browser) {}

func (localHost) path(dashboard string) string { return "/jira/dashboards/" + dashboard }

func (localHost) title() string { return "h2" }

func (localHost) configure(tab *browsertest.Tab, card string) { choose(tab, card, "Configure") }

func (localHost) refresh(tab *browsertest.Tab, card string) { choose(tab, card, "Refresh") }

// configurable opens the menu of a card, reads it and closes it.
func (localHost) configurable(tab *browsertest.Tab, card string) bool {
	tab.Click(card + ` [aria-label^="More actions"]`)
	tab.Until(fmt.Sprintf("document.querySelector(%q)", card+" .popup [role=menuitem]"))
	offered := browsertest.Eval[bool](tab, fmt.Sprintf(`document.querySelector(%q).innerText.includes("Configure")`, card+" .popup"))
	tab.Press(browsertest.KeyEscape)
	return offered
}

// choose opens the menu of a card and clicks one of its items.
func choose(tab *browsertest.Tab, card, text string) {
	tab.Click(card + ` [aria-label^="More actions"]`)
	tab.ClickText(text)
}

func (localHost) theme(tab *browsertest.Tab, mode string) {
	tab.Click("[aria-label=Theme]")
	tab.ClickText(map[string]string{"light": "Light", "dark": "Dark"}[mode])
}

func (localHost) excuses(string) bool { return false }

// bridgeHost is a page around Atlassian's connect-host.js, with its iframe.js.
type bridgeHost struct{}

func (bridgeHost) String() string { return "real bridge" }

func (bridgeHost) mount(tb testing.TB, site *connecttest.Site, browser *browsertest.Browser) {
	bridge.Mount(tb, site, browser)
}

func (bridgeHost) path(dashboard string) string { return bridge.Path(dashboard) }

func (bridgeHost) title() string { return "h1" }

func (bridgeHost) configure(tab *browsertest.Tab, card string) {
	tab.Click(card + " [data-do=configure]")
}

func (bridgeHost) configurable(tab *browsertest.Tab, card string) bool {
	button := card + " [data-do=configure]"
	tab.Until(fmt.Sprintf("document.querySelector(%q)", button))
	return browsertest.Eval[bool](tab, fmt.Sprintf("!document.querySelector(%q).disabled", button))
}

func (bridgeHost) refresh(tab *browsertest.Tab, card string) { tab.Click(card + " [data-do=refresh]") }

func (bridgeHost) theme(tab *browsertest.Tab, mode string) {
	tab.Do(fmt.Sprintf("document.documentElement.dataset.colorMode = %q;", mode))
}

func (bridgeHost) excuses(problem string) bool { return bridge.OwnProblem(problem) }
