package feed

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/internal/index"
)

// Tell takes an event within its request: in one transaction its facts are stored,
// or that they must be fetched. After an error nothing is, and the event should be
// sent again. Of a tenant whose index was not begun, nothing is kept.
func (f *Feed) Tell(ctx context.Context, tenant string, e Event) error {
	if f == nil {
		return nil
	}
	err := f.tell(ctx, tenant, e)
	if errors.Is(err, index.ErrDamaged) {
		err = f.Index.Drop(ctx, tenant) // it is filled anew
	}
	if err != nil {
		f.failed(tenant)
	}
	return err
}

func (f *Feed) tell(ctx context.Context, tenant string, e Event) error {
	s, err := f.Index.State(ctx, tenant)
	if err != nil || none(s) {
		return err
	}
	n, err := notesOf(s)
	if err != nil {
		return err
	}
	m := &met{}
	event, ok := f.told(n, e, m)
	if !ok || e.Odd {
		return f.Lost(ctx, tenant, f.Now().Add(-oddMargin))
	}
	if relevant, err := f.relevant(ctx, tenant, n, event); err != nil || !relevant {
		return err
	}
	if err := f.learned(ctx, tenant, n, m); err != nil {
		return err
	}
	n.learn(m)
	needs, err := f.Index.Tell(ctx, tenant, n.site(), event)
	if len(needs) > 0 {
		f.urge(tenant)
	}
	return err
}

// oddMargin is how long before an odd event the first lost one may have been.
const oddMargin = time.Minute

// site says what the site's ids mean.
func (n notes) site() index.Site {
	return index.Site{Categories: n.Statuses, PointEstimate: n.Fields.PointEstimate, StoryPoints: n.Fields.StoryPoints, Team: n.Fields.Team}
}

// relevant reports whether an event is about a project whose facts are kept, or an
// issue that is held, which may just be leaving one. Of work logs it is not known,
// and found out.
func (f *Feed) relevant(ctx context.Context, tenant string, n notes, e index.Event) (bool, error) {
	if e.Issue.ID == 0 || e.Known&index.KnowsKey == 0 || n.takes(e.Issue.Project) {
		return true, nil
	}
	held, _, err := f.Index.Issues(ctx, tenant, []int64{e.Issue.ID})
	return len(held) > 0, err
}

// Lost marks that events of a tenant may have been lost since a time: what has
// changed since is read soon, and until then nothing is counted from the index.
func (f *Feed) Lost(ctx context.Context, tenant string, since time.Time) error {
	if f == nil {
		return nil
	}
	now := f.Now()
	err := f.alter(ctx, tenant, func(s *index.State, n *notes) { lose(s, n, since, now) })
	if err == nil {
		f.urge(tenant)
	}
	return err
}

// tickGap is how long Forge's hourly call may be late before events may have been
// lost, too.
const tickGap = 150 * time.Minute

// Ticked notes Forge's hourly call. If calls have failed to come, events may have as
// well.
func (f *Feed) Ticked(ctx context.Context, tenant string) error {
	if f == nil {
		return nil
	}
	now := f.Now()
	return f.alter(ctx, tenant, func(s *index.State, n *notes) {
		if !n.Ticked.IsZero() && now.Sub(n.Ticked) > tickGap {
			lose(s, n, n.Ticked, now)
		}
		n.Ticked = now
	})
}

// failed remembers that an event of a tenant could not be stored. It may not come
// again.
func (f *Feed) failed(tenant string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.unheard == nil {
		f.unheard = map[string]time.Time{}
	}
	if _, known := f.unheard[tenant]; !known {
		f.unheard[tenant] = f.Now()
	}
}
