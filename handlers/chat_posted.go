package handlers

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// What can be wrong with the fields that only the dialog has.
const (
	wrongQuiet workload.WrongCode = "not quiet hours"
	wrongParts workload.WrongCode = "not a part of a label"
)

// setupTexts puts what is wrong with the dialog's fields into words.
func setupTexts(l *lang.Language, wrong workload.FieldErrors) map[string]string {
	texts := wrongTexts(l, wrong)
	if wrong.Has(web.FieldQuiet) {
		texts[web.FieldQuiet] = l.Chat.WrongQuiet
	}
	if wrong.Has(web.FieldParts) {
		texts[web.FieldParts] = l.Chat.WrongParts
	}
	return texts
}

// roomDraft is a room's configuration as it stands in the dialog.
type roomDraft struct {
	glance.Config
	// form is the part that a gadget has, too, with what is typed beside it.
	form draft
}

// postedSetup reads the dialog's form, in the language of who saves it.
func postedSetup(r *edge.Request, at roomSetup) (roomDraft, workload.FieldErrors, error) {
	if err := r.ParseForm(); err != nil {
		return roomDraft{}, nil, err
	}
	d, wrong := readSetup(r.Request.PostForm)
	d.Language = at.l.Tag
	return d, wrong, nil
}

// checkSeen adds to what is wrong. A glance's numbers are the app's own, so a
// person can only add projects that Jira shows to them.
func checkSeen(ctx context.Context, at roomSetup, d roomDraft, wrong workload.FieldErrors) error {
	if wrong.Has(web.FieldProjects) {
		return nil
	}
	hidden, err := unseen(ctx, at.jira, added(at.row.Config.Projects, d.Projects))
	if hidden != "" {
		wrong[web.FieldProjects] = workload.Wrong{Code: workload.WrongNotVisible, Text: hidden}
	}
	return err
}

// readSetup reads the form's fields; wrong names those that cannot be taken.
func readSetup(form url.Values) (d roomDraft, wrong workload.FieldErrors) {
	d.form = readDraft(form)
	d.form.Unit = workload.UnitHours // the dialog has none
	wrong = d.form.wrong()
	d.Config = glance.Config{
		Projects: d.form.Projects, Role: d.form.Role, Query: d.form.Query, Window: int(d.form.Window),
		Zone:      form.Get(web.FieldZone),
		QuietFrom: form.Get(web.FieldQuietFrom), QuietTo: form.Get(web.FieldQuietTo),
	}
	if !isZone(d.Zone) {
		wrong[web.FieldZone] = workload.Wrong{Code: workload.WrongZone}
	}
	if !isQuietTime(d.QuietFrom, d.QuietTo) {
		wrong[web.FieldQuiet] = workload.Wrong{Code: wrongQuiet}
	}
	for _, text := range form[web.FieldParts] {
		part := glance.Part(text)
		if !part.Known() {
			wrong[web.FieldParts] = workload.Wrong{Code: wrongParts}
		} else if !slices.Contains(d.Parts, part) {
			d.Parts = append(d.Parts, part)
		}
	}
	return d, wrong
}

// isZone reports whether it is a place; Local is this server's.
func isZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
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

// unseen returns the first of the projects that the client's person may not
// browse.
func unseen(ctx context.Context, j *jira.Client, keys []string) (string, error) {
	projects := make([]web.Project, 0, len(keys))
	for _, key := range keys {
		projects = append(projects, web.Project{Key: key})
	}
	names, err := browsable(ctx, j, projects)
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
