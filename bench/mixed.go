package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

const (
	// mixedTenants is how many tenants a mixed load has at least.
	mixedTenants = 100
	// addressTime is how long one page's address is used; its token lasts longer.
	addressTime = time.Minute
	// Of a mixed load somebody else opens the gadget and an issue changes so often, and
	// each other tenant sends an event.
	viewerEvery, changeEvery, eventsEvery = 200 * time.Millisecond, 500 * time.Millisecond, 5 * time.Second
	// memoryLooks is how often one measurement looks at the memory.
	memoryLooks = 300
)

// mixed are the contestants under all kinds of load at once.
func mixed(ctx context.Context, b *bench) ([]contestant, error) {
	crowded := *b
	crowded.tenants = max(b.tenants, mixedTenants)
	list, err := pages("gzip", false)(ctx, &crowded)
	b.notes = crowded.notes
	for i, c := range list {
		list[i] = &mixedLoad{served: c.(*served), bench: b, tenants: crowded.tenants}
	}
	return list, err
}

// mixedLoad is a server that much happens to at once. A floor serves pages only.
type mixedLoad struct {
	*served
	bench   *bench
	tenants int
	// busy counts answers that said to come back later.
	busy atomic.Int64
}

// unlessBusy counts an answer that says to come back later, which is no failure on a
// machine that is busy.
func (m *mixedLoad) unlessBusy(err error) error {
	if refused := new(statusError); errors.As(err, &refused) && refused.status == http.StatusServiceUnavailable {
		m.busy.Add(1)
		return nil
	}
	return err
}

// measure loads the server for the whole time, whatever the limit of operations, and
// compares its memory in the last third of that time with that in the second.
func (m *mixedLoad) measure(ctx context.Context, l measure.Limits) (measure.Sample, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	until := time.Now().Add(l.Time)
	g, ctx := errgroup.WithContext(ctx)
	var times []time.Duration
	var memory []float64
	g.Go(func() (err error) {
		times, err = m.pages(ctx, until, l.Clients)
		return err
	})
	if m.host != nil {
		m.others(ctx, g, until)
	}
	g.Go(func() error {
		return each(ctx, until, l.Time/memoryLooks, func(int) error {
			if bytes, ok := measure.ResidentMemory(m.process.cmd.Process.Pid); ok {
				memory = append(memory, float64(bytes))
			}
			return nil
		})
	})
	if err := g.Wait(); err != nil {
		return nil, m.explain(err)
	}
	s := measure.Sample{measure.PerSecond: float64(len(times)) / l.Time.Seconds()}
	s.AddTimes(times)
	addMemory(s, memory)
	if n := m.busy.Swap(0); n > 0 {
		m.bench.note("%d calls were told to come back later", n)
	}
	return s, nil
}

// addMemory adds how a process's memory ended, its peak and its growth.
func addMemory(s measure.Sample, memory []float64) {
	third := len(memory) / 3
	if third == 0 {
		return
	}
	s[measure.Resident] = memory[len(memory)-1]
	s[measure.Peak] = slices.Max(memory)
	s[measure.Growth] = summarize(memory[2*third:]).median / summarize(memory[third:2*third]).median
}

// pages loads the owner's page, with new addresses before the old ones end.
func (m *mixedLoad) pages(ctx context.Context, until time.Time, clients int) (all []time.Duration, err error) {
	for left := time.Until(until); left > 0 && ctx.Err() == nil; left = time.Until(until) {
		address, err := m.address(ctx)
		if err != nil {
			return nil, err
		}
		times, _, err := loadTimes(ctx, address, m.encoding, measure.Limits{Time: min(left, addressTime), Count: maxCount, Clients: clients})
		if err != nil {
			return nil, err
		}
		all = append(all, times...)
	}
	return all, ctx.Err()
}

// others are the other people, the changes of issues and the other tenants.
func (m *mixedLoad) others(ctx context.Context, g *errgroup.Group, until time.Time) {
	s := m.host.site
	g.Go(func() error {
		viewers, err := s.viewers(ctx, m.gadget)
		if err != nil {
			return err
		}
		client := &http.Client{}
		return each(ctx, until, viewerEvery, func(n int) error {
			address, err := s.page(ctx, viewers[n%len(viewers)])
			if err == nil {
				_, err = get(ctx, client, address, m.encoding)
			}
			return m.unlessBusy(err)
		})
	})
	g.Go(func() error {
		keys, err := s.issues(ctx, m.gadget)
		if err != nil {
			return err
		}
		return each(ctx, until, changeEvery, func(n int) error {
			due := time.Now().AddDate(0, 0, n%30).Format(time.DateOnly)
			return s.as(ctx, m.gadget.owner, http.MethodPut, "/rest/api/3/issue/"+keys[n%len(keys)],
				map[string]any{"fields": map[string]any{"duedate": due}}, nil)
		})
	})
	g.Go(func() error {
		return each(ctx, until, eventsEvery, func(int) error {
			return m.unlessBusy(m.host.crowd.events(ctx, m.base, m.tenants-1))
		})
	})
}

// each does something at once and again after each time, until all is over. The end
// of the context is no error: it has another one.
func each(ctx context.Context, until time.Time, every time.Duration, do func(n int) error) error {
	next := time.NewTicker(max(every, time.Millisecond))
	defer next.Stop()
	over := time.NewTimer(time.Until(until))
	defer over.Stop()
	for n := 0; ; n++ {
		if err := do(n); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return err
		}
		select {
		case <-next.C:
		case <-over.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// viewers are the gadget as each person sees it who may open a dashboard.
func (s *site) viewers(ctx context.Context, g gadget) ([]gadget, error) {
	people, err := s.people(ctx)
	if err != nil {
		return nil, err
	}
	var list []gadget
	for _, p := range people {
		g.viewer = p.AccountID
		// Some accounts are not active.
		if _, err := s.page(ctx, g); err == nil {
			list = append(list, g)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("nobody may open the gadget")
	}
	return list, nil
}

// issues are the keys of some issues that the gadget counts.
func (s *site) issues(ctx context.Context, g gadget) ([]string, error) {
	var found struct {
		Issues []struct{ Key string }
	}
	query := map[string]any{"jql": "project = " + g.project + " AND statusCategory != Done", "maxResults": 50, "fields": []string{"key"}}
	if err := s.as(ctx, g.owner, http.MethodPost, "/rest/api/3/search/jql", query, &found); err != nil {
		return nil, err
	}
	if len(found.Issues) == 0 {
		return nil, errors.New("the gadget's project has no open issue")
	}
	keys := make([]string, 0, len(found.Issues))
	for _, issue := range found.Issues {
		keys = append(keys, issue.Key)
	}
	return keys, nil
}
