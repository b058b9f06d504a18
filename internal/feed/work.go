package feed

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/quota"
)

const (
	// leaseTime is for how long a replica has a tenant for itself; it is renewed with
	// each step. One that was killed blocks the tenant as long.
	leaseTime = 2 * time.Minute
	// retryMin and retryMax bound the wait after a failure, which doubles.
	retryMin = 10 * time.Second
	retryMax = time.Hour
	// releaseTime is how long giving a lease back may take while the program ends.
	releaseTime = 2 * time.Second
)

// errTaken means that another replica works on the tenant.
var errTaken = errors.New("another replica has it")

// work does what is due at a tenant and decides when to look again.
func (f *Feed) work(ctx context.Context, j *job) {
	f.mu.Lock()
	shown := j.Shown
	f.mu.Unlock()
	at, err := f.visit(ctx, shown)
	if errors.Is(err, index.ErrDamaged) {
		err = errors.Join(err, f.Index.Drop(ctx, shown.Tenant))
	}
	f.note(ctx, shown.Tenant, err)
	if err == nil {
		f.count(ctx, j, at)
	}
	f.ended(j, at, err)
	f.wakeUp()
}

// count counts what is held of a tenant, once an hour and when it has been filled.
func (f *Feed) count(ctx context.Context, j *job, at standing) {
	f.mu.Lock()
	tenant, since := j.Tenant, f.Now().Sub(j.counted)
	due := since < 0 || since >= countEvery || at.filled != j.standing.filled
	f.mu.Unlock()
	if !due {
		return
	}
	issues, worklogs, err := f.Index.Count(ctx, tenant)
	f.Outages.Note(ctx, outage.Subject{What: "count the facts of the index", Of: tenant}, err, "tenant", tenant)
	if err != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	j.held, j.counted = Held{issues, worklogs}, f.Now()
}

// Visit does what is due at one tenant, now.
func (f *Feed) Visit(ctx context.Context, s Shown) error {
	f.init()
	_, err := f.visit(ctx, s)
	return err
}

func (f *Feed) visit(ctx context.Context, s Shown) (standing, error) {
	if err := f.hear(ctx, s.Tenant); err != nil {
		return standing{}, err
	}
	at, todo, err := f.look(ctx, s)
	if err != nil || !todo {
		return at, err
	}
	if err := f.take(ctx, s.Tenant); err != nil {
		return at, err
	}
	defer f.release(ctx, s.Tenant)
	err = f.steps(ctx, s)
	after, _, lookErr := f.look(ctx, s)
	return after, errors.Join(err, lookErr)
}

// look sees how far a tenant's index is, and whether something is to be done.
func (f *Feed) look(ctx context.Context, s Shown) (at standing, todo bool, err error) {
	w, err := f.Index.Work(ctx, s.Tenant, index.Scope{Projects: []string{}})
	if err != nil {
		return at, false, err
	}
	n, err := notesOf(w.State)
	if err != nil {
		return at, false, err
	}
	at = standing{filled: !w.State.Filled.IsZero(), open: n.Open, needs: len(w.Needs), oldest: w.State.Oldest, next: next(w.State, n)}
	if at.past, err = f.behind(ctx, s, n); err != nil {
		return at, false, err
	}
	read, check := due(w.State, n, f.Now())
	return at, at.past || at.needs > 0 || !at.filled || n.begin(s.Projects, f.Now()) != nil || n.Fill != nil || read || check, nil
}

// hear marks a tenant of which an event could not be stored.
func (f *Feed) hear(ctx context.Context, tenant string) error {
	f.mu.Lock()
	since, unheard := f.unheard[tenant]
	f.mu.Unlock()
	if !unheard {
		return nil
	}
	now := f.Now()
	err := f.alter(ctx, tenant, func(s *index.State, n *notes) { lose(s, n, since, now) })
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.unheard, tenant)
	return nil
}

// take takes or renews the lease of a tenant.
func (f *Feed) take(ctx context.Context, tenant string) error {
	return f.change(ctx, tenant, func(s *index.State, _ *notes) error {
		now := f.Now()
		// A lease that ends much later than one can is from before the clock was set
		// back.
		if s.Holder != f.Name && s.HeldUntil.After(now) && !s.HeldUntil.After(now.Add(2*leaseTime)) {
			return errTaken
		}
		s.Holder, s.HeldUntil = f.Name, now.Add(leaseTime)
		return nil
	})
}

