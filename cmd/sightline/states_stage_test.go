package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// stage is the program on a site of its own, on which one state is played.
type stage struct {
	*running
	installed connecttest.App
	dashboard connecttest.Dashboard
	// viewer is who looks, "" for nobody.
	viewer string
}

// scene is one state of a page as a person may meet it.
type scene struct {
	name string
	// viewer is the user name of who looks: "" is the owner of the dashboard, "-"
	// is nobody.
	viewer string
	// language is that of the texts; "" is English.
	language string
	site     connecttest.Options
	// waits says that the state is that of a person whose wait is over.
	waits bool
	// set prepares the site and answers the address to open.
	set func(t *testing.T, s *stage) string
	// act leads from the page that was opened to the state; nil when it is there.
	act func(t *testing.T, s *stage, tab *browsertest.Tab)
	// shown finds what the state is known by; says are words that it shows.
	shown string
	says  []string
	// complains are the problems in the console that the state provokes.
	complains []string
	// speechless says that nobody can know the language of who looks.
	speechless bool
}

// german is who reads German.
const german = "jahlgrim"

// inGerman are the same scenes as a person sees them whose Jira is German.
func inGerman(scenes []scene) []scene {
	list := slices.DeleteFunc(slices.Clone(scenes), func(sc scene) bool { return sc.speechless })
	for i := range list {
		list[i].name += " German"
		list[i].viewer, list[i].language, list[i].says = german, "de", nil
	}
	return list
}

// play shows scenes one after the other in one browser.
func play(t *testing.T, scenes []scene) {
	t.Helper()
	t.Parallel()
	packages := browsertest.NeedPackages(t)
	browser := browsertest.Start(t)
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) { sc.play(t, browser, packages) })
	}
}

func (sc scene) play(t *testing.T, browser *browsertest.Browser, packages browsertest.Packages) {
	s := sc.stage(t)
	address := sc.set(t, s)
	tab := browser.Open(t, "about:blank", 480, 900)
	tab.Prefer(browsertest.Prefers{ColorScheme: "light"})
	tab.Visit(address)
	tab.Until(loaded + `document.querySelector("[data-fragment]")`)
	sc.stays(t, tab)
	if sc.act != nil {
		sc.act(t, s, tab)
	}
	tab.Until(fmt.Sprintf("document.querySelector(%q)", sc.shown))
	sc.reads(t, tab)
	fits(t, tab)
	modes := map[string]int64{"light": 480, "dark": 320}
	if sc.language != "" {
		delete(modes, "light") // the same markup with longer words
	}
	for mode, width := range modes {
		tab.Prefer(browsertest.Prefers{ColorScheme: mode})
		browsertest.Golden(t, "states/"+strings.ReplaceAll(sc.name, " ", "-"), s.outline(tab)) // the same in both
		tab.Resize(width, 900)
		coloured(t, tab, mode)
		if found := tab.Axe(packages); len(found) > 0 {
			t.Errorf("%s at %d px:\n%s", mode, width, browsertest.Barriers(found))
		}
		picture(tab, fmt.Sprintf("%s %s %d", sc.name, mode, width), width)
	}
	tab.Prefer(browsertest.Prefers{ColorScheme: "light"})
	picture(tab, sc.name+" light 800", 800)
	sc.clean(t, s, tab)
}

// stage starts the program for the scene.
func (sc scene) stage(t *testing.T) *stage {
	t.Helper()
	var changes []func(*app.ServeFlags)
	if sc.waits {
		changes = append(changes, asPeople)
	}
	r := startProgram(t, connecttest.NewSite(t, sc.site), changes...)
	s := &stage{running: r, installed: r.install(t), dashboard: r.site.Objects().Dashboards[0]}
	switch sc.viewer {
	case "":
		s.viewer = s.dashboard.Owner
	case "-":
	default:
		s.viewer = s.account(t, sc.viewer)
	}
	return s
}

func (r *running) account(t testing.TB, username string) string {
	t.Helper()
	people := r.site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Username == username })
	if i < 0 {
		t.Fatalf("nobody is called %s", username)
	}
	return people[i].AccountID
}

