package main

import (
	"context"
	"errors"
	"time"

	"sightline/connect"
	"sightline/internal/glance"
	"sightline/internal/source"
	"sightline/internal/workload"
	"sightline/store"
)

// errNoTenant is a conversation on a site whose Jira does not have the app.
var errNoTenant = errors.New("the site's jira does not have the app")

// glanceSource computes a glance's numbers as the app: a label has no viewer,
// and no names.
type glanceSource struct {
	store   *store.Store
	clients *clients
}

// Numbers implements glance.Source.
func (g glanceSource) Numbers(ctx context.Context, tenant string, c glance.Config) (glance.Numbers, error) {
	if tenant == "" {
		return glance.Numbers{}, errNoTenant
	}
	t, err := g.store.Tenant(ctx, connect.TenantID(tenant))
	if err != nil {
		return glance.Numbers{}, err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return glance.Numbers{}, err
	}
	j, err := g.clients.jiraApp(t)
	if err != nil {
		return glance.Numbers{}, err
	}
	now := time.Now()
	reading, err := source.Reader{Jira: j}.Open(ctx, c.Projects)
	if err != nil {
		return glance.Numbers{}, err
	}
	return numbers(workload.Summarize(workload.Input{
		Issues: reading.Issues, Now: now, Zone: zone, Window: workload.Window(c.Window),
	})), nil
}

// numbers are the totals, Unassigned included.
func numbers(s workload.Summary) glance.Numbers {
	return glance.Numbers{
		Open: s.Totals.Open, Overdue: s.Totals.Overdue,
		DueSoon: s.Totals.DueSoon, Unassigned: s.Unassigned.Open,
	}
}
