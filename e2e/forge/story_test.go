package forge

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestFromConnectToForge is the way of a site that has the Connect app: to the
// hybrid stage, with and without a call that tells the app, to Forge, and to a
// program with Connect switched off. One tenant, the same gadget, preferences
// and room all along, and nobody is asked anything twice.
func TestFromConnectToForge(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(t *testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "sightline.db") },
		"PostgreSQL": func(t *testing.T) string { return harness.PostgresURL(t) },
	} {
		for _, told := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, told %t", name, told), func(t *testing.T) {
				t.Parallel()
				move(t, database(t), told)
			})
		}
	}
}

// mover is a site on the move.
type mover struct {
	*harness.Running
	tenant  connect.TenantID
	owner   string
	project string
	room    connecttest.Conversation
	open    int
	pinned  string
}

func move(t *testing.T, database string, told bool) {
	site := connecttest.NewSite(t)
	m := &mover{Running: harness.Start(t, site, harness.OnForge(site), func(f *app.ServeFlags) { f.DatabaseURL = database })}
	m.onConnect(t)

	hybrid := m.Upgrade(t, forge.StageHybrid, told)
	m.works(t, hybrid, "hybrid")
	onForge := m.Upgrade(t, forge.StageForge, told)
	m.works(t, onForge, "forge")
	m.Restart(t, harness.WithoutConnect)
	m.works(t, onForge, "Connect off")

	// The owner's first save goes to Forge's own place.
	onForge.Configure(t, "workload", m.project)
	m.works(t, onForge, "saved on Forge")
	m.LeaksNothing(t)
}

// onConnect installs the Connect app, sets up a gadget and a room, and has the
// owner pin somebody.
func (m *mover) onConnect(t *testing.T) {
	t.Helper()
	installed := m.Install(t)
	tenant, err := m.Store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(m.Site.CloudID()))
	if err != nil {
		t.Fatal(err)
	}
	m.tenant, m.project, m.room = tenant.ID, m.Site.Objects().Projects[0].Key, m.Site.Objects().Conversations[0]
	board := harness.NewBoard(t, m.Running, m.project)
	m.owner = board.Dashboard.Owner
	page := m.Gadget(t, m.owner, board.Dashboard.ID, board.Item)
	team := harness.ReadTeam(t, page)
	m.open, m.pinned = team.Totals.Open, team.Rows[len(team.Rows)-1].Account
	m.Rest(t, m.owner, http.MethodPut, "/rest/api/3/user/properties/"+workload.PreferencesProperty+"?accountId="+m.owner,
		map[string]any{"pins": []string{m.pinned}}, nil)
	m.ForgetViews(t)
	m.SetUpRoom(t, installed.Key, m.room, m.project)
	m.WaitForLabel(t, m.room.ID, fmt.Sprintf("%d open", m.open))
}

// works finishes an issue, and looks whether the gadget and the room follow and
// all is as it was.
func (m *mover) works(t *testing.T, f harness.Forge, stage string) {
	t.Helper()
	m.FinishOneIssue(t, m.owner, m.project)
	m.open--
	harness.Eventually(t, stage+": the gadget follows", func() bool {
		return harness.ReadTeam(t, f.View(t, m.owner, "workload")).Totals.Open == m.open
	})
	m.WaitForLabel(t, m.room.ID, fmt.Sprintf("%d open", m.open))
	if rows := harness.ReadTeam(t, f.View(t, m.owner, "workload")).Rows; rows[0].Account != m.pinned {
		t.Errorf("%s: %s comes first, want the pinned %s", stage, rows[0].Account, m.pinned)
	}
	tenants, err := m.Store.Tenants.List(t.Context())
	if err != nil || len(tenants) != 1 || tenants[0].ID != m.tenant || tenants[0].State != connect.StateActive {
		t.Errorf("%s: %+v, %v", stage, tenants, err)
	}
}