func (f *Feed) release(ctx context.Context, tenant string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	err := f.alter(ctx, tenant, func(s *index.State, _ *notes) {
		if s.Holder == f.Name {
			s.Holder, s.HeldUntil = "", time.Time{}
		}
	})
	f.Outages.Note(ctx, outage.Subject{What: "give back the lease of an index"}, err)
}

// steps does what is due, one after the other: what somebody waits for first.
func (f *Feed) steps(ctx context.Context, s Shown) error {
	for _, step := range []struct {
		purpose quota.Purpose
		do      func(context.Context, *asker) error
	}{
		{quota.Events, func(ctx context.Context, a *asker) error { return a.fetch(ctx) }},
		{quota.Fill, func(ctx context.Context, a *asker) error { return errors.Join(a.fields(ctx), a.fill(ctx, s.Projects)) }},
		{quota.Reconcile, func(ctx context.Context, a *asker) error { return f.reconcile(ctx, a, s) }},
		{quota.Fill, func(ctx context.Context, a *asker) error { return a.past(ctx, s.Past) }},
		{quota.Fill, func(ctx context.Context, a *asker) error { return a.logged(ctx, s.Logged) }},
		{quota.Fill, func(ctx context.Context, a *asker) error { return a.logged(ctx, s.Logged) }},
	} {
		a, err := f.asker(ctx, s.Tenant, step.purpose)
		if err != nil {
			return err
		}
		if err := step.do(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// asker asks a tenant's Jira for a purpose.
func (f *Feed) asker(ctx context.Context, tenant string, p quota.Purpose) (*asker, error) {
	s, err := f.Index.State(ctx, tenant)
	if err != nil {
		return nil, err
	}
	n, err := notesOf(s)
	if err != nil {
		return nil, err
	}
	client, err := f.Jira(ctx, tenant, p)
	if err != nil {
		return nil, err
	}
	return f.ask(tenant, n, client), nil
}

func (f *Feed) reconcile(ctx context.Context, a *asker, shown Shown) error {
	s, err := f.Index.State(ctx, a.tenant)
	if err != nil {
		return err
	}
	if a.notes, err = notesOf(s); err != nil {
		return err
	}
	read, check := due(s, a.notes, f.Now())
	if !read && !check {
		return nil
	}
	if err := a.reconcile(ctx, s, read); err != nil {
		return err
	}
	if err := f.Index.Prune(ctx, a.tenant); err != nil {
		return err
	}
	return a.forget(ctx, shown.Projects)
}

// forget drops the facts of projects that are not shown any more.
func (a *asker) forget(ctx context.Context, shown []string) error {
	var dropped []string
	for _, project := range a.notes.Projects {
		if !slices.Contains(shown, project) {
			dropped = append(dropped, project)
		}
	}
	return a.drop(ctx, dropped, func(*notes) {})
}

// note writes to the log whether a tenant's index could be worked on; to have to wait
// is no failure.
func (f *Feed) note(ctx context.Context, tenant string, err error) {
	var held *quota.HeldError
	if errors.As(err, &held) || errors.Is(err, errTaken) || errors.Is(err, errPostponed) {
		return
	}
	f.Outages.Note(ctx, outage.Subject{What: "fill the index", Of: tenant}, err, "tenant", tenant)
}

// ended decides when to look at a tenant again.
func (f *Feed) ended(j *job, at standing, err error) {
	now := f.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running--
	j.running, j.standing = false, at
	defer func() { j.again = false }()
	if err != nil {
		j.due = now.Add(f.retry(j, err))
		return
	}
	j.failures, j.urgent = 0, at.needs > 0 || j.again
	j.due = now.Add(time.Duration((0.5 + f.Rand()/2) * float64(lookEvery)))
	if at.next.Before(j.due) {
		j.due = at.next
	}
	if j.urgent || at.past {
		j.due = now.Add(gather)
	}
}

// retry is how long to wait after an error: as long as it says, if it does.
func (f *Feed) retry(j *job, err error) time.Duration {
	var held *quota.HeldError
	if errors.As(err, &held) {
		return held.Wait
	}
	if errors.Is(err, errTaken) {
		return leaseTime / 4
	}
	wait := min(retryMin<<min(j.failures, 10), retryMax)
	j.failures++
	var answer *rest.Error
	if errors.As(err, &answer) {
		wait = max(wait, answer.RetryAfter)
	}
	return time.Duration(float64(wait) * (1 + 0.3*f.Rand()))
}
