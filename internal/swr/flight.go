package swr

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// flight is one running load.
type flight[K comparable, V any] struct {
	key    K
	start  time.Time
	cancel context.CancelFunc
	done   chan struct{} // closed when value and err are set

	background bool // counts as a refresh
	outdated   bool // began before its key was expired: its value is stale
	dropped    bool // began before its key was dropped or put: its value is not kept

	value V
	err   error
}

// join waits for the running load of key, or starts one. It is called with the
// lock held and releases it.
func (c *Cache[K, V]) join(ctx context.Context, key K, load Load[V]) (v V, at time.Time, stale bool, err error) {
	f := c.joinable[key]
	if f == nil {
		if err = c.refusal(ctx); err != nil {
			c.mu.Unlock()
			return v, at, false, err
		}
		f = c.launch(ctx, key, load, false)
	}
	c.mu.Unlock()
	select {
	case <-f.done:
		if f.err != nil {
			return v, at, false, f.err
		}
		return f.value, f.start, f.outdated, nil
	case <-ctx.Done():
		return v, at, false, ctx.Err()
	}
}

// refusal says why no load is started for a reader with this context.
func (c *Cache[K, V]) refusal(ctx context.Context) error {
	if c.closed {
		return ErrClosed
	}
	return ctx.Err()
}

// refresh starts a background load, unless one is running or too many are.
func (c *Cache[K, V]) refresh(ctx context.Context, key K, load Load[V]) {
	if c.closed || c.joinable[key] != nil || c.refreshing >= orDefault(c.Refreshes, 4) {
		return
	}
	c.launch(ctx, key, load, true)
}

// launch starts a load that outlives ctx.
func (c *Cache[K, V]) launch(ctx context.Context, key K, load Load[V], background bool) *flight[K, V] {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), orDefault(c.Timeout, 30*time.Second))
	f := &flight[K, V]{key: key, start: c.now(), cancel: cancel, done: make(chan struct{}), background: background}
	c.enlist(f)
	go c.run(ctx, f, load)
	return f
}

func (c *Cache[K, V]) enlist(f *flight[K, V]) {
	if c.running == nil {
		c.running = make(map[*flight[K, V]]struct{})
		c.joinable = make(map[K]*flight[K, V])
	}
	c.running[f] = struct{}{}
	c.joinable[f.key] = f
	if f.background {
		c.refreshing++
	}
}

// errAborted is the error of a load that ended its goroutine.
var errAborted = errors.New("load did not return")

// run loads. A panic becomes the load's error: in this goroutine it would end
// the program, in the reader's only one request.
func (c *Cache[K, V]) run(ctx context.Context, f *flight[K, V], load Load[V]) {
	f.err = errAborted
	defer func() {
		if p := recover(); p != nil {
			f.err = fmt.Errorf("load panicked: %v\n%s", p, debug.Stack())
		}
		c.land(f)
	}()
	f.value, f.err = load(ctx)
}

// land keeps what was loaded and wakes those who wait for it.
func (c *Cache[K, V]) land(f *flight[K, V]) {
	f.cancel()
	if f.err != nil && f.background && c.Failed != nil {
		c.Failed(f.key, f.err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.running, f)
	if c.joinable[f.key] == f {
		delete(c.joinable, f.key)
	}
	if f.background {
		c.refreshing--
	}
	if f.err == nil && !c.superseded(f) {
		c.store(entry[K, V]{key: f.key, value: f.value, at: f.start, expired: f.outdated})
	}
	close(f.done)
}

// superseded reports whether the cache has a newer value than f.
func (c *Cache[K, V]) superseded(f *flight[K, V]) bool {
	if f.dropped || !f.outdated {
		return f.dropped
	}
	el := c.entries[f.key]
	return el != nil && !c.entry(el).at.Before(f.start)
}

// outdate marks the running loads of matching keys as out of date. New readers
// wait for a new load.
func (c *Cache[K, V]) outdate(match func(K) bool, drop bool) {
	for f := range c.running {
		if !match(f.key) {
			continue
		}
		f.outdated = true
		f.dropped = f.dropped || drop
		if c.joinable[f.key] == f {
			delete(c.joinable, f.key)
		}
	}
}

// Wait returns when the loads that are running now have ended.
func (c *Cache[K, V]) Wait() {
	c.mu.Lock()
	pending := make([]*flight[K, V], 0, len(c.running))
	for f := range c.running {
		pending = append(pending, f)
	}
	c.mu.Unlock()
	for _, f := range pending {
		<-f.done
	}
}

// Close ends the context of all running loads and waits for them. Afterwards
// the cache still serves what it has; what it would have to load fails with
// [ErrClosed].
func (c *Cache[K, V]) Close() {
	c.mu.Lock()
	c.closed = true
	for f := range c.running {
		f.cancel()
	}
	c.mu.Unlock()
	c.Wait()
}
