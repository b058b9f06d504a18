// Package kept keeps what was fetched until its end and folds the fetches of
// all who wait for the same value into one. It is how connect and connect/chat
// remember tenants, keys and tokens.
package kept

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	// maxBytes bounds the memory of one [Values].
	maxBytes = 16 << 20
	// overhead is what a value takes besides its Size: its place in the map, a key
	// that is no text, and the value itself if it has no Size.
	overhead = 1 << 10
	// sweepEvery is how often values that have ended are removed at most.
	sweepEvery = time.Minute
)

// Fetch reads a value and says until when it may be kept. A value whose end is
// not after the present is given to those who wait and not kept.
type Fetch[V any] func(ctx context.Context) (value V, until time.Time, err error)

// Sized is a value that knows how many bytes it takes. Others count as 1 KiB.
type Sized interface{ Size() int }

// Values keeps values by key, each until its own end, and at most 16 MiB of
// them. Values that have ended are removed once a minute while others come in; a
// full one drops what ends first. The zero value is ready. It is safe for
// concurrent use and must not be copied.
//
// Owners hand in their clock with each call, so that their own zero value is
// ready too.
type Values[K, V comparable] struct {
	flight singleflight.Group

	mu      sync.Mutex
	byKey   map[K]ending[V]
	bytes   int // of byKey
	loading map[*load[K]]struct{}
	swept   time.Time
}

type ending[V any] struct {
	value V
	until time.Time
	bytes int
}

// load is a fetch under way.
type load[K any] struct {
	key     K
	dropped bool // its value may be older than what dropped it
}

// Get returns the kept value of key, or else waits for one fetch together with
// all others who ask for it. The fetch belongs to nobody: a caller whose
// context ends leaves it to the others. Its error goes to all who wait and is
// not kept.
func (v *Values[K, V]) Get(ctx context.Context, now func() time.Time, key K, fetch Fetch[V]) (V, error) {
	if value, ok := v.Peek(now(), key); ok {
		return value, nil
	}
	done := v.flight.DoChan(name(key), func() (any, error) {
		if value, ok := v.Peek(now(), key); ok { // kept by the fetch before this one
			return value, nil
		}
		return v.Load(context.WithoutCancel(ctx), now, key, fetch)
	})
	var none V
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case result := <-done:
		value, ok := result.Val.(V)
		if result.Err != nil || !ok {
			return none, result.Err
		}
		return value, nil
	}
}

// Load fetches whatever is kept and keeps what it gets, unless the key was
// dropped meanwhile.
func (v *Values[K, V]) Load(ctx context.Context, now func() time.Time, key K, fetch Fetch[V]) (V, error) {
	l := &load[K]{key: key}
	v.begin(l)
	value, until, err := fetch(ctx)
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.loading, l)
	if err == nil && !l.dropped {
		v.put(now(), key, value, until)
	}
	return value, err
}

func (v *Values[K, V]) begin(l *load[K]) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.loading == nil {
		v.loading = make(map[*load[K]]struct{})
	}
	v.loading[l] = struct{}{}
}

// Peek returns the kept value of key, if there is one.
func (v *Values[K, V]) Peek(now time.Time, key K) (V, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	e, ok := v.byKey[key]
	if ok && now.Before(e.until) {
		return e.value, true
	}
	var none V
	return none, false
}

// Put keeps a value until its end.
func (v *Values[K, V]) Put(now time.Time, key K, value V, until time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.put(now, key, value, until)
}

func (v *Values[K, V]) put(now time.Time, key K, value V, until time.Time) {
	v.remove(key)
	e := ending[V]{value, until, sizeOf(key, value)}
	if !now.Before(until) || e.bytes > maxBytes {
		return
	}
	v.makeRoom(now, e.bytes)
	v.byKey[key] = e
	v.bytes += e.bytes
}

func sizeOf(key, value any) int {
	bytes := overhead
	if text := reflect.ValueOf(key); text.Kind() == reflect.String {
		bytes += text.Len()
	}
	if sized, ok := value.(Sized); ok {
		bytes += sized.Size()
	}
	return bytes
}

func (v *Values[K, V]) remove(key K) {
	v.bytes -= v.byKey[key].bytes
	delete(v.byKey, key)
}

// removeAll removes the values that match.
func (v *Values[K, V]) removeAll(match func(K, ending[V]) bool) {
	maps.DeleteFunc(v.byKey, func(key K, e ending[V]) bool {
		matches := match(key, e)
		if matches {
			v.bytes -= e.bytes
		}
		return matches
	})
}

// makeRoom sweeps out what has ended, and when that is not enough what ends
// first.
func (v *Values[K, V]) makeRoom(now time.Time, bytes int) {
	if v.byKey == nil {
		v.byKey = make(map[K]ending[V])
	}
	full := v.bytes+bytes > maxBytes
	if !full && now.Sub(v.swept) < sweepEvery {
		return
	}
	v.swept = now
	v.removeAll(func(_ K, e ending[V]) bool { return !now.Before(e.until) })
	for v.bytes+bytes > maxBytes {
		v.dropFirstToEnd()
	}
}

func (v *Values[K, V]) dropFirstToEnd() {
	var first K
	var at time.Time
	for key, e := range v.byKey {
		if at.IsZero() || e.until.Before(at) {
			first, at = key, e.until
		}
	}
	v.remove(first)
}

// Drop forgets the values of the keys that match. Values being fetched now
// still go to those who wait for them, but are not kept, and later callers
// fetch anew. match must not use v.
func (v *Values[K, V]) Drop(match func(K) bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.removeAll(func(key K, _ ending[V]) bool { return match(key) })
	for l := range v.loading {
		if match(l.key) {
			l.dropped = true
			v.flight.Forget(name(l.key))
		}
	}
}

// DropValue forgets the value of key, unless another has taken its place.
func (v *Values[K, V]) DropValue(key K, value V) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if e, ok := v.byKey[key]; ok && e.value == value {
		v.remove(key)
	}
}

// Len is how many values are held, those that have ended and were not swept
// yet included.
func (v *Values[K, V]) Len() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.byKey)
}

// name is a key's unambiguous text.
func name[K any](key K) string { return fmt.Sprintf("%#v", key) }
