package slack

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/web"
)

// TestCut: what is too long for Slack is cut to its limit, in characters, and ends in
// "…"; what fits stays, and an option is never without a text.
func TestCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 5000)
	for text, want := range map[string]string{
		"Team": "Team", "": "10002", " \t": "10002", strings.Repeat("ü", 75): strings.Repeat("ü", 75), long: strings.Repeat("ü", 74) + "…",
	} {
		if got := choice("10002", text).Text.Text; got != want {
			t.Errorf("%.20q: got %q, want %q", text, got, want)
		}
	}
	for name, want := range map[string]string{"Harbour": "Harbour (HARB)", long: strings.Repeat("ü", 67) + "… (HARB)"} {
		if got := named(name, "HARB"); got != want {
			t.Errorf("%.20q: got %q, want %q", name, got, want)
		}
	}
	block, ok := selectBlock("zone", "Zone", long, []web.Option{{Value: "UTC", Label: "UTC", Selected: true}}).(*slack.InputBlock)
	if !ok || utf8.RuneCountInString(block.Hint.Text) != 2000 || !strings.HasSuffix(block.Hint.Text, "…") {
		t.Errorf("the hint is %d characters", utf8.RuneCountInString(block.Hint.Text))
	}
	if all, selected := choices([]web.Option{{Value: long, Label: "x", Selected: true}, {Value: "a", Label: "A"}}); len(all) != 1 || len(selected) != 0 {
		t.Errorf("got %d options, %d of them chosen; want one whose value fits", len(all), len(selected))
	}
}
