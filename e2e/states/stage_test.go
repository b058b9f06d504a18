package states

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/lang"
)

// german is who reads German.
const german = "jahlgrim"

// inLanguage ends the name of a scene in German.
const inLanguage = " German"

// ofAdmin is the scene whose markup is another for the viewer who reads German:
// that one administers no project, so no roles are offered.
const ofAdmin = "dialog set up"

// inGerman are the same scenes as a person sees them whose Jira is German.
func inGerman(scenes []harness.Scene) []harness.Scene {
	list := slices.DeleteFunc(slices.Clone(scenes), func(sc harness.Scene) bool { return sc.Speechless })
	for i := range list {
		list[i].Name += inLanguage
		list[i].Viewer, list[i].Language, list[i].Says = german, "de", nil
	}
	return list
}

// play shows scenes one after the other in one browser.
func play(t *testing.T, scenes []harness.Scene) {
	t.Helper()
	t.Parallel()
	packages := browsertest.NeedPackages(t)
	browser := browsertest.Start(t)
	for _, sc := range scenes {
		t.Run(sc.Name, func(t *testing.T) { scenePlay(t, sc, browser, packages) })
	}
}

func scenePlay(t *testing.T, sc harness.Scene, browser *browsertest.Browser, packages browsertest.Packages) {
	s := sc.Stage(t)
	var names []string
	if sc.Language != "" {
		names = jiraNames(t, s) // before the site fails
	}
	address := sc.Set(t, s)
	tab := browser.Open(t, "about:blank", 480, 900)
	tab.Prefer(browsertest.Prefers{ColorScheme: "light"})
	tab.Visit(address)
	tab.Until(harness.Loaded + `document.querySelector("[data-fragment]")`)
	stays(t, tab)
	if sc.Act != nil {
		sc.Act(t, s, tab)
	}
	tab.Until(fmt.Sprintf("document.querySelector(%q)", sc.Shown))
	reads(t, sc, tab)
	fits(t, tab)
	if sc.Language != "" {
		speaks(t, wordsOf(lang.New().Of(sc.Language), names), tab)
	}
	modes := map[string]int64{"light": 480, "dark": 320}
	if sc.Language != "" {
		delete(modes, "light") // the same markup with longer words
	}
	for mode, width := range modes {
		tab.Prefer(browsertest.Prefers{ColorScheme: mode})
		looksAlike(t, sc, outline(s, tab)) // the same in both
		tab.Resize(width, 900)
		coloured(t, tab, mode)
		if found := tab.Axe(packages); len(found) > 0 {
			t.Errorf("%s at %d px:\n%s", mode, width, browsertest.Barriers(found))
		}
		picture(tab, fmt.Sprintf("%s %s %d", sc.Name, mode, width), width)
	}
	tab.Prefer(browsertest.Prefers{ColorScheme: "light"})
	picture(tab, sc.Name+" light 800", 800)
	clean(t, sc, s, tab)
}

// looksAlike compares an outline with the golden file of the scene. A scene in
// another language has none of its own: its structure is that of the English one.
func looksAlike(t *testing.T, sc harness.Scene, outline string) {
	t.Helper()
	name, translated := strings.CutSuffix(sc.Name, inLanguage)
	file := "states/" + strings.ReplaceAll(name, " ", "-")
	switch {
	case !translated:
		browsertest.Golden(t, file, outline)
	case name != ofAdmin:
		browsertest.SameStructure(t, file, outline)
	}
}

// signedPage is the address of a page as the host signs it for who looks.
func signedPage(t *testing.T, s *harness.Stage, address string) string {
	t.Helper()
	f := harness.Forger{Running: s.Running, App: s.Installed}
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return s.URL + address + separator + url.Values{"jwt": {f.Sign(t, f.Claims(http.MethodGet, address))}}.Encode()
}

// stays checks that nothing moves after the page was painted first.
func stays(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	tab.Do(`window.moved = []; new PerformanceObserver((list) => { for (const e of list.getEntries()) moved.push(e.value + " " + e.sources.map((s) => s.node?.nodeName + "." + s.node?.className).join()); })
		.observe({ type: "layout-shift", buffered: true });
		requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = true; }))`)
	tab.Until("window.painted")
	if moved := browsertest.Eval[[]string](tab, "moved"); len(moved) > 0 {
		t.Errorf("the page moves after it was painted: %q", moved)
	}
}

// reads checks the words of the state, and their language.
func reads(t *testing.T, sc harness.Scene, tab *browsertest.Tab) {
	t.Helper()
	want := "en"
	if sc.Language != "" {
		want = sc.Language
	}
	if got := browsertest.Eval[string](tab, "document.documentElement.lang"); got != want {
		t.Errorf("the page's language is %q, want %q", got, want)
	}
	text := browsertest.Eval[string](tab, "document.body.textContent")
	for _, words := range sc.Says {
		if !strings.Contains(text, words) {
			t.Errorf("the page does not say %q:\n%s", words, text)
		}
	}
}

