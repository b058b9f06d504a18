package room

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// Check asks Jira about what a person has chosen: as the person what they may see, as
// the app what it can count. It adds to wrong what is not in order, and takes the fields
// of story points.
func (r *Rooms) Check(ctx context.Context, at Setup, d *Draft, wrong workload.FieldErrors) error {
	if err := checkSeen(ctx, at, *d, wrong); err != nil {
		return err
	}
	if err := r.checkQuery(ctx, at, *d, wrong); err != nil {
		return err
	}
	return r.TakePoints(ctx, at, d, wrong)
}

// checkQuery adds to wrong what Jira says to the person against the query of a room,
// a filter that the app does not see, and a query or filter of somebody from whom Jira
// hides issues of the projects. A label counts with the app's rights: with queries of
// their own, such a person could find out what is in issues that they may not see. What
// the room has already is not asked about.
func (r *Rooms) checkQuery(ctx context.Context, at Setup, d Draft, wrong workload.FieldErrors) error {
	before, now := at.Row.Config.Narrow, d.Narrow
	filter, jql := now.Filter != "" && now.Filter != before.Filter, now.JQL != "" && now.JQL != before.JQL
	if len(wrong) > 0 || !filter && !jql {
		return nil
	}
	if jql {
		if w := form.RefusedJQL(ctx, at.Jira, now.JQL); w.Code != "" {
			wrong[web.FieldJQL] = w
			return nil
		}
	}
	app, err := r.AsApp(ctx, at.Tenant)
	if err != nil {
		return err
	}
	if filter {
		w, err := refusedFilter(ctx, at.Jira, app, now.Filter)
		if err != nil {
			return err
		}
		if w.Code != "" {
			wrong[web.FieldFilter] = w
			return nil
		}
	}
	hidden, err := hides(ctx, at.Jira, app, d.Projects)
	if err != nil || !hidden {
		return err
	}
	for field, changed := range map[string]bool{web.FieldFilter: filter, web.FieldJQL: jql} {
		if changed {
			wrong[field] = workload.Wrong{Code: wrongProbe}
		}
	}
	return nil
}

// refusedFilter is what is wrong with a filter: the person does not see it, or the app
// does not.
func refusedFilter(ctx context.Context, person, app *jira.Client, id string) (workload.Wrong, error) {
	for _, eyes := range []struct {
		client *jira.Client
		code   workload.WrongCode
	}{{person, workload.WrongFilter}, {app, wrongUnshared}} {
		_, err := eyes.client.Filters.Get(ctx, id)
		if errors.Is(err, rest.ErrBadRequest) || errors.Is(err, rest.ErrNotFound) {
			return workload.Wrong{Code: eyes.code}, nil
		}
		if err != nil {
			return workload.Wrong{}, fmt.Errorf("read filter %s: %w", id, err)
		}
	}
	return workload.Wrong{}, nil
}

// hides reports whether Jira shows fewer issues of the projects to the person than to
// the app.
func hides(ctx context.Context, person, app *jira.Client, projects []string) (bool, error) {
	all := workload.Where{}.Clauses(projects...)[0]
	var sees, exist int64
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		sees, err = person.Search.Count(ctx, all)
		return err
	})
	g.Go(func() (err error) {
		exist, err = app.Search.Count(ctx, all)
		return err
	})
	err := g.Wait()
	if errors.Is(err, rest.ErrBadRequest) { // one of them does not see a project at all
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("count the projects' issues: %w", err)
	}
	return sees < exist, nil
}
