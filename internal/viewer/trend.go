package viewer

import (
	"context"
	"time"

	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// Trend is how the open issues that a viewer sees today were spread before.
type Trend struct {
	// Lines are nil if none are shown.
	Lines *workload.Lines
	// Untold says that they should be, and that it cannot be told now; Kept that it can
	// be when enough was read.
	Untold, Kept bool

	moments []workload.Moment // while it is read
}

// done are the ids of the issues that the viewer sees and that may have been open
// since the trend begins but are done now; nil if that is not known.
func (s seeing) done(ctx context.Context, reader source.Reader) []string {
	reader.Where = s.Where()
	if s.Trend == workload.TrendNone || reader.Facts == nil || reader.Where.IsQuery() {
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
// others counts in nothing.
func (w *Workload) lookBack(ctx context.Context, reader source.Reader, zone *time.Location) {
	if w.Config.Trend == workload.TrendNone {
		return
	}
	w.Trend.Untold, w.Trend.Kept = true, reader.Facts != nil && !w.Config.Where().IsQuery()
	if w.done == nil || w.Reading.Gaps.Issues.Any() || len(w.Reading.Shown) == 0 {
		return
	}
	scope := source.PastScope{Projects: w.Reading.Shown, Issues: w.done, At: w.Config.Trend.Times(w.ReadAt.In(zone))}
	for _, issue := range w.Reading.Issues {
		scope.Issues = append(scope.Issues, issue.ID)
	}
	moments := reader.Past(ctx, scope)
	w.Trend.Untold = len(moments) < len(scope.At)
	if !w.Trend.Untold {
		w.Trend.moments = moments
	}
}

// draw puts what was in line with what is.
func (t *Trend) draw(s workload.Summary, team []workload.Person) {
	if t.moments == nil {
		return
	}
	lines := s.Lines(t.moments, team)
	t.Lines, t.moments = &lines, nil
}
