package handlers

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/workload"
)

// preferences keeps what people prefer: what Jira holds, for a while, and on
// top of it what they chose and Jira does not hold yet. All gadgets and the
// sidebar share it.
type preferences struct {
	jira func(*connect.Tenant, connect.AccountID) (*jira.Client, error)
	log  *slog.Logger
	kept *swr.Cache[personKey, workload.Preferences]
	// wait is how long a person waits for Jira to take what they chose.
	wait time.Duration

	work sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	unsaved map[personKey]*unsaved
}

// unsaved is what one person chose and Jira does not hold.
type unsaved struct {
	changes []workload.Change
	// saving is closed when the attempts end; nil when they did. Jira refused
	// what is left then.
	saving chan struct{}
	cancel context.CancelFunc
}

func newPreferences(s *Server) *preferences {
	return &preferences{
		jira: s.Jira, log: s.Log, unsaved: map[personKey]*unsaved{},
		kept: &swr.Cache[personKey, workload.Preferences]{Fresh: personFresh, Keep: viewKeep, Max: maxViews, Timeout: loadTime, Now: s.Now},
		wait: s.Patience.Preferences,
	}
}

// close ends what is being saved and read.
func (p *preferences) close() {
	p.mu.Lock()
	p.closed = true
	for _, u := range p.unsaved {
		u.cancel()
	}
	p.mu.Unlock()
	p.work.Wait()
	p.kept.Close()
}

// forget drops everything of one tenant.
func (p *preferences) forget(id connect.TenantID) {
	p.kept.Drop(func(k personKey) bool { return k.tenant == id })
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, u := range p.unsaved {
		if k.tenant == id {
			u.cancel()
			delete(p.unsaved, k)
		}
	}
}

// get is what a person prefers; when Jira does not say in time, or at all, the
// defaults with what they chose here.
func (p *preferences) get(ctx context.Context, w who) taste {
	// Looked at first: what is saved meanwhile is in the cache by then.
	own := p.pending(w)
	known, _, _, err := p.kept.Get(ctx, w.person(), p.read(w))
	if err != nil {
		known = workload.NewPreferences()
	}
	own.Preferences = known.With(own.changes...)
	return own
}

func (p *preferences) pending(w who) taste {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.unsaved[w.person()]
	if u == nil {
		return taste{}
	}
	return taste{changes: slices.Clone(u.changes), unsaved: u.saving != nil, refused: u.saving == nil}
}

// warm begins to read what is not known and tells when that is over.
func (p *preferences) warm(ctx context.Context, w who) <-chan struct{} {
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _, _, _ = p.kept.Get(ctx, w.person(), p.read(w)) // get makes do without
	}()
	return over
}

// read asks Jira, as the person.
func (p *preferences) read(w who) swr.Load[workload.Preferences] {
	return func(ctx context.Context) (workload.Preferences, error) {
		j, err := p.jira(w.tenant, w.account)
		if err != nil {
			return workload.Preferences{}, err
		}
		value, err := jira.GetUserProperty[json.RawMessage](ctx, j, string(w.account), workload.PreferencesProperty)
		if isMissing(err) {
			return workload.NewPreferences(), nil
		}
		return workload.ParsePreferences(value), err
	}
}
