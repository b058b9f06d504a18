package viewer

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/workload"
)

// names are the people in facts, as each viewer sees them: for a while they are kept
// in memory, and nowhere else.
type names struct {
	kept *swr.Cache[nameKey, workload.Person]

	mu     sync.Mutex
	asking map[nameKey]chan struct{} // closed when the answer is there
}

// nameKey names somebody as a viewer sees them.
type nameKey struct {
	viewer  personKey
	account string
}

func newNames(now func() time.Time) *names {
	return &names{kept: newKept[nameKey, workload.Person](now, personFresh), asking: map[nameKey]chan struct{}{}}
}

func (n *names) forget(id connect.TenantID) {
	n.kept.Drop(func(k nameKey) bool { return k.viewer.tenant == id })
}

// of returns the names that a person sees; j acts for them. Of two readings at the
// same time only one asks for somebody.
func (n *names) of(p Person, j *jira.Client) source.Names {
	return func(ctx context.Context, accounts []string) (map[string]workload.Person, error) {
		found, ask, others := n.look(p.key(), accounts)
		asked, err := n.ask(ctx, p.key(), j, ask)
		if err != nil {
			return nil, err
		}
		maps.Copy(found, asked)
		for account, answered := range others {
			select {
			case <-answered:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			if person, ok := n.known(nameKey{p.key(), account}); ok {
				found[account] = person
			}
		}
		return found, nil
	}
}

func (n *names) known(key nameKey) (workload.Person, bool) {
	person, _, stale, ok := n.kept.Peek(key)
	return person, ok && !stale
}

// look tells who is known, for whom to ask, and for whom another reading is asking.
func (n *names) look(viewer personKey, accounts []string) (found map[string]workload.Person, ask []string, others map[string]chan struct{}) {
	found, others = map[string]workload.Person{}, map[string]chan struct{}{}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, account := range accounts {
		key := nameKey{viewer, account}
		if person, ok := n.known(key); ok {
			found[account] = person
		} else if answered := n.asking[key]; answered != nil {
			others[account] = answered
		} else {
			n.asking[key] = make(chan struct{})
			ask = append(ask, account)
		}
	}
	return found, ask, others
}

// maxNamed is how many people are asked for in one call.
const maxNamed = 100

// ask asks for people, side by side.
func (n *names) ask(ctx context.Context, viewer personKey, j *jira.Client, accounts []string) (map[string]workload.Person, error) {
	defer n.asked(viewer, accounts)
	chunks := slices.Collect(slices.Chunk(accounts, maxNamed))
	answers := make([][]jira.User, len(chunks))
	g, within := errgroup.WithContext(ctx)
	for i, chunk := range chunks {
		g.Go(func() (err error) {
			answers[i], err = j.Users.ByIDs(within, chunk)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	found := map[string]workload.Person{}
	for _, user := range slices.Concat(answers...) {
		person := source.PersonOf(user)
		found[user.AccountID] = person
		n.kept.Put(nameKey{viewer, user.AccountID}, person)
	}
	return found, nil
}

func (n *names) asked(viewer personKey, accounts []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, account := range accounts {
		key := nameKey{viewer, account}
		close(n.asking[key])
		delete(n.asking, key)
	}
}
