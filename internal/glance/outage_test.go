package glance_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/glance"
)

// logged is a log that a test reads while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// count is how many lines hold all the texts.
func (l *logged) count(texts ...string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for line := range strings.Lines(l.text.String()) {
		holds := true
		for _, text := range texts {
			holds = holds && strings.Contains(line, text)
		}
		if holds {
			n++
		}
	}
	return n
}

// A room that cannot be shown is told once, however often it is tried, and again
// when the reason is another or it is over.
func TestRowThatFailsIsLoggedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var logs logged
	b.r.Log = slog.New(slog.NewTextHandler(&logs, nil))
	b.source.set(1, nil)
	b.begin(t, glanceKey, setupKey)
	push := func(times int, err error) {
		t.Helper()
		b.screen.refuseWith(func(glance.Key) error { return err })
		for range times {
			if got := b.r.PushNow(t.Context(), glanceKey); (got == nil) != (err == nil) {
				t.Fatalf("got %v, want %v", got, err)
			}
		}
	}
	push(4, &rest.Error{Status: 502})
	push(3, rest.ErrRateLimited)
	push(2, nil)
	if got, want := logs.count("level=WARN", "glance not delivered"), 2; got != want {
		t.Errorf("got %d warnings, want %d:\n%s", got, want, &logs.text)
	}
	if got, want := logs.count("level=INFO", "glance delivered again"), 1; got != want {
		t.Errorf("got %d lines that it works again, want %d:\n%s", got, want, &logs.text)
	}
}

// down is a database that does not answer claims for a while.
type down struct {
	glance.Rows
	claims atomic.Int32
	until  int32
}

func (d *down) Claim(ctx context.Context, c glance.Claim) ([]glance.Row, error) {
	if d.claims.Add(1) <= d.until {
		return nil, errors.New("the database is down")
	}
	return d.Rows.Claim(ctx, c)
}

// A database that is down for many claims costs two lines of the log.
func TestDatabaseDownIsLoggedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var logs logged
	rows := &down{Rows: b.store.Glances, until: 20}
	b.r.Rows, b.r.Log = rows, slog.New(slog.NewTextHandler(&logs, nil))
	b.start(t)
	b.screen.until(t, "claims again", func() bool { b.r.Wake(); return logs.count("claim glances works again") > 0 })
	if rows.claims.Load() <= rows.until {
		t.Errorf("%d claims, want more than %d", rows.claims.Load(), rows.until)
	}
	if got := logs.count("claim glances"); got != 2 {
		t.Errorf("got %d lines, want 2:\n%s", got, &logs.text)
	}
}
