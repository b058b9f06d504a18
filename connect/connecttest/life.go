package connecttest

import (
	"context"
	"sync"
	"time"
)

// lifetime is the context of the site's own work, from New to Close. It does
// not depend on a caller.
type lifetime struct {
	once sync.Once
	done chan struct{}
}

var _ context.Context = (*lifetime)(nil)

func newLifetime() *lifetime { return &lifetime{done: make(chan struct{})} }

func (l *lifetime) end() { l.once.Do(func() { close(l.done) }) }

// Deadline says that there is none.
func (l *lifetime) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done is closed by Close.
func (l *lifetime) Done() <-chan struct{} { return l.done }

// Err is context.Canceled after Close.
func (l *lifetime) Err() error {
	select {
	case <-l.done:
		return context.Canceled
	default:
		return nil
	}
}

// Value is nil for every key.
func (l *lifetime) Value(any) any { return nil }
