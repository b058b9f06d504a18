package viewer

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// Who joins a reading whose token has ended reads with their own; any other failure is
// shared, so that a Jira that is away is not asked twice.
func TestJoinsNoEndedToken(t *testing.T) {
	t.Parallel()
	away := errors.New("Jira is away")
	for _, tt := range []struct {
		first error
		want  error
		reads int
	}{{connect.ErrNoConsent, nil, 1}, {away, away, 0}} {
		synctest.Test(t, func(t *testing.T) {
			s := newShared(time.Now, DefaultMaxAge, newChanges(time.Now))
			defer s.close()
			key := sharedKey{where: "project = ABC"}
			fails := reads{all: func(context.Context) (source.Reading, error) {
				<-time.After(time.Second) // by the clock of the bubble
				return source.Reading{}, tt.first
			}}
			done := make(chan error, 1)
			go func() {
				_, _, err := s.get(t.Context(), key, fails)
				done <- err
			}()
			synctest.Wait()
			n := 0
			found, _, err := s.get(t.Context(), key, reads{all: func(context.Context) (source.Reading, error) {
				n++
				return source.Reading{Issues: []workload.Issue{{ID: "1"}}}, nil
			}})
			if !errors.Is(err, tt.want) || n != tt.reads || err == nil && len(found.Issues) != 1 {
				t.Errorf("%v: got %v, %v after %d readings", tt.first, found, err, n)
			}
			if err := <-done; !errors.Is(err, tt.first) {
				t.Errorf("the first got %v, want %v", err, tt.first)
			}
		})
	}
}
