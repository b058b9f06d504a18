package glance

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/sightline-go/sightline/internal/outage"
)

// The times of the reconciler. A lease outlasts the work under it: its holder
// gives up earlier, and what it has sent has landTime to arrive or get lost before
// another worker may send. So an older state cannot overtake a newer one, even if
// its sender crashed, hung or lost its lease. The clocks of replicas must differ
// by less than landTime.
const (
	// computeTime bounds the reading of numbers, pushTime one call to the
	// platform.
	computeTime = 20 * time.Second
	pushTime    = 5 * time.Second
	// landTime is how long a state may still arrive after its sender gave up.
	landTime = 3 * time.Second
	// idleTime is the longest sleep when nothing is due: another process may
	// have marked rows.
	idleTime = 5 * time.Second
	// retryClaim is how long to wait when due rows cannot be claimed,
	// waitForWorker how long when no worker is free.
	retryClaim    = 100 * time.Millisecond
	waitForWorker = time.Second
	// recheckTime is how old a computed state may get without any event.
	recheckTime = 10 * time.Minute
	// recheckEvery is how often to look for such states, midnightEvery how
	// often for rows whose day has ended.
	recheckEvery  = 30 * time.Second
	midnightEvery = 5 * time.Second
	// backoffMin and backoffMax bound the wait after a failure.
	backoffMin = 2 * time.Second
	backoffMax = 10 * time.Minute
	// maxSpread is by how much rows are apart that a service asked to wait until
	// the same instant.
	maxSpread = 30 * time.Second
	// finishTime is how long work in flight may take at shutdown, recordTime how
	// long it may take to record that it did not finish. Together they stay below
	// the ten seconds of an orderly stop.
	finishTime = 7 * time.Second
	recordTime = 2 * time.Second
)

// defaultWorkers is high because workers mostly wait for the network.
const defaultWorkers = 48

// Reconciler processes the rows that are due. Rows, Source, Surfaces and Log
// are required.
type Reconciler struct {
	Rows   Rows
	Source Source
	// Surfaces are the chats that are on. A row of another chat waits.
	Surfaces map[SurfaceName]Surface
	Log      *slog.Logger
	// Words are a label's words in a language; nil means always English.
	Words func(language string) Words
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Rand returns a number in [0,1) for jitter; nil means math/rand.
	Rand func() float64
	// Workers is how many rows are processed at once; 0 means 48. One tenant
	// gets at most a quarter of them, and so do all rows together that failed
	// last time: neither a big tenant nor a chat that hangs delays the others.
	Workers int

	once     sync.Once
	wake     chan struct{}
	numbers  *shared
	outages  *outage.Log
	pool     pool
	rechecks schedule
	midnight schedule
}

func (r *Reconciler) init() {
	r.once.Do(func() {
		r.wake = make(chan struct{}, 1)
		if r.Now == nil {
			r.Now = time.Now
		}
		if r.Rand == nil {
			r.Rand = rand.Float64
		}
		if r.Workers == 0 {
			r.Workers = defaultWorkers
		}
		if r.Words == nil {
			r.Words = func(string) Words { return English() }
		}
		r.numbers = newShared(r.Source, r.Now)
		r.outages = outage.New(r.Log, r.Now)
		r.pool.size = r.Workers
		r.rechecks.every, r.midnight.every = recheckEvery, midnightEvery
	})
}

// Wake tells the reconciler that a row may have become due. It never blocks.
func (r *Reconciler) Wake() {
	r.init()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works until the context ends, then lets work in flight finish. Rows that
// do not finish within ten seconds are released.
func (r *Reconciler) Run(ctx context.Context) {
	r.init()
	r.note(ctx, "recover glances", r.Rows.Recover(ctx))
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var flight sync.WaitGroup
	for ctx.Err() == nil {
		r.mark(ctx)
		rows, claim := r.claim(ctx)
		for _, row := range rows {
			flight.Go(func() {
				defer func() { r.pool.leave(row); r.Wake() }()
				r.work(work, row, claim)
			})
		}
		if len(rows) == 0 {
			r.wait(ctx)
		}
	}
	stop := time.AfterFunc(finishTime, cancel)
	defer stop.Stop()
	flight.Wait()
}

// mark marks rows that no event announces: those whose day has ended, and those
// that have not been computed for long.
func (r *Reconciler) mark(ctx context.Context) {
	now := r.Now()
	if r.midnight.due(now) {
		_, err := r.Rows.MarkMidnight(ctx, now)
		r.note(ctx, "mark glances at midnight", err)
	}
	if r.rechecks.due(now) {
		_, err := r.Rows.MarkOlder(ctx, now.Add(-recheckTime), now)
		r.note(ctx, "recheck glances", err)
	}
}

// schedule keeps when something is due next.
type schedule struct {
	every time.Duration
	last  time.Time
}

func (s *schedule) due(now time.Time) bool {
	if since := now.Sub(s.last); 0 <= since && since < s.every { // the clock may have been set back
		return false
	}
	s.last = now
	return true
}

// claim claims as many due rows as there is room for.
func (r *Reconciler) claim(ctx context.Context) ([]Row, uint64) {
	c, ok := r.pool.vacancies()
	if !ok {
		return nil, 0
	}
	c.Now = r.Now()
	c.ComputeUntil, c.PushUntil = leases(c.Now)
	c.Paces = r.paces(false)
	// Given up half way, a claim may have leased rows that nobody works on.
	rows, err := r.Rows.Claim(context.WithoutCancel(ctx), c)
	r.note(ctx, "claim glances", err)
	for i := range rows {
		r.pool.join(rows[i])
	}
	return rows, r.numbers.claimed()
}

// leases returns when the leases of rows claimed now end.
func leases(now time.Time) (compute, push time.Time) {
	return now.Add(computeTime + landTime), now.Add(pushTime + landTime)
}

// wait sleeps until a row is due, somebody wakes it, or the context ends.
func (r *Reconciler) wait(ctx context.Context) {
	timer := time.NewTimer(r.untilNext(ctx))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-r.wake:
	case <-timer.C:
	}
}

// untilNext is how long nothing is due. If no worker is free, one that finishes
// wakes the reconciler.
func (r *Reconciler) untilNext(ctx context.Context) time.Duration {
	if _, ok := r.pool.vacancies(); !ok {
		return idleTime
	}
	next, err := r.Rows.NextDue(ctx, r.paces(false))
	if err != nil || next.IsZero() {
		return idleTime
	}
	wait := next.Sub(r.Now())
	switch {
	case wait > 0:
		return min(wait+time.Millisecond, idleTime) // the database keeps milliseconds
	case r.pool.idle():
		return retryClaim // another replica is just claiming it
	default:
		return waitForWorker // it waits for other rows of its tenant, or for failed ones
	}
}

// note logs when work on the database begins to fail, and when it works again. A
// row that another worker has taken over is no failure.
func (r *Reconciler) note(ctx context.Context, what string, err error) {
	if isLeaseLost(err) {
		err = nil
	}
	r.outages.Note(ctx, outage.Subject{What: what}, err)
}
