package viewer

import (
	"fmt"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// TestChangesAreForgotten: a change older than every kept view takes no memory.
func TestChangesAreForgotten(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := newChanges(func() time.Time { return now })
	for i := range 100 {
		c.note(connect.TenantID(fmt.Sprint("old", i)), "")
	}
	now = now.Add(valueKeep + time.Second)
	c.note("new", "")
	if len(c.last) != 1 || !c.since("new", now) || c.since("old1", time.Time{}) {
		t.Errorf("kept %v", c.last)
	}
	c.forget("new")
	if c.since("new", time.Time{}) {
		t.Error("a tenant was not forgotten")
	}
}

// TestChangedIssues: issues are told to whoever listened all the time since, and only if
// nothing else has changed.
func TestChangedIssues(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := newChanges(func() time.Time { return now })
	told := func(since time.Time, want string) {
		t.Helper()
		ids, known := c.issues("t", since)
		if got := fmt.Sprint(ids, known); got != want {
			t.Errorf("since %s ago: %s, want %s", now.Sub(since), got, want)
		}
	}
	later := func() time.Time { now = now.Add(time.Second); return now }
	c.note("t", "1")
	c.watch("t", time.Minute)
	told(now, "[] false") // nobody listened when it changed
	first := later()
	told(first, "[] true")
	c.note("t", "2")
	second := later()
	c.note("t", "3")
	c.note("t", "2")
	told(first, "[2 3] true")
	told(second, "[2 3] true")
	third := later()
	told(third, "[] true")
	c.note("t", "")
	told(first, "[] false")
	told(later(), "[] true")
	c.note("t", "4")
	now = now.Add(time.Minute) // watched no more
	told(third, "[] false")
	c.watch("t", time.Minute)
	told(third, "[] false")
	begun := later()
	for issue := range maxTold {
		c.note("t", fmt.Sprint(issue))
	}
	c.note("t", "0")
	if ids, known := c.issues("t", begun); len(ids) != maxTold || !known {
		t.Errorf("%d issues, %t", len(ids), known)
	}
	c.note("t", "one more")
	told(begun, "[] false")
	told(later(), "[] true")
}
