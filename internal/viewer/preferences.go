package viewer

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/workload"
)

// Chosen is how a person wants to see things, and whether Jira holds it.
type Chosen struct {
	workload.Preferences
	// Unsaved says that something they chose is still being saved, Refused that
	// Jira will not take it.
	Unsaved, Refused bool

	// changes are what Jira does not hold yet.
	changes []workload.Change
}

func (c Chosen) equal(o Chosen) bool {
	return c.Unsaved == o.Unsaved && c.Refused == o.Refused && c.Preferences.Equal(o.Preferences)
}

// Preferences keeps what people prefer: what Jira holds, for a while, and on
// top of it what they chose and Jira does not hold yet. All gadgets and the
// sidebar share it.
type Preferences struct {
	jira func(*connect.Tenant, connect.AccountID) (*jira.Client, error)
	log  *slog.Logger
	kept *swr.Cache[personKey, workload.Preferences]
	// wait is how long a person waits for Jira to take what they chose, and for
	// their preferences while these are not known.
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

func newPreferences(c Config) *Preferences {
	return &Preferences{
		jira: c.Jira, log: c.Log, unsaved: map[personKey]*unsaved{},
		kept: newKept[personKey, workload.Preferences](c.Now, personFresh),
		wait: c.Patience.Preferences,
	}
}

// close ends what is being saved and read.
func (p *Preferences) close() {
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
func (p *Preferences) forget(id connect.TenantID) {
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

// Get is what a person prefers; when Jira does not say in time, or at all, the
// defaults with what they chose here. They are known by the time that a view
// was read, so this hardly ever waits.
func (p *Preferences) Get(ctx context.Context, person Person) Chosen {
	ctx, cancel := context.WithTimeout(ctx, p.wait)
	defer cancel()
	// Looked at first: what is saved meanwhile is in the cache by then.
	own := p.pending(person)
	known, _, _, err := p.kept.Get(ctx, person.key(), p.read(person))
	if err != nil {
		known = workload.NewPreferences()
	}
	own.Preferences = known.With(own.changes...)
	return own
}

func (p *Preferences) pending(person Person) Chosen {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.unsaved[person.key()]
	if u == nil {
		return Chosen{}
	}
	return Chosen{changes: slices.Clone(u.changes), Unsaved: u.saving != nil, Refused: u.saving == nil}
}

// warm begins to read what is not known and tells when that is over.
func (p *Preferences) warm(ctx context.Context, person Person) <-chan struct{} {
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _, _, _ = p.kept.Get(ctx, person.key(), p.read(person)) // Get does without them
	}()
	return over
}

// read asks Jira, as the person.
func (p *Preferences) read(person Person) swr.Load[workload.Preferences] {
	return func(ctx context.Context) (workload.Preferences, error) {
		j, err := p.jira(person.Tenant, person.Account)
		if err != nil {
			return workload.Preferences{}, err
		}
		value, err := jira.GetUserProperty[json.RawMessage](ctx, j, string(person.Account), workload.PreferencesProperty)
		if errors.Is(err, rest.ErrNotFound) {
			return workload.NewPreferences(), nil
		}
		return workload.ParsePreferences(value), err
	}
}
