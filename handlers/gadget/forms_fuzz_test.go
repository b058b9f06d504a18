package gadget

import (
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/internal/workload"
)

// FuzzPreferences posts any form of preferences: what is taken changes something
// that is then the preference, and is bounded.
func FuzzPreferences(f *testing.F) {
	for _, seed := range []string{
		"", "sort=name", "sort=-open&compact=true&bots=false", "pin=5b10&unpin=5b10", "pin=&pin=%00", "pin=a&pin=b&pin=c&sort=x", "compact=maybe", "%zz;",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, posted string) {
		values, _ := url.ParseQuery(posted)
		changes, err := changesOf(values, workload.Preferences{})
		if err == nil && len(changes) == 0 {
			t.Error("taken, and changes nothing")
		}
		after := workload.Preferences{}.With(changes...)
		if again := after.With(changes...); err == nil && len(again.Pins) > len(after.Pins) {
			t.Errorf("pins grow when the same is chosen again: %q, %q", after.Pins, again.Pins)
		}
	})
}
