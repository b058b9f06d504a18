package chat

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// ErrTooManyCalls says that a conversation had its 100 calls for the minute and
// that the caller's context would end before the next turn.
var ErrTooManyCalls = errors.New("too many calls in the conversation")

// The platform counts all calls of an app in a conversation together.
// See https://developer.atlassian.com/cloud/stride/rest/
const (
	maxCalls   = 100
	callWindow = time.Minute
)

// conversation names a conversation on a site.
type conversation struct{ cloudID, id string }

// turns remembers when the calls of the last minute were made. A bucket that
// fills steadily would not do: full at first, it lets nearly 200 calls through
// in one minute.
type turns struct {
	mu    sync.Mutex
	calls map[conversation][]time.Time // the oldest first
	swept time.Time
}

// wait returns when the conversation takes one more call, and counts it.
func (c *Client) wait(ctx context.Context, in conversation) error {
	for {
		now := c.now()
		d := c.turns.take(in, now)
		if d <= 0 {
			return nil
		}
		if deadline, ok := ctx.Deadline(); ok && now.Add(d).After(deadline) {
			return fmt.Errorf("wait %s for a call's turn: %w", d.Round(time.Second), ErrTooManyCalls)
		}
		if err := c.sleep(ctx, d); err != nil {
			return err
		}
	}
}

func (c *Client) sleep(ctx context.Context, d time.Duration) error {
	if c.Sleep != nil {
		return c.Sleep(ctx, d)
	}
	return rest.Sleep(ctx, d)
}

// take counts a call, or returns how long there is no place for it.
func (t *turns) take(in conversation, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep(now)
	calls := recent(t.calls[in], now)
	if len(calls) >= maxCalls {
		return calls[0].Add(callWindow).Sub(now)
	}
	t.calls[in] = append(calls, now)
	return 0
}

// sweep forgets the conversations that were quiet for a minute.
func (t *turns) sweep(now time.Time) {
	if t.calls == nil {
		t.calls = map[conversation][]time.Time{}
	}
	if now.Sub(t.swept) < callWindow {
		return
	}
	t.swept = now
	for in, calls := range t.calls {
		if len(recent(calls, now)) == 0 {
			delete(t.calls, in)
		}
	}
}

func recent(calls []time.Time, now time.Time) []time.Time {
	for len(calls) > 0 && now.Sub(calls[0]) >= callWindow {
		calls = calls[1:]
	}
	return calls
}
