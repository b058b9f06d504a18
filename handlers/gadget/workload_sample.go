package gadget

import (
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// samplePerson is an invented person for the gadget directory's preview.
type samplePerson struct {
	name                      string
	toDo, inProgress, overdue int
	hours                     int
}

// Sample implements [Gadget].
func (w *Workload) Sample(l *lang.Language) templ.Component {
	return web.WorkloadView(sample(l, w.Edge.Now()))
}

// sample is the workload of an invented team, marked as such. It goes through
// the same computation as real numbers.
func sample(l *lang.Language, now time.Time) web.Workload {
	today := workload.DateOf(now, time.UTC)
	in := workload.Input{Now: now, Zone: time.UTC, Window: workload.Fortnight}
	for _, p := range []samplePerson{
		{"Ada Moreno", 7, 3, 2, 31}, {"Ben Okafor", 3, 2, 0, 26}, {"Chiara Lind", 3, 1, 1, 18}, {"Dev Patel", 1, 0, 0, 9},
	} {
		in.Issues = append(in.Issues, p.issues(today)...)
		in.Worklogs = append(in.Worklogs, workload.Worklog{
			ID: p.name, Author: p.person(), Started: now, Spent: time.Duration(p.hours) * time.Hour,
		})
	}
	config := workload.NewGadgetConfig()
	seen := viewer.Workload{
		View: viewer.View{
			Configured: true, Config: config, ReadAt: now, Language: l, Reading: source.Reading{Shown: []string{l.Workload.SampleProject}},
		},
		Summary: workload.Summarize(in),
	}
	w := present(seen, board.At{Place: viewer.Place{Person: viewer.Person{Tenant: &connect.Tenant{}}}}, board.SampleMoment(now))
	withoutLinks(&w)
	w.Sample = true
	return w
}

func (p samplePerson) person() workload.Person {
	return workload.Person{AccountID: p.name, Name: p.name}
}

func (p samplePerson) issues(today workload.Date) []workload.Issue {
	list := make([]workload.Issue, 0, p.toDo+p.inProgress)
	person := p.person()
	for i := range p.toDo + p.inProgress {
		issue := workload.Issue{ID: p.name + string(rune('A'+i)), Assignee: &person, Category: workload.CategoryNew, Remaining: 4 * time.Hour}
		if i >= p.toDo {
			issue.Category = workload.CategoryInProgress
		}
		if i < p.overdue {
			issue.Due = today.AddDays(-1)
		}
		list = append(list, issue)
	}
	return list
}

// withoutLinks removes the links: the issues do not exist.
func withoutLinks(w *web.Workload) {
	rows := []*web.Row{&w.Totals, w.Unassigned}
	for i := range w.Rows {
		rows = append(rows, &w.Rows[i])
	}
	for _, r := range rows {
		for _, n := range []*web.Number{&r.Open, &r.ToDo, &r.InProgress, &r.Overdue, &r.DueSoon, &r.Blank} {
			n.Href = ""
		}
	}
}
