package timesheet

import (
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// callMissing is the name of the call for the days that lack time.
const callMissing = "missing"

// missing says how many days lack time, if the owner has them marked.
func (t timelogPresenter) missing(out *web.Timelog) {
	gaps, days := t.Sheet.Missing(t.Week, t.Config.Missing), 0
	for _, gap := range gaps {
		days += len(gap.Days)
	}
	if days == 0 || t.at.IsZero() {
		return
	}
	m := t.l.Missing
	out.Missing = t.l.Say(m.Open, t.l.Count(m.Days, days), t.l.Count(m.People, len(gaps)))
	out.MissingList = t.at.Call(callMissing)
}

// missing lists the days that lack time.
func (t *Timelog) missing(r *edge.Request, at board.At) error {
	found, err := t.timelogs.Get(r.Request.Context(), at.Place, false)
	if err != nil {
		return err
	}
	if !found.View.Configured {
		return &board.Unconfigured{Language: found.View.Language}
	}
	r.Render(http.StatusOK, web.MissingView(missingList(found.View)))
	return nil
}

func missingList(seen viewer.Timelog) web.Missing {
	l := seen.Language
	should := l.Duration(time.Duration(seen.Config.Missing) * time.Hour)
	out := web.Missing{L: l, Title: l.Say(l.Missing.Title, should)}
	var reminder strings.Builder
	reminder.WriteString(l.Say(l.Missing.Reminder, should) + "\n")
	for _, gap := range seen.Sheet.Missing(seen.Week, seen.Config.Missing) {
		person := web.MissingPerson{
			ID: gap.Person.AccountID, Name: gap.Person.Name,
			Sum: l.Say(l.Missing.Of, l.Count(l.Missing.Days, len(gap.Days)), l.Duration(gap.Time)),
		}
		for _, day := range gap.Days {
			person.Days = append(person.Days, shortDay(l, day))
		}
		reminder.WriteString("\n" + person.Name + ": " + strings.Join(person.Days, ", "))
		out.People = append(out.People, person)
	}
	out.Reminder = reminder.String()
	return out
}

// shortDay is a day with what was logged on it.
func shortDay(l *lang.Language, d timelog.Short) string {
	logged := l.Missing.Nothing
	if d.Spent > 0 {
		logged = l.Duration(d.Spent)
	}
	at := d.Day.In(time.UTC)
	return l.Weekday(at) + " " + l.Date(at) + " (" + logged + ")"
}
