package feed

import (
	"context"
	"slices"
	"time"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/outage"
)

// survey looks, once a minute, what is shown, and drops the indexes of what is not.
func (f *Feed) survey(ctx context.Context) {
	now := f.Now()
	if !f.surveyDue(now) {
		return
	}
	err := f.surveyAll(ctx, now)
	f.Outages.Note(ctx, outage.Subject{What: "look which indexes are wanted"}, err)
}

// surveyDue reports whether to look. Who asks for it meanwhile is heard.
func (f *Feed) surveyDue(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	since := now.Sub(f.surveyed)
	if 0 <= since && since < surveyEvery { // the clock may have been set back
		return false
	}
	f.surveyed = now
	return true
}

func (f *Feed) surveyAll(ctx context.Context, now time.Time) error {
	before, err := f.Beat(ctx, now)
	if err != nil {
		return err
	}
	shown, err := f.Shown(ctx)
	if err != nil {
		return err
	}
	states, err := f.Index.States(ctx)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, s := range shown {
		wanted[s.Tenant] = true
	}
	f.arrange(shown, states, now)
	if !before.IsZero() && now.Sub(before) > deafness {
		if err := f.allLost(ctx, states, before); err != nil {
			return err
		}
	}
	for tenant := range states {
		if !wanted[tenant] {
			if err := f.Index.Drop(ctx, tenant); err != nil {
				return err
			}
			f.Outages.Forget(func(of outage.Subject) bool { return of.Of == tenant })
		}
	}
	return nil
}

// allLost marks that nobody listened to any tenant since a time.
func (f *Feed) allLost(ctx context.Context, states map[string]index.State, since time.Time) error {
	for tenant := range states {
		if err := f.Lost(ctx, tenant, since); err != nil {
			return err
		}
	}
	return nil
}

// arrange makes a job of each tenant that is shown. New ones are due at once if
// their index is not filled, else within minutes.
func (f *Feed) arrange(shown []Shown, states map[string]index.State, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	jobs := make(map[string]*job, len(shown))
	for _, s := range shown {
		j := f.jobs[s.Tenant]
		if j == nil {
			j = &job{due: now}
			if state := states[s.Tenant]; !state.Filled.IsZero() && state.Lost.IsZero() {
				j.due = now.Add(time.Duration(f.Rand() * float64(surveyEvery)))
				j.standing.filled = true
			}
		} else if !slices.Equal(s.Projects, j.Projects) || !slices.Equal(s.Past, j.Past) || !slices.Equal(s.Logged, j.Logged) {
			j.again = j.running
			if j.failures == 0 {
				j.due = now
			}
		}
		j.Shown = s
		jobs[s.Tenant] = j
	}
	f.jobs = jobs
}

// next are the jobs for which there is a worker: first those with something to
// fetch, then the tenants at which somebody looked last.
func (f *Feed) next() (list []*job) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.Now()
	for ; f.running < f.Workers; f.running++ {
		var best *job
		for _, j := range f.jobs {
			if !j.running && !j.due.After(now) && (best == nil || j.before(best)) {
				best = j
			}
		}
		if best == nil {
			return list
		}
		best.running = true
		list = append(list, best)
	}
	return list
}

func (j *job) before(other *job) bool {
	if j.urgent != other.urgent {
		return j.urgent
	}
	if j.standing.past != other.standing.past {
		return other.standing.past // how it was comes after how it is
	}
	if !j.Looked.Equal(other.Looked) {
		return j.Looked.After(other.Looked)
	}
	return j.Tenant < other.Tenant
}

// Standing is how far the indexes are, all together.
type Standing struct {
	// Tenants are those of which something is shown, Filled those of them whose index
	// is filled.
	Tenants, Filled int
	// Needs are how many facts must be fetched, Oldest is when the first of them was
	// told; zero without one.
	Needs  int
	Oldest time.Time
	// Full are the facts of the tenants whose index is filled, Filling those of the
	// others, as they were counted within the last hour.
	Full, Filling Held
}

// Held is how many facts are held.
type Held struct{ Issues, Worklogs int }

// Standing says how far the indexes are, as this replica saw them last.
func (f *Feed) Standing() (all Standing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all.Tenants = len(f.jobs)
	for _, j := range f.jobs {
		if j.standing.filled {
			all.Filled++
		}
		held := &all.Filling
		if j.standing.filled {
			held = &all.Full
		}
		held.Issues, held.Worklogs = held.Issues+j.held.Issues, held.Worklogs+j.held.Worklogs
		all.Needs += j.standing.needs
		if at := j.standing.oldest; !at.IsZero() && (all.Oldest.IsZero() || at.Before(all.Oldest)) {
			all.Oldest = at
		}
	}
	return all
}

// Open is about how many issues of a tenant are open, all that is shown of it
// together, as this replica saw it last; 0 if that is not known.
func (f *Feed) Open(tenant string) int {
	if f == nil {
		return 0
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if j := f.jobs[tenant]; j != nil {
		return j.standing.open
	}
	return 0
}
