package source

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/workload"
)

// fruitless is how many pages without anything new all walks of one view may
// read together; one walk gives up after 20 in a row.
const fruitless = 100

// NewReader returns a reader for one view: all that it reads shares an
// allowance of fruitless pages.
func NewReader(j *jira.Client) Reader {
	return Reader{Jira: j, Allowance: rest.NewAllowance(fruitless)}
}

// gap collects, from several goroutines, what is missing from one kind of
// records.
type gap struct {
	mu sync.Mutex
	workload.Gap
}

func (g *gap) skip(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.Skip(key)
}

// cut notes that a list broke off; a walk that its reader gave up is an error.
func (g *gap) cut(ctx context.Context, err error) error {
	var walk *rest.WalkError
	if !errors.As(err, &walk) || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.Cut = string(walk.Reason)
	return nil
}

func (g *gap) limit() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.Limit = true
}

// total is the gap of all that was read.
func (g *gap) total(read int) workload.Gap {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.Limit || g.Cut != "" {
		g.Read = read
	}
	return g.Gap
}

// client is the reader's, with the view's allowance. It tells skip of records
// that cannot be read, by the names of their list and their own, instead of
// failing.
func (r Reader) client(skip func(list, key string)) *jira.Client {
	lists := r.Jira.Lists()
	lists.Allowance = r.Allowance
	before := lists.Skip
	lists.Skip = func(u rest.Unreadable) {
		if before != nil {
			before(u)
		}
		skip(u.List, u.Key)
	}
	return r.Jira.WithLists(lists)
}

// skipIn tells a gap of the unreadable records of one list. Records in other
// lists, such as the worklogs of the issues found, are told by whoever knows
// what they belong to.
func (g *gap) skipIn(list string) func(string, string) {
	return func(in, key string) {
		if in == list {
			g.skip(key)
		}
	}
}

// walked is what to do after an error of a walk: nothing if what was read is
// kept, else the error with what was attempted.
func (g *gap) walked(ctx context.Context, err error, attempted string) error {
	if err = g.cut(ctx, err); err != nil {
		return fmt.Errorf("%s: %w", attempted, err)
	}
	return nil
}
