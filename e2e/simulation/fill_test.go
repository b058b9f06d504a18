package simulation

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/quota"
)

// filling is how a sample's indexes were filled.
type filling struct {
	tenants, open, limit int
	// hours are the points of each hour by purpose; spent are those of filling.
	hours []map[quota.Purpose]int
	spent int
	// looked and others are after how long the tenants were full at whom somebody had
	// looked, and the rest.
	looked, others  []time.Duration
	views, refusals int
	took            time.Duration // in real time
}

// full is when the last was.
func (f filling) full() time.Duration {
	return max(slices.Max(f.looked), slices.Max(f.others))
}

// start installs the app at all tenants of a sample at once, when somebody has just
// looked at every fourth, and goes on with the changes of a day until all indexes are
// full.
func start(t *testing.T, open []int, limit int) (out filling) {
	t.Helper()
	begun := realNow()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, indexed(), open)
		f.quota.SetGlobal(limit)
		out = filling{tenants: len(open), open: sum(open), limit: limit}
		d := day{hours: map[int]hour{}}
		for k, n := range f.tenants {
			if k%4 == 0 {
				d.see(f.look(t, n, 0))
			}
		}
		f.App.Feed().Survey()
		hour := time.Now()
		for n := 0; out.count() < len(open) && n < 24*30; n++ {
			for _, e := range f.plan(t, span{n % 24, n%24 + 1}, &d) {
				time.Sleep(time.Until(hour.Add(e.at - time.Duration(n%24)*time.Hour)))
				e.do()
				f.note(t, &out)
			}
			time.Sleep(time.Until(hour.Add(time.Hour)))
			hour = hour.Add(time.Hour)
		}
		out.views, out.refusals = d.views, d.refused
		f.spendings(t, hour, &out)
	})
	out.took = (realNow() - begun).Round(time.Second)
	return out
}

// count is how many tenants are full.
func (f filling) count() int { return len(f.looked) + len(f.others) }

// note notes which tenants have become full.
func (f *fleet) note(t *testing.T, out *filling) {
	t.Helper()
	states, err := index.New(f.Store.Index, nil).States(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for k, n := range f.tenants {
		s := states[string(n.id)]
		if n.full || s.Filled.IsZero() {
			continue
		}
		n.full = true
		took := s.Filled.Sub(f.begun)
		if k%4 == 0 {
			out.looked = append(out.looked, took)
		} else {
			out.others = append(out.others, took)
		}
	}
}

// spendings reads the points of all hours up to a time.
func (f *fleet) spendings(t *testing.T, until time.Time, out *filling) {
	t.Helper()
	time.Sleep(10 * time.Second)
	for hour := f.begun.Truncate(time.Hour); hour.Before(until); hour = hour.Add(time.Hour) {
		got, err := f.Store.Quota.Points(t.Context(), hour)
		if err != nil {
			t.Fatal(err)
		}
		out.hours = append(out.hours, got[""].Points)
		out.spent += got[""].Points[quota.Fill]
	}
}
