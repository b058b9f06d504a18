package edge

import (
	"strings"
	"testing"
)

// Places for pages are taken and given back; a site that has more than half of them
// leaves the last quarter to others.
func TestLoad(t *testing.T) {
	t.Parallel()
	l := &load{most: 8}
	enter := func(site, want string) {
		t.Helper()
		if got := l.enter(site); got != want {
			t.Errorf("%s with %v: got %q, want %q", site, l.of, got, want)
		}
	}
	for range 6 {
		enter("large", "")
	}
	enter("large", LoadShare)
	enter("small", "")
	enter("small", "")
	enter("small", LoadFull)
	enter("third", LoadFull)
	l.leave("large")
	enter("large", LoadShare)
	enter("third", "")
	for _, site := range strings.Fields("large large large large large small small third") {
		l.leave(site)
	}
	if l.all != 0 || len(l.of) != 0 {
		t.Errorf("left are %d, %v", l.all, l.of)
	}
	one := &load{most: 1}
	if one.enter("a") != "" || one.enter("a") != LoadFull {
		t.Error("with one place")
	}
}
