package browsertest

import (
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Key is what Press presses: a key of the keyboard, or a text that is typed.
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
)

// Press presses keys, one after the other, where the focus is: in the page or
// in any of its frames.
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
