package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
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
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// tab is one page of the site, open in the browser.
type tab struct {
	*testing.T
	*fakeSite
	ctx context.Context
}

func open(t *testing.T, browser context.Context, path, script string) *tab {
	t.Helper()
	f := newFakeSite(t, script)
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	p := &tab{t, f, ctx}
	p.run(chromedp.Navigate(f.site.URL + path))
	return p
}

func (p *tab) run(actions ...chromedp.Action) {
	p.Helper()
	if err := chromedp.Run(p.ctx, actions...); err != nil {
		p.Fatal(err)
	}
}

// until waits for a JavaScript expression to be true.
func (p *tab) until(expression string) {
	p.Helper()
	if err := chromedp.Run(p.ctx, chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(20*time.Second))); err != nil {
		var text string
		_ = chromedp.Run(p.ctx, chromedp.Evaluate("document.body.innerText", &text))
		p.Fatalf("wait for %s: %v\npage: %s", expression, err, text)
	}
}

// click clicks the first element that the selector finds, when it is there.
func (p *tab) click(selector string) {
	p.Helper()
	p.until(fmt.Sprintf("document.querySelector(%q) !== null", selector))
	p.run(chromedp.Evaluate(fmt.Sprintf("document.querySelector(%q).click()", selector), nil))
}

// clickText clicks the button or menu item of that text.
func (p *tab) clickText(text string) {
	p.Helper()
	find := fmt.Sprintf("[...document.querySelectorAll('button')].find((b) => b.checkVisibility() && b.innerText.trim().startsWith(%q))", text)
	p.until(find + " !== undefined")
	p.run(chromedp.Evaluate(find+".click()", nil))
}

// told waits for the app's page to report the named value.
func (p *tab) told(name string) string {
	p.Helper()
	for {
		select {
		case got := <-p.reports:
			if got.Name == name {
				return string(got.Value)
			}
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
	_, rest, _ := strings.Cut(token, ".")
	middle, _, _ := strings.Cut(rest, ".")
	var out map[string]any
	if err := json.Unmarshal(decode64(t, middle), &out); err != nil {
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

const dashboardPage = "/jira/dashboards/10000"

func testGadgetCalls(t *testing.T, ctx context.Context) {
	p := open(t, ctx, dashboardPage+"?as=ann", `
AP.getLocation((at) => tell('location', at));
AP.context.getToken().then((token) => tell('token', token));
AP.context.getToken((token) => tell('token to callback', token));
AP.context.getContext().then((context) => tell('context', context));
AP.jira.isDashboardItemEditable((editable) => tell('editable', editable));
AP.user.getCurrentUser((user) => tell('user', user));
AP.user.getTimeZone((zone) => tell('zone', zone));
AP.request('/rest/api/3/myself').then(({ body, xhr }) => tell('request', [JSON.parse(body), xhr.status, xhr.getResponseHeader('content-type')]));
AP.request({ url: '/rest/api/3/thing', type: 'PUT', data: '{"a":1}', contentType: 'application/json', success: (body, text) => tell('success', text) });
AP.request('/rest/api/3/forbidden', { error: (xhr, text, err) => tell('error', [xhr.status, text, err]) });
AP.request('https://elsewhere.example/').catch((error) => tell('foreign url', String(error).includes('relative')));
AP.require(['jira', 'request'], (jira, request) => tell('require', [typeof jira.setDashboardItemTitle, typeof request]));
AP.jira.setDashboardItemTitle('<b>Ours</b>');
AP.flag.create({ title: 'Saved', type: 'success', actions: { undo: 'Undo' } });
AP.events.on('flag.action', (event) => tell('flag action', event.actionIdentifier));
document.querySelector('#text').style.height = '333px';
`)
	p.tells("location", `"`+p.site.URL+dashboardPage+`?as=ann"`)
	p.tells("require", `["function","function"]`)
	p.until(`document.querySelector('.gadget h2').textContent === '<b>Ours</b>'`)
	p.until(`document.querySelector('.gadget iframe').offsetHeight > 330 && !document.querySelector('.gadget').classList.contains('loading')`)
	p.clickText("Undo")
	p.tells("flag action", `"undo"`)
}
