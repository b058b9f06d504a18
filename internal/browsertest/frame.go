package browsertest

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Frame is a frame of the page, of any origin. Expressions see its document but
// not its scripts' variables. Each call finds the frame again, so a Frame stays
// valid when the page replaces it.
type Frame struct {
	tab  *Tab
	name string
	find func(ctx context.Context, target *chromedp.Target) (cdp.FrameID, error)
}

// Frame returns the first frame whose address contains part.
func (t *Tab) Frame(part string) *Frame {
	return &Frame{t, part, func(ctx context.Context, target *chromedp.Target) (cdp.FrameID, error) {
		tree, err := cdp.Call(ctx, target, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return "", err
		}
		frame := find(tree.FrameTree, part)
		if frame == nil {
			return "", fmt.Errorf("no frame whose address contains %q", part)
		}
		return frame.ID, nil
	}}
}

// FrameAt returns the frame in the first iframe that matches the selector.
func (t *Tab) FrameAt(selector string) *Frame {
	return &Frame{t, selector, func(ctx context.Context, target *chromedp.Target) (cdp.FrameID, error) {
		node, err := describe(ctx, target, 0, fmt.Sprintf("document.querySelector(%q)", selector))
		if err != nil {
			return "", err
		}
		if node.FrameID == "" {
			return "", fmt.Errorf("%q is not an iframe", selector)
		}
		return node.FrameID, nil
	}}
}

// Main returns the page's own frame, for what is done the same way in a page and
// in a frame.
func (t *Tab) Main() *Frame {
	return &Frame{t, "the page", mainFrame}
}

// FrameEval evaluates an expression in a frame.
func FrameEval[T any](f *Frame, expression string) T {
	f.tab.tb.Helper()
	value, err := frameEval[T](f, expression)
	if err != nil {
		f.tab.tb.Fatalf("evaluate %s in frame %s: %v", expression, f.name, err)
	}
	return value
}

// Do runs statements in the frame.
func (f *Frame) Do(statements string) {
	f.tab.tb.Helper()
	FrameEval[chromedp.Void](f, "(() => { "+statements+" })()")
}

// Until waits until an expression is true in the frame, across reloads.
func (f *Frame) Until(expression string) {
	f.tab.tb.Helper()
	f.tab.until(expression, func(guarded string) (bool, error) { return frameEval[bool](f, guarded) })
}

// Drawn waits until the browser has drawn what was changed so far. It tells a
// page of a scroll only then.
func (f *Frame) Drawn() {
	f.tab.tb.Helper()
	f.Do("const page = document.documentElement; delete page.dataset.drawn; requestAnimationFrame(() => requestAnimationFrame(() => { page.dataset.drawn = true; }));")
	f.Until("document.documentElement.dataset.drawn")
}

// Click clicks the first element in the frame that matches the selector, like
// Tab.Click.
func (f *Frame) Click(selector string) {
	f.tab.tb.Helper()
	f.Until(whenLoaded + "document.querySelector(" + quote(selector) + ")")
	FrameEval[chromedp.Void](f, fmt.Sprintf("document.querySelector(%q).click()", selector))
}

// Fill sets the value of the first field in the frame that matches the selector,
// like Tab.Fill.
func (f *Frame) Fill(selector, value string) {
	f.tab.tb.Helper()
	f.Until(whenLoaded + "document.querySelector(" + quote(selector) + ")")
	FrameEval[chromedp.Void](f, fill(selector, value))
}

func frameEval[T any](f *Frame, expression string) (T, error) {
	var zero T
	world, err := chromedp.Run(f.tab.ctx, f.world)
	if err != nil {
		return zero, err
	}
	return chromedp.Run(f.tab.ctx, chromedp.Evaluate[T](expression, func(p *runtime.EvaluateParams) { p.ContextID = world }))
}

// Text returns the frame's visible text.
func (f *Frame) Text() string {
	f.tab.tb.Helper()
	return FrameEval[string](f, "document.body.innerText")
}

// world finds the frame and makes a world to evaluate in.
func (f *Frame) world(ctx context.Context, target *chromedp.Target) (runtime.ExecutionContextID, error) {
	id, err := f.find(ctx, target)
	if err != nil {
		return 0, err
	}
	return isolated(ctx, target, id)
}

func mainFrame(ctx context.Context, target *chromedp.Target) (cdp.FrameID, error) {
	tree, err := cdp.Call(ctx, target, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return "", err
	}
	return tree.FrameTree.Frame.ID, nil
}

// isolated makes a world that shares only the document with the page.
func isolated(ctx context.Context, target *chromedp.Target, id cdp.FrameID) (runtime.ExecutionContextID, error) {
	made, err := cdp.Call(ctx, target, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: id, WorldName: "test"})
	return made.ExecutionContextID, err
}

// describe returns the browser's description of the element that an expression
// gives. World 0 is the page's own.
func describe(ctx context.Context, target *chromedp.Target, world runtime.ExecutionContextID, expression string) (*cdp.Node, error) {
	got, err := cdp.Call(ctx, target, runtime.Evaluate, runtime.EvaluateParams{Expression: expression, ContextID: world})
	if err != nil {
		return nil, err
	}
	if got.ExceptionDetails != nil || got.Result == nil || got.Result.ObjectID == "" {
		return nil, fmt.Errorf("%s is not an element", expression)
	}
	node, err := cdp.Call(ctx, target, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: got.Result.ObjectID})
	return node.Node, err
}

// find searches a tree of frames for an address, depth first.
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
