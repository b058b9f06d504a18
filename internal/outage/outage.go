// Package outage logs what fails and works again once each, however often it is
// tried in between.
//
// It knows nothing else of the project.
package outage

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// maxSubjects bounds what is remembered to fail at once. What fails beyond it is
// not logged, in order that a flood of names fills neither memory nor log.
const maxSubjects = 10_000

// Subject is what fails: work, and whom or what it is done for.
type Subject struct {
	// What is the work, in a few words, such as "look up cloud id".
	What string
	// Of tells several of a kind apart, such as a tenant's id; may be empty.
	Of string
}

// Log writes one line when a subject begins to fail and one when it works again.
// It is safe for concurrent use and must not be copied.
type Log struct {
	log *slog.Logger
	now func() time.Time

	mu      sync.Mutex
	failing map[Subject]failure
}

type failure struct {
	since time.Time
	times int
}

// New returns a log that writes to another. A nil clock is time.Now.
func New(log *slog.Logger, now func() time.Time) *Log {
	if now == nil {
		now = time.Now
	}
	return &Log{log: log, now: now, failing: map[Subject]failure{}}
}

// Failed notes a failure and logs it as a warning if it is the subject's first.
// The attributes say more about the subject. Work that was given up because ctx
// ended says nothing.
func (l *Log) Failed(ctx context.Context, of Subject, err error, attrs ...any) {
	if ctx.Err() != nil || !l.begin(of) {
		return
	}
	l.log.WarnContext(ctx, of.What, slices.Concat(attrs, []any{"error", err})...)
}

// begin counts a failure and reports whether it is to be logged.
func (l *Log) begin(of Subject) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, known := l.failing[of]
	if !known {
		if len(l.failing) >= maxSubjects {
			return false
		}
		f.since = l.now()
	}
	f.times++
	l.failing[of] = f
	return !known
}

// Works notes a success and logs it if the subject failed before.
func (l *Log) Works(ctx context.Context, of Subject, attrs ...any) {
	l.mu.Lock()
	f, known := l.failing[of]
	delete(l.failing, of)
	l.mu.Unlock()
	if known {
		l.log.InfoContext(ctx, of.What+" works again", slices.Concat(attrs,
			[]any{"failures", f.times, "for", l.now().Sub(f.since).Round(time.Second)})...)
	}
}

// Note is Failed or Works, as err says.
func (l *Log) Note(ctx context.Context, of Subject, err error, attrs ...any) {
	if err != nil {
		l.Failed(ctx, of, err, attrs...)
		return
	}
	l.Works(ctx, of, attrs...)
}

// Forget forgets the subjects that match: they are gone, and nobody will say that
// they work. match must not use the log.
func (l *Log) Forget(match func(Subject) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.failing, func(of Subject, _ failure) bool { return match(of) })
}
