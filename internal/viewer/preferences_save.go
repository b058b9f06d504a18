package viewer

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/workload"
)

// How a choice is saved if Jira does not take it at once.
const (
	saveAttempt  = 15 * time.Second // bounds one try
	saveFor      = 5 * time.Minute  // how long it is retried
	firstPause   = 2 * time.Second
	longestPause = 30 * time.Second
	tellTime     = time.Second // bounds telling other programs that it is saved
	// maxUnsaved is how many people's choices wait at once, each with a
	// goroutine of its own.
	maxUnsaved = 200
)

// Change notes what a person chose and waits a little for Jira to save it. What
// Jira does not take in that time is shown all the same, and saved in the
// background. Change reports false if too many people's choices are waiting
// already.
func (p *Preferences) Change(ctx context.Context, person Person, changes []workload.Change) bool {
	saving := p.note(ctx, person.Served(), changes)
	if saving == nil {
		return false
	}
	timer := time.NewTimer(p.wait)
	defer timer.Stop()
	select {
	case <-saving:
	case <-timer.C:
	case <-ctx.Done():
	}
	return true
}

// note puts changes on top and makes sure that they are being saved.
func (p *Preferences) note(ctx context.Context, person Person, changes []workload.Change) (saving chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.unsaved[person.key()]
	if u == nil {
		if p.closed || !p.room() {
			return nil
		}
		u = &unsaved{cancel: func() {}}
		p.unsaved[person.key()] = u
	}
	for _, c := range changes {
		u.changes = slices.DeleteFunc(u.changes, c.Replaces)
		u.changes = append(u.changes, c)
	}
	if u.saving == nil && !p.closed {
		u.saving = make(chan struct{})
		ctx, u.cancel = context.WithTimeout(context.WithoutCancel(ctx), saveFor)
		p.work.Go(func() { p.save(ctx, person, u) })
	}
	return u.saving
}

// room reports whether one more person's choices can wait. Those that Jira
// refused give way.
func (p *Preferences) room() bool {
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

// save tries until Jira has saved everything that the person chose, refuses it,
// or does not answer for too long.
func (p *Preferences) save(ctx context.Context, person Person, u *unsaved) {
	defer u.cancel()
	pause := firstPause
	for {
		err := p.saveOnce(ctx, person, u)
		if p.settled(ctx, person, u, err) {
			return
		}
		if err == nil {
			continue // more was chosen meanwhile
		}
		if rest.Sleep(ctx, pause) != nil {
			p.give(ctx, person, u, err)
			return
		}
		pause = min(2*pause, longestPause)
	}
}

// saveOnce puts the changes on top of what Jira holds now, which another
// window or replica may have written.
func (p *Preferences) saveOnce(ctx context.Context, person Person, u *unsaved) error {
	ctx, cancel := context.WithTimeout(ctx, saveAttempt)
	defer cancel()
	p.mu.Lock()
	changes := slices.Clone(u.changes)
	p.mu.Unlock()
	held, err := p.read(person)(ctx)
	if err != nil {
		return err
	}
	j, err := p.jira(person.Tenant, person.Account)
	if err != nil {
		return err
	}
	held = held.With(changes...)
	if _, err := j.UserProperties.SetProperty(ctx, string(person.Account), workload.PreferencesProperty, held); err != nil {
		return err
	}
	p.took(person, u, held, changes)
	if p.saved != nil {
		within, cancel := context.WithTimeout(ctx, tellTime)
		defer cancel()
		p.saved(within, person.Tenant.ID, person.Account)
	}
	return nil
}

// took notes what Jira has saved.
func (p *Preferences) took(person Person, u *unsaved, held workload.Preferences, changes []workload.Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.unsaved[person.key()] == u { // otherwise the tenant is gone
		p.kept.Put(person.key(), held)
		p.kept.Put(person.key().other(), held)
	}
	u.changes = slices.DeleteFunc(u.changes, func(c workload.Change) bool { return slices.Contains(changes, c) })
}

// settled ends the saving when all is saved or Jira has refused.
func (p *Preferences) settled(ctx context.Context, person Person, u *unsaved, err error) bool {
	if err != nil && isRefusal(err) {
		p.give(ctx, person, u, err)
		return true
	}
	if err == nil {
		p.outages.Works(ctx, saving(person), "tenant", string(person.Tenant.ID))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil || len(u.changes) > 0 {
		return false
	}
	close(u.saving)
	if p.unsaved[person.key()] == u {
		delete(p.unsaved, person.key())
	}
	return true
}

// saving is what the log tells of a site, whoever the person is.
func saving(person Person) outage.Subject {
	return outage.Subject{What: "save preferences", Of: string(person.Tenant.ID)}
}

// give gives up: the choice is shown for as long as this process lasts.
func (p *Preferences) give(ctx context.Context, person Person, u *unsaved, err error) {
	if !errors.Is(err, context.Canceled) {
		p.outages.Failed(context.WithoutCancel(ctx), saving(person), err, "tenant", string(person.Tenant.ID))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	close(u.saving)
	u.saving = nil
}

// isRefusal reports whether trying again is pointless.
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
