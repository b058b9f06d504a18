package forge

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
)

// TestFromConnectToForge is the way of a site that has the Connect app: to the
// hybrid stage, with and without a call that tells the app, to Forge, and to a
// program with Connect switched off. One tenant, the same gadget, preferences,
// room, channel and person of Slack all along, and nobody is asked anything twice.
func TestFromConnectToForge(t *testing.T) {
	t.Parallel()
	for _, told := range []bool{true, false} {
		t.Run(fmt.Sprintf("told %t", told), func(t *testing.T) {
			harness.OnEachDatabase(t, func(t *testing.T, database string) { move(t, database, told, false) })
		})
	}
	t.Run("with Slack", func(t *testing.T) {
		harness.Long(t) // Slack allows few calls a minute
		harness.OnEachDatabase(t, func(t *testing.T, database string) { move(t, database, true, true) })
	})
}

func move(t *testing.T, database string, told, slack bool) {
	site := connecttest.NewSite(t)
	w := &watched{Running: harness.Start(t, site, harness.OnForge(site), harness.On(database))}
	installed := w.onConnect(t)
	if slack {
		w.furnishChannel(t, installed.Key)
	}
	gadgets := w.gadgets()

	w.stays(t, w.Upgrade(t, forge.StageHybrid, told), "hybrid", "hybrid")
	onForge := w.Upgrade(t, forge.StageForge, told)
	w.stays(t, onForge, "forge", "hybrid") // nothing tells that Connect is over
	w.Restart(t, harness.WithoutConnect)
	w.stays(t, onForge, "Connect off", "hybrid") // it might be switched on again
	if _, err := site.ForgeTick(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	w.stays(t, onForge, "an hour later", "forge")
	if left, err := w.Store.Tenants.OnConnect(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("Connect's secret is left: %v, %v", left, err)
	}

	// The owner's first save goes to Forge's own place.
	onForge.Configure(t, "workload", w.project)
	w.works(t, onForge, "saved on Forge")
	if diff := cmp.Diff(gadgets, w.gadgets()); diff != "" {
		t.Errorf("gadgets (-want +got):\n%s", diff)
	}
	w.LeaksNothing(t)
}

// stays looks whether all is as it was, and how the tenant is listed.
func (w *watched) stays(t *testing.T, f harness.Forge, stage, kind string) {
	t.Helper()
	w.works(t, f, stage)
	if w.channel != "" {
		w.changesChannel(t, stage)
	}
	if got := w.listed(t)[3]; got != kind {
		t.Errorf("%s: listed as %s, want %s", stage, got, kind)
	}
}

// onConnect installs the Connect app, sets up a gadget and a room, and has the
// owner pin somebody.
func (w *watched) onConnect(t *testing.T) connecttest.App {
	t.Helper()
	installed := w.Install(t)
	w.tenant, w.project, w.room = w.OnlyTenant(t).ID, w.Site.Objects().Projects[0].Key, w.Site.Objects().Conversations[0]
	board := harness.NewBoard(t, w.Running, w.project)
	w.owner = board.Dashboard.Owner
	w.pin(t, w.Gadget(t, w.owner, board.Dashboard.ID, board.Item))
	w.furnishRoom(t, installed.Key)
	return installed
}

// furnishChannel adds the app to Slack, where a person says who they are in Jira
// and sets up a channel.
func (w *watched) furnishChannel(t *testing.T, key string) {
	t.Helper()
	slack := w.RegisterSlack(t)
	slack.AddOnConnect(t, key, w.AdminAccount(t))
	channel := slack.Slack.State().Channels[0].ID
	slack.ConnectOnConnect(t, slack.Invited(t, channel, w.user()), w.owner)
	slack.SetUp(t, channel, w.user(), w.project)
	slack.WaitForMessage(t, channel, open(w.open))
	w.channel, w.kept = channel, w.Kept(t)
}
