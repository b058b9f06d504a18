package browsertest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Barrier is one accessibility problem that axe-core finds. Impact is serious or
// critical; lesser ones are left out.
type Barrier struct {
	Rule, Impact, Help string
	// Selector finds the element, Text is its markup, Why says what is wrong.
	Selector, Text, Why string
}

func (b Barrier) String() string {
	return fmt.Sprintf("%s (%s): %s\n  at %s\n  %s\n  %s", b.Rule, b.Impact, b.Help, b.Selector, b.Text, b.Why)
}

// axeRun checks all rules of WCAG 2.2 A and AA and of good practice. It leaves
// out inner frames, which are checked separately, and style sheets of other
// origins, which the page's policy may forbid to fetch.
const axeRun = `axe.run(document, {
	iframes: false,
	preload: false,
	resultTypes: ["violations"],
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}).then((found) => found.violations.flatMap((v) => v.nodes.map((n) => ({
	Rule: v.id, Impact: n.impact ?? v.impact ?? "", Help: v.help,
	Selector: n.target.flat().join(" "), Text: n.html, Why: n.failureSummary ?? "",
}))))`

// Axe checks the frame with axe-core. It runs in an isolated world, which the
// page cannot see and the page's content security policy does not limit.
func (f *Frame) Axe(p Packages) []Barrier {
	f.tab.tb.Helper()
	return axe(f, p)
}

// Axe checks the page without its frames.
func (t *Tab) Axe(p Packages) []Barrier {
	t.tb.Helper()
	return axe(t.Main(), p)
}

func axe(f *Frame, p Packages) []Barrier {
	tb := f.tab.tb
	tb.Helper()
	script := string(p.Read(tb, "axe-core/axe.min.js"))
	world, err := chromedp.Run(f.tab.ctx, f.world)
	if err != nil {
		tb.Fatalf("axe in frame %s: %v", f.name, err)
	}
	in := func(params *runtime.EvaluateParams) { params.ContextID = world }
	if _, err := chromedp.Run(f.tab.ctx, chromedp.Evaluate[chromedp.Void](script+";undefined", in)); err != nil {
		tb.Fatalf("load axe in frame %s: %v", f.name, err)
	}
	found, err := chromedp.Run(f.tab.ctx, chromedp.Evaluate[[]Barrier](axeRun, in, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.Fatalf("axe in frame %s: %v", f.name, err)
	}
	return slices.DeleteFunc(found, func(b Barrier) bool { return b.Impact != "serious" && b.Impact != "critical" })
}

// Barriers formats a list for a test's report.
func Barriers(list []Barrier) string {
	var lines []string
	for _, b := range list {
		lines = append(lines, b.String())
	}
	return strings.Join(lines, "\n")
}
