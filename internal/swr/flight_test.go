package swr_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/internal/swr"
)

// gate is a load that ends when it is told to.
type gate struct {
	calls atomic.Int32
	open  chan string
}

func newGate() *gate { return &gate{open: make(chan string)} }

func (g *gate) load(ctx context.Context) (string, error) {
	g.calls.Add(1)
	select {
	case v := <-g.open:
		return v, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// answer is what one reader got.
type answer struct {
	value string
	stale bool
	err   error
}

// ask has a reader get the key and returns once every goroutine is blocked.
func ask(ctx context.Context, c *swr.Cache[string, string], load swr.Load[string]) <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		v, _, stale, err := c.Get(ctx, "k", load)
		answers <- answer{v, stale, err}
	}()
	synctest.Wait()
	return answers
}

func TestOneLoadForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, g := newCache(newClock()), newGate()
		var readers []<-chan answer
		for range 20 {
			readers = append(readers, ask(t.Context(), c, g.load))
		}
		g.open <- "v"
		for _, reader := range readers {
			if got, want := <-reader, (answer{value: "v"}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		if got := g.calls.Load(); got != 1 {
			t.Errorf("got %d loads, want 1", got)
		}
	})
}

func TestCancelFailsNobodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, g := newCache(newClock()), newGate()
		ctx, cancel := context.WithCancel(t.Context())
		first := ask(ctx, c, g.load)
		second := ask(t.Context(), c, untouched(t))
		cancel()
		if got := <-first; !errors.Is(got.err, context.Canceled) {
			t.Errorf("got %+v, want canceled", got)
		}
		g.open <- "v"
		if got, want := <-second, (answer{value: "v"}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		want(t, c, "k", "v", false)
	})
}

// A load whose readers have all gone is kept for the next.
func TestCancelOfAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, g := newCache(newClock()), newGate()
		ctx, cancel := context.WithCancel(t.Context())
		reader := ask(ctx, c, g.load)
		cancel()
		<-reader
		g.open <- "v"
		c.Wait()
		want(t, c, "k", "v", false)
	})
}

func TestCanceledReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache(newClock())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, _, err := c.Get(ctx, "k", untouched(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want canceled", err)
		}
		// A kept value costs nothing, and its refresh does not belong to the
		// reader.
		c.Put("k", "old")
		c.Expire(everything)
		if got, _, stale, err := c.Get(ctx, "k", value("new")); err != nil || got != "old" || !stale {
			t.Errorf("got %q, stale %v, %v, want old", got, stale, err)
		}
		c.Wait()
		want(t, c, "k", "new", false)
	})
}

func TestLoadContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type name struct{}
		c := newCache(newClock())
		c.Timeout = 5 * time.Second
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), name{}, "request"), time.Hour)
		defer cancel()
		began := time.Now()
		_, _, _, err := c.Get(ctx, "k", func(ctx context.Context) (string, error) {
			if got := ctx.Value(name{}); got != "request" {
				t.Errorf("got value %v, want the reader's", got)
			}
			<-ctx.Done()
			return "", ctx.Err()
		})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != c.Timeout {
			t.Errorf("got %v after %v, want a time-out after %v", err, time.Since(began), c.Timeout)
		}
	})
}

func TestRefreshOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, g := newCache(newClock()), newGate()
		c.Put("k", "old")
		c.Expire(everything)
		for range 5 {
			if got, want := <-ask(t.Context(), c, g.load), (answer{value: "old", stale: true}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		waiting := make(chan string)
		go func() { // joins the refresh
			v, _, _, err := c.GetFresh(t.Context(), "k", untouched(t))
			if err != nil {
				t.Error(err)
			}
			waiting <- v
		}()
		synctest.Wait()
		g.open <- "new"
		if got := <-waiting; got != "new" {
			t.Errorf("got %q, want new", got)
		}
		if got := g.calls.Load(); got != 1 {
			t.Errorf("got %d loads, want 1", got)
		}
	})
}

func TestRefreshesAtOnce(t *testing.T) {
	t.Parallel()
	for limit, most := range map[int]int32{0: 4, 2: 2} {
		synctest.Test(t, func(t *testing.T) {
			c, g := newCache(newClock()), newGate()
			c.Refreshes = limit
			readAll := func() {
				for i := range 10 {
					get(t, c, fmt.Sprint(i), g.load)
				}
				synctest.Wait()
			}
			for i := range 10 {
				c.Put(fmt.Sprint(i), "old")
			}
			c.Expire(everything)
			readAll()
			if got := g.calls.Load(); got != most {
				t.Errorf("limit %d: got %d refreshes, want %d", limit, got, most)
			}
			for range most {
				g.open <- "new"
			}
			c.Wait()
			readAll()
			if got := g.calls.Load(); got != 2*most {
				t.Errorf("limit %d: got %d refreshes when there is room again, want %d", limit, got, 2*most)
			}
			c.Close()
		})
	}
}

func TestLoadThatEndsBadly(t *testing.T) {
	t.Parallel()
	for name, load := range map[string]swr.Load[string]{
		"load panicked: boom": func(context.Context) (string, error) { panic("boom") },
		"load did not return": func(context.Context) (string, error) { runtime.Goexit(); return "", nil },
	} {
		synctest.Test(t, func(t *testing.T) {
			c := newCache(newClock())
			if _, _, _, err := c.Get(t.Context(), "k", load); err == nil || !strings.HasPrefix(err.Error(), name) {
				t.Errorf("got %v, want %s", err, name)
			}
			if got, _, _ := get(t, c, "k", value("v")); got != "v" {
				t.Errorf("got %q, want v", got)
			}
		})
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, g := newCache(newClock()), newGate()
		c.Put("stale", "old")
		c.Expire(everything)
		get(t, c, "stale", g.load)
		reader := ask(t.Context(), c, g.load)
		c.Close() // ends both, or the bubble would be stuck
		if got := <-reader; !errors.Is(got.err, context.Canceled) {
			t.Errorf("got %+v, want canceled", got)
		}
		if _, _, _, err := c.Get(t.Context(), "k", untouched(t)); !errors.Is(err, swr.ErrClosed) {
			t.Errorf("got %v, want %v", err, swr.ErrClosed)
		}
		if got, _, stale := get(t, c, "stale", untouched(t)); got != "old" || !stale {
			t.Errorf("got %q, stale %v, want old", got, stale)
		}
		c.Close()
	})
}

// Everything at once, for the race detector.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := &swr.Cache[int, int]{Fresh: time.Microsecond, Keep: time.Millisecond, Max: 8 * overhead}
	var readers sync.WaitGroup
	for n := range 8 {
		readers.Go(func() {
			for i := range 500 {
				key := (n + i) % 16
				load := func(context.Context) (int, error) { return key, nil }
				v, _, _, err := c.Get(t.Context(), key, load)
				if err != nil || v != key {
					t.Errorf("got %d, %v, want %d", v, err, key)
				}
				switch i % 50 {
				case 0:
					c.Put(key, key)
				case 10:
					c.Expire(func(k int) bool { return k == key })
				case 20:
					c.Drop(func(k int) bool { return k == key })
				case 30:
					c.Wait()
				case 40:
					c.Peek(key)
				}
			}
		})
	}
	readers.Wait()
	c.Close()
}