// item is the dashboard's item of a module.
func (s *stage) item(t testing.TB, module string) string {
	t.Helper()
	i := slices.IndexFunc(s.dashboard.Items, func(item connecttest.DashboardItem) bool { return item.Module == module })
	if i < 0 {
		t.Fatalf("the dashboard has no item of %s", module)
	}
	return s.dashboard.Items[i].ID
}

// address is that of a gadget's page, for who looks.
func (s *stage) address(t testing.TB, module string) string {
	t.Helper()
	address, err := s.site.ModuleURL(appKey, module, s.viewer, s.dashboard.ID, s.item(t, module))
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// showing sets a gadget up and answers its address.
func (s *stage) showing(t testing.TB, module string, projects ...string) string {
	t.Helper()
	config := workload.NewGadgetConfig()
	config.Projects = projects
	s.setUp(t, module, config)
	return s.address(t, module)
}

func (s *stage) setUp(t testing.TB, module string, config workload.GadgetConfig) {
	t.Helper()
	path := "/rest/api/3/dashboard/" + s.dashboard.ID + "/items/" + s.item(t, module) + "/properties/" + workload.ConfigProperty
	s.rest(t, s.dashboard.Owner, http.MethodPut, path, config, nil)
}

// seen opens a page as a browser without scripts does, so that what it shows
// is known from now on.
func (s *stage) seen(t testing.TB, address string) string {
	t.Helper()
	eventually(t, "a page with its view", func() bool {
		status, body := fetch(t, newRequest(t, http.MethodGet, address, nil))
		return status == http.StatusOK && !strings.Contains(body, `data-fragment="loading"`)
	})
	return address
}

// signedPage is the address of a page as the host signs it for who looks.
func (s *stage) signedPage(t *testing.T, address string) string {
	t.Helper()
	f := forger{s.running, s.installed}
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return s.url + address + separator + url.Values{"jwt": {f.sign(t, f.claims(http.MethodGet, address))}}.Encode()
}

// stays checks that nothing moves after the page was painted first.
func (sc scene) stays(t *testing.T, tab *browsertest.Tab) {
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
func (sc scene) reads(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	want := "en"
	if sc.language != "" {
		want = sc.language
	}
	if got := browsertest.Eval[string](tab, "document.documentElement.lang"); got != want {
		t.Errorf("the page's language is %q, want %q", got, want)
	}
	text := browsertest.Eval[string](tab, "document.body.textContent")
	for _, words := range sc.says {
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
func (sc scene) clean(t *testing.T, s *stage, tab *browsertest.Tab) {
	t.Helper()
	for _, problem := range tab.Problems() {
		excused := strings.Contains(problem, "favicon") // the page is no frame here
		for _, text := range sc.complains {
			excused = excused || strings.Contains(problem, text)
		}
		if !excused {
			t.Errorf("the console complains: %s", problem)
		}
	}
	for _, address := range tab.Requests() {
		if !strings.HasPrefix(address, s.url+"/") && !strings.HasPrefix(address, s.site.URL()+"/") && !strings.HasPrefix(address, "data:") && address != "about:blank" {
			t.Errorf("a foreign host is asked: %s", address)
		}
	}
}

// outlined is the page's markup without what the sample's numbers and days
// decide: of what repeats the first stands for all.
const outlined = `(() => {
	const copy = document.querySelector("[data-slot]").cloneNode(true);
	const all = (selector) => [...copy.querySelectorAll(selector)];
	for (const list of all("tbody, .issues, .entries, .faces, [role=listbox], .attachments, select[name=zone], tfoot tr"))
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
func (s *stage) outline(tab *browsertest.Tab) string {
	text := strings.ReplaceAll(browsertest.Eval[string](tab, outlined), s.site.CloudID(), "SITE")
	for _, p := range s.site.People() {
		text = strings.NewReplacer(p.DisplayName, "PERSON", p.AccountID, "ACCOUNT").Replace(text)
	}
	return number.ReplaceAllString(browsertest.Normalise(text), "0")
}
