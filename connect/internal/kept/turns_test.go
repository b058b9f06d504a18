package kept_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/internal/kept"
)

// Whoever asks gets an answer that began after the question, and all who wait
// share it.
func TestTurns(t *testing.T) {
	t.Parallel()
	var turns kept.Turns[string, int64]
	var fetches atomic.Int64
	fetch := func(context.Context) (int64, error) { return fetches.Add(1), nil }
	get := func(key string) int64 {
		got, err := turns.Get(t.Context(), time.Now, 200*time.Millisecond, key, fetch)
		if err != nil {
			t.Error(err)
		}
		return got
	}
	if got := get("a"); got != 1 {
		t.Errorf("got fetch %d, want the first, at once", got)
	}
	began := time.Now()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if got := get("a"); got < 2 {
				t.Errorf("got fetch %d, which began before the question", got)
			}
		})
	}
	all.Wait()
	if n := fetches.Load(); n > 2+int64(time.Since(began)/(200*time.Millisecond)) {
		t.Errorf("got %d fetches for 51 questions", n)
	}
	turns.Forget("a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	held := make(chan struct{})
	defer close(held)
	if _, err := turns.Get(ctx, time.Now, time.Hour, "b", func(context.Context) (int64, error) {
		<-held
		return 0, nil
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: got %v", err)
	}
}
