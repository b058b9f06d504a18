package kept

import (
	"context"
	"maps"
	"sync"
	"time"
)

// maxTurns is how many keys may be remembered before those that are over are swept
// out.
const maxTurns = 1000

// Turns makes at most one fetch in each period for each key. Everybody who asks
// shares the next fetch, which begins after they asked: what it brings is at most
// as old as the question. The zero value is ready. It is safe for concurrent use
// and must not be copied.
type Turns[K comparable, V any] struct {
	mu sync.Mutex
	of map[K]*turn[V]
}

type turn[V any] struct {
	begun time.Time
	next  *shared[V] // not begun yet; nil if nobody waits
}

// shared is a fetch for all who wait for it.
type shared[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// Get waits for the next fetch of the key. It begins at once if none has begun in
// the last period, and belongs to nobody: a caller whose context ends leaves it to
// the others.
func (t *Turns[K, V]) Get(ctx context.Context, now func() time.Time, period time.Duration, key K, fetch func(ctx context.Context) (V, error)) (V, error) {
	r := t.join(context.WithoutCancel(ctx), now, period, key, fetch)
	select {
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	case <-r.done:
		return r.value, r.err
	}
}

func (t *Turns[K, V]) join(ctx context.Context, now func() time.Time, period time.Duration, key K, fetch func(ctx context.Context) (V, error)) *shared[V] {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep(now(), period)
	one := t.of[key]
	if one == nil {
		one = new(turn[V])
		t.of[key] = one
	}
	if one.next != nil {
		return one.next
	}
	r := &shared[V]{done: make(chan struct{})}
	wait := period
	if since := now().Sub(one.begun); since >= 0 {
		wait -= since
	}
	one.next = r
	time.AfterFunc(max(wait, 0), func() {
		t.mu.Lock()
		one.begun, one.next = now(), nil
		t.mu.Unlock()
		r.value, r.err = fetch(ctx)
		close(r.done)
	})
	return r
}

// sweep forgets the keys whose next fetch may begin at once.
func (t *Turns[K, V]) sweep(now time.Time, period time.Duration) {
	if t.of == nil {
		t.of = make(map[K]*turn[V])
	}
	if len(t.of) >= maxTurns {
		maps.DeleteFunc(t.of, func(_ K, one *turn[V]) bool { return one.next == nil && now.Sub(one.begun) >= period })
	}
}

// Forget makes the next fetch of a key begin at once, unless one is waiting.
func (t *Turns[K, V]) Forget(key K) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one := t.of[key]; one != nil && one.next == nil {
		delete(t.of, key)
	}
}
