package simulation

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
)

// The builds that are compared: as it is; with the index and the server's reading
// alone; and as before there was an index.
func indexed() build  { return build{"index, auto", "on", "auto"} }
func onServer() build { return build{"index, server", "on", "server"} }
func without() build  { return build{"no index, server", "off", "server"} }

// TestRush plays the busiest hour of a few tenants: no view is refused though the
// quota is small, the background leaves people their points, and the index spends at
// most a tenth of what the program does without it.
func TestRush(t *testing.T) {
	t.Parallel()
	harness.Long(t)
	const limit = 400 // not even a view of the largest by the server
	open := sample(t, 4)
	hours := span{rushHour, rushHour + 1}
	days := map[build]day{}
	for b, points := range map[build]int{indexed(): limit, without(): unlimited} {
		t.Run(b.name, func(t *testing.T) {
			d := play(t, b, open, hours, points)
			d.check(t)
			days[b] = d
		})
	}
	with, old := days[indexed()], days[without()]
	t.Logf("%d points with an index, %d without", with.worst(), old.worst())
	if with.worst()*10 > old.worst() || with.worst() == 0 {
		t.Errorf("with an index %d points, without %d: more than a tenth", with.worst(), old.worst())
	}
	if with.worst() > limit*8/10 {
		t.Errorf("%d of %d points: nothing is left for people", with.worst(), limit)
	}
}

// check is what holds of every day: who looks sees numbers, Jira refuses nothing, and
// the program counts what the sites do.
func (d day) check(t *testing.T) {
	t.Helper()
	if d.refused > 0 || d.views == 0 {
		t.Errorf("%d of %d views were refused", d.refused, d.views)
	}
	for n, h := range d.hours {
		if len(h.refused) > 0 {
			t.Errorf("hour %d: Jira refused %v", n, h.refused)
		}
		if got := total(h.purposes); got != h.site {
			t.Errorf("hour %d: the program counted %d points, the sites %d", n, got, h.site)
		}
	}
}

// TestSimulation writes the tables of docs/quota.md: "make simulate" runs it.
func TestSimulation(t *testing.T) {
	tenants, err := strconv.Atoi(os.Getenv("SIGHTLINE_SIMULATE"))
	if err != nil || tenants < 10 {
		t.Skip("takes long: make simulate runs it, with 10 tenants or more")
	}
	hours := theRush()
	if text := os.Getenv("SIGHTLINE_SIMULATE_HOURS"); text != "" {
		if _, err := fmt.Sscanf(text, "%d-%d", &hours.from, &hours.to); err != nil || hours.from > rushHour || hours.to <= rushHour || hours.to > 24 {
			t.Fatalf("hours %q: want FROM-TO with the %dth between them", text, rushHour)
		}
	}
	var doc document
	t.Run("day", func(t *testing.T) {
		t.Parallel()
		d := play(t, indexed(), sample(t, tenants), hours, scaled(tenants))
		doc.put(t, "day", d.byHour())
		doc.put(t, "growth", d.growth())
		d.check(t)
		if d.worst() > scaled(tenants) {
			t.Errorf("the worst hour costs %d of %d points", d.worst(), scaled(tenants))
		}
		if !d.fits() {
			t.Errorf("a seventh of %d points of weekly reading finds no room in the day", d.week)
		}
		days := []day{d}
		for _, one := range []struct {
			build
			tenants int
		}{{without(), tenants}, {onServer(), tenants}, {without(), tenants / 2}, {indexed(), tenants / 2}} {
			limit := unlimited
			if one.build == indexed() {
				limit = scaled(one.tenants)
			}
			d := play(t, one.build, sample(t, one.tenants), theRush(), limit)
			d.check(t)
			days = append(days, d)
			doc.put(t, "builds", compared(days))
		}
		if with, old := days[0].sum(), days[1].sum(); with*10 > old {
			t.Errorf("the day costs %d points with an index, %d without: more than a tenth", with, old)
		}
	})
	t.Run("fill", func(t *testing.T) {
		t.Parallel()
		doc.put(t, "fill", start(t, sample(t, tenants), firstTier/10*tenants/50).report())
	})
}
