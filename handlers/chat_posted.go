package handlers

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sightline/connect/jira"
	"sightline/internal/glance"
	"sightline/internal/lang"
	"sightline/internal/workload"
	"sightline/web"
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

// postedSetup reads the dialog's form, in the language of who saves it. A
// glance's numbers are the app's own, so a person can only add projects that
// Jira shows to them.
func (s *Server) postedSetup(c *gin.Context, at roomSetup) (glance.Config, workload.FieldErrors, error) {
	if err := c.Request.ParseForm(); err != nil {
		return glance.Config{}, nil, &bodyReadError{err}
	}
	config, wrong := readSetup(c.Request.PostForm)
	config.Language = at.l.Tag
	if wrong.Has(web.FieldProjects) {
		return config, wrong, nil
	}
	unseen, err := unseen(c.Request.Context(), at.jira, added(at.row.Config.Projects, config.Projects))
	if unseen != "" {
		wrong[web.FieldProjects] = workload.Wrong{Code: workload.WrongNotVisible, Text: unseen}
	}
	return config, wrong, err
}

// readSetup reads the form's fields; wrong names those that cannot be taken.
func readSetup(form url.Values) (config glance.Config, wrong workload.FieldErrors) {
	window, _ := strconv.Atoi(form.Get(web.FieldWindow)) // 0 is refused below
	shared := workload.GadgetConfig{
		Projects: form[web.FieldProjects], Role: form.Get(web.FieldRole),
		Window: workload.Window(window), Unit: workload.UnitHours,
	}
	wrong = workload.FieldErrors{}
	errors.As(shared.Validate(), &wrong)
	config = glance.Config{
		Projects: shared.Projects, Role: shared.Role, Query: shared.Query, Window: int(shared.Window),
		Zone:      form.Get(web.FieldZone),
		QuietFrom: form.Get(web.FieldQuietFrom), QuietTo: form.Get(web.FieldQuietTo),
	}
	if !isZone(config.Zone) {
		wrong[web.FieldZone] = workload.Wrong{Code: workload.WrongZone}
	}
	if !isQuietTime(config.QuietFrom, config.QuietTo) {
		wrong[web.FieldQuiet] = workload.Wrong{Code: wrongQuiet}
	}
	for _, text := range form[web.FieldParts] {
		part := glance.Part(text)
		if !part.Known() {
			wrong[web.FieldParts] = workload.Wrong{Code: wrongParts}
		} else if !slices.Contains(config.Parts, part) {
			config.Parts = append(config.Parts, part)
		}
	}
	return config, wrong
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
func unseen(ctx context.Context, j *jira.Client, projects []string) (string, error) {
	if len(projects) == 0 {
		return "", nil
	}
	seen := map[string]bool{}
	for project, err := range j.Projects.All(ctx, jira.ProjectSearchOptions{Keys: projects}) {
		if err != nil {
			return "", err
		}
		seen[project.Key] = true
	}
	for _, key := range projects {
		if !seen[key] {
			return key, nil
		}
	}
	return "", nil
}
