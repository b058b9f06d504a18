package app

import (
	"strings"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/store"
)

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
		p.server.Outdated(c.Tenant)
	case store.ChangedGadget:
		dashboard, item, _ := strings.Cut(c.Name, "/")
		p.server.ForgetGadget(c.Tenant, connect.DashboardItem{Dashboard: dashboard, Item: item})
	case store.ChangedRoom:
		p.server.ForgetRoom(c.Tenant, c.Name)
	}
}
