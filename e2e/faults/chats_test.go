package faults

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

// openOf is how a label of so many open issues begins.
func openOf(n int) string { return fmt.Sprintf("%d open", n) }

// row is the state of a room that the database has.
func (m moved) row(t *testing.T, surface glance.SurfaceName) glance.Row {
	t.Helper()
	rows, err := m.Store.Glances.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rows, func(r glance.Row) bool { return r.Key.Surface == surface && r.Key.Kind == glance.KindGlance })
	if i < 0 {
		t.Fatalf("no row of %s in %+v", surface, rows)
	}
	return rows[i]
}

// stands waits until an attempt to show a state has failed, and checks what is
// kept about it.
func (m moved) stands(t *testing.T, surface glance.SurfaceName, name string) {
	t.Helper()
	var row glance.Row
	harness.Eventually(t, name+": an attempt fails", func() bool {
		row = m.row(t, surface)
		return row.Attempts > 0 && row.Lease == ""
	})
	reasons := []glance.Reason{glance.ReasonBusy, glance.ReasonUnreachable, glance.ReasonRefused, glance.ReasonJira}
	if row.Stopped || !slices.Contains(reasons, row.FailedFor) {
		t.Errorf("%s: stopped %t, because of %q", name, row.Stopped, row.FailedFor)
	}
	m.Unseen(t, harness.Page{Body: row.LastError})
}

// caughtUp waits until nothing is due for a room, whatever a service had asked
// the program to wait.
func (m moved) caughtUp(t *testing.T, surface glance.SurfaceName, shows func() bool) {
	t.Helper()
	m.later(2 * time.Hour)
	harness.Eventually(t, "the room catches up", func() bool {
		row := m.row(t, surface)
		return shows() && !row.NeedsWork() && row.Lease == "" && row.FailedFor == glance.ReasonNone
	})
}

// TestChatUpstreams: while the chat, its token endpoint or Jira fails, a room
// shows what it showed, the database has the reason, and a person who saves the
// dialog is told. After it the room catches up by itself.
func TestChatUpstreams(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"chat": "/site/*", "chat's token": "/oauth/token", "Jira": harness.SearchPath,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			harness.OnEachDatabase(t, func(t *testing.T, database string) {
				m := startMoved(t, harness.On(database))
				m.Install(t)
				room, owner := m.Site.Objects().Conversations[0], m.Site.Objects().Dashboards[0].Owner
				m.SetUpRoom(t, harness.AppKey, room, "HARB")
				open := m.Count(t, owner, workload.OpenIssues("HARB"))
				m.WaitForLabel(t, room.ID, openOf(open))
				m.Rested(t, room.ID)
				before := m.Work(t)
				for _, f := range upstreamFaults(t) {
					if name == "chat" && f.fault.Status == http.StatusOK {
						continue // its word that it has the state, whatever the body says
					}
					m.Rested(t, room.ID)
					m.later(2 * time.Hour) // tokens end
					issue := m.OpenIssue(t, owner, "HARB")
					m.Fault(t, f.at(path))
					m.FinishIssue(t, owner, issue)
					m.later(2 * time.Second)
					m.stands(t, glance.SurfaceChat, f.name)
					m.Forward(4 * time.Second) // what was sent has arrived or is lost
					m.savesDialog(t, f.name, room)
					if got := m.Shown(t, room.ID).Label; !strings.HasPrefix(got, openOf(open)) {
						t.Errorf("%s: the room shows %q, want %d open", f.name, got, open)
					}
					m.Site.ClearFaults()
					open--
					m.caughtUp(t, glance.SurfaceChat, func() bool { return strings.HasPrefix(m.Shown(t, room.ID).Label, openOf(open)) })
				}
				m.Rests(t, before)
				m.LeaksNothing(t)
			})
		})
	}
}

// savesDialog saves a room's dialog during a fault: what is saved is stored, and
// the person is told that the room does not show it yet.
func (m moved) savesDialog(t *testing.T, name string, room connecttest.Conversation) {
	t.Helper()
	form := url.Values{"projects": {"HARB"}, "window": {"7"}, "zone": {"UTC"}}
	status, body := m.SaveRoom(t, harness.AppKey, room.ID, room.Members[0], form)
	if !isOurs(status) && status != http.StatusTooManyRequests && status != http.StatusOK {
		t.Errorf("%s: saving is answered %d\n%s", name, status, body)
	}
	m.Unseen(t, harness.Page{Body: body})
}

// TestSlackUpstream: while Slack fails, a channel's message stays as it was, and
// after it the same message follows.
func TestSlackUpstream(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		m := startMoved(t, harness.On(database))
		m.Restart(t, harness.OnForge(m.Site), harness.WithoutConnect)
		s, f := m.RegisterSlack(t), m.InstallForge(t, forge.StageForge, "")
		channel, user, owner := s.Slack.State().Channels[0].ID, s.Slack.State().People[0].ID, f.Dashboard.Owner
		s.AddOnForge(t, f, m.AdminAccount(t))
		s.ConnectOnForge(t, f, s.Invited(t, channel, user), owner)
		s.SetUp(t, channel, user, "HARB")
		open := m.Count(t, owner, workload.OpenIssues("HARB"))
		s.WaitForMessage(t, channel, openOf(open))
		first := s.Written(t, channel)
		before := m.Work(t)
		for _, fault := range upstreamFaults(t) {
			m.Fault(t, fault.at("/slack/api/*"))
			m.FinishOneIssue(t, owner, "HARB")
			m.later(2 * time.Second)
			m.stands(t, glance.SurfaceSlack, fault.name)
			s.Say(t, channel, user, "/sightline") // the person is told that the dialog did not open
			if got := s.Told(t, channel, user); got == "" || strings.Contains(got, harness.UpstreamWords) {
				t.Errorf("%s: the person is told %q", fault.name, got)
			}
			if got := s.Written(t, channel); len(got) != 1 || !strings.HasPrefix(got[0].Text, openOf(open)) {
				t.Errorf("%s: the channel shows %+v, want %d open", fault.name, got, open)
			}
			m.Site.ClearFaults()
			open--
			m.nextHour(t)
			m.caughtUp(t, glance.SurfaceSlack, func() bool {
				got := s.Written(t, channel)
				return len(got) > 0 && strings.HasPrefix(got[len(got)-1].Text, openOf(open))
			})
			if got := s.Written(t, channel); len(got) != 1 || got[0].TS != first[0].TS {
				t.Errorf("after %s: messages %+v, want the one from before", fault.name, got)
			}
		}
		m.Rests(t, before)
		m.LeaksNothing(t)
		m.Unseen(t, harness.Page{})
	})
}
