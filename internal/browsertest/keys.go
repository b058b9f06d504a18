package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Key is a key of the keyboard, or a text to type.
type Key string

// The keys that move the focus and do things.
const (
	KeyTab      Key = kb.Tab
	KeyShiftTab Key = "shift+" + kb.Tab
	KeyEnter    Key = kb.Enter
	KeySpace    Key = " "
	KeyEscape   Key = kb.Escape
	KeyUp       Key = kb.ArrowUp
	KeyDown     Key = kb.ArrowDown
	KeyLeft     Key = kb.ArrowLeft
	KeyRight    Key = kb.ArrowRight
	KeyHome     Key = kb.Home
	KeyEnd      Key = kb.End
)

// Press presses keys, one after the other, in the page or frame with the focus.
func (t *Tab) Press(keys ...Key) {
	t.tb.Helper()
	for _, key := range keys {
		if key == KeyShiftTab {
			t.run(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
			continue
		}
		t.run(chromedp.KeyEvent(string(key)))
	}
}

// Focus is the focused element as a screen reader announces it: its role, such as
// button, and its accessible name.
type Focus struct{ Role, Name string }

func (f Focus) String() string { return fmt.Sprintf("%s %q", f.Role, f.Name) }

// focused is the document if its body is active, because then nothing is focused.
const focused = "[null, document.body].includes(document.activeElement) ? document : document.activeElement"

// Focused returns the focused element, in the page or any of its frames. Without
// one it returns the document, whose role is RootWebArea.
func (t *Tab) Focused() Focus {
	t.tb.Helper()
	var found Focus
	t.run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		var world runtime.ExecutionContextID
		for {
			node, err := describe(ctx, target, world, focused)
			if err != nil {
				return err
			}
			if node.FrameID == "" || node.NodeName != "IFRAME" {
				found, err = accessible(ctx, target, node.BackendNodeID)
				return err
			}
			if world, err = isolated(ctx, target, node.FrameID); err != nil {
				return err
			}
		}
	}))
	return found
}

// accessible reads the browser's accessibility tree.
func accessible(ctx context.Context, target *chromedp.Target, id cdp.BackendNodeID) (Focus, error) {
	no := false
	tree, err := cdp.Call(ctx, target, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{BackendNodeID: id, FetchRelatives: &no})
	if err != nil {
		return Focus{}, err
	}
	for _, node := range tree.Nodes {
		if node.BackendDOMNodeID == id && node.Role != nil {
			return Focus{text(node.Role), text(node.Name)}, nil
		}
	}
	return Focus{}, errors.New("the accessibility tree does not have the element")
}

func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	if err := json.Unmarshal(v.Value, &s); err != nil {
		return string(v.Value)
	}
	return s
}
