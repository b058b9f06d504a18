package app

import (
	"context"
	"strings"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/store"
)

// tellPreferences tells the other programs what a person has saved.
func (p *Program) tellPreferences(ctx context.Context, id connect.TenantID, account connect.AccountID) {
	p.outages.Note(ctx, outage.Subject{What: "tell of preferences"}, p.store.Tell(ctx, store.Change{
		Kind: store.ChangedPreferences, Tenant: id, Name: store.PersonName(id, account),
	}))
}

// learn drops what this program remembers and another one has changed. What is left in
// memory else is nobody's to change: keys of Atlassian's, people, their views.
func (p *Program) learn(c store.Change) {
	switch c.Kind {
	case store.ChangedConnect:
		p.connected.Forget(&connect.Tenant{ID: c.Tenant, ClientKey: connect.ClientKey(c.Name)})
	case store.ChangedForge:
		if p.onForge != nil {
			p.onForge.Tenants.Forget(&connect.Tenant{ID: c.Tenant, ForgeInstallation: connect.ForgeInstallationID(c.Name)})
		}
	case store.ChangedTenant:
		p.connected.Outbound.Forget(c.Tenant)
		p.server.Forget(&connect.Tenant{ID: c.Tenant})
		p.feed.Survey()
	case store.ChangedIssues:
		p.server.Outdated(c.Tenant, c.Name)
	case store.ChangedGadget:
		dashboard, item, _ := strings.Cut(c.Name, "/")
		p.server.ForgetGadget(c.Tenant, connect.DashboardItem{Dashboard: dashboard, Item: item})
	case store.ChangedPreferences:
		p.server.ForgetPreferences(c.Tenant, func(account connect.AccountID) bool { return store.PersonName(c.Tenant, account) == c.Name })
	case store.ChangedRoom:
		p.server.ForgetRoom(c.Tenant, c.Name)
	}
}
