package viewer

import (
	"context"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/swr"
)

// sharedFresh is how long what was read for one of a person's views serves their
// others: the gadgets of a dashboard are opened together.
const sharedFresh = 15 * time.Second

// shared keeps for a moment what a person was shown by Jira.
type shared struct {
	kept *swr.Cache[sharedKey, sharedReading]
	// outdated reports whether a tenant's Jira changed since a time.
	outdated func(id connect.TenantID, since time.Time) bool
}

// sharedKey names what a person sees of projects or of a query. A window is
// that of worklogs; open issues have none.
type sharedKey struct {
	personKey
	where  string // JQL
	window string
	points string // the fields of story points that were read
}

type sharedReading struct {
	source.Reading
	of days
}

// What parts of a reading take, besides their texts.
const (
	bytesOfIssue   = 256
	bytesOfWorklog = 160
)

func (r sharedReading) size() int {
	return bytesOfIssue*len(r.Issues) + bytesOfWorklog*len(r.Worklogs)
}

func newShared(now func() time.Time, c *changes) shared {
	kept := newKept[sharedKey, sharedReading](now, sharedFresh)
	kept.Keep, kept.Weigh, kept.Timeout = sharedFresh, sharedReading.size, pageTime
	return shared{kept, c.since}
}

// get returns what a person sees of projects in some days, and when its reading
// began: what was read a moment ago, unless something changed since, or what read
// reads now.
func (s shared) get(ctx context.Context, key sharedKey, of days, read func(context.Context) (source.Reading, error)) (source.Reading, time.Time, error) {
	load := func(ctx context.Context) (sharedReading, error) {
		reading, err := read(ctx)
		return sharedReading{reading, of}, err
	}
	if !key.page {
		load = within(loadTime, load)
	}
	found, at, _, err := s.kept.GetFresh(ctx, key, load)
	if err == nil && (!found.of.cover(of) || s.outdated(key.tenant, at)) {
		s.drop(func(k sharedKey) bool { return k == key })
		found, at, _, err = s.kept.GetFresh(ctx, key, load)
	}
	return found.Reading, at, err
}

func (s shared) drop(match func(sharedKey) bool) { s.kept.Drop(match) }

func (d days) cover(o days) bool { return !o.from.Before(d.from) && !d.to.Before(o.to) }
