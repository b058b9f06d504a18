package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack/slackutilsx"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// word is what somebody types after the command.
type word int

const (
	wordNone    word = iota // opens the settings
	wordMe                  // my own numbers
	wordWho                 // who has room
	wordConnect             // connects the Jira account
	wordHelp                // what can be typed; so does anything unknown
)

// wordOf reads the text of a command in any of the languages.
func (s *Slack) wordOf(text string) word {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return wordNone
	}
	for _, l := range s.Edge.Languages.All() {
		switch text {
		case l.Slack.WordMe:
			return wordMe
		case l.Slack.WordWho:
			return wordWho
		case l.Slack.WordConnect:
			return wordConnect
		}
	}
	return wordHelp
}

// numbers answers a person with what a channel's projects and team look like to
// them, which nobody else in the channel sees.
func (s *Slack) numbers(ctx context.Context, r *edge.Request, caller *slackapp.Caller, at room.Setup, place channel, w word) error {
	l := at.Language
	if len(at.Row.Config.Projects) == 0 {
		return say(r, l.Slack.NotSetUp)
	}
	seen, err := s.workloads.Get(ctx, s.placeOf(at, place), false)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		r.Note(err)
		return say(r, l.Slack.StillReading)
	case err != nil:
		return say(r, s.failedText(r, l, err))
	}
	n := numbers{s.Printer, l, seen.View, s.Edge.Now().Sub(seen.View.ReadAt)}
	if w == wordMe {
		return say(r, n.mine(string(at.Account)))
	}
	if s.whispers(ctx, r, caller, at, place, n) {
		return nil
	}
	return say(r, n.room())
}

// whispers answers who has room as a table, which Slack may refuse: an answer to a command
// could not be sent again without one. It reports whether that went well.
func (s *Slack) whispers(ctx context.Context, r *edge.Request, caller *slackapp.Caller, at room.Setup, place channel, n numbers) bool {
	d := n.table(at.Row.Config)
	if at.Row.Handle == "" || len(d.Table.Rows) == 0 { // the app may not be in the channel
		return false
	}
	if err := s.Surface.Whisper(ctx, place.team, place.channel, caller.User(), d); err != nil {
		r.Note(err)
		return false
	}
	r.Status(http.StatusOK)
	return true
}

// table is who has room, who has most first.
func (n numbers) table(c glance.Config) glance.Digest {
	d := glance.Digest{Title: n.head()}
	var team glance.Team
	for _, load := range []workload.Load{workload.LoadLight, workload.LoadBalanced, workload.LoadHeavy, ""} {
		for i := len(n.view.Summary.Rows) - 1; i >= 0; i-- {
			if row := n.view.Summary.Rows[i]; row.Load == load {
				team.People = append(team.People, glance.Member{Name: row.Person.Name, Load: load, Open: row.Open, Size: row.Sizes.Open})
			}
		}
	}
	team.Describe(n.l, c, &d)
	d.Notes = append(append(d.Notes, n.printer.Notes(n.view)...), n.l.Age(n.age))
	return d
}

// head names the projects and the days.
func (n numbers) head() string {
	if len(n.view.Reading.Shown) == 0 {
		return ""
	}
	days := n.l.Count(n.l.Workload.Window, int(n.view.Config.Window))
	if p := n.view.Config.Period; p != workload.PeriodNone {
		days = form.PeriodName(n.l, p)
	}
	return n.l.List(n.view.Reading.Shown) + ", " + days
}

// placeOf is a channel as one person sees it. Its settings are part of its name, so
// that other ones are read anew.
func (s *Slack) placeOf(at room.Setup, place channel) viewer.Place {
	config, _ := json.Marshal(at.Row.Config) // strings and numbers always encode
	name := "slack/" + place.team + "/" + place.channel + "/" + string(config)
	return viewer.Place{Person: at.Person, Name: name, Config: room.ConfigSource(at.Row.Config)}
}

// numbers prints a view in Slack's own marks.
type numbers struct {
	printer Printer
	l       *lang.Language
	view    viewer.Workload
	age     time.Duration
}

// mine is one person's row.
func (n numbers) mine(account string) string {
	row, ok := n.view.Row(account)
	if !ok && n.view.Team.People() != nil {
		return n.text(n.l.Slack.NotInTeam)
	}
	t := n.l.Workload
	lines := []string{
		n.pair(t.Open, n.l.Number(row.Open)) + " (" + n.pair(t.ToDo, n.l.Number(row.ToDo)) + ", " + n.pair(t.InProgress, n.l.Number(row.InProgress)) + ")",
		n.pair(t.Overdue, n.l.Number(row.Overdue)) + " · " + n.pair(t.DueSoon, n.l.Number(row.DueSoon)),
		n.pair(t.Remaining, n.time(row.Remaining)) + " · " + n.pair(t.Logged, n.time(row.Logged)),
	}
	if load := n.load(row.Load); load != "" {
		lines = append(lines, n.pair(t.Load, load))
	}
	return n.text(lines...)
}

// maxNames is how many people of one load are named.
const maxNames = 15

// room lists the people by their load, who has most room first.
func (n numbers) room() string {
	var lines []string
	for _, load := range []workload.Load{workload.LoadLight, workload.LoadBalanced, workload.LoadHeavy, ""} {
		var names []string
		for i := len(n.view.Summary.Rows) - 1; i >= 0; i-- { // the fewest open issues first
			row := n.view.Summary.Rows[i]
			if row.Load == load {
				names = append(names, n.l.Say("%s (%s)", slackutilsx.EscapeMessage(row.Person.Name), n.l.Number(row.Open)))
			}
		}
		if len(names) == 0 {
			continue
		}
		line := strings.Join(names[:min(len(names), maxNames)], ", ")
		if more := len(names) - maxNames; more > 0 {
			line += " " + n.l.Count(n.l.Slack.MorePeople, more)
		}
		if word := n.load(load); word != "" {
			line = "*" + word + "*: " + line
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return n.text(n.l.Workload.Nobody)
	}
	return n.text(append(lines, n.l.Slack.InBrackets)...)
}

// text stands under the projects and above what is missing.
func (n numbers) text(lines ...string) string {
	names := make([]string, 0, len(n.view.Reading.Shown))
	for _, key := range n.view.Reading.Shown {
		names = append(names, slackutilsx.EscapeMessage(key))
	}
	if len(names) > 0 {
		head := "*" + n.l.List(names) + "*, " + n.l.Count(n.l.Workload.Window, int(n.view.Config.Window))
		lines = append([]string{head}, lines...)
	}
	for _, note := range n.printer.Notes(n.view) {
		lines = append(lines, "_"+slackutilsx.EscapeMessage(note)+"_")
	}
	return strings.Join(append(lines, "_"+n.l.Age(n.age)+"_"), "\n")
}

// time prints an amount as the gadget does.
func (n numbers) time(d time.Duration) string {
	return n.printer.Amount(n.view.View, d) + " " + n.l.Workload.Hours
}

func (n numbers) pair(name, value string) string { return n.l.Say(n.l.Slack.Pair, name, value) }

func (n numbers) load(load workload.Load) string {
	switch load {
	case workload.LoadHeavy:
		return n.l.Workload.Heavy
	case workload.LoadLight:
		return n.l.Workload.Light
	case workload.LoadBalanced:
		return n.l.Workload.Balanced
	}
	return ""
}

// shownNow is what a channel shows to everybody in it, "" if nothing.
func shownNow(row glance.Row) string { return slackutilsx.EscapeMessage(row.Desired.Label) }
