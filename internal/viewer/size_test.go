package viewer_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// drawing is a view as it was drawn.
type drawing []byte

func (d drawing) Size() int { return cap(d) }

// large is a view of a hundred people, in memory of its own.
func large(who int) viewer.Workload {
	var w viewer.Workload
	for i := range 100 {
		w.Summary.Rows = append(w.Summary.Rows, workload.Row{Person: workload.Person{
			AccountID: fmt.Sprintf("712020:%08d-0000-4000-8000-%012d", who, i),
			Name:      fmt.Sprintf("Somebody with a long name %d", i),
			AvatarURL: fmt.Sprintf("https://avatar.example/%d/%d/initials-and-a-longer-path-that-real-sites-have-24.png", who, i),
		}})
	}
	return w
}

// heap is the memory in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestMemoryIsBounded: ten thousand viewers of large views take no more than the
// bound of the cache, and what nobody asks for is let go. Not parallel: it
// counts the memory of the whole process.
func TestMemoryIsBounded(t *testing.T) {
	c := newCounter(t, patient())
	views := viewer.NewCache[viewer.Workload, drawing](c.views)
	before := heap()
	for i := range 10_000 {
		p := at(connect.TenantID(fmt.Sprint("t", i%2000)), 1, connect.AccountID(fmt.Sprint("person ", i)), "item/1/2")
		got, err := views.Get(t.Context(), p, false, func(context.Context) (viewer.Workload, error) { return large(i), nil })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := got.Drawn.Draw(viewer.Look{Age: "now"}, func() (drawing, error) { return bytes.Repeat([]byte("x"), 40_000), nil }); err != nil {
			t.Fatal(err)
		}
	}
	const bound = 24 << 20
	if got := heap() - before; got > bound*5/4 || got < bound/2 {
		t.Errorf("10,000 viewers: %d MiB are in use, the bound is %d", got>>20, bound>>20)
	}
	c.clock.advance(3 * time.Hour)
	c.views.Sweep()
	if got := heap() - before; got > 1<<20 {
		t.Errorf("nobody asks any more: %d MiB are in use", got>>20)
	}
	runtime.KeepAlive(views)
}
