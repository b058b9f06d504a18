package rest

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Each walks a list page by page. fetch gets the page at a cursor (an offset, a
// token, an instant) with the client that Each passes to it, and returns the
// page's items, the next cursor and whether there is a next page. key tells
// items apart; the zero key stands for an item that cannot be told apart.
//
// An item that comes twice, as when a list changes while it is read, is yielded
// once. An error of fetch ends the walk and is its last pair. So does a bound of
// c.Lists: the error is then a [*WalkError], and everything read before was
// yielded. Each follows no address that an answer holds.
func Each[T any, K, C comparable](c *Client, cursor C, key func(T) K, fetch func(c *Client, at C) (items []T, next C, more bool, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		w := &walk[T, K, C]{policy: c.Lists, key: key, yield: yield, now: c.now, started: c.now()}
		metered, meter := c.metered()
		for at, more := cursor, true; more; {
			w.cursors.add(at)
			items, next, further, err := fetch(metered, at)
			if err != nil {
				w.fail(err)
				return
			}
			if !w.page(items) {
				return
			}
			if at, more = next, further; more {
				if err := w.bound(next, meter); err != nil {
					w.end(err)
					return
				}
			}
		}
	}
}

// walk is what is remembered on the way.
type walk[T any, K, C comparable] struct {
	policy  ListPolicy
	key     func(T) K
	yield   func(T, error) bool
	now     func() time.Time
	started time.Time

	cursors set[C]
	seen    set[K]
	pages   int
	items   int
	// fresh is how many new items the last page had; idle how many pages in a
	// row had none.
	fresh, idle int
}

// page yields what is new on a page and reports whether the walk goes on.
func (w *walk[T, K, C]) page(items []T) bool {
	w.pages++
	w.fresh = 0
	var none K
	for _, item := range items {
		key := w.key(item)
		if key != none && !w.seen.add(key) {
			continue
		}
		if key != none {
			w.fresh++
		}
		w.items++
		if !w.yield(item, nil) {
			return false
		}
	}
	return true
}

// bound returns an error if the walk may not read the page at next.
func (w *walk[T, K, C]) bound(next C, m *meter) error {
	w.idle++
	if w.fresh > 0 {
		w.idle = 0
	}
	switch {
	case w.cursors.has(next):
		return w.cut(WalkRepeats, nil)
	case w.idle > w.policy.fruitless():
		return w.cut(WalkFruitless, nil)
	case w.idle > 0 && !w.policy.Allowance.take():
		return w.cut(WalkAllowance, nil)
	case w.pages >= w.policy.pages():
		return w.cut(WalkPages, nil)
	case m.left <= 0:
		return w.cut(WalkBytes, nil)
	case w.policy.Time > 0 && w.now().Sub(w.started) >= w.policy.Time:
		return w.cut(WalkTime, nil)
	}
	return nil
}

// fail ends the walk because a page could not be read.
func (w *walk[T, K, C]) fail(err error) {
	switch {
	case errors.Is(err, errMeter):
		err = w.cut(WalkBytes, err)
	case w.pages > 0 && errors.Is(err, context.DeadlineExceeded):
		err = w.cut(WalkTime, err)
	}
	w.end(err)
}

func (w *walk[T, K, C]) end(err error) {
	var zero T
	w.yield(zero, err)
}

func (w *walk[T, K, C]) cut(reason WalkReason, cause error) *WalkError {
	err := &WalkError{Reason: reason, Pages: w.pages, Items: w.items, cause: cause}
	if w.policy.Cut != nil {
		w.policy.Cut(err)
	}
	return err
}

// set holds values; nil is empty.
type set[K comparable] map[K]struct{}

func (s set[K]) has(key K) bool {
	_, ok := s[key]
	return ok
}

// add reports whether the key is new.
func (s *set[K]) add(key K) bool {
	if s.has(key) {
		return false
	}
	if *s == nil {
		*s = set[K]{}
	}
	(*s)[key] = struct{}{}
	return true
}
