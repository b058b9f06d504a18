package outage_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/outage"
)

var errDown = errors.New("down")

// lines is a log without times.
func lines(out *strings.Builder) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

func TestOneLineWhenItChanges(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	now := time.Unix(1700000000, 0)
	log := outage.New(lines(&out), func() time.Time { return now })
	a, b := outage.Subject{What: "fetch", Of: "a"}, outage.Subject{What: "fetch", Of: "b"}
	log.Works(t.Context(), a) // never failed: nothing to say
	for range 5 {
		log.Note(t.Context(), a, errDown, "tenant", "a")
		now = now.Add(time.Minute)
	}
	log.Note(t.Context(), b, errDown, "tenant", "b")
	log.Note(t.Context(), a, nil, "tenant", "a")
	log.Note(t.Context(), a, nil, "tenant", "a")
	log.Note(t.Context(), a, errDown, "tenant", "a")
	want := []string{
		`level=WARN msg=fetch tenant=a error=down`,
		`level=WARN msg=fetch tenant=b error=down`,
		`level=INFO msg="fetch works again" tenant=a failures=5 for=5m0s`,
		`level=WARN msg=fetch tenant=a error=down`,
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(out.String()), "\n")); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

// Work that ends with its context, as at a stop, is no outage; what is forgotten
// is new when it fails again.
func TestWhatIsNoOutage(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	log := outage.New(lines(&out), time.Now)
	subject := outage.Subject{What: "fetch"}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	log.Failed(over, subject, context.Canceled)
	if out.Len() > 0 {
		t.Errorf("given up: got %q", out.String())
	}
	log.Failed(t.Context(), subject, errDown)
	log.Forget(func(of outage.Subject) bool { return of == subject })
	log.Works(t.Context(), subject)
	log.Failed(t.Context(), subject, errDown)
	if got, want := strings.Count(out.String(), "\n"), 2; got != want {
		t.Errorf("forgotten: got %d lines, want %d:\n%s", got, want, out.String())
	}
}

// However many things fail, at once and from everywhere, the log and the memory
// are bounded.
func TestManyOutages(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	log := outage.New(lines(&out), time.Now)
	var all sync.WaitGroup
	for part := range 4 {
		all.Go(func() {
			for i := range 6000 {
				log.Failed(t.Context(), outage.Subject{What: "fetch", Of: fmt.Sprint(part%2, i)}, errDown)
			}
		})
	}
	all.Wait()
	if got, want := strings.Count(out.String(), "\n"), 10_000; got != want {
		t.Errorf("got %d lines, want %d", got, want)
	}
}
