// Package swr is a cache that serves a stale value at once and refreshes it in
// the background: stale while revalidate.
//
// It knows nothing else of the project.
package swr

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// ErrClosed says that a value had to be loaded after the cache was closed.
var ErrClosed = errors.New("cache is closed")

// Load reads the value of a key. Its context has the values of the context of
// the caller that asked first, but ends with the cache's Timeout or with
// [Cache.Close], not with that caller. Load must heed it. A load that panics
// fails with the panic as its error.
type Load[V any] func(context.Context) (V, error)

// Cache keeps values by key. Set the fields before the first use and leave
// them. It is safe for concurrent use and must not be copied.
//
// A value's age counts from the start of its load, so that it is never younger
// than what it shows.
type Cache[K comparable, V any] struct {
	Fresh time.Duration // a younger value is served as it is; 0: every value is stale
	Keep  time.Duration // a stale value up to this age is served and refreshed in the background; an older one is forgotten
	Idle  time.Duration // Sweep forgets a value that nobody asked for during this time; 0: Keep
	Max   int           // bytes of all values at most, the least recently used go first; 0: 8 MiB

	Weigh func(V) int       // bytes that a value takes, besides 1 KiB for each; nil: none
	Since func(V) time.Time // when Keep begins, if that is before the load did; nil: never

	Timeout   time.Duration    // of one load; 0: 30 s
	Refreshes int              // background loads at once; beyond that the next reader tries again; 0: 4
	Failed    func(K, error)   // told of every refresh that failed, from its goroutine; nil: nobody is told
	Now       func() time.Time // nil: time.Now

	mu         sync.Mutex
	entries    map[K]*list.Element // of *entry[K, V]
	recent     list.List           // most recently used first
	bytes      int                 // of all entries
	running    map[*flight[K, V]]struct{}
	joinable   map[K]*flight[K, V] // the running loads that new readers may wait for
	refreshing int
	closed     bool
	asked      Asked
}

// Asked counts what readers have found.
type Asked struct {
	// Fresh and Stale are values that were there, Missed those that had to be loaded.
	Fresh, Stale, Missed uint64
}

// Plus is both counts.
func (a Asked) Plus(b Asked) Asked {
	return Asked{a.Fresh + b.Fresh, a.Stale + b.Stale, a.Missed + b.Missed}
}

