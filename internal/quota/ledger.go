package quota

import (
	"context"
	"sync"
	"time"
)

// Ledger is the account of points of the current hour of UTC. It is safe for
// concurrent use; Run shares it with the other replicas.
type Ledger struct {
	// Storage is what the replicas share; nil: this process counts alone.
	Storage Storage
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Counted is told of all points of an answer, Held of each call that is held
	// back, Shared how each exchange with the storage went. Each may be nil.
	Counted func(p Purpose, points int)
	Held    func(Purpose)
	Shared  func(context.Context, error)

	once    sync.Once
	kick    chan struct{} // many points wait to be shared
	sharing sync.Mutex    // one exchange at a time

	mu      sync.Mutex
	hour    time.Time
	app     account
	tenants map[string]*account
	// pending is what is not on its way to the storage yet, flying what is; many
	// counts the points of the former.
	pending, flying spendings
	many            int
	asked           bool // somebody counted or asked since the last exchange
}

// spendings are points by what they were spent for.
type spendings map[spending]int

// spending is an hour, as Unix time, a tenant ("" is the app as a whole) and a
// purpose.
type spending struct {
	hour    int64
	tenant  string
	purpose Purpose
}

// account is what one budget has had in the hour.
type account struct {
	stored int // as the replicas shared it last
	own    int // what this process has not shared yet
	said   Said
	fresh  bool // said is not shared yet
	wanted bool // somebody asked since stored was read
}

func (l *Ledger) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return time.Now()
}

// turn begins another hour where it is time, also after the clock was set.
func (l *Ledger) turn() time.Time {
	now := l.now().UTC()
	hour := now.Truncate(time.Hour)
	if hour.Equal(l.hour) && l.tenants != nil {
		return now
	}
	l.hour, l.tenants = hour, map[string]*account{}
	l.app = account{said: Said{At: l.app.said.At, Limit: l.app.said.Limit}}
	if l.pending == nil {
		l.pending = spendings{}
	}
	for _, list := range []spendings{l.pending, l.flying} {
		for s, points := range list {
			if s.hour == hour.Unix() {
				l.account(s.tenant).own += points
			}
		}
	}
	return now
}

// account is a tenant's, or the app's without one.
func (l *Ledger) account(tenant string) *account {
	if tenant == "" {
		return &l.app
	}
	if l.tenants[tenant] == nil {
		l.tenants[tenant] = &account{}
	}
	return l.tenants[tenant]
}

// shareAt is how many points are not kept for the next exchange.
const shareAt = 500

// Count adds points that calls to a tenant cost.
func (l *Ledger) Count(tenant string, p Purpose, points int) {
	if l.Counted != nil {
		l.Counted(p, points)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	for _, name := range []string{"", tenant} {
		l.pending[spending{l.hour.Unix(), name, p}] += points
		l.account(name).own += points
	}
	l.asked = true
	if l.many += points; l.many >= shareAt {
		l.wake()
	}
}

// App is how the budget of the whole app stands.
func (l *Ledger) App() Level { return l.ask("") }

// Tenant is how a tenant's own budget stands.
func (l *Ledger) Tenant(tenant string) Level { return l.ask(tenant) }

func (l *Ledger) ask(tenant string) Level {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.turn()
	a := l.account(tenant)
	a.wanted, l.asked = true, true
	return l.level(a, now)
}

// level is how a budget stands now.
func (l *Ledger) level(a *account, now time.Time) Level {
	return levelOf(a == &l.app, a.said, a.stored+a.own, now)
}

// Reset is when the hour ends.
func (l *Ledger) Reset() time.Time { return nextHour(l.now()) }

// Wait is the time until then.
func (l *Ledger) Wait() time.Duration {
	now := l.now()
	return nextHour(now).Sub(now)
}
