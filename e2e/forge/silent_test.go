package forge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/glance"
)

// timed is a site on Forge whose time a test moves.
type timed struct {
	*watched
	*harness.Clock
}

func onForgeAt(t *testing.T, database string, changes ...func(*app.ServeFlags)) (timed, harness.Forge) {
	t.Helper()
	clock := &harness.Clock{}
	site := connecttest.NewSite(t, connecttest.Options{Now: clock.Now})
	w, f := onForgeOf(t, site, database, append(changes, harness.By(clock))...)
	return timed{w, clock}, f
}

// later moves time on, and has the reconciler look what is due.
func (w timed) later(d time.Duration) {
	w.Forward(d)
	w.App.Reconciler().Wake()
}

func (w timed) status(t *testing.T) connect.ForgeStatus {
	t.Helper()
	all, err := w.Store.Forge.Statuses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all[w.tenant]
}

// idle reports whether no row of a glance is due, now or later.
func (w timed) idle(t *testing.T) bool {
	t.Helper()
	next, err := w.Store.Glances.NextDue(t.Context(), []glance.Pace{{Surface: glance.SurfaceChat, Kind: glance.KindGlance, Every: time.Second, Burst: 10}})
	if err != nil {
		t.Fatal(err)
	}
	return next.IsZero()
}

// underWay reports whether a worker holds a row.
func (w timed) underWay(t *testing.T) bool {
	t.Helper()
	rows, err := w.Store.Glances.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(rows, func(r glance.Row) bool { return r.Lease != "" })
}

// TestForgeGone: an installation that Jira refuses, and that no hourly call comes
// from, is gone: its work rests until a verified call.
func TestForgeGone(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			harness.OnEachDatabase(t, func(t *testing.T, database string) {
				w, f := onForgeAt(t, database)
				w.Fault(t, connecttest.Fault{Path: "/ex/jira/*", Status: status})
				for n := range 3 {
					w.later(31 * time.Minute)
					harness.Eventually(t, "a refusal is counted", func() bool { return w.status(t).Refusals > n })
				}
				if got := w.listed(t)[4]; got != "active" {
					t.Errorf("refused, and not silent: listed as %s", got)
				}
				w.later(2 * time.Hour)
				if got := w.listed(t)[4]; got != "gone" {
					t.Errorf("silent and refused: listed as %s", got)
				}
				harness.Eventually(t, "what was under way ends", func() bool { return w.idle(t) && !w.underWay(t) })

				refusals, seen := w.status(t).Refusals, w.Seen()
				since := w.Now().Add(time.Hour)
				w.later(24 * time.Hour)
				if _, err := w.Store.Glances.MarkDirty(t.Context(), w.tenant, "", "", w.Now()); err != nil {
					t.Fatal(err)
				}
				if !w.idle(t) {
					t.Error("work is due while the tenant is gone")
				}
				w.Site.ClearFaults()
				wants(t, http.StatusOK, tick(t, f))
				if got := w.listed(t)[4]; got != "active" {
					t.Errorf("revived: listed as %s", got)
				}
				w.works(t, f, "revived")
				w.rested(t, seen, since)
				if got := w.status(t); refusals < 3 || got.Refusals != 0 {
					t.Errorf("got %d refusals, then %d", refusals, got.Refusals)
				}
			})
		})
	}
}

// rested looks whether the app called Jira only after the call that revived it had
// begun: what it then does may end before that call does. Calls that began before the
// time were under way.
func (w timed) rested(t *testing.T, seen int, since time.Time) {
	t.Helper()
	all := w.Site.Requests(seen)
	revived := slices.IndexFunc(all, func(q connecttest.Request) bool { return q.From == "site" && q.Start.After(since) })
	if revived < 0 {
		t.Fatal("no call revived the app")
	}
	for _, q := range all {
		if strings.HasPrefix(q.Path, connecttest.ForgeAPIPath) && q.Start.After(since) && q.Start.Before(all[revived].Start) {
			t.Errorf("while it was gone the app called %s %s", q.Method, q.Path)
		}
	}
}

// TestForgeTickMissed: for a day no hourly call comes. The app's token ends; the
// next call goes on with a new one.
func TestForgeTickMissed(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		w, f := onForgeAt(t, database)
		w.missesADay(t, f)
		w.works(t, f, "a day later")
	})
}

func (w timed) missesADay(t *testing.T, f harness.Forge) {
	t.Helper()
	failed := func() bool {
		rows, err := w.Store.Glances.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row.FailedFor != glance.ReasonNone && row.Attempts > 0 {
				return true
			}
		}
		return false
	}
	w.later(25 * time.Hour)
	harness.Eventually(t, "the app has no token", failed)
	if got := w.listed(t)[4]; got != "silent" {
		t.Errorf("listed as %s", got)
	}
	wants(t, http.StatusOK, tick(t, f))
	harness.Eventually(t, "the new token is used", func() bool { return !failed() })
	if got := w.listed(t)[4]; got != "active" {
		t.Errorf("after the call: listed as %s", got)
	}
}
