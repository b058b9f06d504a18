// Package browsertest drives a real Chromium in tests. Where there is none,
// tests skip by name; with SIGHTLINE_TEST_ALL=1 they fail instead.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tabTime bounds what a test does with one tab.
const tabTime = 2 * time.Minute

// Browser is a running Chromium with a profile of its own.
type Browser struct{ ctx context.Context }

// Start starts a browser that ends with the test.
func Start(tb testing.TB) *Browser {
	tb.Helper()
	path, err := exec.LookPath("chromium")
	switch {
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		tb.Fatalf("chromium is needed: %v", err)
	case err != nil:
		tb.Skip("chromium is not installed")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(tb.Context(), options...)
	tb.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	tb.Cleanup(closeBrowser)
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatalf("start chromium: %v", err)
	}
	return &Browser{ctx}
}

// Tab is one page in the browser. Its methods end the test when they fail.
type Tab struct {
	tb  testing.TB
	ctx context.Context

	mu       sync.Mutex
	problems []string
	requests []string
}

// Open opens an address in a tab of the given size, in CSS pixels.
func (b *Browser) Open(tb testing.TB, address string, width, height int64) *Tab {
	tb.Helper()
	ctx, closeTab := chromedp.NewContext(b.ctx)
	tb.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, tabTime)
	tb.Cleanup(cancel)
	t := &Tab{tb: tb, ctx: ctx}
	t.do(chromedp.EmulateViewport(width, height))
	t.listen()
	t.do(chromedp.Navigate(address))
	return t
}

func (t *Tab) do(actions ...chromedp.Action[chromedp.Void]) {
	t.tb.Helper()
	if err := chromedp.Do(t.ctx, actions...); err != nil {
		t.tb.Fatalf("browser: %v", err)
	}
}

// listen gathers what the page complains about and what it asks for, in all
// of its frames.
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
				t.problems = append(t.problems, fmt.Sprintf("console.error at %v", ev.StackTrace))
			}
		case *log.EventEntryAdded:
			if ev.Entry.Level == log.EntryLevelError {
				t.problems = append(t.problems, ev.Entry.Text+" "+ev.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			t.requests = append(t.requests, ev.Request.URL)
		}
	})
	if err != nil {
		t.tb.Fatalf("browser: %v", err)
	}
}

// Problems are the errors in the console so far, refusals of a content
// security policy included.
func (t *Tab) Problems() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.problems)
}

// Requests are the addresses that the page has asked for so far.
func (t *Tab) Requests() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.requests)
}

// Screenshot is the tab as it looks now, as PNG.
func (t *Tab) Screenshot() []byte {
	t.tb.Helper()
	data, err := chromedp.Run(t.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.tb.Fatalf("screenshot: %v", err)
	}
	return data
}

// Eval evaluates an expression in the page.
func Eval[T any](t *Tab, expression string) T {
	t.tb.Helper()
	value, err := chromedp.Run(t.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.tb.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

// Until waits for an expression to be true in the page.
func (t *Tab) Until(expression string) {
	t.tb.Helper()
	t.until(expression, func(guarded string) (bool, error) {
		return chromedp.Run(t.ctx, chromedp.Evaluate[bool](guarded))
	})
}

// until asks again and again; an expression that throws is not true yet.
func (t *Tab) until(expression string, ask func(guarded string) (bool, error)) {
	t.tb.Helper()
	guarded := fmt.Sprintf("(() => { try { return Boolean(%s) } catch { return false } })()", expression)
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := ask(guarded)
		if ok {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.tb.Fatalf("never true: %s (%v)\nproblems: %q", expression, err, t.Problems())
		}
	}
}

// Click clicks the first element that the selector finds, once it is there.
func (t *Tab) Click(selector string) {
	t.tb.Helper()
	t.Until(fmt.Sprintf("document.querySelector(%q)", selector))
	Eval[chromedp.Void](t, fmt.Sprintf("document.querySelector(%q).click()", selector))
}

// Frame is a frame of the page, whatever its origin. It sees the document and
// not the page's own variables.
type Frame struct {
	tab  *Tab
	part string
}

// Frame names the first frame whose address contains part.
func (t *Tab) Frame(part string) *Frame { return &Frame{t, part} }

// FrameEval evaluates an expression in a frame.
func FrameEval[T any](f *Frame, expression string) T {
	f.tab.tb.Helper()
	value, err := frameEval[T](f, expression)
	if err != nil {
		f.tab.tb.Fatalf("evaluate %s in frame %s: %v", expression, f.part, err)
	}
	return value
}

// Until waits for an expression to be true in the frame, over its reloads.
func (f *Frame) Until(expression string) {
	f.tab.tb.Helper()
	f.tab.until(expression, func(guarded string) (bool, error) { return frameEval[bool](f, guarded) })
}

// Click clicks the first element that the selector finds in the frame.
func (f *Frame) Click(selector string) {
	f.tab.tb.Helper()
	f.Until(fmt.Sprintf("document.querySelector(%q)", selector))
	FrameEval[chromedp.Void](f, fmt.Sprintf("document.querySelector(%q).click()", selector))
}

func frameEval[T any](f *Frame, expression string) (T, error) {
	var zero T
	world, err := chromedp.Run(f.tab.ctx, f.world)
	if err != nil {
		return zero, err
	}
	return chromedp.Run(f.tab.ctx, chromedp.Evaluate[T](expression, func(p *runtime.EvaluateParams) { p.ContextID = world }))
}

// world finds the frame as it is now and makes a place to evaluate in.
func (f *Frame) world(ctx context.Context, target *chromedp.Target) (runtime.ExecutionContextID, error) {
	tree, err := cdp.Call(ctx, target, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return 0, err
	}
	frame := find(tree.FrameTree, f.part)
	if frame == nil {
		return 0, fmt.Errorf("no frame whose address contains %q", f.part)
	}
	made, err := cdp.Call(ctx, target, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame.ID, WorldName: "test"})
	return made.ExecutionContextID, err
}
