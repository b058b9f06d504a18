package slack

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
)

// weeklySlack is a workspace on a clock of its own.
type weeklySlack struct {
	*onSlack
	clock          *harness.Clock
	channel, user  string
	owner, project string
}

func startWeekly(t *testing.T, named bool, changes ...func(*app.ServeFlags)) *weeklySlack {
	t.Helper()
	clock := new(harness.Clock)
	site := connecttest.NewSite(t, connecttest.Options{Now: clock.Now})
	changes = append(changes, harness.By(clock))
	r := harness.Start(t, site, changes...)
	jira := r.Install(t)
	s := &onSlack{r.RegisterSlack(t), jira}
	state := s.Slack.State()
	w := &weeklySlack{onSlack: s, clock: clock, channel: state.Channels[0].ID, user: state.People[0].ID, owner: s.Person(0), project: "HARB"}
	s.add(t)
	if named {
		in, err := s.Store.Slack.SlackInstall(t.Context(), state.Team.ID)
		if err != nil {
			t.Fatal(err)
		}
		in.NamesPeople = true
		if err := s.Store.Slack.SaveSlackInstall(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	s.connect(t, w.channel, w.user, w.owner)
	return w
}

// wants has a summary written in an hour, each week; more are other fields.
func (w *weeklySlack) wants(t *testing.T, more map[string]any) time.Time {
	t.Helper()
	due := w.clock.Now().UTC().Add(time.Hour).Truncate(time.Minute)
	fields := map[string]any{
		"projects": []string{w.project}, "zone": "UTC", "weeklyDay": fmt.Sprint(int(due.Weekday())), "weeklyAt": due.Format("15:04"),
	}
	for name, value := range more {
		fields[name] = value
	}
	w.Say(t, w.channel, w.user, "/sightline")
	if !strings.Contains(string(w.Slack.State().Modals[w.user].View), `"weeklyDay"`) {
		if err := w.Slack.Click(t.Context(), w.user, "more"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Slack.Suggest(t.Context(), w.user, "projects", w.project); err != nil {
		t.Fatal(err)
	}
	if wrong := w.Submit(t, w.user, fields); len(wrong) > 0 {
		t.Fatalf("submit: %v", wrong)
	}
	return due
}

// summaries are the messages that are no glance.
func (w *weeklySlack) summaries(t *testing.T) (list []connecttest.SlackMessage) {
	t.Helper()
	for _, m := range w.Written(t, w.channel) {
		if strings.Contains(m.Text, "The week of") {
			list = append(list, m)
		}
	}
	return list
}

// settles waits until no summary is due at the program, and returns how many there are.
func (w *weeklySlack) settles(t *testing.T, r *harness.Running) int {
	t.Helper()
	r.App.Weekly().Send(t.Context())
	return len(w.summaries(t))
}

// TestSlackWeekly: a channel gets one summary a week, with what has changed, and none after
// a restart or from another program at the same time.
func TestSlackWeekly(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		w := startWeekly(t, false, harness.On(database))
		due := w.wants(t, nil)
		if n := w.settles(t, w.Running); n != 0 {
			t.Fatalf("%d summaries before it is due", n)
		}
		w.clock.Forward(due.Sub(w.clock.Now()) + time.Second)
		done := make(chan struct{})
		go func() { // beside the program's own look
			defer close(done)
			w.App.Weekly().Send(t.Context())
		}()
		<-done
		harness.Eventually(t, "a summary", func() bool { return len(w.summaries(t)) > 0 })
		open := w.openIssues(t, w.owner, w.project)
		got := w.summaries(t)
		if want := fmt.Sprintf("The week of HARB\n%d open\n", open); len(got) != 1 || !strings.HasPrefix(got[0].Text, want) {
			t.Fatalf("got %+v, want %q", got, want)
		}
		if !strings.Contains(got[0].Text, "have a heavy load") || strings.Contains(got[0].Text, "Mara") {
			t.Errorf("people: %q", got[0].Text)
		}
		for range 2 {
			w.Restart(t)
			if n := w.settles(t, w.Running); n != 1 {
				t.Fatalf("%d summaries after a restart", n)
			}
		}
		w.FinishOneIssue(t, w.owner, w.project)
		w.clock.Forward(7 * 24 * time.Hour)
		harness.Eventually(t, "the next summary", func() bool { return w.settles(t, w.Running) == 2 })
		if text := w.summaries(t)[1].Text; !strings.Contains(text, fmt.Sprintf("%d open (1 less than last week)", open-1)) {
			t.Errorf("the next week says %q", text)
		}
		// A week that was missed is left out, and the next comes again, without a comparison.
		w.clock.Forward(7*24*time.Hour + 13*time.Hour)
		if n := w.settles(t, w.Running); n != 2 {
			t.Errorf("a summary that is 13 hours late was sent")
		}
		w.clock.Forward(7*24*time.Hour - 13*time.Hour)
		harness.Eventually(t, "the summary after that", func() bool { return w.settles(t, w.Running) == 3 })
		if text := w.summaries(t)[2].Text; strings.Contains(text, "last week") {
			t.Errorf("compared over two weeks: %q", text)
		}
		// Once it is not wanted any more, none comes.
		w.wants(t, map[string]any{"weeklyDay": "*"})
		w.clock.Forward(7 * 24 * time.Hour)
		if n := w.settles(t, w.Running); n != 3 {
			t.Errorf("%d summaries after it was turned off", n)
		}
		w.LeaksNothing(t)
	})
}

// TestSlackWeeklyNamesPeople: where an admin of Jira allows it, people are named, in a table
// if the workspace takes one.
func TestSlackWeeklyNamesPeople(t *testing.T) {
	t.Parallel()
	for name, tables := range map[string]bool{"table": true, "text": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startWeekly(t, true)
			w.Slack.SetTables(tables)
			due := w.wants(t, map[string]any{"measure": "remaining"})
			w.clock.Forward(due.Sub(w.clock.Now()) + time.Second)
			harness.Eventually(t, "a summary", func() bool { return w.settles(t, w.Running) == 1 })
			m := w.summaries(t)[0]
			if strings.Contains(string(m.Blocks), `"type":"table"`) != tables {
				t.Errorf("blocks: %s", m.Blocks)
			}
			named := 0
			for _, p := range w.Site.People() {
				if !p.App && p.Active && strings.Contains(m.Text, p.DisplayName+": ") {
					named++
				}
			}
			if named < 3 || !strings.Contains(m.Text, " h open") {
				t.Errorf("%d people in %q", named, m.Text)
			}
			// What a workspace does not take is remembered.
			refused := func() (n int) {
				for _, q := range w.Site.Requests(0) {
					if q.Operation == "slack.chat.postMessage" {
						n++
					}
				}
				return n
			}
			before := refused()
			w.clock.Forward(7 * 24 * time.Hour)
			harness.Eventually(t, "the next summary", func() bool { return w.settles(t, w.Running) == 2 })
			if n := refused() - before; n != 1 {
				t.Errorf("%d calls for the next summary", n)
			}
		})
	}
}

