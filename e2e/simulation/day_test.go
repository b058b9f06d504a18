package simulation

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/quota"
)

// A tenant's day: so many changes, 15 % of them and half of the views in the busiest
// hour.
const (
	changes   = 100
	rushHour  = 8
	rushShare = 15
)

// firstTier is how many points an hour Jira gives an app at all sites.
const firstTier = 65_000

// scaled is the share of a sample in the quota.
func scaled(tenants int) int { return firstTier * tenants / all }

// span are hours of a day, from the first up to the last, without it.
type span struct{ from, to int }

// theRush is the busiest hour and the one before it, which stands for the other 23.
func theRush() span { return span{rushHour - 1, rushHour + 1} }

// day is what some hours of a day have cost.
type day struct {
	build   build
	tenants int
	span    span
	hours   map[int]hour
	// views are those that people opened, refused those that showed no numbers, older
	// those that said that newer ones must wait.
	views, refused, older int
	// week is what the tenants' reading of a week's changes costs, once a week.
	week int
	// limit is how many points an hour there were.
	limit int
	took  time.Duration // in real time
}

// hour is what an hour has cost.
type hour struct {
	purposes map[quota.Purpose]int // as the program counted
	site     int                   // as the sites did
	refused  map[string]int        // calls, by Jira's reason
}

// total is what was spent for all purposes.
func total(purposes map[quota.Purpose]int) (points int) {
	for _, n := range purposes {
		points += n
	}
	return points
}

// reading is what of the weekly reading falls into an hour: its even share, or what is
// left up to where the background rests. The rest of it waits for another hour.
func (d day) reading(h hour) int { return min(d.week/(7*24), d.room(h)) }

// room is what an hour has left for the weekly reading.
func (d day) room(h hour) int { return max(0, d.limit*4/5-total(h.purposes)) }

// each are the hours of the whole day: each that was not played is like the first that
// was.
func (d day) each() (all []hour) {
	for n := range 24 {
		h, played := d.hours[n]
		if !played {
			h = d.hours[d.span.from]
		}
		all = append(all, h)
	}
	return all
}

// fits reports whether the weekly reading finds room in the hours of a day.
func (d day) fits() bool {
	room := 0
	for _, h := range d.each() {
		room += d.room(h)
	}
	return d.week/7 <= room
}

// sum is what the whole day costs.
func (d day) sum() (points int) {
	points = d.week / 7
	for _, h := range d.each() {
		points += total(h.purposes)
	}
	return points
}

// worst is the dearest hour, with its share of the weekly reading.
func (d day) worst() (points int) {
	for _, h := range d.hours {
		points = max(points, total(h.purposes)+d.reading(h))
	}
	return points
}

// event is something that happens at a time.
type event struct {
	at time.Duration // of the day
	do func()
}

// play plays hours of the day of a sample, with all indexes full. limit is how many
// points an hour there are.
func play(t *testing.T, b build, open []int, hours span, limit int) (d day) {
	t.Helper()
	begun := realNow()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, b, open)
		week := 0
		if b.index == "on" {
			week = f.fill(t)
		}
		d = f.day(t, b, hours, limit)
		d.week, d.limit = week, limit
	})
	d.took = (realNow() - begun).Round(time.Second)
	return d
}

// fill lets all indexes be filled, whatever it costs, has each read a week of changes,
// which it does once a week, and returns what that reading cost.
func (f *fleet) fill(t *testing.T) (week int) {
	t.Helper()
	f.until(t, "filled", f.filled)
	time.Sleep(10 * time.Minute) // what search may have missed is read again
	before := f.points(t)
	f.age(t, func(s *index.State, _ map[string]any, _ float64) {
		read := time.Now().Add(-7 * 24 * time.Hour)
		s.Issues, s.Worklogs, s.Deleted, s.Reconciled = read, read, read, read
	})
	f.until(t, "read", func() bool {
		states, err := index.New(f.Store.Index, nil).States(t.Context())
		for _, s := range states {
			if time.Since(s.Reconciled) > 24*time.Hour {
				return false
			}
		}
		return err == nil
	})
	week = f.points(t) - before
	// From here on they are compared at some time of the day.
	f.age(t, func(_ *index.State, notes map[string]any, share float64) {
		notes["checked"] = time.Now().Add(-time.Duration(share * float64(24*time.Hour)))
	})
	return week
}

// until waits for at most half a day: the largest tenants fill for hours.
func (f *fleet) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 720 {
		if time.Sleep(time.Minute); ok() {
			return
		}
	}
	t.Fatalf("never %s: %+v", what, f.App.Feed().Standing())
}

