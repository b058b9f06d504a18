package absence

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/workload"
)

const (
	// fresh is how long what a calendar said is believed; an older reading is shown
	// while it is read again. lastKept is how long, if that fails.
	fresh    = 15 * time.Minute
	lastKept = 24 * time.Hour
	// The days that are kept around today.
	daysBefore, daysAfter = 7, 50
	// bytesOfDay is what a day of an event takes in memory.
	bytesOfDay = 64
)

// Reading is what a calendar said when it was last asked.
type Reading struct {
	Calendar
	// Problem is why it could not be read now; "": it was. What it said before is
	// kept for a day.
	Problem Problem
	// ReadAt is when what is in Calendar was read; zero: never.
	ReadAt time.Time
}

// Reader reads calendars and keeps what they say for a while. Make it with
// [NewReader] and close it.
type Reader struct {
	fetcher Fetcher
	now     func() time.Time
	kept    *swr.Cache[string, Reading]
}

// NewReader makes a reader that has read nothing yet.
func NewReader(f Fetcher, now func() time.Time) *Reader {
	return &Reader{fetcher: f, now: now, kept: &swr.Cache[string, Reading]{
		Fresh: fresh, Keep: lastKept, Timeout: fetchTime + repeatTime, Weigh: Reading.size, Now: now,
	}}
}

// Close ends all reading.
func (r *Reader) Close() { r.kept.Close() }

// Sweep lets go what nobody asks for any more. Call it now and then.
func (r *Reader) Sweep() { r.kept.Sweep() }

// Check is [Fetcher.Check].
func (r *Reader) Check(address string) error { return r.fetcher.Check(address) }

// Get is what the calendar at an address says, ok if it is known before ctx ends.
func (r *Reader) Get(ctx context.Context, address string) (reading Reading, ok bool) {
	reading, _, _, err := r.kept.Get(ctx, address, func(ctx context.Context) (Reading, error) { return r.read(ctx, address), nil })
	return reading, err == nil
}

// GetFresh is Get, and asks again whatever is kept.
func (r *Reader) GetFresh(ctx context.Context, address string) (reading Reading, ok bool) {
	r.kept.Expire(func(key string) bool { return key == address })
	reading, _, _, err := r.kept.GetFresh(ctx, address, func(ctx context.Context) (Reading, error) { return r.read(ctx, address), nil })
	return reading, err == nil
}

func (r *Reader) read(ctx context.Context, address string) Reading {
	at := r.now()
	calendar, err := r.ask(ctx, address, at)
	if err == nil {
		return Reading{Calendar: calendar, ReadAt: at}
	}
	problem := Unreachable
	errors.As(err, &problem)
	last, _, _, ok := r.kept.Peek(address)
	if !ok || at.Sub(last.ReadAt) > lastKept {
		return Reading{Problem: problem}
	}
	last.Problem = problem
	return last
}

func (r *Reader) ask(ctx context.Context, address string, at time.Time) (Calendar, error) {
	data, err := r.fetcher.Fetch(ctx, address)
	if err != nil {
		return Calendar{}, err
	}
	today := workload.DateOf(at, time.UTC)
	return Parse(ctx, data, today.AddDays(-daysBefore), today.AddDays(daysAfter))
}

func (r Reading) size() int {
	bytes := 0
	for _, e := range r.Events {
		bytes += len(e.Title) + bytesOfDay*len(e.Days)
		for _, name := range e.Names {
			bytes += len(name)
		}
	}
	return bytes
}
