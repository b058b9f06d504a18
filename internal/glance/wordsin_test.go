package glance_test

import (
	"testing"
	"unicode/utf8"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
)

// TestWordsIn checks the catalogue's words against a label's rules.
func TestWordsIn(t *testing.T) {
	t.Parallel()
	c := lang.New()
	numbers := glance.Numbers{Open: 12, Overdue: 3, DueSoon: 4, Unassigned: 5, Heavy: 2}
	for tag, want := range map[string]string{
		"":      "12 open · 3 overdue · 4 due soon · 5 unassigned · 2 heavy",
		"en":    glance.Label(glance.English(), glance.AllParts(), numbers),
		"fr":    glance.Label(glance.English(), glance.AllParts(), numbers),
		"de-AT": "12 offen · 3 überfällig · 4 bald fällig · 5 nicht zugewiesen · 2 hoch belastet",
	} {
		words := glance.WordsIn(c.Of(tag))
		if got := glance.Label(words, glance.AllParts(), numbers); got != want {
			t.Errorf("%q: %q, want %q", tag, got, want)
		}
		most := glance.Numbers{Open: 9999, Overdue: 9999, DueSoon: 9999, Unassigned: 9999, Heavy: 9999}
		if got := glance.Label(words, glance.AllParts(), most); utf8.RuneCountInString(got) > glance.MaxLabel {
			t.Errorf("%q: %q is too long", tag, got)
		}
		for _, p := range glance.AllParts() {
			long, short := words.Parts[p](1)
			if long == "" || short == "" || utf8.RuneCountInString(short) > utf8.RuneCountInString(long) {
				t.Errorf("%q: %s is %q, short %q", tag, p, long, short)
			}
		}
	}
	if got := glance.WordsIn(c.Of("de")).Unset; got != "Nicht eingerichtet" {
		t.Errorf("unset is %q", got)
	}
}
