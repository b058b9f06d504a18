package form

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
	field := plainRoles(l, url, d)
	keys := ProjectKeys(d.Projects)
	if len(keys) == 0 {
		field.Note = l.Form.NoProjectForRole
		return field, nil
	}
	roles, err := ReadRoles(ctx, j, keys)
	if err != nil {
		return field, err
	}
	field.Roles = RoleOptions(l, roles.named(d), d.role)
	field.Note = roles.note(l, keys)
	return field, nil
}

// plainRoles offers only the chosen role, by the name that it had then.
func plainRoles(l *lang.Language, url string, d Draft) web.RoleField {
	return web.RoleField{L: l, URL: url, Roles: RoleOptions(l, Roles{}.named(d), d.role), Name: d.RoleName}
}

// Roles are what a person may know of the roles of some projects.
type Roles struct {
	// Names are the roles' names by id.
	Names map[string]string
	// Members are the projects that do not tell the person who is in a role,
	// Hidden those of them that do not even tell the names.
	Members, Hidden []string
}

// named are the names, with that of the chosen role, which somebody else may
// have chosen.
func (r Roles) named(d Draft) map[string]string {
	if _, known := r.Names[d.role]; known || d.RoleName == "" {
		return r.Names
	}
	names := map[string]string{d.role: d.RoleName}
	maps.Copy(names, r.Names)
	return names
}

// note says what the person does not see, and who may change it.
func (r Roles) note(l *lang.Language, keys []string) string {
	switch {
	case len(r.Hidden) == len(keys):
		return l.Form.RolesHidden
	case len(r.Hidden) > 0:
		return l.Say(l.Form.SomeRolesHidden, l.List(r.Hidden))
	case len(r.Members) > 0:
		return l.Say(l.Form.RoleMembersHidden, l.List(r.Members))
	}
	return ""
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

// ReadRoles reads the projects' roles as far as Jira lets the person: their
// admins see the roles and who is in them, others the names that the project
// itself has.
func ReadRoles(ctx context.Context, j *jira.Client, keys []string) (Roles, error) {
	found, told := make([]map[string]string, len(keys)), make([]bool, len(keys))
	g, ctx := errgroup.WithContext(ctx)
	for i, key := range keys {
		g.Go(func() (err error) {
			found[i], err = j.Roles.List(ctx, key)
			if told[i] = err == nil; hidesRoles(err) {
				found[i], err = rolesOfProject(ctx, j, key)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return Roles{}, fmt.Errorf("list roles: %w", err)
	}
	return joinRoles(keys, found, told), nil
}

// roleName is what a chosen role is called: as the person sees it now or, if
// Jira does not name it to them, as it was called when it was chosen.
func roleName(ctx context.Context, j *jira.Client, d Draft) string {
	if d.Role == "" {
		return ""
	}
	roles, err := ReadRoles(ctx, j, ProjectKeys(d.Projects))
	if name := roles.Names[d.Role]; err == nil && name != "" {
		return name
	}
	return d.RoleName
}

// rolesOfProject are the roles that a project names to whoever sees it; nil if
// it names none.
func rolesOfProject(ctx context.Context, j *jira.Client, key string) (map[string]string, error) {
	project, err := j.Projects.Get(ctx, key)
	if hidesRoles(err) {
		return nil, nil
	}
	return project.RoleIDs(), err
}

func joinRoles(keys []string, found []map[string]string, told []bool) Roles {
	out := Roles{Names: map[string]string{}}
	for i, roles := range found {
		if !told[i] {
			out.Members = append(out.Members, keys[i])
		}
		if roles == nil {
			out.Hidden = append(out.Hidden, keys[i])
		}
		for name, id := range roles {
			out.Names[id] = name
		}
	}
	return out
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
