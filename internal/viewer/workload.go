package viewer

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// Workload is how much work each person has, as one viewer sees it.
type Workload struct {
	View
	Summary  workload.Summary
	Capacity Capacity
	Trend    Trend

	noted noted    // while it is read
	done  []string // likewise, see [Workload.lookBack]
}

// Workloads reads and keeps the workloads of all viewers. D is the drawing of
// one.
type Workloads[D any] struct {
	views *Views
	cache *Cache[Workload, D]
}

// NewWorkloads makes workloads with a cache of their own.
func NewWorkloads[D any](v *Views) *Workloads[D] {
	return &Workloads[D]{v, NewCache[Workload, D](v)}
}

// Get is what a person sees at a place, see [Cache.Get]. With fresh it shows what
// the place is configured to show now.
func (w *Workloads[D]) Get(ctx context.Context, p Place, fresh bool) (Seen[Workload, D], error) {
	if found, ok := w.cache.Peek(p); ok && !fresh {
		return found, nil
	}
	return w.get(ctx, p, fresh)
}

func (w *Workloads[D]) get(ctx context.Context, p Place, fresh bool) (Seen[Workload, D], error) {
	if fresh {
		p = p.askedOnce()
	}
	load := func(ctx context.Context) (Workload, error) { return w.views.workload(ctx, p, nil) }
	return current(ctx, w.views, w.cache, reading[Workload]{p, fresh, load, func(w Workload) View { return w.View }})
}

// Reread reads anew what a person sees after they wrote to the issues with the given
// ids, and returns once the result is kept.
func (w *Workloads[D]) Reread(ctx context.Context, p Place, written []int64) error {
	w.cache.Expire(p)
	w.views.shared.drop(func(k sharedKey) bool { return k.personKey.of(p.Person) })
	_, err := w.cache.Get(ctx, p, true, func(ctx context.Context) (Workload, error) { return w.views.workload(ctx, p, written) })
	return err
}

// workload reads a workload with the person's rights. written holds the ids of issues
// that they have just written to.
func (v *Views) workload(ctx context.Context, p Place, written []int64) (Workload, error) {
	out := Workload{View: v.begins()}
	j, err := v.Reader(p.Person)
	if err != nil {
		return Workload{}, err
	}
	preferences := v.Preferences.warm(ctx, p.Person)
	reader := v.Source(p.Person, j)
	reader.Written = written
	known, err := asking{v, p, j, &out.View}.all(ctx, func(ctx context.Context, s seeing) error { return out.see(ctx, s, reader) })
	if err != nil || !out.Configured {
		return out, err
	}
	out.lookBack(ctx, reader, p, known.zone)
	out.count(known)
	await(ctx, preferences, v.Patience.Preferences)
	return out, nil
}

// see reads the open issues, the work logs and the team. A Jira that tracks no time
// refuses the search for work logs and gives the issues all the same.
func (w *Workload) see(ctx context.Context, s seeing, reader source.Reader) error {
	var logged source.Reading
	var at, loggedAt times
	var known noted
	err := s.read(ctx, reader, func(ctx context.Context) error {
		if s.Load == workload.LoadByCapacity {
			known = s.noted(ctx)
		}
		return nil
	}, func(ctx context.Context) (err error) {
		w.Reading, at, err = s.open(ctx, reader)
		return err
	}, func(ctx context.Context) error {
		w.done = s.done(ctx, reader)
		return nil
	}, func(ctx context.Context) (err error) {
		if s.Rows != workload.AxisNone { // only people log time
			loggedAt = times{w.ReadAt, w.ReadAt}
			return nil
		}
		logged, loggedAt, err = s.logged(ctx, reader)
		if errors.Is(err, rest.ErrBadRequest) {
			logged, err = source.Reading{Untracked: true}, nil
		}
		return err
	})
	if err != nil {
		return err
	}
	w.noted = known
	w.Reading.Worklogs, w.Reading.Untracked, w.Reading.Gaps.Worklogs = logged.Worklogs, logged.Untracked, logged.Gaps.Worklogs
	s.began(at)
	s.began(loggedAt)
	return nil
}

// count makes the numbers of what was read. Only they are shown: the issues
// themselves are not kept.
func (w *Workload) count(k known) {
	today := workload.DateOf(w.ReadAt, k.zone)
	w.Summary = workload.Summarize(workload.Input{
		Issues: w.Reading.Issues, Worklogs: w.Reading.Worklogs, Team: w.Team.People(),
		Now: w.ReadAt, Zone: k.zone, Window: w.Config.Window, Span: w.Config.Span(today, k.first), Weeks: w.Config.Ahead.Weeks(today, k.first), Gaps: w.Reading.Gaps.With(w.Team.Gaps()), Weighing: w.Config.Weighing, Measure: w.Config.Measure, By: w.Config.By,
	})
	if w.Config.Load == workload.LoadByCapacity {
		w.forecast(w.Reading.Issues)
	}
	w.Trend.draw(w.Summary, w.Team.People())
	w.Reading.Issues, w.Reading.Worklogs, w.noted, w.done = nil, nil, noted{}, nil
}

// Scope is what the view counts: its searches find the same issues.
func (w Workload) Scope() workload.Scope {
	apps := make([]workload.Person, 0, len(w.Summary.Apps))
	for _, row := range w.Summary.Apps {
		if row.Open > 0 {
			apps = append(apps, row.Person)
		}
	}
	return workload.Scope{Projects: w.Reading.Shown, Where: w.Reading.Where, Team: accounts(w.Team.People()), Apps: accounts(apps), Summary: &w.Summary}
}

// Today is the viewer's day, even at a place that nobody has set up.
func (w Workload) Today() workload.Date {
	if w.Summary.Today.IsZero() {
		return workload.DateOf(w.ReadAt, time.UTC)
	}
	return w.Summary.Today
}

// Row finds somebody among the rows of people and apps; false if they have no
// row.
func (w Workload) Row(account string) (workload.Row, bool) {
	for _, rows := range [][]workload.Row{w.Summary.Rows, w.Summary.Apps} {
		for _, row := range rows {
			if row.Person.AccountID == account {
				return row, true
			}
		}
	}
	return workload.Row{}, false
}

func accounts(people []workload.Person) []string {
	if people == nil {
		return nil
	}
	list := make([]string, 0, len(people))
	for _, p := range people {
		list = append(list, p.AccountID)
	}
	return list
}
