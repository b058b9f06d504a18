package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

const slackToken = "xoxb-1-the-bot-token"

func workspace(tenant connect.TenantID) slackapp.Install {
	return slackapp.Install{
		Team: "T1", TeamName: "Harbour", Tenant: tenant, Token: connect.NewSecret(slackToken),
		BotUser: "UBOT", Scopes: []string{"chat:write", "commands"}, InstalledBy: "U1",
		AppID: "A1",
	}
}

func slackKeys(channel string) (shown, configuration glance.Key) {
	k := glance.Key{Surface: glance.SurfaceSlack, Site: "T1", Conversation: channel}
	shown, configuration = k, k
	shown.Kind, shown.Module = glance.KindGlance, "glance"
	configuration.Kind, configuration.Module = glance.KindConfiguration, "configuration"
	return shown, configuration
}

// setUpChannel shows something in a channel.
func (w *world) setUpChannel(t *testing.T, tenant connect.TenantID, channel string) glance.Key {
	t.Helper()
	shown, configuration := slackKeys(channel)
	c := glance.Conversation{Surface: glance.SurfaceSlack, Site: "T1", ID: channel, Tenant: string(tenant)}
	check(t, w.Begin(t.Context(), c, shown, configuration, w.clock.Now()))
	check(t, w.Configure(t.Context(), shown, configuration, glance.Config{Projects: []string{"A"}, Window: 7, Zone: "UTC"}, w.clock.Now()))
	return shown
}

func (w *world) claimed(t *testing.T) []glance.Row {
	t.Helper()
	c := wanted(w.clock.forward(time.Second), 100)
	for _, kind := range []glance.Kind{glance.KindGlance, glance.KindConfiguration} {
		c.Paces = append(c.Paces, glance.Pace{Surface: glance.SurfaceSlack, Kind: kind, Every: time.Millisecond, Burst: 10})
	}
	return must(w.Claim(t.Context(), c))(t)
}

func TestSlackTokenIsSealed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "")
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID)))
		if dump := w.dump(t); strings.Contains(dump, "the-bot-token") || !strings.Contains(dump, "Harbour") {
			t.Error("the dump has the token, or not the rest")
		}
		got := must(w.SlackInstall(t.Context(), "T1"))(t)
		if got.Token.Reveal() != slackToken || got.Tenant != tenant.ID || len(got.Scopes) != 2 || got.BotUser != "UBOT" {
			t.Errorf("got %+v", got)
		}
		check(t, w.db.Exec("UPDATE slack_installs SET team_id = 'T2'").Error)
		if _, err := w.SlackInstall(t.Context(), "T2"); !errors.Is(err, ErrSealed) || errors.Is(err, connect.ErrNotFound) {
			t.Errorf("moved to another workspace: got %v, want %v", err, ErrSealed)
		}
	})
}

func TestSlackTokenIsRekeyed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "")
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID)))
		both := w.again(t, keyTwo+","+keyOne)
		if n := must(both.Rekey(t.Context()))(t); n != 2 {
			t.Errorf("rekey: got %d, want the shared secret and the bot token", n)
		}
		if n := must(both.Rekey(t.Context()))(t); n != 0 {
			t.Errorf("again: got %d, want 0", n)
		}
		if got := must(w.again(t, keyTwo).Slack.SlackInstall(t.Context(), "T1"))(t); got.Token.Reveal() != slackToken {
			t.Error("the token does not open under the new key")
		}
	})
}

func TestSlackWorkspaceServesOneTenant(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		one, two := w.installed(t, "k1", ""), w.installed(t, "k2", "")
		check(t, w.SaveSlackInstall(t.Context(), workspace(one.ID)))
		check(t, w.SaveSlackPerson(t.Context(), one.ID, "T1", "U1", "ann"))
		w.setUpChannel(t, one.ID, "C1")
		if err := w.SaveSlackInstall(t.Context(), workspace(two.ID)); !errors.Is(err, slackapp.ErrTaken) {
			t.Fatalf("another tenant: got %v, want %v", err, slackapp.ErrTaken)
		}
		if err := w.SaveSlackPerson(t.Context(), two.ID, "T1", "U2", "eve"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("a person of another tenant: got %v, want %v", err, connect.ErrNotFound)
		}
		check(t, w.SaveSlackInstall(t.Context(), workspace(one.ID))) // the same again
		if got := must(w.SlackPerson(t.Context(), "T1", "U1"))(t); got != "ann" {
			t.Errorf("person: got %q", got)
		}
		if list := must(w.SlackTeams(t.Context(), one.ID))(t); len(list) != 1 || !list[0].Token.IsZero() {
			t.Errorf("workspaces: got %+v, want one without its token", list)
		}
		// Once the first is gone the workspace is free, and knows nobody.
		must(w.SetState(t.Context(), "k1", connect.StateUninstalled, time.Time{}))(t)
		check(t, w.SaveSlackInstall(t.Context(), workspace(two.ID)))
		if _, err := w.SlackPerson(t.Context(), "T1", "U1"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("person of the tenant before: got %v, want %v", err, connect.ErrNotFound)
		}
		shown, _ := slackKeys("C1")
		if _, err := w.Glance(t.Context(), shown); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("channel of the tenant before: got %v, want %v", err, connect.ErrNotFound)
		}
	})
}

