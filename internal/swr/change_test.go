package swr_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/internal/swr"
)

// A load that began before a key changed is not served as fresh afterwards.
func TestExpireDuringLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, before, after := newCache(newClock()), newGate(), newGate()
		first := ask(t.Context(), c, before.load)
		c.Expire(everything)
		second := ask(t.Context(), c, after.load)
		before.open <- "before"
		if got, want := <-first, (answer{value: "before", stale: true}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		want(t, c, "k", "before", true)
		after.open <- "after"
		if got, want := <-second, (answer{value: "after"}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		want(t, c, "k", "after", false)
	})
}

// Of two loads the one that began later wins, whichever ends first.
func TestLateLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock()
		c, before, after := newCache(clock), newGate(), newGate()
		first := ask(t.Context(), c, before.load)
		c.Expire(everything)
		clock.advance(time.Second)
		second := ask(t.Context(), c, after.load)
		after.open <- "after"
		<-second
		before.open <- "before"
		<-first
		want(t, c, "k", "after", false)
	})
}

// A refresh overtaken by an event still brings something newer.
func TestExpireDuringRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock()
		c, g := newCache(clock), newGate()
		c.Put("k", "old")
		clock.advance(2 * time.Minute)
		<-ask(t.Context(), c, g.load)
		c.Expire(everything)
		g.open <- "newer"
		c.Wait()
		want(t, c, "k", "newer", true)
	})
}

func TestChangesDuringLoad(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(c *swr.Cache[string, string])
		after  func(t *testing.T, c *swr.Cache[string, string])
	}{
		{
			"drop",
			func(c *swr.Cache[string, string]) { c.Drop(only("k")) },
			func(t *testing.T, c *swr.Cache[string, string]) { wantNone(t, c, "k") },
		},
		{
			"expire, then drop",
			func(c *swr.Cache[string, string]) { c.Expire(only("k")); c.Drop(only("k")) },
			func(t *testing.T, c *swr.Cache[string, string]) { wantNone(t, c, "k") },
		},
		{
			"put",
			func(c *swr.Cache[string, string]) { c.Put("k", "put") },
			func(t *testing.T, c *swr.Cache[string, string]) { want(t, c, "k", "put", false) },
		},
		{
			"change of another key",
			func(c *swr.Cache[string, string]) { c.Put("x", "put"); c.Expire(only("x")); c.Drop(only("x")) },
			func(t *testing.T, c *swr.Cache[string, string]) { want(t, c, "k", "loaded", false) },
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, g := newCache(newClock()), newGate()
			reader := ask(t.Context(), c, g.load)
			tt.change(c)
			g.open <- "loaded"
			if got := <-reader; got.value != "loaded" || got.err != nil {
				t.Errorf("%s: got %+v, want what was loaded", tt.name, got)
			}
			tt.after(t, c)
		})
	}
}
