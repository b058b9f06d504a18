package states

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/lang"
)

// inLanguage is the suffix of a German scene's name.
const inLanguage = " German"

// inGerman are the same scenes for people whose Jira is in German.
func inGerman(scenes []harness.Scene) []harness.Scene {
	list := slices.DeleteFunc(slices.Clone(scenes), func(sc harness.Scene) bool { return sc.Speechless })
	for i := range list {
		list[i].Name += inLanguage
		list[i].Language, list[i].Site.Locale, list[i].Says = "de", "de_DE", nil
	}
	return list
}

// play plays scenes one after the other in one browser.
func play(t *testing.T, h host, scenes []harness.Scene) {
	t.Helper()
	t.Parallel()
	packages := browsertest.NeedPackages(t)
	browser := browsertest.Start(t)
	for _, sc := range scenes {
		t.Run(sc.Name, func(t *testing.T) { scenePlay(t, h, sc, browser, packages) })
	}
}

func scenePlay(t *testing.T, h host, sc harness.Scene, browser *browsertest.Browser, packages browsertest.Packages) {
	s := h.stage(t, sc)
	var names []string
	if sc.Language != "" {
		names = jiraNames(t, s) // before the site fails
	}
	address := sc.Set(t, s)
	tab := browser.Open(t, "about:blank", 480, 900)
	tab.Prefer(browsertest.Prefers{ColorScheme: "light"})
	page := h.visit(t, s, tab, sc, address)
	stays(t, page)
	if sc.Act != nil {
		sc.Act(t, s, page)
	}
	page.Until(fmt.Sprintf("document.querySelector(%q)", sc.Shown))
	reads(t, sc, page)
	fits(t, h, tab, page)
	if sc.Language != "" {
		speaks(t, wordsOf(lang.New().Of(sc.Language), names), page)
	}
	modes := map[string]int64{"light": 480, "dark": 320}
	if sc.Language != "" {
		delete(modes, "light") // the same markup with longer words
	}
	for mode, width := range modes {
		h.colour(tab, page, mode)
		looksAlike(t, sc, outline(s, page)) // the same in both
		h.resize(tab, page, width)
		coloured(t, page, mode)
		if found := page.Axe(packages); len(found) > 0 {
			t.Errorf("%s at %d px:\n%s", mode, width, browsertest.Barriers(found))
		}
		picture(h, tab, page, fmt.Sprintf("%s %s %d", sc.Name, mode, width), width)
	}
	h.colour(tab, page, "light")
	picture(h, tab, page, sc.Name+" light 800", 800)
	clean(t, h, sc, s, tab)
}

// looksAlike compares an outline with the scene's golden file. A scene in another
// language has none: its structure must be that of the English one.
func looksAlike(t *testing.T, sc harness.Scene, outline string) {
	t.Helper()
	name, translated := strings.CutSuffix(sc.Name, inLanguage)
	file := "states/" + strings.ReplaceAll(name, " ", "-")
	if translated {
		browsertest.SameStructure(t, file, outline)
	} else {
		browsertest.Golden(t, file, outline)
	}
}

// stays checks that nothing moves after the first paint.
func stays(t *testing.T, page *browsertest.Frame) {
	t.Helper()
	page.Do(`window.moved = []; new PerformanceObserver((list) => { for (const e of list.getEntries()) moved.push(e.value + " " + e.sources.map((s) => s.node?.nodeName + "." + s.node?.className).join()); })
		.observe({ type: "layout-shift", buffered: true });
		requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = true; }))`)
	page.Until("window.painted")
	if moved := browsertest.FrameEval[[]string](page, "moved"); len(moved) > 0 {
		t.Errorf("the page moves after it was painted: %q", moved)
	}
}

// reads checks the page's texts and its language.
func reads(t *testing.T, sc harness.Scene, page *browsertest.Frame) {
	t.Helper()
	want := "en"
	if sc.Language != "" {
		want = sc.Language
	}
	if got := browsertest.FrameEval[string](page, "document.documentElement.lang"); got != want {
		t.Errorf("the page's language is %q, want %q", got, want)
	}
	text := browsertest.FrameEval[string](page, "document.body.textContent")
	for _, words := range sc.Says {
		if !strings.Contains(text, words) {
			t.Errorf("the page does not say %q:\n%s", words, text)
		}
	}
}

// fits checks at all widths of a gadget that nothing is wider than the page, except
// what scrolls by itself.
func fits(t *testing.T, h host, tab *browsertest.Tab, page *browsertest.Frame) {
	t.Helper()
	for _, width := range []int64{320, 480, 800, 1200} {
		h.resize(tab, page, width)
		wide := browsertest.FrameEval[[]string](page, `document.documentElement.scrollWidth <= innerWidth ? [] :
			[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest(".sheet-scroll, .taken-scroll, .sr, pre"))
				.map((e) => e.outerHTML.slice(0, 120))`)
		if browsertest.FrameEval[bool](page, "document.documentElement.scrollWidth > innerWidth") {
			t.Errorf("at %d px these are wider than the page: %q", width, wide)
		}
	}
}