// fits checks at all widths of a gadget that nothing is wider than the page;
// what scrolls by itself may be.
func fits(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	for _, width := range []int64{320, 480, 800, 1200} {
		tab.Resize(width, 900)
		wide := browsertest.Eval[[]string](tab, `document.documentElement.scrollWidth <= innerWidth ? [] :
			[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest(".sheet-scroll, .sr, pre"))
				.map((e) => e.outerHTML.slice(0, 120))`)
		if browsertest.Eval[bool](tab, "document.documentElement.scrollWidth > innerWidth") {
			t.Errorf("at %d px the page is wider: %q", width, wide)
		}
	}
}

// coloured checks that the page has the colours of a mode: light words on dark
// ground or the other way round, and both of the page itself.
func coloured(t *testing.T, tab *browsertest.Tab, mode string) {
	t.Helper()
	got := browsertest.Eval[[]float64](tab, `(() => {
		const bright = (colour) => { const [r, g, b] = colour.match(/[\d.]+/g).map(Number); return (0.3 * r + 0.59 * g + 0.11 * b) / 255; };
		const painted = [document.body, document.documentElement].map((e) => getComputedStyle(e).backgroundColor).find((c) => !/, 0\)$|transparent/.test(c));
		return [bright(getComputedStyle(document.querySelector("[data-fragment]")).color), painted ? bright(painted) : -1];
	})()`)
	words, ground := got[0], got[1]
	if ok := map[string]bool{"light": words < 0.4, "dark": words > 0.6}[mode]; !ok {
		t.Errorf("%s: the words have brightness %.2f", mode, words)
	}
	if ok := ground == -1 || map[string]bool{"light": ground > 0.8, "dark": ground < 0.3}[mode]; !ok {
		t.Errorf("%s: the ground has brightness %.2f", mode, ground)
	}
}

// picture keeps what the tab shows at a width, as high as it is.
func picture(tab *browsertest.Tab, name string, width int64) {
	if os.Getenv("SIGHTLINE_SCREENSHOTS") == "" {
		return
	}
	tab.Resize(width, 300)
	tab.Resize(width, min(1600, browsertest.Eval[int64](tab, "document.documentElement.scrollHeight")))
	tab.Shot("state " + name)
}

// clean checks that the console complains of nothing but what the state
// provokes, and that no foreign host is asked.
func clean(t *testing.T, sc harness.Scene, s *harness.Stage, tab *browsertest.Tab) {
	t.Helper()
	for _, problem := range tab.Problems() {
		excused := strings.Contains(problem, "favicon") // the page is no frame here
		for _, text := range sc.Complains {
			excused = excused || strings.Contains(problem, text)
		}
		if !excused {
			t.Errorf("the console complains: %s", problem)
		}
	}
	for _, address := range tab.Requests() {
		if !strings.HasPrefix(address, s.URL+"/") && !strings.HasPrefix(address, s.Site.URL()+"/") && !strings.HasPrefix(address, "data:") && address != "about:blank" {
			t.Errorf("a foreign host is asked: %s", address)
		}
	}
}

// outlined is the page's markup without what the sample's numbers and days
// decide: of what repeats the first stands for all.
const outlined = `(() => {
	const copy = document.querySelector("[data-slot]").cloneNode(true);
	const all = (selector) => [...copy.querySelectorAll(selector)];
	for (const list of all("tbody, .issues, .entries, .people-found, [role=listbox], .attachments, select[name=zone], tfoot tr"))
		while (list.children.length > 1) list.lastElementChild.remove();
	for (const row of all("tr")) for (const day of [...row.querySelectorAll(".day, [scope=colgroup]")].slice(1)) day.remove();
	// A field may just be asking for what goes with it.
	for (const e of all("[data-fragment]:not([data-fragment=loading])")) e.removeAttribute("aria-busy");
	for (const e of all(".entry-comment")) e.remove();
	for (const e of all("svg, .avatar, .day, .facts dd, .issue-facts, [scope=colgroup], [role=option], .bar")) e.replaceChildren();
	for (const e of all("[data-count], .preview-none, .issue-summary, .issue-key, #sl-issue, .description, .entry-issue, .entry-comment, .file-name, .entry-meta, .scope .window")) e.textContent = "0";
	for (const e of all("*")) {
		e.classList.remove("late", "extra", "zero", "off", "today", "weekend", "issue-late");
		if (e.matches(".day, .col-load span, svg")) e.className.baseVal ?? (e.className = "");
		for (const name of ["data-open", "data-post", "data-live", "data-issue", "data-worklog", "data-day", "colspan", "data-for"]) if (e.hasAttribute(name)) e.setAttribute(name, "…");
		if (e.matches("[name=base], [type=date], [type=time]")) e.setAttribute("value", "…");
		if (e.matches(".col-load span")) e.textContent = "LOAD";
	}
	return copy.innerHTML;
})()`

var number = regexp.MustCompile(`\b\d[\d.,]*\b`)

// outline is the state's markup, the same on every run and every day.
func outline(s *harness.Stage, tab *browsertest.Tab) string {
	text := strings.ReplaceAll(browsertest.Eval[string](tab, outlined), s.Site.CloudID(), "SITE")
	for _, p := range s.Site.People() {
		text = strings.NewReplacer(p.DisplayName, "PERSON", p.AccountID, "ACCOUNT").Replace(text)
	}
	return number.ReplaceAllString(browsertest.Normalise(text), "0")
}
