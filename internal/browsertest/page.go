package browsertest

import (
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
)

// Eval evaluates an expression in the page.
func Eval[T any](t *Tab, expression string) T {
	t.tb.Helper()
	value, err := chromedp.Run(t.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.tb.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

// Do runs statements in the page.
func (t *Tab) Do(statements string) {
	t.tb.Helper()
	Eval[chromedp.Void](t, "(() => { "+statements+" })()")
}

// Until waits until an expression is true in the page, across navigations. It
// evaluates the expression, which no content security policy forbids.
func (t *Tab) Until(expression string) {
	t.tb.Helper()
	t.until(expression, func(guarded string) (bool, error) {
		return chromedp.Run(t.ctx, chromedp.Evaluate[bool](guarded))
	})
}

// until polls. An expression that throws is not true yet.
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
			text, _ := chromedp.Run(t.ctx, chromedp.Evaluate[string]("document.body.innerText"))
			t.tb.Fatalf("never true: %s (%v)\nproblems: %q\npage: %s", expression, err, t.Problems(), text)
		}
	}
}

// Click clicks the first element that matches the selector, once it exists and
// the page is loaded: before that its scripts may not listen.
func (t *Tab) Click(selector string) {
	t.tb.Helper()
	t.click("document.querySelector(" + quote(selector) + ")")
}

// ClickText clicks the visible menu item, or else button, that contains the text.
func (t *Tab) ClickText(text string) {
	t.tb.Helper()
	t.click(fmt.Sprintf(`[...document.querySelectorAll("[role^=menuitem]"), ...document.querySelectorAll("button")]
		.find((e) => e.checkVisibility() && e.textContent.includes(%q))`, text))
}

// whenLoaded precedes a condition on a page whose scripts have run.
const whenLoaded = `document.readyState === "complete" && `

func (t *Tab) click(element string) {
	t.tb.Helper()
	t.Until(whenLoaded + element)
	t.Do(element + ".click()")
}

// Fill sets the value of the first field that matches the selector, once it
// exists in the loaded page, and sends the events of typing: input, then change.
func (t *Tab) Fill(selector, value string) {
	t.tb.Helper()
	t.Until(whenLoaded + "document.querySelector(" + quote(selector) + ")")
	Eval[chromedp.Void](t, fill(selector, value))
}

func fill(selector, value string) string {
	return fmt.Sprintf(`(() => { const field = document.querySelector(%q); field.value = %q;
		for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true })); })()`, selector, value)
}

// quote returns a text as a JavaScript string.
func quote(text string) string { return fmt.Sprintf("%q", text) }