func TestSlackEndsWithItsTenant(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "")
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID)))
		w.setUpChannel(t, tenant.ID, "C1")
		must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t)
		var left int
		check(t, w.db.Raw("SELECT count(*) FROM slack_installs WHERE bot_token IS NOT NULL").Scan(&left).Error)
		if left != 0 {
			t.Error("the sealed token is still there")
		}
		if _, err := w.SlackInstall(t.Context(), "T1"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %v, want %v", err, connect.ErrNotFound)
		}
		if rows := w.claimed(t); len(rows) != 0 {
			t.Errorf("got %d rows to work on, want none", len(rows))
		}
		must(w.Erase(t.Context(), w.clock.forward(time.Hour)))(t)
		for _, table := range []string{"slack_installs", "conversations", "glances"} {
			check(t, w.db.Raw("SELECT count(*) FROM "+table).Scan(&left).Error)
			if left != 0 {
				t.Errorf("%s: %d rows are left", table, left)
			}
		}
	})
}

func TestSlackLeaves(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "")
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID)))
		check(t, w.SaveSlackPerson(t.Context(), tenant.ID, "T1", "U1", "ann"))
		w.setUpChannel(t, tenant.ID, "C1")
		check(t, w.RevokeSlackToken(t.Context(), "T1", w.clock.Now()))
		if got := must(w.SlackInstall(t.Context(), "T1"))(t); !got.Token.IsZero() {
			t.Error("the revoked token is still there")
		}
		if rows := w.claimed(t); len(rows) != 0 {
			t.Errorf("revoked: got %d rows to work on, want none", len(rows))
		}
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID)))
		if rows := w.claimed(t); len(rows) != 2 {
			t.Errorf("installed again: got %d rows, want 2", len(rows))
		}
		for range 2 { // uninstalled and revoked both arrive, in any order
			check(t, w.RemoveSlackInstall(t.Context(), "T1", w.clock.Now()))
			check(t, w.RevokeSlackToken(t.Context(), "T1", w.clock.Now()))
		}
		if _, err := w.SlackInstall(t.Context(), "T1"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %v, want %v", err, connect.ErrNotFound)
		}
		if _, err := w.SlackPerson(t.Context(), "T1", "U1"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("person: got %v, want %v", err, connect.ErrNotFound)
		}
	})
}

func TestSlackChannelStopsAndResumes(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "")
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID)))
		shown, other := w.setUpChannel(t, tenant.ID, "C1"), w.setUpChannel(t, tenant.ID, "C2")
		for range 2 {
			check(t, w.StopConversation(t.Context(), glance.SurfaceSlack, "T1", "C1", "archived", time.Time{}))
		}
		rows := w.claimed(t)
		if len(rows) != 2 {
			t.Errorf("got %d rows to work on, want the other channel's 2", len(rows))
		}
		for _, row := range rows {
			if row.Key.Conversation != other.Conversation {
				t.Errorf("got work in %q", row.Key.Conversation)
			}
			check(t, w.Release(t.Context(), row))
		}
		list := must(w.Store.Glances.List(t.Context()))(t)
		if i := len(list); i != 4 || !list[0].Stopped || list[0].StoppedFor != "archived" {
			t.Errorf("got %+v, want a stopped row that says why", list)
		}
		for range 2 {
			check(t, w.ResumeConversation(t.Context(), glance.SurfaceSlack, "T1", "C1", time.Time{}))
		}
		if got := must(w.Glance(t.Context(), shown))(t); !got.NeedsCompute() || got.Key.Surface != glance.SurfaceSlack {
			t.Errorf("got %+v, want it dirty", got)
		}
		check(t, w.StopConversation(t.Context(), glance.SurfaceSlack, "T9", "C1", "archived", time.Time{}))
		check(t, w.ResumeConversation(t.Context(), glance.SurfaceSlack, "T9", "C1", time.Time{}))
	})
}

func TestTicketIsUsedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "")
		if fresh := must(w.UseTicket(t.Context(), tenant.ID, "n1"))(t); !fresh {
			t.Error("the first use is not fresh")
		}
		if fresh := must(w.UseTicket(t.Context(), tenant.ID, "n1"))(t); fresh {
			t.Error("the second use is fresh")
		}
	})
}

func TestSlackInstallIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := workspace("")
		if err := w.SaveSlackInstall(t.Context(), in); err == nil {
			t.Error("without a tenant: got no error")
		}
		in = workspace("nobody's")
		if err := w.SaveSlackInstall(t.Context(), in); err == nil {
			t.Error("for an unknown tenant: got no error")
		}
		in = workspace(w.installed(t, "k", "").ID)
		in.Token = connect.Secret{}
		if err := w.SaveSlackInstall(t.Context(), in); err == nil {
			t.Error("without a token: got no error")
		}
	})
}
