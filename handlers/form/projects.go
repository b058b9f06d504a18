package form

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

const (
	// maxFound is how many projects a search shows.
	maxFound = 10
	// maxSearch is how much of the typed text is searched for, in characters.
	maxSearch = 100
)

// projectPicker shows the chosen projects and others that can be chosen.
func projectPicker(ctx context.Context, l *lang.Language, j *jira.Client, url string, d Draft) (web.ProjectPicker, error) {
	picker := plainPicker(l, url, d)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		picker.Found, err = FindProjects(ctx, l, j, d, maxFound)
		return err
	})
	g.Go(func() error { return nameProjects(ctx, j, picker.Chosen) })
	err := g.Wait()
	return picker, err
}

// plainPicker shows the chosen projects by key, up to the maximum.
func plainPicker(l *lang.Language, url string, d Draft) web.ProjectPicker {
	picker := web.ProjectPicker{
		URL: url, Typed: d.Search, Max: workload.MaxProjects,
		Found: web.Projects{L: l, Typed: d.Search, Problem: l.Form.SearchFailed},
	}
	for _, key := range d.Projects {
		known := slices.ContainsFunc(picker.Chosen, func(p web.Project) bool { return p.Key == key })
		if key != "" && !known && len(picker.Chosen) < workload.MaxProjects {
			picker.Chosen = append(picker.Chosen, web.Project{Key: key})
		}
	}
	return picker
}

// nameProjects names the projects that the person may browse and marks the
// others.
func nameProjects(ctx context.Context, j *jira.Client, projects []web.Project) error {
	names, err := Browsable(ctx, j, projects)
	if err != nil {
		return err
	}
	for i := range projects {
		name, ok := names[projects[i].Key]
		projects[i].Name, projects[i].Hidden = name, !ok
	}
	return nil
}

// Browsable are the names of those of the projects that the person may browse.
func Browsable(ctx context.Context, j *jira.Client, projects []web.Project) (map[string]string, error) {
	names := map[string]string{}
	var keys []string
	for _, p := range projects {
		if workload.IsProjectKey(p.Key) {
			keys = append(keys, p.Key)
		}
	}
	if len(keys) == 0 {
		return names, nil
	}
	for project, err := range j.Projects.All(ctx, jira.ProjectSearchOptions{Keys: keys, Action: "browse"}) {
		if errors.Is(err, rest.ErrNotFound) { // none of them
			return names, nil
		}
		if err != nil {
			return nil, fmt.Errorf("name projects: %w", err)
		}
		names[project.Key] = project.Name
	}
	return names, nil
}

// FindProjects searches the projects that the person may browse, and returns up
// to most of them, without those already chosen.
func FindProjects(ctx context.Context, l *lang.Language, j *jira.Client, d Draft, most int) (web.Projects, error) {
	found := web.Projects{L: l, Typed: d.Search}
	chosen := d.Projects[:min(len(d.Projects), workload.MaxProjects)]
	page, err := j.Projects.Search(ctx, jira.ProjectSearchOptions{
		Query: Shorten(d.Search, maxSearch), Action: "browse", OrderBy: "name", MaxResults: most + len(chosen),
	})
	if errors.Is(err, rest.ErrNotFound) { // nothing to see at all
		return found, nil
	}
	if err != nil {
		return found, fmt.Errorf("search projects: %w", err)
	}
	for _, project := range page.Values {
		if !slices.Contains(chosen, project.Key) {
			found.Found = append(found.Found, web.Project{Key: project.Key, Name: project.Name})
		}
	}
	found.More = !page.IsLast || len(found.Found) > most
	found.Found = found.Found[:min(len(found.Found), most)]
	return found, nil
}

// Shorten keeps the first characters of a text.
func Shorten(text string, limit int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), limit)])
}
