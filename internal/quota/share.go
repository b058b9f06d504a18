package quota

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	// shareEvery is how often the replicas learn of each other.
	shareEvery = 2 * time.Second
	// keepHours is for how long past hours are kept.
	keepHours = 48 * time.Hour
	// maxShared is how many budgets one exchange is about.
	maxShared = 500
	// lateBy is for how long what could not be shared is kept.
	lateBy = 2 * time.Hour
	// maxAhead is how far ahead of the clock what was said can be. More is from before
	// the clock was set back.
	maxAhead = 10 * time.Minute
	// endTime bounds the last exchange of a program.
	endTime = 2 * time.Second
)

// Storage is what the replicas share.
type Storage interface {
	// SharePoints adds what was spent in the hour that begins at a time, keeps what
	// Jira said where nothing newer is known, and returns how the same budgets stand
	// with what all replicas have added. It does all of that or nothing.
	SharePoints(ctx context.Context, hour time.Time, mine []Entry) ([]Entry, error)
	// ForgetPoints removes hours that began before a time.
	ForgetPoints(ctx context.Context, before time.Time) error
}

// Entry is what is known of one budget in an hour.
type Entry struct {
	// Tenant is whose it is; empty: the app's.
	Tenant string
	Points map[Purpose]int
	Said   Said
}

// Sum is the points of all purposes.
func (e Entry) Sum() (points int) {
	for _, n := range e.Points {
		points += n
	}
	return points
}

// level is how the budget stands.
func (e Entry) level(now time.Time) Level { return levelOf(e.Tenant == "", e.Said, e.Sum(), now) }

// Run shares the ledger until the context ends, and then what is left.
func (l *Ledger) Run(ctx context.Context) {
	if l.Storage == nil {
		return
	}
	l.Share(ctx)
	ticker := time.NewTicker(shareEvery)
	defer ticker.Stop()
	forget := l.now()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
			defer cancel()
			l.Share(last)
			return
		case <-ticker.C:
		case <-l.waker():
		}
		if l.due() {
			l.Share(ctx)
		}
		if now := l.now(); now.Sub(forget).Abs() >= time.Hour {
			forget = now
			l.told(ctx, l.Storage.ForgetPoints(ctx, now.Add(-keepHours)))
		}
	}
}

func (l *Ledger) waker() chan struct{} {
	l.once.Do(func() { l.kick = make(chan struct{}, 1) })
	return l.kick
}

func (l *Ledger) wake() {
	select {
	case l.waker() <- struct{}{}:
	default:
	}
}

// due reports whether there is something to share or to learn.
func (l *Ledger) due() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked
}

func (l *Ledger) told(ctx context.Context, err error) {
	if l.Shared != nil {
		l.Shared(ctx, err)
	}
}

// Share exchanges sums with the storage. What cannot be added now is added later.
func (l *Ledger) Share(ctx context.Context) {
	l.sharing.Lock()
	defer l.sharing.Unlock()
	for _, batch := range l.take() {
		got, err := l.Storage.SharePoints(ctx, batch.hour, batch.entries)
		l.told(ctx, err)
		l.settled(batch, got, err == nil)
	}
}

// batch is one exchange.
type batch struct {
	hour    time.Time
	entries []Entry
}

// take makes the exchanges that are due; the current hour's are about the app, too.
func (l *Ledger) take() []batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.turn()
	l.flying, l.pending, l.many, l.asked = l.pending, spendings{}, 0, false
	byHour := map[int64]map[string]*Entry{l.hour.Unix(): {"": {}}}
	at := func(hour int64, tenant string) *Entry {
		if byHour[hour] == nil {
			byHour[hour] = map[string]*Entry{}
		}
		if byHour[hour][tenant] == nil {
			byHour[hour][tenant] = &Entry{Tenant: tenant}
		}
		return byHour[hour][tenant]
	}
	for s, points := range l.flying {
		if now.Sub(time.Unix(s.hour, 0)).Abs() > lateBy {
			delete(l.flying, s)
			continue
		}
		e := at(s.hour, s.tenant)
		if e.Points == nil {
			e.Points = map[Purpose]int{}
		}
		e.Points[s.purpose] += points
	}
	for tenant, a := range l.accounts() {
		if a.fresh {
			at(l.hour.Unix(), tenant).Said = a.said
			a.fresh = false
		}
		if a.wanted {
			at(l.hour.Unix(), tenant)
			a.wanted = false
		}
	}
	return batches(byHour)
}

// accounts are all accounts of the hour.
func (l *Ledger) accounts() func(yield func(string, *account) bool) {
	return func(yield func(string, *account) bool) {
		if !yield("", &l.app) {
			return
		}
		for tenant, a := range l.tenants {
			if !yield(tenant, a) {
				return
			}
		}
	}
}

// batches cuts exchanges to a length, in an order that is the same for all replicas.
func batches(byHour map[int64]map[string]*Entry) (list []batch) {
	for _, hour := range slices.Sorted(maps.Keys(byHour)) {
		entries := make([]Entry, 0, len(byHour[hour]))
		for _, e := range byHour[hour] {
			entries = append(entries, *e)
		}
		slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Tenant, b.Tenant) })
		for part := range slices.Chunk(entries, maxShared) {
			list = append(list, batch{time.Unix(hour, 0).UTC(), part})
		}
	}
	return list
}

// settled takes back what was not stored, and otherwise the sums of all replicas.
func (l *Ledger) settled(b batch, got []Entry, stored bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.turn()
	current := b.hour.Equal(l.hour)
	for _, e := range b.entries {
		for p, points := range e.Points {
			s := spending{b.hour.Unix(), e.Tenant, p}
			delete(l.flying, s)
			if !stored {
				l.pending[s] += points
			} else if current {
				l.account(e.Tenant).own -= points
			}
		}
		if a := l.account(e.Tenant); !stored && current && !e.Said.At.IsZero() {
			a.fresh = true
		}
	}
	if !stored || !current {
		return
	}
	for _, e := range got {
		a := l.account(e.Tenant)
		a.stored = e.Sum()
		if !a.fresh && (e.Said.At.After(a.said.At) || a.said.At.After(now.Add(maxAhead))) {
			a.said = e.Said
		} else if a.said.Limit == 0 {
			a.said.Limit = e.Said.Limit
		}
	}
}
