package viewer_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// counter is a view that is the number of its reading.
type counter struct {
	cache *viewer.Cache[int, string]
	views *viewer.Views
	clock *clock
	reads int
}

func newCounter(t testing.TB, patience viewer.Patience) *counter {
	t.Helper()
	c := &counter{clock: &clock{at: time.Now()}}
	c.views = viewer.New(viewer.Config{Languages: lang.New(), Patience: patience, Log: slog.New(slog.DiscardHandler), Now: c.clock.now})
	c.cache = viewer.NewCache[int, string](c.views)
	t.Cleanup(c.views.Close)
	return c
}

func (c *counter) get(t testing.TB, p viewer.Place, fresh bool) viewer.Seen[int, string] {
	t.Helper()
	got, err := c.cache.Get(t.Context(), p, fresh, func(context.Context) (int, error) {
		c.reads++
		return c.reads, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func at(tenant connect.TenantID, generation int64, account connect.AccountID, name string) viewer.Place {
	return viewer.Place{Person: viewer.Person{Tenant: &connect.Tenant{ID: tenant, Generation: generation}, Account: account}, Name: name}
}

// TestViewIsOnePersonsOwn: people, places, tenants and installations share no
// views.
func TestViewIsOnePersonsOwn(t *testing.T) {
	t.Parallel()
	c := newCounter(t, patient())
	places := []viewer.Place{
		at("t1", 1, "ann", "item/1/2"), at("t1", 1, "bob", "item/1/2"), at("t1", 1, "ann", "item/1/3"),
		at("t1", 2, "ann", "item/1/2"), at("t2", 1, "ann", "item/1/2"),
	}
	for i, p := range places {
		if got := c.get(t, p, false); got.View != i+1 || got.Stale {
			t.Errorf("%d: got reading %d, stale %v", i, got.View, got.Stale)
		}
	}
	for i, p := range places {
		if got := c.get(t, p, false); got.View != i+1 {
			t.Errorf("%d: got reading %d, want it kept", i, got.View)
		}
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	places := []viewer.Place{at("t1", 1, "ann", "a"), at("t1", 1, "bob", "a"), at("t1", 1, "ann", "b"), at("t2", 1, "ann", "a")}
	for name, tc := range map[string]struct {
		forget func(*viewer.Views)
		kept   []bool // of each place
	}{
		"a tenant":          {func(v *viewer.Views) { v.Forget("t1") }, []bool{false, false, false, true}},
		"a place":           {func(v *viewer.Views) { v.ForgetPlace("t1", "a") }, []bool{false, false, true, true}},
		"an unknown tenant": {func(v *viewer.Views) { v.Forget("t3") }, []bool{true, true, true, true}},
		"an unknown place":  {func(v *viewer.Views) { v.ForgetPlace("t1", "c") }, []bool{true, true, true, true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t, patient())
			for _, p := range places {
				c.get(t, p, false)
			}
			tc.forget(c.views)
			for i, p := range places {
				before := c.reads
				c.get(t, p, false)
				if kept := c.reads == before; kept != tc.kept[i] {
					t.Errorf("%d: kept %v, want %v", i, kept, tc.kept[i])
				}
			}
		})
	}
}

// TestChangedViewIsReadAnew: a change makes earlier views of its tenant out of
// date, and no other tenant's. Later ones are fresh.
func TestChangedViewIsReadAnew(t *testing.T) {
	t.Parallel()
	c := newCounter(t, patient())
	ann, other := at("t1", 1, "ann", "a"), at("t2", 1, "ann", "a")
	c.get(t, ann, false)
	c.get(t, other, false)
	c.clock.advance(time.Second)
	c.views.Changed("t1", "")
	if got := c.get(t, other, false); got.View != 2 {
		t.Errorf("another tenant's view was read anew: %d", got.View)
	}
	c.clock.advance(time.Second)
	if got := c.get(t, ann, false); got.View != 3 || got.Stale {
		t.Errorf("got reading %d, stale %v, want the third", got.View, got.Stale)
	}
	if got := c.get(t, ann, false); got.View != 3 {
		t.Errorf("read again without a change: %d", got.View)
	}
}

// TestChangedViewIsShownAtOnce: as people wait, the old view is shown and marked as
// stale, however long Jira takes.
func TestChangedViewIsShownAtOnce(t *testing.T) {
	t.Parallel()
	patience := patient()
	patience.Changed = viewer.DefaultPatience().Changed
	c := newCounter(t, patience)
	ann := at("t1", 1, "ann", "a")
	c.get(t, ann, false)
	c.views.Changed("t1", "")
	release := make(chan struct{})
	got, err := c.cache.Get(t.Context(), ann, false, func(ctx context.Context) (int, error) {
		select {
		case <-release:
			return 7, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	})
	if err != nil || got.View != 1 || !got.Stale {
		t.Errorf("got %d, stale %v, %v", got.View, got.Stale, err)
	}
	close(release)
	// The reading continues: the next caller that waits joins it.
	joined, err := c.cache.Get(t.Context(), ann, true, func(context.Context) (int, error) { return 7, nil })
	if err != nil || joined.View != 7 || joined.Stale {
		t.Errorf("then got %d, stale %v, %v", joined.View, joined.Stale, err)
	}
}

func TestViewAges(t *testing.T) {
	t.Parallel()
	c := newCounter(t, patient())
	ann := at("t1", 1, "ann", "a")
	c.get(t, ann, false)
	c.clock.advance(29 * time.Second)
	if got := c.get(t, ann, true); got.View != 1 || got.Stale {
		t.Errorf("at 29 s: reading %d, stale %v", got.View, got.Stale)
	}
	c.clock.advance(2 * time.Second)
	if got := c.get(t, ann, true); got.View != 2 || got.Stale {
		t.Errorf("at 31 s, waiting: reading %d, stale %v", got.View, got.Stale)
	}
	c.cache.Expire(ann)
	if got := c.get(t, ann, true); got.View != 3 {
		t.Errorf("expired: reading %d", got.View)
	}
	c.clock.advance(13 * time.Hour)
	if got := c.get(t, ann, false); got.View != 4 || got.Stale {
		t.Errorf("after 13 h: reading %d, stale %v", got.View, got.Stale)
	}
}

func TestFailureIsNotKept(t *testing.T) {
	t.Parallel()
	c := newCounter(t, patient())
	ann, broken := at("t1", 1, "ann", "a"), errors.New("jira is away")
	if _, err := c.cache.Get(t.Context(), ann, false, func(context.Context) (int, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if got := c.get(t, ann, false); got.View != 1 {
		t.Errorf("got %d", got.View)
	}
}

// TestSlotDrawsOnce: a view is drawn once for each look. All who get the same
// view share what was drawn.
func TestSlotDrawsOnce(t *testing.T) {
	t.Parallel()
	c := newCounter(t, patient())
	ann := at("t1", 1, "ann", "a")
	look := viewer.Look{Age: "now"}
	draws := 0
	draw := func(p viewer.Place, l viewer.Look) {
		_, err := c.get(t, p, false).Drawn.Draw(l, func() (string, error) { draws++; return l.Age, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	draw(ann, look)
	draw(ann, look)
	if draws != 1 {
		t.Errorf("%d drawings of one look", draws)
	}
	pinned := viewer.Chosen{Preferences: workload.Preferences{Pins: []string{"bob"}}}
	for i, other := range []viewer.Look{{Age: "then"}, {Age: "then", Stale: true}, {Age: "then", Chosen: pinned}, {Age: "then", Chosen: viewer.Chosen{Unsaved: true}}} {
		draw(ann, other)
		if draws != i+2 {
			t.Errorf("%+v was not drawn", other)
		}
	}
	draw(at("t1", 1, "bob", "a"), look)
	if draws != 6 {
		t.Error("another person got what was drawn for the first")
	}
}

func TestSlotKeepsNoFailure(t *testing.T) {
	t.Parallel()
	var s viewer.Slot[string]
	broken := errors.New("the template failed")
	if _, err := s.Draw(viewer.Look{}, func() (string, error) { return "half", broken }); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	got, err := s.Draw(viewer.Look{}, func() (string, error) { return "whole", nil })
	if err != nil || got != "whole" {
		t.Errorf("got %q, %v", got, err)
	}
}

// Jira does not tell that somebody has lost a permission: what is older than the
// setting is not shown, not even first.
func TestNothingOlderThanTheSetting(t *testing.T) {
	t.Parallel()
	c := newCounter(t, patient())
	ann := at("t1", 1, "ann", "a")
	c.get(t, ann, false)
	c.clock.advance(viewer.DefaultMaxAge)
	if got := c.get(t, ann, false); got.View != 2 || got.Stale {
		t.Errorf("reading %d, stale %v", got.View, got.Stale)
	}
	c.clock.advance(viewer.DefaultMaxAge - time.Second)
	if got := c.get(t, ann, false); got.View != 2 || !got.Stale {
		t.Errorf("just before: reading %d, stale %v", got.View, got.Stale)
	}
}
