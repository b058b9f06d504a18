package forge

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
	"github.com/sightline-go/sightline/internal/workload"
)

// watched is a site whose tenant, gadget, preferences and room are looked at
// after each step of its life.
type watched struct {
	*harness.Running
	tenant  connect.TenantID
	owner   string
	project string
	room    connecttest.Conversation
	open    int
	pinned  string
	kept    []string // what is stored about rooms
	// channel of Slack that a person, connected to the owner's account, has set up;
	// empty if there is none.
	channel string
}

// open is how a label begins.
func open(n int) string { return fmt.Sprintf("%d open", n) }

// onForge is a site that never had Connect, with a gadget and a room.
func onForge(t *testing.T, database string, changes ...func(*app.ServeFlags)) (*watched, harness.Forge) {
	t.Helper()
	return onForgeOf(t, connecttest.NewSite(t), database, changes...)
}

func onForgeOf(t *testing.T, site *connecttest.Site, database string, changes ...func(*app.ServeFlags)) (*watched, harness.Forge) {
	t.Helper()
	changes = append([]func(*app.ServeFlags){harness.OnForge(site), harness.WithoutConnect, harness.On(database)}, changes...)
	w := &watched{Running: harness.Start(t, site, changes...)}
	f := w.InstallForge(t, forge.StageForge, "")
	w.settle(t, f)
	return w, f
}

// settle sets up a gadget and a room, and has the owner pin somebody.
func (w *watched) settle(t *testing.T, f harness.Forge) {
	t.Helper()
	w.tenant, w.owner = w.OnlyTenant(t).ID, f.Dashboard.Owner
	w.project, w.room = w.Site.Objects().Projects[0].Key, w.Site.Objects().Conversations[0]
	f.Configure(t, "workload", w.project)
	w.pin(t, f.View(t, w.owner, "workload"))
	// Who sets the room up has not been to Jira.
	w.Site.SetForgeSettings(connecttest.ForgeSettings{Impersonation: true})
	w.furnishRoom(t, harness.AppKey)
}

// pin has the owner pin the last person of their gadget.
func (w *watched) pin(t *testing.T, page string) {
	t.Helper()
	team := harness.ReadTeam(t, page)
	w.open, w.pinned = team.Totals.Open, team.Rows[len(team.Rows)-1].Account
	w.Rest(t, w.owner, http.MethodPut, "/rest/api/3/user/properties/"+workload.PreferencesProperty+"?accountId="+w.owner,
		map[string]any{"pins": []string{w.pinned}}, nil)
	w.ForgetViews(t)
}

func (w *watched) furnishRoom(t *testing.T, key string) {
	t.Helper()
	w.SetUpRoom(t, key, w.room, w.project)
	w.WaitForLabel(t, w.room.ID, open(w.open))
	w.kept = w.Kept(t)
}

// works finishes an issue, and looks whether the gadget and the room follow and
// all is as it was.
func (w *watched) works(t *testing.T, f harness.Forge, stage string) {
	t.Helper()
	w.FinishOneIssue(t, w.owner, w.project)
	w.open--
	w.follows(t, f, stage)
}

// follows waits until the gadget and the room show how many issues are open, and
// looks whether all else is as it was.
func (w *watched) follows(t *testing.T, f harness.Forge, stage string) {
	t.Helper()
	harness.Eventually(t, stage+": the gadget follows", func() bool {
		return harness.ReadTeam(t, f.View(t, w.owner, "workload")).Totals.Open == w.open
	})
	w.WaitForLabel(t, w.room.ID, open(w.open))
	if w.channel != "" {
		w.slack().WaitForMessage(t, w.channel, open(w.open))
	}
	if rows := harness.ReadTeam(t, f.View(t, w.owner, "workload")).Rows; rows[0].Account != w.pinned {
		t.Errorf("%s: %s comes first, want the pinned %s", stage, rows[0].Account, w.pinned)
	}
	if diff := cmp.Diff(w.kept, w.Kept(t)); diff != "" || !w.Shown(t, w.room.ID).Configured {
		t.Errorf("%s: the room is not set up as it was (-want +got):\n%s", stage, diff)
	}
	w.isOne(t, stage)
}

// isOne looks whether the site has the one tenant that it had, alive.
func (w *watched) isOne(t *testing.T, stage string) {
	t.Helper()
	if got := w.OnlyTenant(t); got.ID != w.tenant || got.State != connect.StateActive {
		t.Errorf("%s: got %+v, want %s alive", stage, got, w.tenant)
	}
}

// gadgets are the ids of the dashboard's items.
func (w *watched) gadgets() []string {
	var ids []string
	for _, item := range w.Site.Objects().Dashboards[0].Items {
		ids = append(ids, item.ID)
	}
	return slices.Sorted(slices.Values(ids))
}

func (w *watched) slack() harness.Workspace {
	return harness.Workspace{Running: w.Running, Slack: w.Site.Slack()}
}

// user is the person of Slack.
func (w *watched) user() string { return w.Site.Slack().State().People[0].ID }

// asked is how often the app has said something to the person of Slack alone.
func (w *watched) asked(t *testing.T) (n int) {
	t.Helper()
	for _, m := range w.slack().Channel(t, w.channel).Messages {
		if m.For == w.user() {
			n++
		}
	}
	return n
}

// changesChannel has the person of Slack open the channel's modal and save it. They
// are not asked again who they are.
func (w *watched) changesChannel(t *testing.T, stage string) {
	t.Helper()
	before := w.asked(t)
	w.slack().SetUp(t, w.channel, w.user(), w.project)
	if n := w.asked(t) - before; n != 0 {
		t.Errorf("%s: the person is told %q", stage, w.slack().Told(t, w.channel, w.user()))
	}
}

// listed are the fields of the only tenant in the operator's list.
func (w *watched) listed(t *testing.T) []string {
	t.Helper()
	var out bytes.Buffer
	if err := (operator.Listing{}).Tenants(t.Context(), &out, w.Store, w.now()); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\t")
}

func (w *watched) now() time.Time {
	if w.Flags.Now != nil {
		return w.Flags.Now()
	}
	return time.Now()
}
