package slackapp

import (
	"strings"
	"testing"
)

// Slack refuses a section of more than 3,000 characters: the label goes on without
// its link.
func TestMessageFitsASection(t *testing.T) {
	t.Parallel()
	for length, linked := range map[int]bool{0: false, 100: true, 2900: true, 3000: false, 6000: false} {
		got := shown{label: "12 open & more", link: strings.Repeat("x", length)}.markup()
		if strings.Contains(got, "xxx|") != linked || !strings.Contains(got, "12 open &amp; more") || len(got) > 3000 {
			t.Errorf("a link of %d: got %d characters, want a link: %v", length, len(got), linked)
		}
	}
}
