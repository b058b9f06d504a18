package viewer_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

func (w *world) searches() int { return w.calls("GET", search) + w.calls("POST", search) }

// TestGadgetsShareReadings: what was read for one of a person's gadgets serves the
// others for a moment, unless Jira changed, and nobody else.
func TestGadgetsShareReadings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, patient())
	workloads, timelogs := viewer.NewWorkloads[string](w.views), viewer.NewTimelogs[string](w.views)
	mine, theirs := w.place(w.person(lead), "HARB"), w.place(w.person(outsider), "HARB")
	second := mine
	second.Name = "item/1/3"
	expect := func(what string, want int, get func() error) {
		t.Helper()
		before := w.searches()
		if err := get(); err != nil {
			t.Fatal(err)
		}
		if got := w.searches() - before; got != want {
			t.Errorf("%s: %d searches, want %d", what, got, want)
		}
	}
	var first viewer.Workload
	load := func(p viewer.Place) func() error {
		return func() error {
			seen, err := workloads.Get(t.Context(), p, false)
			first = seen.View
			return err
		}
	}
	log := func(p viewer.Place) func() error {
		return func() error {
			seen, err := timelogs.Get(t.Context(), p, false)
			if err == nil && len(seen.View.Sheet.Rows) == 0 {
				t.Error("nothing is logged")
			}
			return err
		}
	}
	expect("the first", 2, load(mine))
	began := first.ReadAt
	w.clock.advance(5 * time.Second)
	expect("a second gadget", 0, log(mine))
	expect("the same gadget again", 0, load(second))
	if !first.ReadAt.Equal(began) {
		t.Errorf("the view is of %v, its reading began at %v", first.ReadAt, began)
	}
	expect("somebody else", 2, load(theirs))
	w.clock.advance(time.Second)
	w.views.Changed(w.tenant.ID, "")
	w.clock.advance(time.Second)
	third := second
	third.Name = "item/1/4"
	expect("after a change", 2, load(third))
	expect("a moment later", 0, log(third))
	w.clock.advance(20 * time.Second)
	third.Name = "item/1/5"
	expect("much later", 2, load(third))
	expect("after a correction", 1, func() error { return timelogs.Reread(t.Context(), third, nil) })
}

// TestSharedLogsCoverTheDays: for a person who is not known yet a day more is read at
// each end, so that days are whole in any zone.
func TestSharedLogsCoverTheDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, patient())
	for _, p := range w.site.People() {
		if p.App || !p.Active {
			continue
		}
		person := viewer.Person{Tenant: w.tenant, Account: connect.AccountID(p.AccountID)}
		fresh, err := viewer.NewWorkloads[string](w.views).Get(t.Context(), w.place(person, "HARB", "LANT"), false)
		if err != nil {
			t.Fatal(err)
		}
		w.clock.advance(time.Minute)
		known, err := viewer.NewWorkloads[string](w.views).Get(t.Context(), w.place(person, "HARB", "LANT"), false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(known.View.Summary.Rows, fresh.View.Summary.Rows); diff != "" {
			t.Errorf("%s in %s (-known +not yet known)\n%s", p.Username, p.TimeZone, diff)
		}
	}
}

// TestWhatAPlaceIsThoughtToShow: reading begins with it, and only what the place
// really shows is shown.
func TestWhatAPlaceIsThoughtToShow(t *testing.T) {
	t.Parallel()
	thinks := func(projects ...string) func(context.Context) (workload.GadgetConfig, bool) {
		config := workload.NewGadgetConfig()
		config.Projects = projects
		return func(context.Context) (workload.GadgetConfig, bool) { return config, len(projects) > 0 }
	}
	for _, tt := range []struct {
		name    string
		shows   []string
		thought func(context.Context) (workload.GadgetConfig, bool)
	}{
		{"right", []string{"HARB"}, thinks("HARB")},
		{"wrong", []string{"HARB"}, thinks("LANT", "HARB")},
		{"nothing is thought", []string{"HARB"}, thinks()},
		{"not set up any more", nil, thinks("HARB")},
		{"too slow", []string{"HARB"}, func(ctx context.Context) (workload.GadgetConfig, bool) {
			<-ctx.Done()
			return workload.GadgetConfig{}, false
		}},
		{"a project that is not there", []string{"HARB"}, thinks("NOPE")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, patient())
			p := w.place(w.person(lead), tt.shows...)
			want, err := viewer.NewWorkloads[string](newWorld(t, patient()).views).Get(t.Context(), w.place(w.person(lead), tt.shows...), false)
			if err != nil {
				t.Fatal(err)
			}
			p.Thought = tt.thought
			ask := p.Config
			p.Config = func(ctx context.Context, j *jira.Client) (workload.GadgetConfig, bool, error) {
				if tt.name == "right" || tt.name == "wrong" { // it asks until reading has begun
					eventually(t, "a search", func() bool { return w.searches() > 0 })
				}
				return ask(ctx, j)
			}
			got, err := viewer.NewWorkloads[string](w.views).Get(t.Context(), p, false)
			if err != nil || got.View.Configured != want.View.Configured || !slices.Equal(got.View.Reading.Shown, tt.shows) {
				t.Fatalf("shows %v, configured %v, %v", got.View.Reading.Shown, got.View.Configured, err)
			}
			if diff := cmp.Diff(want.View.Summary.Totals, got.View.Summary.Totals); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if n := w.searches(); tt.name == "right" && n != 2 {
				t.Errorf("%d searches", n)
			}
		})
	}
}

// TestThoughtIsNoRight: what a place is thought to show is not shown to a person whom
// Jira does not tell.
func TestThoughtIsNoRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, patient())
	p := w.place(w.person(lead), "HARB")
	p.Thought = func(context.Context) (workload.GadgetConfig, bool) {
		config := workload.NewGadgetConfig()
		config.Projects = []string{"HARB"}
		return config, true
	}
	p.Config = func(ctx context.Context, j *jira.Client) (workload.GadgetConfig, bool, error) {
		_, err := j.Issues.Get(ctx, "HARB-1", jira.IssueGetOptions{})
		return workload.GadgetConfig{}, false, err
	}
	w.fault(connecttest.Fault{Method: http.MethodGet, Path: "/rest/api/3/issue/HARB-1", Status: http.StatusForbidden})
	if got, err := viewer.NewWorkloads[string](w.views).Get(t.Context(), p, false); err == nil || got.View.Reading.Shown != nil {
		t.Errorf("got %v, %v", got.View.Reading.Shown, err)
	}
}
