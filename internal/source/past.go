package source

import (
	"context"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// PastScope says of what the past is asked.
type PastScope struct {
	// Projects are those of the issues; nil: whatever they are.
	Projects []string
	// Issues are the ids of the issues that count.
	Issues []string
	// At are the times, the oldest first.
	At []time.Time
}

// Done reads the ids of the projects' issues that are done and were changed since a
// day: with those that are open now, they are all that were open since then and that
// the reader sees. Other fields of the issues are not read.
func (r Reader) Done(ctx context.Context, projects []string, since workload.Date) (Reading, error) {
	return r.read(ctx, projects, func(r Reader, ctx context.Context, key string, b *budget, p *part) error {
		missing := &b.issuesGap
		search := sweep{
			client: r.client(missing.skipIn(listIssues)), jql: r.Where.Done(key, since),
			missing: missing, most: b.issues.Load(),
		}
		found := <-search.list(ctx)
		p.found = newFound(len(found.ids))
		for _, id := range found.ids {
			if !p.take(workload.Issue{ID: id, Project: key}, b) {
				break
			}
			p.found.see(id)
		}
		return missing.walked(ctx, found.err, "search done issues"+ofProject(key))
	})
}

// Past returns how the issues were at the times of which that can be told; none
// without facts.
func (r Reader) Past(ctx context.Context, s PastScope) []workload.Moment {
	if r.Facts == nil {
		return nil
	}
	return r.Facts.Past(ctx, s)
}
