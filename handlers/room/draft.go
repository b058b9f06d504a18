package room

import (
	"context"
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// The errors of the fields that only the dialog has.
const (
	wrongQuiet    workload.WrongCode = "not quiet hours"
	wrongNoPoints workload.WrongCode = "no fields of points"
	wrongBlank    workload.WrongCode = "nothing is estimated"
	wrongUnshared workload.WrongCode = "not shared with the app"
	wrongProbe    workload.WrongCode = "issues are hidden from the person"
	WrongParts    workload.WrongCode = "not a part of a label"
)

// Texts puts what is wrong with the dialog's fields into words.
func Texts(l *lang.Language, wrong workload.FieldErrors) map[string]string {
	texts := form.WrongTexts(l, wrong)
	if wrong.Has(web.FieldQuiet) {
		texts[web.FieldQuiet] = l.Chat.WrongQuiet
	}
	if wrong[web.FieldParts].Code == WrongParts {
		texts[web.FieldParts] = l.Chat.WrongParts
	}
	for field, w := range wrong {
		switch w.Code {
		case wrongBlank:
			texts[field] = l.Chat.WrongBlank
		case wrongNoPoints:
			texts[field] = l.Workload.NoPoints
		case wrongUnshared:
			texts[field] = l.Chat.FilterUnshared
		case wrongProbe:
			texts[field] = l.Chat.Probe
		}
	}
	return texts
}

// Draft is a room's configuration as it stands in the dialog.
type Draft struct {
	glance.Config
	// Form is the part that a gadget's form also has, with what else is typed
	// there.
	Form form.Draft
}

// Posted reads the dialog's form, in the language of the person who saves it.
func Posted(r *edge.Request, at Setup) (Draft, workload.FieldErrors, error) {
	if err := r.ParseForm(); err != nil {
		return Draft{}, nil, err
	}
	d, wrong := Read(r.Request.PostForm)
	d.By(at)
	return d, wrong, nil
}

// By fills in what a room takes over from the person who sets it up.
func (d *Draft) By(at Setup) {
	d.Language = at.Language.Tag
	if d.Period != workload.PeriodNone {
		d.FirstDay = at.FirstDay
	}
}

// TakePoints finds the fields of story points where none were offered, and adds to wrong
// that there are none.
func (r *Rooms) TakePoints(ctx context.Context, at Setup, d *Draft, wrong workload.FieldErrors) error {
	err := r.Forms.TakePoints(ctx, at.Jira, at.Person, &d.Form)
	d.Points = d.Form.Points
	if err == nil && d.Measure == workload.MeasurePoints && len(d.Points) == 0 {
		wrong[web.FieldMeasure] = workload.Wrong{Code: wrongNoPoints}
	}
	return err
}

// checkSeen adds projects that the person may not browse to wrong. A glance
// counts with the app's rights, so people can only add projects that Jira shows
// them.
func checkSeen(ctx context.Context, at Setup, d Draft, wrong workload.FieldErrors) error {
	if wrong.Has(web.FieldProjects) {
		return nil
	}
	hidden, err := unseen(ctx, at.Jira, added(at.Row.Config.Projects, d.Projects))
	if hidden != "" {
		wrong[web.FieldProjects] = workload.Wrong{Code: workload.WrongNotVisible, Text: hidden}
	}
	return err
}

// Read reads the form's fields; wrong names those that are not valid.
func Read(fields url.Values) (d Draft, wrong workload.FieldErrors) {
	d.Form = form.ReadWithin(fields)
	wrong = d.Form.Wrong()
	d.Config = glance.Config{
		Projects: d.Form.Projects, Role: d.Form.Role, Query: d.Form.Query, Window: int(d.Form.Window),
		Zone:      fields.Get(web.FieldZone),
		QuietFrom: fields.Get(web.FieldQuietFrom), QuietTo: fields.Get(web.FieldQuietTo),
		Choices: glance.Choices{
			Narrow: d.Form.Narrow, Measure: d.Form.Measure, Points: d.Form.Points, Period: d.Form.Period,
		},
	}
	if d.Form.Group.ID != "" || d.Form.Narrow.Team.ID != "" { // only gadgets choose these
		wrong[web.FieldTeam] = workload.Wrong{Code: workload.WrongTeam}
	}
	if d.Form.Period == workload.PeriodRange {
		wrong[web.FieldWindow] = workload.Wrong{Code: workload.WrongWindow}
	}
	if _, err := workload.ParseZone(d.Zone); err != nil {
		wrong[web.FieldZone] = workload.Wrong{Code: workload.WrongZone}
	}
	if !isQuietTime(d.QuietFrom, d.QuietTo) {
		wrong[web.FieldQuiet] = workload.Wrong{Code: wrongQuiet}
	}
	for _, text := range fields[web.FieldParts] {
		part := glance.Part(text)
		if !part.Known() {
			wrong[web.FieldParts] = workload.Wrong{Code: WrongParts}
		} else if !slices.Contains(d.Parts, part) {
			d.Parts = append(d.Parts, part)
		}
	}
	if slices.Contains(d.Parts, glance.PartBlank) && !d.Measure.Sized() && !wrong.Has(web.FieldParts) {
		wrong[web.FieldParts] = workload.Wrong{Code: wrongBlank}
	}
	return d, wrong
}

// isQuietTime takes two different times of day, or none.
func isQuietTime(from, to string) bool {
	if from == "" && to == "" {
		return true
	}
	_, errFrom := glance.ParseClock(from)
	_, errTo := glance.ParseClock(to)
	return errFrom == nil && errTo == nil && from != to
}

// added are the projects that were not chosen before.
func added(before, now []string) []string {
	return slices.DeleteFunc(slices.Clone(now), func(key string) bool { return slices.Contains(before, key) })
}

// unseen returns the first of the projects that the client's user may not
// browse.
func unseen(ctx context.Context, j *jira.Client, keys []string) (string, error) {
	projects := make([]web.Project, 0, len(keys))
	for _, key := range keys {
		projects = append(projects, web.Project{Key: key})
	}
	names, err := form.Browsable(ctx, j, projects)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		if _, seen := names[key]; !seen {
			return key, nil
		}
	}
	return "", nil
}