// Asked is what readers have found until now. A Peek that finds nothing fresh does not
// count: a Get follows.
func (c *Cache[K, V]) Asked() Asked {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

type entry[K comparable, V any] struct {
	key     K
	value   V
	at      time.Time
	used    time.Time
	expired bool
	bytes   int
}

const (
	defaultMax = 8 << 20
	// overhead is what an entry takes besides its value.
	overhead = 1 << 10
)

// Get returns the value of key and the time it was read at. A fresh value comes
// at once. So does a stale one, with stale set and one refresh started; if that
// fails, the old value stays. Without a value all concurrent callers wait for
// one load and share its error, which is not kept. A caller whose own context
// ends stops waiting; the load continues for the others. A value whose key was
// expired, dropped or put while it was loaded is stale.
func (c *Cache[K, V]) Get(ctx context.Context, key K, load Load[V]) (v V, at time.Time, stale bool, err error) {
	c.mu.Lock()
	if e, fresh := c.lookup(key); e != nil {
		v, at = e.value, e.at
		if fresh {
			c.asked.Fresh++
		} else {
			c.asked.Stale++
			c.refresh(ctx, key, load)
		}
		c.mu.Unlock()
		return v, at, !fresh, nil
	}
	c.asked.Missed++
	return c.join(ctx, key, load)
}

// GetFresh is Get for a caller who would rather wait than see a stale value. An
// error leaves the stale value in place.
func (c *Cache[K, V]) GetFresh(ctx context.Context, key K, load Load[V]) (v V, at time.Time, stale bool, err error) {
	c.mu.Lock()
	if e, fresh := c.lookup(key); fresh {
		v, at = e.value, e.at
		c.asked.Fresh++
		c.mu.Unlock()
		return v, at, false, nil
	}
	c.asked.Missed++
	return c.join(ctx, key, load)
}

// Peek returns the value of key if there is one, and starts nothing. Called
// before Get, it saves a fresh hit the allocation of the load function.
func (c *Cache[K, V]) Peek(key K) (v V, at time.Time, stale, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, fresh := c.lookup(key)
	if e == nil {
		return v, at, false, false
	}
	if fresh {
		c.asked.Fresh++
	}
	return e.value, e.at, !fresh, true
}

// Put sets the value of key, as read now. A running load of key does not
// replace it.
func (c *Cache[K, V]) Put(key K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outdate(func(k K) bool { return k == key }, true)
	c.store(entry[K, V]{key: key, value: v, at: c.now()})
}

// Expire makes the values of matching keys stale, including those being loaded
// now. match must not use the cache.
func (c *Cache[K, V]) Expire(match func(K) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outdate(match, false)
	for key, el := range c.entries {
		if match(key) {
			c.entry(el).expired = true
		}
	}
}

// Drop forgets the values of matching keys. Values being loaded now still go to
// the callers waiting for them, but are not kept. match must not use the cache.
func (c *Cache[K, V]) Drop(match func(K) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outdate(match, true)
	for key, el := range c.entries {
		if match(key) {
			c.remove(el)
		}
	}
}

// lookup returns the entry of key, nil if none is young enough.
func (c *Cache[K, V]) lookup(key K) (e *entry[K, V], fresh bool) {
	el := c.entries[key]
	if el == nil {
		return nil, false
	}
	e = c.entry(el)
	now := c.now()
	age := now.Sub(e.at)
	fresh = 0 <= age && age < c.Fresh && !e.expired // the clock may have been set back
	if kept := c.keptFor(e, now); !fresh && age >= c.Keep || kept >= max(c.Keep, c.Fresh) {
		c.remove(el)
		return nil, false
	}
	e.used = now
	c.recent.MoveToFront(el)
	return e, fresh
}

// keptFor is how much of the time is over for which an entry may be kept.
func (c *Cache[K, V]) keptFor(e *entry[K, V], now time.Time) time.Duration {
	at := e.at
	if c.Since != nil {
		if since := c.Since(e.value); !since.IsZero() && since.Before(at) {
			at = since
		}
	}
	return now.Sub(at)
}

func (c *Cache[K, V]) store(e entry[K, V]) {
	if el := c.entries[e.key]; el != nil {
		c.remove(el)
	}
	if c.entries == nil {
		c.entries = make(map[K]*list.Element)
	}
	e.used = c.now()
	el := c.recent.PushFront(&e)
	c.entries[e.key] = el
	c.weigh(el)
}

// Grown tells that the value of key takes another number of bytes now.
func (c *Cache[K, V]) Grown(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.entries[key]; el != nil {
		c.weigh(el)
	}
}

// weigh counts an entry's bytes anew, and makes room if they are too many.
func (c *Cache[K, V]) weigh(el *list.Element) {
	e := c.entry(el)
	c.bytes -= e.bytes
	e.bytes = overhead
	if c.Weigh != nil {
		e.bytes += c.Weigh(e.value)
	}
	c.bytes += e.bytes
	for c.bytes > orDefault(c.Max, defaultMax) {
		c.remove(c.recent.Back())
	}
}

// Sweep forgets what is too old to be served and what nobody asks for. Without
// it, such values stay until others need their room.
func (c *Cache[K, V]) Sweep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for _, el := range c.entries {
		e := c.entry(el)
		if c.keptFor(e, now) >= max(c.Keep, c.Fresh) || now.Sub(e.used) >= orDefault(c.Idle, max(c.Keep, c.Fresh)) {
			c.remove(el)
		}
	}
}

// Bytes is how much memory the values take, roughly.
func (c *Cache[K, V]) Bytes() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

func (c *Cache[K, V]) remove(el *list.Element) {
	c.bytes -= c.entry(el).bytes
	delete(c.entries, c.entry(el).key)
	c.recent.Remove(el)
}

// entry is what el holds; only entries are ever put into the list.
func (c *Cache[K, V]) entry(el *list.Element) *entry[K, V] {
	return el.Value.(*entry[K, V])
}

func (c *Cache[K, V]) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func orDefault[T int | time.Duration](n, standard T) T {
	if n <= 0 {
		return standard
	}
	return n
}
