package pages

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser starts Chromium. Without one the test is skipped, or fails where
// SIGHTLINE_TEST_ALL=1 says that nothing may be skipped.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	switch {
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		t.Fatalf("chromium is needed: %v", err)
	case err != nil:
		t.Skip("chromium is not installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(closeBrowser)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// tab is one page of the site, open in the browser.
type tab struct {
	*testing.T
	*fakeSite
	ctx  context.Context
	seen []report
}

func open(t *testing.T, browser context.Context, path, script string) *tab {
	t.Helper()
	f := newFakeSite(t, script)
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	p := &tab{T: t, fakeSite: f, ctx: ctx}
	p.run(chromedp.Navigate(f.site.URL + path))
	return p
}

func (p *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.Fatal(err)
	}
}

// until waits for a JavaScript expression to be true, over navigations, too.
func (p *tab) until(expression string) {
	p.Helper()
	quiet := fmt.Sprintf("(() => { try { return Boolean(%s) } catch { return false } })()", expression)
	poll := chromedp.Poll[chromedp.Void](quiet, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(time.Second))
	var err error
	for range 20 {
		if err = chromedp.Do(p.ctx, poll); err == nil {
			return
		}
	}
	text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body.innerText"))
	p.Fatalf("wait for %s: %v\npage: %s", expression, err, text)
}

// click clicks the first element that the selector finds, when it is there.
func (p *tab) click(selector string) {
	p.Helper()
	p.until(fmt.Sprintf("document.querySelector(%q) !== null", selector))
	p.run(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("document.querySelector(%q).click()", selector)))
}

// clickText clicks the visible menu item, or else button, that holds the text.
func (p *tab) clickText(text string) {
	p.Helper()
	find := fmt.Sprintf("[...document.querySelectorAll('[role^=menuitem]'), ...document.querySelectorAll('button')].find((b) => b.checkVisibility() && b.textContent.includes(%q))", text)
	p.until(find + " !== undefined")
	p.run(chromedp.Evaluate[chromedp.Void](find + ".click()"))
}

// told waits for the app's page to report the named value; each report is
// handed out once, in any order of names.
func (p *tab) told(name string) string {
	p.Helper()
	for {
		if i := slices.IndexFunc(p.seen, func(r report) bool { return r.Name == name }); i >= 0 {
			value := string(p.seen[i].Value)
			p.seen = slices.Delete(p.seen, i, i+1)
			return value
		}
		select {
		case got := <-p.reports:
			p.seen = append(p.seen, got)
		case <-p.ctx.Done():
			p.Fatalf("the app did not tell %s", name)
		}
	}
}

func (p *tab) tells(name, want string) {
	p.Helper()
	if got := p.told(name); got != want {
		p.Errorf("%s: got %s, want %s", name, got, want)
	}
}

func claims(t *testing.T, quoted string) map[string]any {
	t.Helper()
	var token string
	if err := json.Unmarshal([]byte(quoted), &token); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no token", token)
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestInBrowser(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	for name, test := range map[string]func(*testing.T, context.Context){
		"gadget calls":     testGadgetCalls,
		"gadget edit":      testGadgetEdit,
		"gadget theme":     testGadgetTheme,
		"gadget events":    testGadgetEvents,
		"foreign messages": testForeignMessages,
		"viewers":          testViewers,
		"traffic":          testTraffic,
		"outside a host":   testOutsideHost,
		"issues":           testIssues,
		"issue":            testIssue,
		"chat":             testChat,
		"chat dialog":      testChatDialog,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, ctx)
		})
	}
}
