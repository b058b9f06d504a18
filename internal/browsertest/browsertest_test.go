package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTab drives one browser through what the tests of pages rely on.
func TestTab(t *testing.T) {
	t.Parallel()
	browser := Start(t)
	for name, test := range map[string]func(*testing.T, *Browser){
		"problems": testProblems,
		"stand-in": testStandIn,
		"keys":     testKeys,
		"emulate":  testEmulate,
		"speak":    testSpeak,
		"axe":      testAxe,
		"texts":    testTexts,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, browser)
		})
	}
}

// serve serves a page, and in its frame, on another origin, another one. Both
// forbid inline scripts.
func serve(t *testing.T, page, inner string) string {
	t.Helper()
	html := func(body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-src *; img-src 'self' data:; style-src https://cdn.example")
			fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,"><body><main><h1>Page</h1>%s</main>`, body)
		})
	}
	app := httptest.NewServer(html(inner))
	t.Cleanup(app.Close)
	site := httptest.NewServer(html(strings.ReplaceAll(page, "APP", app.URL)))
	t.Cleanup(site.Close)
	return site.URL
}

func testProblems(t *testing.T, browser *Browser) {
	tab := browser.Open(t, serve(t, `<img src="/missing.png" alt=""><img src="http://foreign.invalid/x.png" alt="">`, ""), 800, 600)
	tab.Do(`console.error("it", { a: 1 }, 7)`)
	tab.Until("document.images[0].complete")
	all := strings.Join(tab.Problems(), "\n")
	for _, want := range []string{`console.error: "it" Object 7`, "404", "Content Security Policy"} {
		if !strings.Contains(all, want) {
			t.Errorf("the problems do not have %q:\n%s", want, all)
		}
	}
	if got := tab.Violations(); len(got) != 1 || !strings.Contains(got[0], "foreign.invalid") {
		t.Errorf("violations: %q", got)
	}
}

func testStandIn(t *testing.T, browser *Browser) {
	browser.StandIn("https://cdn.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprintf(w, "h1 { width: %dpx }", len(r.URL.Path))
	}))
	tab := browser.Open(t, serve(t, `<link rel="stylesheet" href="https://cdn.example/12345678">`, ""), 800, 600)
	tab.Until(`getComputedStyle(document.querySelector("h1")).width === "9px"`)
	if diff := cmp.Diff([]string{"https://cdn.example/12345678"}, tab.Served()); diff != "" {
		t.Errorf("served (-want +got):\n%s", diff)
	}
	for _, address := range tab.Requests() {
		if strings.Contains(address, "cdn.example") {
			t.Errorf("%s left the machine", address)
		}
	}
}

func testKeys(t *testing.T, browser *Browser) {
	tab := browser.Open(t, serve(t, `<button aria-label="Before">x</button><iframe title="App" src="APP"></iframe>`,
		`<label>Name <input></label><label><input type="checkbox"> Agree</label>`), 800, 600)
	frame := tab.FrameAt("iframe")
	frame.Until(`document.querySelector("input")`)
	want := func(want Focus) {
		t.Helper()
		if got := tab.Focused(); got != want {
			t.Errorf("the focus is on %v, want %v", got, want)
		}
	}
	want(Focus{"RootWebArea", "Page"})
	tab.Press(KeyTab)
	want(Focus{"button", "Before"})
	tab.Press(KeyTab)
	want(Focus{"textbox", "Name"})
	tab.Press("Ann", KeyTab, KeySpace)
	want(Focus{"checkbox", "Agree"})
	if got := FrameEval[string](frame, `[...document.querySelectorAll("input")].map((i) => i.type === "checkbox" ? i.checked : i.value).join()`); got != "Ann,true" {
		t.Errorf("the form has %s", got)
	}
	tab.Press(KeyShiftTab)
	want(Focus{"textbox", "Name"})
}

