package timesheet

import (
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// sampleLogger is an invented person for the gadget directory's preview:
// minutes by working day, the newest last, over and over.
type sampleLogger struct {
	name    string
	minutes []int
}

// Sample implements [Gadget].
func (t *Timelog) Sample(l *lang.Language) templ.Component {
	return web.TimelogView(timelogSample(l, t.Edge.Now()))
}

// timelogSample is the time of an invented team, marked as such. It goes
// through the same computation as real numbers.
func timelogSample(l *lang.Language, now time.Time) web.Timelog {
	week := timelog.Week{}
	in := timelog.Input{Now: now, Zone: time.UTC, Window: workload.Fortnight}
	today := workload.DateOf(now, time.UTC)
	for _, p := range []sampleLogger{
		{"Ada Moreno", []int{480, 450, 510, 240, 390}},
		{"Ben Okafor", []int{120, 360, 480, 0, 300}},
		{"Chiara Lind", []int{90, 0, 240, 420}},
		{"Dev Patel", []int{0, 60, 180}},
	} {
		in.Worklogs = append(in.Worklogs, p.worklogs(today, week)...)
	}
	seen := viewer.Timelog{
		View: viewer.View{
			Configured: true, Config: workload.NewGadgetConfig(), ReadAt: now, Language: l,
			Reading: source.Reading{Shown: []string{l.Workload.SampleProject}},
		},
		Sheet: timelog.Make(in), Week: week,
	}
	w := presentTimelog(seen, board.At{}, board.SampleMoment(now))
	w.Sample = true
	return w
}

func (p sampleLogger) worklogs(today workload.Date, week timelog.Week) []workload.Worklog {
	var list []workload.Worklog
	for i := range int(workload.Fortnight) {
		day := today.AddDays(-i)
		spent := p.minutes[i%len(p.minutes)]
		if !week.Works(day) || spent == 0 {
			continue
		}
		list = append(list, workload.Worklog{
			ID: p.name + day.String(), Author: workload.Person{AccountID: p.name, Name: p.name},
			Started: day.In(time.UTC), Spent: time.Duration(spent) * time.Minute,
		})
	}
	return list
}
