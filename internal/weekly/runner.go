package weekly

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/outage"
)

const (
	// Late is how late a summary may be: after an outage, or after quiet hours. A later
	// one is left out.
	Late = 12 * time.Hour
	// lookEvery is how often to look for summaries that are due.
	lookEvery = 15 * time.Second
	// leaseTime is for how long a replica has a summary for itself. It outlasts what is
	// done under it.
	leaseTime = time.Minute
	countTime = 20 * time.Second
	sendTime  = 10 * time.Second
	// retryMin and retryMax bound the wait after a failure, which doubles.
	retryMin = time.Minute
	retryMax = time.Hour
	// atOnce is how many summaries are worked on at once.
	atOnce = 4
)

// ErrLost means that another replica has taken the summary, or that it is not wanted any
// more.
var ErrLost = errors.New("the weekly summary is another's")

// Row is a summary that is due.
type Row struct {
	At       glance.Place
	Surface  glance.SurfaceName
	Tenant   string
	Config   glance.Config
	Due      time.Time
	Attempts int
	// Sending says that somebody has begun to send it, and has not said how that ended.
	Sending bool
	// Last is what was told last; zero: nothing.
	Last  Told
	Lease string
}

// Told is what a summary said.
type Told struct {
	At time.Time `json:"at,omitzero"`
	// Counted names what the numbers depend on.
	Counted string         `json:"counted,omitempty"`
	Numbers glance.Numbers `json:"numbers,omitzero"`
}

// Rows keeps the summaries. A method that takes a row works only for the holder of its
// lease and returns ErrLost to anyone else.
type Rows interface {
	// TakeWeekly leases a summary that is due; ok is false if none is.
	TakeWeekly(ctx context.Context, until time.Time) (r Row, ok bool, err error)
	// BeginWeekly stores that it is being sent.
	BeginWeekly(ctx context.Context, r Row) error
	// EndWeekly ends a week: the next summary is due at a time, and the last told was told.
	EndWeekly(ctx context.Context, r Row, next time.Time, told Told) error
	// HoldWeekly has it tried again at a time. failed counts a failure.
	HoldWeekly(ctx context.Context, r Row, at time.Time, failed bool) error
}

// Runner sends what is due. All fields but Now are required.
type Runner struct {
	Rows Rows
	// Count counts as the app.
	Count   func(ctx context.Context, tenant string, c glance.Config) (glance.Team, error)
	Tellers map[glance.SurfaceName]glance.Teller
	// Language is that of a tag.
	Language func(tag string) *lang.Language
	Log      *slog.Logger
	Outages  *outage.Log
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

func (r *Runner) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

// Run sends what is due until the context ends.
func (r *Runner) Run(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			r.Send(ctx)
		}
	}
}

// Send sends all that is due now. Mostly nothing is: then it looks once.
func (r *Runner) Send(ctx context.Context) {
	first, ok := r.take(ctx)
	if !ok {
		return
	}
	var all sync.WaitGroup
	all.Go(func() { r.sendFrom(ctx, first) })
	for range atOnce - 1 {
		all.Go(func() {
			if row, ok := r.take(ctx); ok {
				r.sendFrom(ctx, row)
			}
		})
	}
	all.Wait()
}

// sendFrom works on a summary, and on others that are due.
func (r *Runner) sendFrom(ctx context.Context, row Row) {
	for ok := true; ok; row, ok = r.take(ctx) {
		err := r.work(ctx, row)
		if errors.Is(err, ErrLost) {
			err = nil
		}
		r.Outages.Note(ctx, outage.Subject{What: "record weekly summaries"}, err)
		if err != nil {
			return
		}
	}
}

// take leases a summary that is due.
func (r *Runner) take(ctx context.Context) (row Row, ok bool) {
	if ctx.Err() != nil {
		return row, false
	}
	row, ok, err := r.Rows.TakeWeekly(context.WithoutCancel(ctx), r.now().Add(leaseTime))
	r.Outages.Note(ctx, outage.Subject{What: "take weekly summaries"}, err)
	return row, ok && err == nil
}

// work sends a summary, or decides what becomes of it. Its error is one of the rows.
func (r *Runner) work(ctx context.Context, row Row) error {
	now := r.now()
	record := context.WithoutCancel(ctx)
	next := row.Config.NextWeekly(now)
	if row.Sending || now.Sub(row.Due) > Late || next.IsZero() {
		r.Log.WarnContext(ctx, "weekly summary left out", "conversation", row.At.Conversation, "due", row.Due, "begun", row.Sending)
		return r.Rows.EndWeekly(record, row, next, row.Last)
	}
	if until := row.Config.QuietUntil(now); !until.IsZero() {
		return r.Rows.HoldWeekly(record, row, until, false)
	}
	digest, told, err := r.prepare(ctx, row, now)
	if err == nil {
		if err := r.Rows.BeginWeekly(record, row); err != nil {
			return err
		}
		err = r.tell(record, row, digest)
	}
	switch {
	case err == nil || glance.IsUnclear(err) && told.At.Equal(now):
		r.note(ctx, row, err)
		return r.Rows.EndWeekly(record, row, next, told)
	case ctx.Err() != nil:
		return r.Rows.HoldWeekly(record, row, now, false)
	case errors.Is(err, glance.ErrGone):
		r.note(ctx, row, err)
		return r.Rows.EndWeekly(record, row, next, row.Last)
	}
	r.note(ctx, row, err)
	wait := min(retryMin<<min(row.Attempts, 10), retryMax)
	return r.Rows.HoldWeekly(record, row, now.Add(max(wait, glance.WaitOf(err))), true)
}

func (r *Runner) note(ctx context.Context, row Row, err error) {
	if err != nil {
		r.Log.WarnContext(ctx, "weekly summary not sent", "conversation", row.At.Conversation, "attempt", row.Attempts+1, "error", err)
	}
}

// prepare counts, and words what was counted. A failure leaves told zero.
func (r *Runner) prepare(ctx context.Context, row Row, now time.Time) (d glance.Digest, told Told, err error) {
	ctx, cancel := context.WithTimeout(ctx, countTime)
	defer cancel()
	team, err := r.Count(ctx, row.Tenant, row.Config)
	if err != nil {
		return d, told, err
	}
	teller := r.Tellers[row.Surface]
	if teller == nil {
		return d, told, glance.ErrUnsupported
	}
	named, err := teller.NamesPeople(ctx, row.At.Site)
	if err != nil {
		return d, told, err
	}
	told = Told{At: now, Counted: row.Config.Counted(), Numbers: team.Numbers}
	return Digest(r.Language(row.Config.Language), row.Config, team, row.Last.lastWeek(told), named), told, nil
}

// lastWeek are the numbers to compare with, if the last summary was about a week ago and
// counted the same; nil if not.
func (t Told) lastWeek(now Told) *glance.Numbers {
	ago := now.At.Sub(t.At)
	if t.At.IsZero() || t.Counted != now.Counted || ago < 6*24*time.Hour || ago > 8*24*time.Hour {
		return nil
	}
	return &t.Numbers
}

func (r *Runner) tell(ctx context.Context, row Row, d glance.Digest) error {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return r.Tellers[row.Surface].Tell(ctx, row.At, d)
}
