package form

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// firstPeople is how many of the people found are shown.
const firstPeople = 6

// roleField offers the roles of the chosen projects, as far as the person may
// read them.
func roleField(ctx context.Context, l *lang.Language, j *jira.Client, url string, d Draft) (web.RoleField, error) {
	field := web.RoleField{L: l, URL: url, Roles: RoleOptions(l, nil, d.role)}
	keys := ProjectKeys(d.Projects)
	if len(keys) == 0 {
		field.Note = l.Form.NoProjectForRole
		return field, nil
	}
	names, hidden, err := ReadRoles(ctx, j, keys)
	if err != nil {
		return field, err
	}
	field.Roles = RoleOptions(l, names, d.role)
	switch len(hidden) {
	case 0:
	case len(keys):
		field.Note = l.Form.RolesHidden
	default:
		field.Note = l.Say(l.Form.SomeRolesHidden, l.List(hidden))
	}
	return field, nil
}

// ProjectKeys are the project keys in a list, up to the maximum that may be
// chosen.
func ProjectKeys(list []string) []string {
	var keys []string
	for _, key := range list[:min(len(list), workload.MaxProjects)] {
		if workload.IsProjectKey(key) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// ReadRoles returns the names of the projects' roles by id, and the projects
// that hide theirs.
func ReadRoles(ctx context.Context, j *jira.Client, keys []string) (names map[string]string, hidden []string, err error) {
	found := make([]map[string]string, len(keys))
	g, ctx := errgroup.WithContext(ctx)
	for i, key := range keys {
		g.Go(func() error {
			roles, err := j.Roles.List(ctx, key)
			if hidesRoles(err) {
				return nil
			}
			found[i] = roles
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, fmt.Errorf("list roles: %w", err)
	}
	names = map[string]string{}
	for i, roles := range found {
		if roles == nil {
			hidden = append(hidden, keys[i])
		}
		for name, id := range roles {
			names[id] = name
		}
	}
	return names, hidden, nil
}

// hidesRoles reports whether Jira hides a project's roles from the person.
func hidesRoles(err error) bool {
	return errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrUnauthorized) || errors.Is(err, rest.ErrNotFound)
}

// RoleOptions offers roles by name. A chosen role without a name here stays,
// shown by its number.
func RoleOptions(l *lang.Language, names map[string]string, chosen string) []web.Option {
	list := []web.Option{{Value: "", Label: l.Form.NoRole, Selected: chosen == ""}}
	for id, name := range names {
		list = append(list, web.Option{Value: id, Label: name, Selected: id == chosen})
	}
	if _, ok := names[chosen]; !ok && chosen != "" {
		list = append(list, web.Option{Value: chosen, Label: l.Say(l.Form.RoleNumber, chosen), Selected: true})
	}
	slices.SortFunc(list[1:], func(a, b web.Option) int { return strings.Compare(a.Label, b.Label) })
	return list
}

// people are those that a user query finds for this person, or why it finds
// nobody. The query runs with the person's own rights.
func (f *Forms) people(ctx context.Context, l *lang.Language, j *jira.Client, query string) web.People {
	view := web.People{L: l}
	if query == "" {
		return view
	}
	if wrong := workload.QueryProblem(query); wrong.Code != "" {
		view.Error = wrongText(l, wrong)
		return view
	}
	team, err := source.Reader{Jira: j}.Team(ctx, source.Choice{Query: query})
	if err != nil || team.Refused != "" {
		view.Error = refusedText(l, team.Refused)
		return view
	}
	view.Count = l.Count(l.Form.People, len(team.Members))
	if team.More {
		view.Count = l.Count(l.Form.MorePeople, source.MaxPeople)
	}
	shown := min(len(team.Members), firstPeople)
	for _, p := range team.Members[:shown] {
		view.First = append(view.First, web.Person{Name: p.Name, AvatarURL: p.AvatarURL, Initials: web.Initials(p.Name)})
	}
	if rest := len(team.Members) - shown; rest > 0 {
		view.More = l.Count(l.Form.AndMore, rest)
	}
	return view
}

func refusedText(l *lang.Language, refused source.Refusal) string {
	switch refused {
	case source.RefusedQuery:
		return l.Form.QueryRefused
	case source.RefusedRight:
		return l.Form.QueryForbidden
	case source.RefusedSlow:
		return l.Form.QuerySlow
	}
	return l.Form.QueryFailed
}
