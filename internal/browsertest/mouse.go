package browsertest

import (
	"context"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// point is a place in the tab's viewport, in CSS pixels.
type point struct{ X, Y float64 }

// middle scrolls an element into view and gives the point that a person aims at.
const middle = `((e) => {
	e.scrollIntoView({ block: "nearest", behavior: "instant" });
	const r = e.getBoundingClientRect();
	return { X: r.left + r.width / 2, Y: r.top + r.height / 2 };
})(document.querySelector(%q))`

// Mouse presses the mouse's button in the middle of the first element that
// matches the selector, and releases it at the same point after meanwhile, which
// may be nil. Unlike Click it does what a person does: it moves the focus, and
// clicks nothing if the page moves in between.
func (t *Tab) Mouse(selector string, meanwhile func()) {
	t.tb.Helper()
	t.Until(whenLoaded + "document.querySelector(" + quote(selector) + ")")
	t.mouse(Eval[point](t, fmt.Sprintf(middle, selector)), meanwhile)
}

// Mouse is Tab.Mouse for an element in the frame.
func (f *Frame) Mouse(selector string, meanwhile func()) {
	f.tab.tb.Helper()
	f.Until(whenLoaded + "document.querySelector(" + quote(selector) + ")")
	at := FrameEval[point](f, fmt.Sprintf(middle, selector))
	corner := f.corner()
	f.tab.mouse(point{at.X + corner.X, at.Y + corner.Y}, meanwhile)
}

func (t *Tab) mouse(at point, meanwhile func()) {
	t.tb.Helper()
	t.dispatch(input.DispatchMouseEventTypeMouseMoved, at)
	t.dispatch(input.DispatchMouseEventTypeMousePressed, at)
	t.painted()
	if meanwhile != nil {
		meanwhile()
	}
	t.dispatch(input.DispatchMouseEventTypeMouseReleased, at)
}

func (t *Tab) dispatch(kind input.DispatchMouseEventType, at point) {
	t.tb.Helper()
	t.run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		params := input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y}
		if kind != input.DispatchMouseEventTypeMouseMoved {
			params.Button, params.ClickCount = input.MouseButtonLeft, 1
		}
		_, err := cdp.Call(ctx, target, input.DispatchMouseEvent, params)
		return err
	}))
}

// twice resolves after two paints: no person releases a button sooner than that.
const twice = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"

func (t *Tab) painted() {
	t.tb.Helper()
	if _, err := chromedp.Run(t.ctx, chromedp.Evaluate[bool](twice, chromedp.EvalAwaitPromise)); err != nil {
		t.tb.Fatalf("wait for a paint: %v", err)
	}
}

// corner is the frame's place in the tab's viewport.
func (f *Frame) corner() point {
	f.tab.tb.Helper()
	at, err := chromedp.Run(f.tab.ctx, func(ctx context.Context, target *chromedp.Target) (point, error) {
		id, err := f.find(ctx, target)
		if err != nil {
			return point{}, err
		}
		owner, err := cdp.Call(ctx, target, dom.GetFrameOwner, dom.GetFrameOwnerParams{FrameID: id})
		if err != nil {
			return point{}, err
		}
		found, err := cdp.Call(ctx, target, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: owner.BackendNodeID})
		if err != nil {
			return point{}, err
		}
		if len(found.Quads) == 0 || len(found.Quads[0]) < 2 {
			return point{}, errors.New("the frame is not shown")
		}
		return point{found.Quads[0][0], found.Quads[0][1]}, nil
	})
	if err != nil {
		f.tab.tb.Fatalf("find frame %s: %v", f.name, err)
	}
	return at
}
