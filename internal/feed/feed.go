package feed

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/quota"
)

// Shown is what is shown of a tenant.
type Shown struct {
	Tenant string
	// Projects are those of its rooms and gadgets.
	Projects []string
	// Past are those of them of which something shows how they were.
	Past []string
	// Logged are those of them of which something shows work logs that are older than a
	// month.
	Logged []string
	// Looked is when somebody last looked at a gadget; zero: only rooms show them.
	Looked time.Time
}

// Feed fills the indexes of tenants. A nil Feed keeps nothing. The functions are
// required unless they say otherwise.
type Feed struct {
	Index *index.Index
	// Jira returns a client that acts as the app at a tenant.
	Jira func(ctx context.Context, tenant string, p quota.Purpose) (*jira.Client, error)
	// Shown returns the active tenants of which something is shown. The index of any
	// other is dropped.
	Shown func(context.Context) ([]Shown, error)
	// Beat stores that a replica is alive, and returns when one was before; zero:
	// never.
	Beat func(ctx context.Context, now time.Time) (before time.Time, err error)
	// Stored is told how many facts were read and stored; it may be nil.
	Stored  func(issues, worklogs int)
	Outages *outage.Log
	// Name tells replicas apart.
	Name string
	Now  func() time.Time
	// Rand returns a number in [0,1) for jitter; nil: math/rand.
	Rand func() float64
	// Workers is how many tenants are worked on at once; 0: 4.
	Workers int

	once sync.Once
	wake chan struct{}

	mu       sync.Mutex
	jobs     map[string]*job
	running  int
	surveyed time.Time
	people   map[string]bool      // accounts of which it is known whether they are apps
	unheard  map[string]time.Time // tenants of which an event was not stored, since when
}

// job is the work on a tenant.
type job struct {
	Shown

	due     time.Time
	urgent  bool // somebody waits for what must be fetched
	running bool
	again   bool // something has come up while it ran
	// failures counts those in a row.
	failures int
	standing standing
	// held are the facts that were held when they were last counted.
	held    Held
	counted time.Time
}

// standing is how far a tenant's index is.
type standing struct {
	filled bool
	open   int
	needs  int
	oldest time.Time
	// past: more is to be read of how issues were.
	past bool
	// next is when changes are to be read or numbers to be compared.
	next time.Time
}

const (
	// surveyEvery is how often to look what is shown.
	surveyEvery = time.Minute
	// lookEvery is after how long at most a tenant is looked at, in case another
	// replica has left something undone.
	lookEvery = time.Hour
	// countEvery is how often the facts of a tenant are counted.
	countEvery = time.Hour
	// gather is for how long needs are gathered before they are fetched together.
	gather = time.Second
	// idle is the longest sleep.
	idle = time.Minute
	// deafness is for how long no replica may be alive before events may be lost:
	// what was refused before is sent again.
	deafness = 5 * time.Minute
)

func (f *Feed) init() {
	f.once.Do(func() {
		f.wake = make(chan struct{}, 1)
		if f.Rand == nil {
			f.Rand = rand.Float64
		}
		if f.Workers == 0 {
			f.Workers = 4
		}
		f.jobs = map[string]*job{}
	})
}

// Run works until the context ends.
func (f *Feed) Run(ctx context.Context) {
	f.init()
	var flight sync.WaitGroup
	defer flight.Wait()
	for ctx.Err() == nil {
		f.survey(ctx)
		for _, j := range f.next() {
			flight.Go(func() { f.work(ctx, j) })
		}
		f.wait(ctx)
	}
}

// Survey makes a look at what is shown due.
func (f *Feed) Survey() {
	if f == nil {
		return
	}
	f.init()
	f.mu.Lock()
	f.surveyed = time.Time{}
	f.mu.Unlock()
	f.wakeUp()
}

func (f *Feed) wakeUp() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// urge makes the work on a tenant due soon.
func (f *Feed) urge(tenant string) {
	f.init()
	f.mu.Lock()
	j := f.jobs[tenant]
	if j != nil {
		j.urgent, j.again = true, j.running
		if soon := f.Now().Add(gather); j.failures == 0 && soon.Before(j.due) {
			j.due = soon
		}
	}
	f.mu.Unlock()
	if j != nil {
		f.wakeUp()
	}
}

func (f *Feed) wait(ctx context.Context) {
	timer := time.NewTimer(f.untilNext())
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-f.wake:
	case <-timer.C:
	}
}

// untilNext is how long nothing is due. A worker that ends wakes the others.
func (f *Feed) untilNext() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running >= f.Workers {
		return idle
	}
	wait := idle
	for _, j := range f.jobs {
		if !j.running {
			wait = min(wait, j.due.Sub(f.Now()))
		}
	}
	return max(wait, time.Millisecond)
}
