package timesheet

import (
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/web"
)

// maxComment is the longest comment taken, in characters; Jira's own limit is a
// little above.
const maxComment = 30_000

// entryFields are a form's fields as typed.
type entryFields struct{ spent, day, clock, comment, base string }

func postedEntry(form url.Values) entryFields {
	return entryFields{
		spent: strings.TrimSpace(form.Get(web.FieldSpent)), day: form.Get(web.FieldDay), clock: form.Get(web.FieldClock),
		comment: strings.TrimSpace(strings.ReplaceAll(form.Get(web.FieldComment), "\r\n", "\n")),
		base:    form.Get(web.FieldBase),
	}
}

// asItIs are the fields filled from the entry.
func (e correction) asItIs() entryFields {
	day, clock := timelog.Fields(e.Now.Started, e.Zone)
	return entryFields{spent: spentText(e.l, e.Now.Spent), day: day, clock: clock, comment: e.Now.Comment.Text, base: e.version()}
}

// version names the state of the entry that a form was filled from.
func (e correction) version() string { return strconv.FormatInt(e.Now.Updated.UnixMilli(), 10) }

// spentText writes a time so that it can be parsed again: without thousands
// separators.
func spentText(l *lang.Language, d time.Duration) string {
	d = d.Round(time.Minute)
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	var parts []string
	if hours > 0 {
		parts = append(parts, l.Say(l.Formats.Hours, strconv.Itoa(hours)))
	}
	if minutes > 0 || hours == 0 {
		parts = append(parts, l.Say(l.Formats.Minutes, strconv.Itoa(minutes)))
	}
	return strings.Join(parts, " ")
}

// form is the entry's form with what was typed.
func (e correction) form(f entryFields) web.WorklogForm {
	return web.WorklogForm{
		L: e.l, Save: entryCall(e.at.Address, e.cell, e.Now.Issue, e.Now.ID), Issue: e.Now.Issue, Summary: e.Now.Summary, Href: board.Browse(e.at.Tenant, e.Now.Issue),
		Spent: f.spent, Day: f.day, Clock: f.clock, Comment: f.comment, Base: e.version(),
		Zone: e.Zone.String(), Rich: e.Now.Comment.Rich, MaxComment: maxComment, Errors: map[string]string{},
	}
}

// change is what a form asks Jira to change, nil if nothing, or the form with
// what is wrong. Only differences are sent, so that what the person did not
// touch stays as it is: a comment's formatting, the seconds of the start.
func (e correction) change(f entryFields) (*jira.WorklogInput, *web.WorklogForm) {
	form, is := e.form(f), e.asItIs()
	if f.base != is.base {
		form.Problem = e.l.Say(e.l.Timelog.Changed, e.l.Duration(e.Now.Spent), e.l.Moment(e.Now.Started.In(e.Zone)))
		return nil, &form
	}
	var in jira.WorklogInput
	e.changeSpent(f, is, &in, form.Errors)
	e.changeStart(f, &in, form.Errors)
	e.changeComment(f, &in, form.Errors)
	if len(form.Errors) > 0 {
		return nil, &form
	}
	if in.TimeSpentSeconds == 0 && in.Started.IsZero() && in.Comment == nil {
		return nil, nil
	}
	return &in, nil
}

func (e correction) changeSpent(f, is entryFields, in *jira.WorklogInput, wrong map[string]string) {
	if f.spent == is.spent {
		return
	}
	if spent := spentIn(e.l, e.units, f.spent, wrong); spent != e.Now.Spent {
		in.TimeSpentSeconds = int64(spent / time.Second)
	}
}

// spentIn reads the time spent, 0 if it is wrong.
func spentIn(l *lang.Language, units timelog.Units, text string, wrong map[string]string) time.Duration {
	spent, err := units.Parse(text)
	switch {
	case errors.Is(err, timelog.ErrNoTime):
		wrong[web.FieldSpent] = l.Timelog.NoTime
	case errors.Is(err, timelog.ErrLongTime):
		wrong[web.FieldSpent] = l.Timelog.LongTime
	case err != nil:
		wrong[web.FieldSpent] = l.Timelog.NotTime
	}
	return spent
}

func (e correction) changeStart(f entryFields, in *jira.WorklogInput, wrong map[string]string) {
	if at := startIn(e.l, f, e.Zone, e.Now.Started, wrong); !at.IsZero() && !at.Equal(e.Now.Started) {
		in.Started = jira.Time{Time: at}
	}
}

// startIn reads the start, the zero time if it is wrong. was is the former one.
func startIn(l *lang.Language, f entryFields, zone *time.Location, was time.Time, wrong map[string]string) time.Time {
	at, err := timelog.Start(f.day, f.clock, zone, was)
	if errors.Is(err, timelog.ErrNotDay) {
		wrong[web.FieldDay] = l.Timelog.NotDay
	}
	switch {
	case errors.Is(err, timelog.ErrSkipped):
		wrong[web.FieldClock] = l.Timelog.Skipped
	case errors.Is(err, timelog.ErrNotClock):
		wrong[web.FieldClock] = l.Timelog.NotClock
	}
	return at
}

func (e correction) changeComment(f entryFields, in *jira.WorklogInput, wrong map[string]string) {
	if f.comment == e.Now.Comment.Text {
		return
	}
	in.Comment = commentIn(e.l, f.comment, wrong)
}

// commentIn writes the comment as a document, nil if it is wrong.
func commentIn(l *lang.Language, text string, wrong map[string]string) json.RawMessage {
	if utf8.RuneCountInString(text) > maxComment {
		wrong[web.FieldComment] = l.Count(l.Timelog.LongComment, maxComment)
		return nil
	}
	doc, err := timelog.WriteComment(text)
	if err != nil {
		wrong[web.FieldComment] = l.Timelog.CommentRefused
		return nil
	}
	return doc
}
