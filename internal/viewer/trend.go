package viewer

import (
	"context"
	"slices"
	"time"

	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// Trend is how the open issues that a viewer sees today were spread before.
type Trend struct {
	// Lines are nil if none are shown; Times are those of their points, the last one now.
	Lines *workload.Lines
	Times []time.Time
	// Untold says that they should be, and that it cannot be told now; Kept that it can
	// be when enough was read.
	Untold, Kept bool
	// Passing is the condition because of which it can never be told, see
	// [workload.Where.Lasting]; Many says that the issues are of too many projects.
	Passing string
	Many    bool

	moments []workload.Moment // while it is read
}

// done are the ids of the issues that the viewer sees and that may have been open
// since the trend begins but are done now; nil if that is not known.
func (s seeing) done(ctx context.Context, reader source.Reader) []string {
	if s.Trend == workload.TrendNone || reader.Facts == nil {
		return nil
	}
	jql := s.JQL
	if s.Filter != "" {
		found, err := s.filter(ctx)
		if err != nil || found.ID == "" {
			return nil
		}
		jql = found.JQL
	}
	var passing string
	if reader.Where, passing = s.Where().Lasting(jql); passing != "" {
		return nil
	}
	reading, err := s.finished(ctx, reader, workload.DateOf(s.now(), time.UTC).AddDays(-int(s.Trend)))
	if err != nil || reading.Gaps.Issues.Any() {
		return nil // the view is right without it
	}
	ids := make([]string, len(reading.Issues))
	for i, issue := range reading.Issues {
		ids[i] = issue.ID
	}
	return ids
}

// lookBack finds out how the issues were that the viewer sees. What is held at home of
// others counts in nothing. Of which projects the issues of a query are is told to the
// place, so that their history is read.
func (w *Workload) lookBack(ctx context.Context, reader source.Reader, place Place, zone *time.Location) {
	where := w.Config.Where()
	if w.Config.Trend == workload.TrendNone || w.Reading.NoFilter || len(w.Reading.NoQuery) > 0 {
		return
	}
	w.Trend.Untold, w.Trend.Kept = true, reader.Facts != nil
	if _, w.Trend.Passing = where.Lasting(w.query()); w.Trend.Passing != "" || !w.Trend.Kept {
		return
	}
	if where.IsQuery() {
		if w.found(ctx, place); w.Trend.Many {
			return
		}
	} else if len(w.Reading.Shown) == 0 {
		return
	}
	if w.done == nil || w.Reading.Gaps.Issues.Any() {
		return
	}
	scope := source.PastScope{Projects: w.Reading.Shown, Issues: w.done, At: append(w.Config.Trend.Times(w.ReadAt.In(zone)), w.ReadAt.In(zone))}
	for _, issue := range w.Reading.Issues {
		scope.Issues = append(scope.Issues, issue.ID)
	}
	if where.IsQuery() && len(scope.Issues) == 0 {
		w.Trend.Untold = false
		return
	}
	moments := reader.Past(ctx, scope)
	if w.Trend.Untold = len(moments) < len(scope.At); !w.Trend.Untold {
		w.Trend.moments, w.Trend.Times = moments, scope.At
	}
}

// query is the text of what is looked at, "" for projects.
func (w *Workload) query() string {
	if w.Config.Filter != "" {
		return w.filterJQL
	}
	return w.Config.JQL
}

// found tells the place of which projects the issues are.
func (w *Workload) found(ctx context.Context, place Place) {
	var keys []string
	for _, issue := range w.Reading.Issues {
		if at, known := slices.BinarySearch(keys, issue.Project); !known {
			keys = slices.Insert(keys, at, issue.Project)
		}
	}
	if w.Trend.Many = len(keys) > workload.MaxProjects; !w.Trend.Many && place.Found != nil {
		place.Found(ctx, keys)
	}
}

// draw puts what was in line with what is.
func (t *Trend) draw(s workload.Summary, team []workload.Person) {
	n := len(t.moments)
	if n == 0 {
		return
	}
	lines := s.Lines(t.moments[:n-1], t.moments[n-1], team)
	t.Lines, t.moments = &lines, nil
}
