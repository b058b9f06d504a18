package pages

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// testApps checks the page "Apps" in light and dark, narrow and wide: it is
// accessible, it fits, and it tells the pages of a hybrid app apart.
func testApps(t *testing.T, chromium *browsertest.Browser) {
	packages := browsertest.NeedPackages(t)
	p := open(t, chromium, "/plugins/servlet/upm?as=ann", "")
	p.Until(`document.querySelectorAll('.app').length === 4`)
	links := browsertest.Eval[[]string](p.Tab, `[...document.querySelectorAll('.app-pages a')].map((a) => a.innerText)`)
	if diff := cmp.Diff([]string{"Configure", "Configure (Forge)", "Configure (Connect)", "Configure"}, links); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	for _, mode := range []string{"light", "dark"} {
		p.Prefer(browsertest.Prefers{ColorScheme: mode})
		p.Until(`document.documentElement.dataset.colorMode === "` + mode + `"`)
		for _, width := range []int64{320, 1280} {
			p.Resize(width, 900)
			if wide := browsertest.Eval[int64](p.Tab, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s: the page is %d px wide in a window of %d", mode, wide, width)
			}
			if found := p.Axe(packages); len(found) > 0 {
				t.Errorf("%s at %d px:\n%s", mode, width, browsertest.Barriers(found))
			}
			p.Shot(fmt.Sprintf("apps %s %d", mode, width))
		}
	}
}

// testAppsByKeyboard walks through the first app's actions: the focus follows
// the order of the page, and stays where the person was.
func testAppsByKeyboard(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, "/plugins/servlet/upm?as=ann", "")
	p.Until(`document.querySelectorAll('.app').length === 4`)
	p.Do(`document.getElementById('main').focus()`)
	focused := func(role, name string) {
		t.Helper()
		if got, want := p.Focused(), (browsertest.Focus{Role: role, Name: name}); got != want {
			t.Errorf("focus: got %s, want %s", got, want)
		}
	}
	for _, want := range []browsertest.Focus{
		{Role: "link", Name: "Configure"},
		{Role: "button", Name: "Upgrade to hybrid"},
		{Role: "button", Name: "Upgrade to Forge"},
		{Role: "button", Name: "Uninstall"},
	} {
		p.Press(browsertest.KeyTab)
		focused(want.Role, want.Name)
	}
	p.Press(browsertest.KeyEnter)
	focused("button", "Yes, uninstall")
	p.Press(browsertest.KeyTab, browsertest.KeyEnter)
	focused("button", "Uninstall")

	p.Press(browsertest.KeyTab, browsertest.KeyTab, browsertest.KeyTab, browsertest.KeyTab)
	focused("button", "Send the hourly tick")
	p.Press(browsertest.KeyEnter)
	p.Until(`document.querySelector('.flag-success') !== null && !document.querySelector('main').hasAttribute('aria-busy')`)
	focused("button", "Send the hourly tick")
}

// testFaults adds a failure, sees it listed and ends it, by keyboard.
func testFaults(t *testing.T, chromium *browsertest.Browser) {
	packages := browsertest.NeedPackages(t)
	p := open(t, chromium, "/plugins/servlet/upm?as=ann", "")
	p.Until(`document.querySelector('#fault-path') !== null && document.querySelector('table.list') === null`)
	p.Do(`document.getElementById('fault-kind').value = 'too many calls: 429, again after 5 s'; document.getElementById('fault-path').select(); document.getElementById('fault-path').focus()`)
	p.Press("/rest/api/3/issue/*", browsertest.KeyEnter)
	p.Until(`document.querySelector('[data-fault="/rest/api/3/issue/*"]')?.innerText.includes('429, Retry-After 5')`)
	if left := browsertest.Eval[string](p.Tab, `document.querySelector('[data-fault] td:last-child').innerText`); left != "1" {
		t.Errorf("calls left: %s", left)
	}
	for _, width := range []int64{320, 1280} {
		p.Resize(width, 900)
		if wide := browsertest.Eval[int64](p.Tab, `document.documentElement.scrollWidth`); wide > width {
			t.Errorf("the page is %d px wide in a window of %d", wide, width)
		}
		if found := p.Axe(packages); len(found) > 0 {
			t.Errorf("at %d px:\n%s", width, browsertest.Barriers(found))
		}
		p.Do(`document.querySelector('.faults').scrollIntoView()`)
		p.Shot(fmt.Sprintf("faults %d", width))
	}
	p.Do(`document.querySelector('[data-action="clear-faults"]').focus()`)
	p.Press(browsertest.KeyEnter)
	p.Until(`document.querySelector('[data-fault]') === null && !document.querySelector('main').hasAttribute('aria-busy')`)
}
