package app

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/store"
)

// glanceSource computes a glance's numbers as the app: a label has no viewer
// and shows no names.
type glanceSource struct {
	store   *store.Store
	clients *clients
	now     func() time.Time
}

// Numbers implements glance.Source. Projects that the app may not see are
// left out.
func (g glanceSource) Numbers(ctx context.Context, tenant string, c glance.Config) (glance.Numbers, error) {
	if tenant == "" {
		return glance.Numbers{}, glance.ErrNoTenant
	}
	t, err := g.store.Tenants.Tenant(ctx, connect.TenantID(tenant))
	if err != nil {
		return glance.Numbers{}, err
	}
	j, err := g.clients.jiraApp(ctx, t)
	if err != nil {
		return glance.Numbers{}, err
	}
	return countGlance(ctx, j, c, g.now())
}

// countGlance counts what a glance shows, as far as the client may see it.
func countGlance(ctx context.Context, j *jira.Client, c glance.Config, now time.Time) (glance.Numbers, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return glance.Numbers{}, err
	}
	in := workload.Input{Now: now, Zone: zone, Window: workload.Window(c.Window)}
	if err := readGlance(ctx, source.Reader{Jira: j}, c, &in); err != nil {
		return glance.Numbers{}, err
	}
	return numbers(workload.Summarize(in)), nil
}

// readGlance asks for the issues and, side by side, for the team.
func readGlance(ctx context.Context, reader source.Reader, c glance.Config, in *workload.Input) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		reading, err := reader.Open(ctx, c.Projects)
		if err == nil && len(reading.Shown) == 0 {
			err = glance.ErrHidden
		}
		in.Issues = reading.Issues
		return err
	})
	g.Go(func() error {
		team, err := reader.Team(ctx, source.Choice{Projects: c.Projects, Role: c.Role, Query: c.Query})
		in.Team = team.People()
		return err
	})
	return g.Wait()
}

// numbers are the totals, including Unassigned.
func numbers(s workload.Summary) glance.Numbers {
	n := glance.Numbers{
		Open: s.Totals.Open, Overdue: s.Totals.Overdue,
		DueSoon: s.Totals.DueSoon, Unassigned: s.Unassigned.Open,
	}
	for _, row := range s.Rows {
		if row.Load == workload.LoadHeavy {
			n.Heavy++
		}
	}
	return n
}

// glanceWords finds a label's words by the language of the person who set it
// up.
func glanceWords(c *lang.Catalogue) func(language string) glance.Words {
	return func(language string) glance.Words { return glance.WordsIn(c.Of(language)) }
}