// coloured checks that the page has the colours of a mode: dark text on a light
// background or the other way round.
func coloured(t *testing.T, page *browsertest.Frame, mode string) {
	t.Helper()
	got := browsertest.FrameEval[[]float64](page, `(() => {
		const bright = (colour) => { const [r, g, b] = colour.match(/[\d.]+/g).map(Number); return (0.3 * r + 0.59 * g + 0.11 * b) / 255; };
		const painted = [document.body, document.documentElement].map((e) => getComputedStyle(e).backgroundColor).find((c) => !/, 0\)$|transparent/.test(c));
		return [bright(getComputedStyle(document.querySelector("[data-fragment]")).color), painted ? bright(painted) : -1];
	})()`)
	words, ground := got[0], got[1]
	if ok := map[string]bool{"light": words < 0.4, "dark": words > 0.6}[mode]; !ok {
		t.Errorf("%s: the text has brightness %.2f", mode, words)
	}
	if ok := ground == -1 || map[string]bool{"light": ground > 0.8, "dark": ground < 0.3}[mode]; !ok {
		t.Errorf("%s: the background has brightness %.2f", mode, ground)
	}
}

// picture takes a screenshot of the page at a width, if screenshots are wanted.
func picture(h host, tab *browsertest.Tab, page *browsertest.Frame, name string, width int64) {
	if os.Getenv("SIGHTLINE_SCREENSHOTS") == "" {
		return
	}
	h.resize(tab, page, width)
	h.shot(tab, name)
}

// clean checks that the console has only what the state provokes, and that no
// foreign host was called.
func clean(t *testing.T, h host, sc harness.Scene, s *harness.Stage, tab *browsertest.Tab) {
	t.Helper()
	for _, problem := range tab.Problems() {
		if !h.excuses(sc, problem) {
			t.Errorf("the console complains: %s", problem)
		}
	}
	for _, address := range tab.Requests() {
		known := func(origin string) bool { return strings.HasPrefix(address, origin+"/") }
		if !slices.ContainsFunc(h.origins(s), known) && !strings.HasPrefix(address, "data:") && address != "about:blank" {
			t.Errorf("a foreign host was called: %s", address)
		}
	}
}

// outlined is the page's markup without what depends on the sample's numbers and
// days. Of a list it keeps the first item.
const outlined = `(() => {
	const copy = document.querySelector("[data-slot]").cloneNode(true);
	const all = (selector) => [...copy.querySelectorAll(selector)];
	for (const list of all("tbody, .issues, .entries, .people-found, [role=listbox], .attachments, #sl-list, .taken thead tr, .taken tbody tr, select[name=zone], select[name=region], .weeks, tfoot tr"))
		while (list.children.length > 1) list.lastElementChild.remove();
	for (const row of all("tr")) for (const day of [...row.querySelectorAll(".day, [scope=colgroup]")].slice(1)) day.remove();
	// Forge's editor can always be cancelled, a new gadget's form on Connect cannot.
	for (const e of all("[data-fragment=config] :is([name=cancel], [data-action=cancel])")) e.remove();
	// A field may be loading its suggestions just now.
	for (const e of all("[data-fragment]:not([data-fragment=loading])")) e.removeAttribute("aria-busy");
	for (const e of all(".entry-comment, .holiday-list > label ~ *")) e.remove();
	// Each language has its usual format.
	for (const e of all("[name=format] [selected]")) e.removeAttribute("selected");
	for (const e of all(".weeks li")) e.title = "WEEK";
	for (const e of all("td .trend")) e.title = "TREND";
	for (const e of all(".trend span")) e.textContent = "TREND";
	for (const e of all("svg, .avatar, .day, .facts dd, .issue-facts, [scope=colgroup], [role=option], .bar")) e.replaceChildren();
	for (const e of all("[data-count], .preview-none, .issue-summary, .issue-key, #sl-issue, .description, .entry-issue, .entry-comment, .file-name, .entry-meta, .moment, [data-seconds], .taken :is(th, td), .issue-group, #sl-text, .scope .window, .holiday-list span")) e.textContent = "0";
	for (const e of all("*")) {
		e.classList.remove("late", "extra", "zero", "off", "today", "weekend", "issue-late");
		if (e.matches(".day, .col-load span, svg")) e.className.baseVal ?? (e.className = "");
		for (const name of ["data-open", "data-post", "data-live", "data-issue", "data-worklog", "data-day", "colspan", "data-for", "data-file", "data-name", "data-copied"]) if (e.hasAttribute(name)) e.setAttribute(name, "…");
		if (e.matches("[name=base], [name=spent], [type=date], [type=time]")) e.setAttribute("value", "…");
		if (e.matches(".col-load span")) e.textContent = "LOAD";
		if (e.matches(".holiday-list input")) e.setAttribute("value", "…");
		if (e.matches(".weeks svg")) e.setAttribute("aria-label", "WEEK");
		if (e.matches(".outside")) e.textContent = ""; // differs by width
	}
	return copy.innerHTML;
})()`

var number = regexp.MustCompile(`\b\d[\d.,]*\b`)

// outline is the state's markup, the same on every run and every day.
func outline(s *harness.Stage, page *browsertest.Frame) string {
	text := strings.ReplaceAll(browsertest.FrameEval[string](page, outlined), s.Site.CloudID(), "SITE")
	for _, p := range s.Site.People() {
		text = strings.NewReplacer(p.DisplayName, "PERSON", p.AccountID, "ACCOUNT").Replace(text)
	}
	// The last of some weeks may be a single day.
	text = strings.NewReplacer("DATE – DATE", "DATE", "DATE to DATE", "DATE").Replace(browsertest.Normalise(text))
	return number.ReplaceAllString(text, "0")
}
