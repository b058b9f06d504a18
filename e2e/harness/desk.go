package harness

import (
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/workload"
)

// PropertyPath is where Jira keeps a viewer's preferences.
const PropertyPath = "/rest/api/3/user/properties/" + workload.PreferencesProperty

// Desk is one person's open gadget.
type Desk struct {
	*Running
	Account, Dashboard, Item, Session string
}

// Desk opens a gadget as a person's browser would.
func (r *Running) Desk(t testing.TB, account string, dashboard connecttest.Dashboard, item string) Desk {
	t.Helper()
	page := r.Gadget(t, account, dashboard.ID, item)
	return Desk{r, account, dashboard.ID, item, Attribute(t, page, "data-session")}
}