func testEmulate(t *testing.T, browser *Browser) {
	tab := browser.Open(t, serve(t, "", ""), 800, 600)
	look := `[innerWidth, innerHeight, devicePixelRatio, ...["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)", "(forced-colors: active)"].map((q) => matchMedia(q).matches)].join()`
	want := func(want string) {
		t.Helper()
		if got := Eval[string](tab, look); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	want("800,600,1,false,false,false")
	tab.Resize(320, 480)
	tab.Prefer(Prefers{ColorScheme: "dark", ReducedMotion: true})
	want("320,480,1,true,true,false")
	tab.Zoom(1280, 1024, 2)
	tab.Prefer(Prefers{ForcedColors: true})
	want("640,512,2,false,false,true")
}

func testSpeak(t *testing.T, browser *Browser) {
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<link rel="icon" href="data:,"><p>%s</p>`, r.Header.Get("Accept-Language"))
		if r.URL.Path == "/" {
			fmt.Fprint(w, `<iframe src="/inner"></iframe>`)
		}
	}))
	t.Cleanup(echo.Close)
	tab := browser.Open(t, echo.URL, 800, 600)
	tab.Speak("de-AT")
	tab.Reload()
	look := `document.querySelector("p").textContent`
	if got, inner := Eval[string](tab, look), FrameEval[string](tab.Frame("/inner"), look); got != "de-AT" || inner != "de-AT" {
		t.Errorf("the page is asked for in %q, its frame in %q", got, inner)
	}
}

func testAxe(t *testing.T, browser *Browser) {
	packages := NeedPackages(t)
	tab := browser.Open(t, serve(t, `<iframe title="App" src="APP"></iframe>`, `<button></button>`), 800, 600)
	frame := tab.FrameAt("iframe")
	frame.Until(`document.querySelector("button")`)
	if got := tab.Axe(packages); len(got) != 0 {
		t.Errorf("the page: %s", Barriers(got))
	}
	got := frame.Axe(packages)
	if len(got) != 1 || got[0].Rule != "button-name" || got[0].Selector != "button" || got[0].Impact != "critical" || got[0].Text != "<button></button>" {
		t.Errorf("the frame: %s", Barriers(got))
	}
	if problems := tab.Problems(); len(problems) > 0 {
		t.Errorf("axe makes the page complain: %q", problems)
	}
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	html := `<p id="a-7" class="x">
		Updated  24 Nov 2026, 10:15 by <a data-person="712020:0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f" href="http://127.0.0.1:4567/browse?x=1">712020:0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f</a></p>` +
		`<i data-session="eyJa.eyJb.c">eyJhbGci.eyJzdWIi.c2ln, 5b10ac8d82e05b22cc7d4ef5, 2026-11-24T10:00:00Z, May 3, 7&nbsp;Dec, 35 open, http://h:1/p</i>`
	want := `<p id="…" class="x"> Updated DATE, TIME by
<a data-person="…" href="…">ACCOUNT
</a>
</p>
<i data-session="…">TOKEN, HASH, DATE, DATE, DATE, 35 open, ADDRESS
</i>
`
	if diff := cmp.Diff(want, Normalise(html)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again := Normalise(Normalise(html)); again != want {
		t.Errorf("a second time it is not the same:\n%s", again)
	}
}

func TestStructure(t *testing.T) {
	t.Parallel()
	english := `<p class="x" title="All > of it">Hello <b>there</b></p><button data-said="Done." aria-label="OK"></button>`
	german := `<p class="x" title="Alles">Hallo <b>dort</b></p><button data-said="Fertig." aria-label="Gut"></button>`
	want := "<p class=\"x\">\n<b>\n</b>\n</p>\n<button>\n</button>\n"
	for _, html := range []string{english, german} {
		if diff := cmp.Diff(want, Structure(html)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	SameStructure(t, "example", `<p id="3">Hallo</p>`)
	spy := &spy{TB: t}
	SameStructure(spy, "example", `<p id="3" class="x">Hallo</p>`)
	if !*update && !spy.failed {
		t.Error("another structure passes for the same")
	}
}

func testTexts(t *testing.T, browser *Browser) {
	page := `<p title="A  title">Some <b>bold</b> text<code>code</code></p><script>script</script><i class="x" aria-label="Left out"><u>out</u></i><a data-failedopen="Failed."></a>`
	tab := browser.Open(t, serve(t, page, ""), 800, 600)
	want := []string{"Page", "Page", "A title", "Some", "bold", "text", "Failed."}
	if diff := cmp.Diff(want, tab.Texts("code, .x")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	Golden(t, "example", `<p id="1">Hello</p>`)
	spy := &spy{TB: t}
	Golden(spy, "example", `<p id="2">Goodbye</p>`)
	if !*update && !spy.failed {
		t.Error("another page passes for the same")
	}
}

// spy is a test that is meant to fail.
type spy struct {
	testing.TB
	failed bool
}

func (s *spy) Errorf(string, ...any) { s.failed = true }
