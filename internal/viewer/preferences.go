package viewer

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/workload"
)

// Chosen is how a person wants to see things, and whether Jira has saved it.
type Chosen struct {
	workload.Preferences
	// Unsaved says that a choice is still being saved, Refused that Jira will
	// not take it.
	Unsaved, Refused bool

	// changes are the ones that Jira has not saved yet.
	changes []workload.Change
}

func (c Chosen) equal(o Chosen) bool {
	return c.Unsaved == o.Unsaved && c.Refused == o.Refused && c.Preferences.Equal(o.Preferences)
}

// Preferences keeps people's preferences: for a while those that Jira holds,
// and on top of them the choices that Jira has not saved yet. All gadgets and
// the sidebar share them.
type Preferences struct {
	jira  func(*connect.Tenant, connect.AccountID) (*jira.Client, error)
	saved func(context.Context, connect.TenantID, connect.AccountID)
	// outages has the sites that do not save, once each.
	outages *outage.Log
	kept    *swr.Cache[personKey, workload.Preferences]
	// wait is how long a person waits for Jira to save a choice, and to return
	// their preferences if they are not known.
	wait time.Duration

	work sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	unsaved map[personKey]*unsaved
}

// unsaved is what one person chose and Jira has not saved.
type unsaved struct {
	changes []workload.Change
	// saving is closed when the attempts end, and nil afterwards. What is left
	// then was refused by Jira.
	saving chan struct{}
	cancel context.CancelFunc
}

func newPreferences(c Config) *Preferences {
	return &Preferences{
		jira: c.Jira, saved: c.Saved, outages: outage.New(c.Log, c.Now), unsaved: map[personKey]*unsaved{},
		kept: newKept[personKey, workload.Preferences](c.Now, personFresh),
		wait: c.Patience.Preferences,
	}
}

// close ends all saving and reading.
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

// Get is what a person prefers. If Jira does not answer in time, or at all, it
// is the defaults with what they chose here. Preferences are usually known by
// the time a view has been read, so Get hardly ever waits. Those that a person's
// page has read are read again with the next view.
func (p *Preferences) Get(ctx context.Context, person Person) Chosen {
	// Read before the cache: a change that is saved meanwhile is in the cache
	// by then.
	own := p.pending(person)
	known, stale, ok := p.known(person)
	if !ok || stale && person.Page == nil {
		known = p.ask(ctx, person)
	}
	own.Preferences = known.With(own.changes...)
	return own
}

// known is what is kept of a person's preferences; for one whose page reads also
// what the server has read.
func (p *Preferences) known(person Person) (known workload.Preferences, stale, ok bool) {
	known, _, stale, ok = p.kept.Peek(person.key())
	if !ok && person.Page != nil {
		known, _, stale, ok = p.kept.Peek(person.key().other())
	}
	return known, stale, ok
}

// ask gets what Jira holds, the defaults if it does not answer in time.
func (p *Preferences) ask(ctx context.Context, person Person) workload.Preferences {
	ctx, cancel := context.WithTimeout(ctx, p.wait)
	defer cancel()
	known, _, _, err := p.kept.Get(ctx, person.key(), p.read(person))
	if err != nil {
		return workload.NewPreferences()
	}
	return known
}

func (p *Preferences) pending(person Person) Chosen {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.unsaved[person.Served().key()]
	if u == nil {
		return Chosen{}
	}
	return Chosen{changes: slices.Clone(u.changes), Unsaved: u.saving != nil, Refused: u.saving == nil}
}

// warm starts reading preferences that are not known; the channel closes when
// it is done.
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
		j := person.Page
		if j == nil {
			var err error
			if j, err = p.jira(person.Tenant, person.Account); err != nil {
				return workload.Preferences{}, err
			}
		}
		value, err := jira.GetUserProperty[json.RawMessage](ctx, j, string(person.Account), workload.PreferencesProperty)
		if errors.Is(err, rest.ErrNotFound) {
			return workload.NewPreferences(), nil
		}
		return workload.ParsePreferences(value), err
	}
}
