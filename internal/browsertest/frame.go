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

// Frame is a frame of the page, whatever its origin. It sees the document and
// not the page's own variables. It is found anew for each call, and so lives
// on when the page puts another frame in its place.
type Frame struct {
	tab  *Tab
	name string
	find func(ctx context.Context, target *chromedp.Target) (cdp.FrameID, error)
}

// Frame names the first frame whose address contains part.
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

// FrameAt names the frame in the page's first iframe that the selector finds.
func (t *Tab) FrameAt(selector string) *Frame {
	return &Frame{t, selector, func(ctx context.Context, target *chromedp.Target) (cdp.FrameID, error) {
		node, err := describe(ctx, target, 0, fmt.Sprintf("document.querySelector(%q)", selector))
		if err != nil {
			return "", err
		}
		if node.FrameID == "" {
			return "", fmt.Errorf("%q is no iframe", selector)
		}
		return node.FrameID, nil
	}}
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

// Until waits for an expression to be true in the frame, over its reloads.
func (f *Frame) Until(expression string) {
	f.tab.tb.Helper()
	f.tab.until(expression, func(guarded string) (bool, error) { return frameEval[bool](f, guarded) })
}

// Click clicks the first element that the selector finds in the frame, as
// Tab.Click does.
func (f *Frame) Click(selector string) {
	f.tab.tb.Helper()
	f.Until(whenLoaded + "document.querySelector(" + quote(selector) + ")")
	FrameEval[chromedp.Void](f, fmt.Sprintf("document.querySelector(%q).click()", selector))
}

// Fill sets the value of the first field that the selector finds in the frame,
// as Tab.Fill does.
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

// Text is what the frame shows as text.
func (f *Frame) Text() string {
	f.tab.tb.Helper()
	return FrameEval[string](f, "document.body.innerText")
}

// world finds the frame as it is now and makes a place to evaluate in.
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

// isolated is a place to evaluate in that shares nothing but the document.
func isolated(ctx context.Context, target *chromedp.Target, id cdp.FrameID) (runtime.ExecutionContextID, error) {
	made, err := cdp.Call(ctx, target, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: id, WorldName: "test"})
	return made.ExecutionContextID, err
}

// describe is what the browser knows of the element that the expression gives;
// world 0 is the page's own.
func describe(ctx context.Context, target *chromedp.Target, world runtime.ExecutionContextID, expression string) (*cdp.Node, error) {
	got, err := cdp.Call(ctx, target, runtime.Evaluate, runtime.EvaluateParams{Expression: expression, ContextID: world})
	if err != nil {
		return nil, err
	}
	if got.ExceptionDetails != nil || got.Result == nil || got.Result.ObjectID == "" {
		return nil, fmt.Errorf("%s is no element", expression)
	}
	node, err := cdp.Call(ctx, target, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: got.Result.ObjectID})
	return node.Node, err
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
