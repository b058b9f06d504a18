package browsertest

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

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

// find looks through a tree of frames for an address, depth first.
func find(tree *page.FrameTree, part string) *cdp.Frame {
	for _, child := range tree.ChildFrames {
		if strings.Contains(child.Frame.URL, part) {
			return child.Frame
		}
		if found := find(child, part); found != nil {
			return found
		}
	}
	return nil
}
