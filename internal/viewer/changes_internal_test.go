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
		c.note(connect.TenantID(fmt.Sprint("old", i)))
	}
	now = now.Add(valueKeep + time.Second)
	c.note("new")
	if len(c.last) != 1 || !c.since("new", now) || c.since("old1", time.Time{}) {
		t.Errorf("kept %v", c.last)
	}
	c.forget("new")
	if c.since("new", time.Time{}) {
		t.Error("a tenant was not forgotten")
	}
}