// TestSlackWeeklyWhenSomethingFails: what was refused is tried again, what may have arrived
// is not, and quiet hours hold.
func TestSlackWeeklyWhenSomethingFails(t *testing.T) {
	t.Parallel()
	w := startWeekly(t, false)
	due := w.wants(t, nil)
	post := func(f connecttest.Fault) connecttest.Fault {
		f.Method, f.Path = http.MethodPost, "/slack/api/chat.postMessage"
		return f
	}
	w.clock.Forward(due.Sub(w.clock.Now()) + time.Second)
	// Jira does not answer: later.
	w.Fault(t, connecttest.Fault{Path: harness.SearchPath, Status: http.StatusForbidden})
	w.settles(t, w.Running)
	w.Site.ClearFaults()
	w.clock.Forward(2 * time.Minute)
	harness.Eventually(t, "a summary once Jira answers", func() bool { return w.settles(t, w.Running) == 1 })

	// Slack takes it, and its answer is lost: not again.
	w.clock.Forward(7*24*time.Hour - 2*time.Minute)
	w.Fault(t, post(connecttest.Fault{Reset: true}))
	w.settles(t, w.Running)
	w.Site.ClearFaults()
	w.clock.Forward(time.Hour)
	if n := w.settles(t, w.Running); n > 2 {
		t.Errorf("%d summaries, one of them twice", n)
	}
	sent := len(w.summaries(t))

	// Quiet hours: after them.
	w.clock.Forward(7*24*time.Hour - 2*time.Hour)
	due = w.clock.Now().UTC().Add(time.Hour).Truncate(time.Minute)
	w.wants(t, map[string]any{"quietFrom": due.Add(-time.Minute).Format("15:04"), "quietTo": due.Add(2 * time.Hour).Format("15:04")})
	w.clock.Forward(due.Sub(w.clock.Now()) + time.Second)
	if n := w.settles(t, w.Running); n != sent {
		t.Errorf("%d summaries in quiet hours, %d before", n, sent)
	}
	w.clock.Forward(2 * time.Hour)
	harness.Eventually(t, "the summary after quiet hours", func() bool { return w.settles(t, w.Running) == sent+1 })

	// A wrong time is refused at its field.
	w.Say(t, w.channel, w.user, "/sightline")
	if wrong := w.Submit(t, w.user, map[string]any{"weeklyAt": ""}); wrong["weeklyAt"] == "" {
		t.Errorf("no time: %v", wrong)
	}
}
