// Package browsertest drives a real Chromium in tests. Without Chromium, tests
// skip; with SIGHTLINE_TEST_ALL=1 they fail instead.
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tabTime limits how long a test may use one tab.
const tabTime = 2 * time.Minute

// Browser is a running Chromium with its own profile.
type Browser struct {
	ctx context.Context

	mu       sync.Mutex
	standIns []standIn
}

// Scrollbars makes a browser show scrollbars that take room, as most people's on
// Linux and Windows do. Without it there are none.
func Scrollbars() chromedp.ExecAllocatorOption { return chromedp.Flag("hide-scrollbars", false) }

// Isolated keeps sandboxed frames in processes of their own, as people's browsers do.
// A test cannot look into them then.
func Isolated() chromedp.ExecAllocatorOption { return chromedp.Flag("disable-features", "Translate") }

// Start starts a browser that ends with the test. Without Chromium, or with
// SIGHTLINE_TEST_BROWSER=off, the test is skipped.
func Start(tb testing.TB, more ...chromedp.ExecAllocatorOption) *Browser {
	tb.Helper()
	path, err := exec.LookPath("chromium")
	switch {
	case os.Getenv("SIGHTLINE_TEST_BROWSER") == "off":
		tb.Skip("SIGHTLINE_TEST_BROWSER is off")
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		tb.Fatalf("chromium is needed: %v", err)
	case err != nil:
		tb.Skip("chromium is not installed")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		// As chromedp has it, and sandboxed frames stay where they can be looked into.
		chromedp.Flag("disable-features", "site-per-process,Translate,BlinkGenPropertyTrees,IsolateSandboxedIframes"))
	options = append(options, more...)
	allocator, stop := chromedp.NewExecAllocator(tb.Context(), options...)
	tb.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	tb.Cleanup(closeBrowser)
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatalf("start chromium: %v", err)
	}
	return &Browser{ctx: ctx}
}

// Tab is one page in the browser. A method that fails ends the test.
type Tab struct {
	tb       testing.TB
	ctx      context.Context
	standIns []standIn

	mu       sync.Mutex
	problems []string
	requests []string
	served   []string
}

// Open opens an address in a tab of the given size, in CSS pixels.
func (b *Browser) Open(tb testing.TB, address string, width, height int64) *Tab {
	tb.Helper()
	ctx, closeTab := chromedp.NewContext(b.ctx)
	tb.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, tabTime)
	tb.Cleanup(cancel)
	b.mu.Lock()
	t := &Tab{tb: tb, ctx: ctx, standIns: slices.Clone(b.standIns)}
	b.mu.Unlock()
	t.run(chromedp.EmulateViewport(width, height))
	t.listen()
	t.intercept()
	t.Visit(address)
	return t
}

// Visit opens another address in the tab and waits for it to load.
func (t *Tab) Visit(address string) {
	t.tb.Helper()
	t.run(chromedp.Navigate(address))
}

// Reload loads the page again.
func (t *Tab) Reload() {
	t.tb.Helper()
	t.run(chromedp.Reload())
}

// Done is closed two minutes after the tab was opened, when its time is up.
func (t *Tab) Done() <-chan struct{} { return t.ctx.Done() }

func (t *Tab) run(actions ...chromedp.Action[chromedp.Void]) {
	t.tb.Helper()
	if err := chromedp.Do(t.ctx, actions...); err != nil {
		t.tb.Fatalf("browser: %v", err)
	}
}

// listen collects the errors and requests of the page and all its frames.
func (t *Tab) listen() {
	t.tb.Helper()
	err := chromedp.Listen(t.ctx, func(ev any) {
		t.mu.Lock()
		defer t.mu.Unlock()
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			t.problems = append(t.problems, ev.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if ev.Type == runtime.ConsoleAPICalledTypeError {
				t.problems = append(t.problems, "console.error: "+said(ev.Args))
			}
		case *log.EventEntryAdded:
			if ev.Entry.Level == log.EntryLevelError {
				t.problems = append(t.problems, ev.Entry.Text+" "+ev.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			if t.standInFor(ev.Request.URL) == nil {
				t.requests = append(t.requests, ev.Request.URL)
			}
		case *fetch.EventRequestPaused:
			t.served = append(t.served, ev.Request.URL)
			go t.answer(ev, t.standInFor(ev.Request.URL))
		}
	})
	if err != nil {
		t.tb.Fatalf("browser: %v", err)
	}
}

// said is the text of a console call; objects become their description.
func said(args []*runtime.RemoteObject) string {
	var words []string
	for _, arg := range args {
		if len(arg.Value) > 0 {
			words = append(words, string(arg.Value))
		} else {
			words = append(words, arg.Description)
		}
	}
	return strings.Join(words, " ")
}

// Problems returns the errors in the console so far, including violations of a
// content security policy.
func (t *Tab) Problems() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.problems)
}

// Violations returns the problems that a content security policy caused.
func (t *Tab) Violations() []string {
	return slices.DeleteFunc(t.Problems(), func(p string) bool { return !strings.Contains(p, "Content Security Policy") })
}

// Requests returns the addresses that the page has requested so far.
func (t *Tab) Requests() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.requests)
}

// Screenshot returns a picture of the tab, as PNG.
func (t *Tab) Screenshot() []byte {
	t.tb.Helper()
	data, err := chromedp.Run(t.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.tb.Fatalf("screenshot: %v", err)
	}
	return data
}
