package glance_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

// startingAt is a clock that runs with the bubble's from a given time on.
func startingAt(t *testing.T, text string) func() time.Time {
	t.Helper()
	start, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	offset := time.Until(start)
	return func() time.Time { return time.Now().Add(offset) }
}

// pass lets time pass while everything else runs.
func pass(d time.Duration) { <-time.After(d) }

// room names the two states of a room.
func room(name string) (g, s glance.Key) {
	g, s = glanceKey, setupKey
	g.Conversation, s.Conversation = name, name
	return g, s
}

func (s *screen) last(k glance.Key) string {
	labels := s.labels(k)
	if len(labels) == 0 {
		return ""
	}
	return labels[len(labels)-1]
}

func (s *screen) calls(k glance.Key) []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time(nil), s.times[k]...)
}

// TestMidnightNeedsNoEvent: an issue that is due today is overdue a few
// seconds after the midnight of the room's zone.
func TestMidnightNeedsNoEvent(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, zone, start, midnight string }{
		{"plain", "Europe/Berlin", "2026-11-24T22:58:00Z", "2026-11-24T23:00:00Z"},
		{"west", "America/Los_Angeles", "2026-11-25T07:58:00Z", "2026-11-25T08:00:00Z"},
		{"a day of 23 hours", "Europe/Berlin", "2026-03-29T21:58:00Z", "2026-03-29T22:00:00Z"},
		{"a day of 25 hours", "Europe/Berlin", "2026-10-25T22:58:00Z", "2026-10-25T23:00:00Z"},
		{"a midnight that is skipped", "America/Santiago", "2026-09-06T03:58:00Z", "2026-09-06T04:00:00Z"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBenchAt(t, startingAt(t, tc.start))
				zone, err := time.LoadLocation(tc.zone)
				if err != nil {
					t.Fatal(err)
				}
				due := workload.DateOf(b.now(), zone)
				b.source.of = func() glance.Numbers {
					n := glance.Numbers{Open: 1}
					if due.Before(workload.DateOf(b.now(), zone)) {
						n.Overdue = 1
					}
					return n
				}
				b.begin(t, glanceKey, setupKey)
				c := config
				c.Zone = tc.zone
				b.configure(t, glanceKey, setupKey, c)
				b.start(t)
				midnight, err := time.Parse(time.RFC3339, tc.midnight)
				if err != nil {
					t.Fatal(err)
				}
				pass(midnight.Add(-time.Second).Sub(b.now()))
				if got := b.screen.last(glanceKey); got != "1 open" {
					t.Errorf("before midnight: got %q", got)
				}
				pass(8 * time.Second)
				if got := b.screen.last(glanceKey); got != "1 open · 1 overdue" {
					t.Errorf("after midnight: got %q", got)
				}
				if n := len(b.screen.labels(glanceKey)); n != 2 {
					t.Errorf("%d pushes, want 2", n)
				}
			})
		})
	}
}

// TestQuietHours: during them, even over midnight, nothing is pushed to a room,
// and pull answers the last pushed label; at their end the room gets the
// newest. A person who configures it sees the result at once.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBenchAt(t, startingAt(t, "2026-11-24T23:50:00Z"))
		b.source.set(1, nil)
		b.begin(t, glanceKey, setupKey)
		c := config
		c.QuietFrom, c.QuietTo = "23:55", "00:20"
		b.configure(t, glanceKey, setupKey, c)
		b.start(t)
		pass(6 * time.Minute) // 23:56
		asked := b.asked()
		for i := range 4 {
			b.source.set(2+i, nil)
			b.mark(t, b.now())
			pass(2 * time.Minute)
		}
		if got := b.asked(); got != asked {
			t.Errorf("computed %d times in quiet hours", got-asked)
		}
		pulled, err := b.store.Glances.Glance(t.Context(), glanceKey)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.screen.labels(glanceKey); len(got) != 1 || pulled.PullLabel() != got[0] {
			t.Errorf("pushed %v, pulled %q, want the previous label", got, pulled.PullLabel())
		}
		b.configure(t, glanceKey, setupKey, c) // 00:04
		pass(5 * time.Second)
		if got := b.screen.last(glanceKey); got != "5 open" {
			t.Errorf("configured in quiet hours: got %q", got)
		}
		b.source.set(9, nil)
		b.mark(t, b.now())
		pass(15*time.Minute + 50*time.Second) // 00:19:55
		if got := b.screen.last(glanceKey); got != "5 open" {
			t.Errorf("before the end: got %q", got)
		}
		pass(10 * time.Second)
		if got := b.screen.last(glanceKey); got != "9 open" {
			t.Errorf("after the end: got %q", got)
		}
	})
}

// TestOneReadingForManyRooms: fifty rooms that show the same numbers ask Jira
// once after an event, however their labels use the answer.
func TestOneReadingForManyRooms(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.source.set(1, nil)
		for i := range 50 {
			g, s := room(fmt.Sprintf("room-%d", i))
			b.begin(t, g, s)
			c := config
			c.Parts = [][]glance.Part{nil, {glance.PartOpen}, {glance.PartOverdue, glance.PartOpen}}[i%3]
			b.configure(t, g, s, c)
		}
		other, s := room("another question")
		b.begin(t, other, s)
		c := config
		c.Role = "10002"
		b.configure(t, other, s, c)
		b.start(t)
		pass(time.Minute)
		asked := b.asked()
		b.source.set(2, nil)
		b.mark(t, time.Now().Add(time.Second))
		pass(30 * time.Second)
		if got := b.asked() - asked; got != 2 {
			t.Errorf("%d readings for two questions", got)
		}
		for i := range 50 {
			g, _ := room(fmt.Sprintf("room-%d", i))
			want := []string{"2 open", "2 open", "0 overdue · 2 open"}[i%3]
			if got := b.screen.last(g); got != want {
				t.Errorf("room %d: got %q, want %q", i, got, want)
			}
		}
	})
}

// TestAnEventDuringAReadingIsNotLost: a reading that began before an event does
// not serve it.
func TestAnEventDuringAReadingIsNotLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.begin(t, glanceKey, setupKey)
		var open atomic.Int64
		open.Store(1)
		b.source.of = func() glance.Numbers {
			n := glance.Numbers{Open: int(open.Load())}
			pass(3 * time.Second) // the answer is old when it arrives
			return n
		}
		b.start(t)
		pass(time.Second)
		open.Store(2)
		b.mark(t, time.Now())
		pass(20 * time.Second)
		if got := b.screen.last(glanceKey); got != "2 open" {
			t.Errorf("got %q, want what is true after the event", got)
		}
	})
}

// TestOnlyTheLabelIsPushed: new numbers with the same label are stored but not
// pushed.
func TestOnlyTheLabelIsPushed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		n := glance.Numbers{Open: 5}
		b.source.of = func() glance.Numbers { return n }
		b.begin(t, glanceKey, setupKey)
		b.start(t)
		pass(5 * time.Second)
		n.DueSoon, n.Heavy = 3, 1
		b.mark(t, time.Now())
		pass(5 * time.Second)
		row, err := b.store.Glances.Glance(t.Context(), glanceKey)
		if err != nil {
			t.Fatal(err)
		}
		if row.Desired.Numbers != n || row.NeedsWork() || len(b.screen.labels(glanceKey)) != 1 {
			t.Errorf("got %+v after %d pushes", row, len(b.screen.labels(glanceKey)))
		}
		if row.Handle != "handle of 5 open" {
			t.Errorf("handle: got %q", row.Handle)
		}
	})
}
