package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"sightline/connect"
	"sightline/connect/jira"
	"sightline/connect/rest"
	"sightline/internal/swr"
	"sightline/internal/workload"
)

// How what a person chose is saved when Jira does not take it at once.
const (
	saveAttempt  = 15 * time.Second // bounds one try
	saveFor      = 5 * time.Minute  // how long it is tried again
	firstPause   = 2 * time.Second
	longestPause = 30 * time.Second
	// maxUnsaved is how many people's choices wait at once, each with a
	// goroutine of its own.
	maxUnsaved = 200
)

// preferences keeps what people prefer: what Jira holds, for a while, and on
// top of it what they chose and Jira does not hold yet. All gadgets and the
// sidebar share it.
type preferences struct {
	jira func(*connect.Tenant, connect.AccountID) (*jira.Client, error)
	log  *slog.Logger
	kept *swr.Cache[personKey, workload.Preferences]

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

// change notes what a person chose and waits a little for Jira to hold it. It
// reports false when too many wait already.
func (p *preferences) change(ctx context.Context, w who, changes []workload.Change) bool {
	saving := p.note(ctx, w, changes)
	if saving == nil {
		return false
	}
	timer := time.NewTimer(preferenceWait)
	defer timer.Stop()
	select {
	case <-saving:
	case <-timer.C:
	case <-ctx.Done():
	}
	return true
}

// note puts changes on top and sees to it that they are being saved.
func (p *preferences) note(ctx context.Context, w who, changes []workload.Change) (saving chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.unsaved[w.person()]
	if u == nil {
		if p.closed || !p.room() {
			return nil
		}
		u = &unsaved{cancel: func() {}}
		p.unsaved[w.person()] = u
	}
	for _, c := range changes {
		u.changes = slices.DeleteFunc(u.changes, c.Replaces)
		u.changes = append(u.changes, c)
	}
	if u.saving == nil && !p.closed {
		u.saving = make(chan struct{})
		ctx, u.cancel = context.WithTimeout(context.WithoutCancel(ctx), saveFor)
		p.work.Go(func() { p.save(ctx, w, u) })
	}
	return u.saving
}

// room reports whether one more person's choices can wait. Those that Jira
// refused give way.
func (p *preferences) room() bool {
	for k, u := range p.unsaved {
		if len(p.unsaved) < maxUnsaved {
			break
		}
		if u.saving == nil {
			delete(p.unsaved, k)
		}
	}
	return len(p.unsaved) < maxUnsaved
}

// save tries until Jira holds everything that the person chose, refuses it, or
// does not answer for too long.
func (p *preferences) save(ctx context.Context, w who, u *unsaved) {
	defer u.cancel()
	pause := firstPause
	for {
		err := p.saveOnce(ctx, w, u)
		if p.settled(w, u, err) {
			return
		}
		if err == nil {
			continue // more was chosen meanwhile
		}
		if rest.Sleep(ctx, pause) != nil {
			p.give(w, u, err)
			return
		}
		pause = min(2*pause, longestPause)
	}
}

// saveOnce puts the changes on top of what Jira holds now, which another
// window or replica may have written.
func (p *preferences) saveOnce(ctx context.Context, w who, u *unsaved) error {
	ctx, cancel := context.WithTimeout(ctx, saveAttempt)
	defer cancel()
	p.mu.Lock()
	changes := slices.Clone(u.changes)
	p.mu.Unlock()
	held, err := p.read(w)(ctx)
	if err != nil {
		return err
	}
	j, err := p.jira(w.tenant, w.account)
	if err != nil {
		return err
	}
	held = held.With(changes...)
	if _, err := j.UserProperties.SetProperty(ctx, string(w.account), workload.PreferencesProperty, held); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.unsaved[w.person()] == u { // else the tenant is gone
		p.kept.Put(w.person(), held)
	}
	u.changes = slices.DeleteFunc(u.changes, func(c workload.Change) bool { return slices.Contains(changes, c) })
	return nil
}

// settled ends the saving when all is saved or Jira refused.
func (p *preferences) settled(w who, u *unsaved, err error) bool {
	if err != nil && isRefusal(err) {
		p.give(w, u, err)
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil || len(u.changes) > 0 {
		return false
	}
	close(u.saving)
	if p.unsaved[w.person()] == u {
		delete(p.unsaved, w.person())
	}
	return true
}

// give gives up: what was chosen is shown while this process lasts.
func (p *preferences) give(w who, u *unsaved, err error) {
	if !errors.Is(err, context.Canceled) {
		p.log.Warn("preferences were not saved", "tenant", w.tenant.ID, "err", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	close(u.saving)
	u.saving = nil
}

// isRefusal reports whether trying again helps nobody.
func isRefusal(err error) bool {
	var (
		service *rest.Error
		token   *connect.TokenError
	)
	switch {
	case errors.As(err, &token):
		return !token.Temporary()
	case errors.As(err, &service):
		return !slices.ContainsFunc([]error{rest.ErrServer, rest.ErrTimeout, rest.ErrConflict, rest.ErrRateLimited}, service.Is)
	}
	return errors.Is(err, connect.ErrImpersonation)
}