// points are what the program has spent in the hours of today so far.
func (f *fleet) points(t *testing.T) (points int) {
	t.Helper()
	time.Sleep(10 * time.Second) // it has stored them
	for hour := f.begun.Truncate(time.Hour); hour.Before(time.Now()); hour = hour.Add(time.Hour) {
		got, err := f.Store.Quota.Points(t.Context(), hour)
		if err != nil {
			t.Fatal(err)
		}
		points += total(got[""].Points)
	}
	return points
}

// age changes how old each index is. The shares are spread evenly from 0 to 1.
func (f *fleet) age(t *testing.T, change func(s *index.State, notes map[string]any, share float64)) {
	t.Helper()
	facts := index.New(f.Store.Index, nil)
	for k, n := range f.tenants {
		_, share := math.Modf(float64(k+1) * math.Phi)
		err := facts.ChangeState(t.Context(), string(n.id), func(s *index.State) error {
			notes := map[string]any{}
			if err := json.Unmarshal([]byte(s.Cursor), &notes); err != nil {
				return err
			}
			change(s, notes, share)
			text, err := json.Marshal(notes)
			s.Cursor = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// day plays hours of a day, of which the first begins with the next but one of the
// clock's.
func (f *fleet) day(t *testing.T, b build, hours span, limit int) day {
	t.Helper()
	d := day{build: b, tenants: len(f.tenants), span: hours, hours: map[int]hour{}}
	start := time.Now().UTC().Truncate(time.Hour).Add(2 * time.Hour)
	time.Sleep(time.Until(start.Add(-time.Hour)))
	f.quota.SetGlobal(limit)
	f.change(t, f.tenants[0], created) // what is fetched of it tells the program of the limit
	at := func(of time.Duration) time.Time { return start.Add(of - time.Duration(hours.from)*time.Hour) }
	for _, e := range f.plan(t, hours, &d) {
		time.Sleep(time.Until(at(e.at)))
		e.do()
	}
	time.Sleep(10 * time.Second)
	for n, h := range d.hours {
		got, err := f.Store.Quota.Points(t.Context(), at(time.Duration(n)*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		h.purposes = got[""].Points
		d.hours[n] = h
	}
	return d
}

// plan is what happens in hours of a day, in its order.
func (f *fleet) plan(t *testing.T, hours span, d *day) (plan []event) {
	t.Helper()
	add := func(at time.Duration, do func()) {
		if h := int(at / time.Hour); hours.from <= h && h < hours.to {
			plan = append(plan, event{at, do})
		}
	}
	for k, n := range f.tenants {
		for i, what := range shuffled(f.rng, mix()) {
			add(f.moment(i < changes*rushShare/100), func() { f.change(t, n, what) })
		}
		for v := range n.viewers {
			add(f.moment((k+v)%2 == 0), func() { d.see(f.look(t, n, v)) })
		}
		for h := range 24 {
			add(time.Duration(h)*time.Hour+time.Duration(k)*time.Hour/time.Duration(len(f.tenants)), func() {
				if _, err := n.Site.ForgeTick(t.Context(), ""); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
	for h := range 24 {
		add(time.Duration(h+1)*time.Hour-time.Second/2, func() {
			report := f.quota.Report()
			one := hour{refused: report.Refused}
			for _, a := range report.Apps {
				one.site += a.Points
			}
			d.hours[h] = one
		})
	}
	slices.SortStableFunc(plan, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return plan
}

// see notes what a person got.
func (d *day) see(what seen) {
	d.views++
	switch what {
	case refused:
		d.refused++
	case older:
		d.older++
	}
}

// shuffled are the changes of a day in the order in which they come.
func shuffled(rng *rand.Rand, mix map[kind]int) (list []kind) {
	for _, what := range slices.Sorted(maps.Keys(mix)) {
		for range mix[what] {
			list = append(list, what)
		}
	}
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// moment is some time of the busiest hour, or of the others.
func (f *fleet) moment(rush bool) time.Duration {
	if rush {
		return rushHour*time.Hour + time.Duration(f.rng.Int64N(int64(time.Hour)))
	}
	at := time.Duration(f.rng.Int64N(int64(23 * time.Hour)))
	if at >= rushHour*time.Hour {
		at += time.Hour
	}
	return at
}

// seen is what a person got.
type seen int

const (
	fresh seen = iota
	older
	refused
)

// look opens a tenant's gadget as one of its viewers, whose page can read.
func (f *fleet) look(t *testing.T, n *tenant, viewer int) seen {
	t.Helper()
	page := n.Reader(n.viewers[viewer], "workload")
	page.Client = f.http
	got := page.Follow(t, page.First(t))
	switch {
	case got.Status != http.StatusOK || got.Code != http.StatusOK || !strings.Contains(got.HTML, "data-count"):
		t.Logf("%s: a view of %d issues was refused: %d, %d, %s", time.Now().Format(time.DateTime), n.open, got.Status, got.Code, got.Detail)
		return refused
	case strings.Contains(got.HTML, "These numbers are older"):
		return older
	}
	return fresh
}
