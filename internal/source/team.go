package source

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/connect/userquery"
	"github.com/sightline-go/sightline/internal/workload"
)

// MaxPeople is the most people that a user query adds to a team.
const MaxPeople = 200

// Choice says which people make up a team. Query wins over Role, and Role over Group;
// without any, everybody is in it.
type Choice struct {
	// Projects are the keys of the projects whose roles are read.
	Projects []string
	// Role is the id of a project role, Query a structured user query.
	Role, Query string
	// Group is a group, and Since the day from which on changed issues tell who is in
	// it, besides open ones.
	Group workload.Group
	Since workload.Date
}

// Everybody reports whether no team was chosen.
func (c Choice) Everybody() bool { return c.Role == "" && c.Query == "" && c.Group.ID == "" }

// Refusal says why Jira did not run a query for people for the reader.
type Refusal string

// The refusals.
const (
	RefusedQuery Refusal = "query" // it is not a query, or Jira does not accept it
	RefusedRight Refusal = "right" // the reader may not browse users
	RefusedSlow  Refusal = "slow"  // Jira gave up on it
	RefusedGroup Refusal = "group" // Jira does not know the group, or does not tell the reader
)

// Team is the people that a [Choice] finds. Its zero value is everybody.
type Team struct {
	// Members are the people found: nil when everybody was chosen or nothing
	// could be read, empty when nobody was found.
	Members []workload.Person
	// Name is the role's own.
	Name string
	// Groups are the groups in the role; their members are not read.
	Groups []string
	// Missing are the projects that have no such role or hide it from the
	// reader.
	Missing []string
	// Unknown says that Jira does not tell who the chosen people are: it
	// refused the query or the group, or every project hides the role.
	Unknown bool
	// Refused is why Jira did not run the query; "" if it did or there was
	// none.
	Refused Refusal
	// More says that the query found more than MaxPeople.
	More bool

	// Gap is what of the members could not be read.
	Gap workload.Gap
}

// Gaps say which people of the team could not be read. A team that is unknown
// has none: then everybody counts.
func (t Team) Gaps() workload.Gaps {
	if t.Unknown {
		return workload.Gaps{}
	}
	return workload.Gaps{Team: t.Gap, Groups: t.Groups, Projects: t.Missing}
}

// People are the members to count; nil means everybody. A team that is unknown
// hides nobody: every view, label and preview then counts everybody.
func (t Team) People() []workload.Person {
	if t.Unknown {
		return nil
	}
	return t.Members
}

// Team reads who is in a team, as far as the reader may know. A refusal by Jira
// is not an error: the team is then unknown and says why.
func (r Reader) Team(ctx context.Context, c Choice) (Team, error) {
	switch {
	case c.Query != "":
		return r.found(ctx, c.Query)
	case c.Role != "":
		return r.inRole(ctx, c.Projects, c.Role)
	case c.Group.ID != "":
		return r.inGroup(ctx, c)
	}
	return Team{}, nil
}

// found reads the people that a structured user query finds.
func (r Reader) found(ctx context.Context, query string) (Team, error) {
	parsed, err := userquery.Parse(query)
	if err != nil {
		return Team{Unknown: true, Refused: RefusedQuery}, nil
	}
	team := Team{Members: []workload.Person{}}
	missing := &gap{}
	for user, err := range r.client(missing.skipIn(listValues)).Users.QueryAll(ctx, jira.UserQueryOptions{Query: parsed, MaxResults: queryPage}) {
		if refused := refusal(err); refused != "" {
			return Team{Unknown: true, Refused: refused}, nil
		}
		if err = missing.cut(ctx, err); err != nil {
			return Team{}, fmt.Errorf("find people: %w", err)
		}
		if missing.Cut != "" {
			break
		}
		if len(team.Members) == MaxPeople {
			team.More = true
			missing.limit()
			break
		}
		team.Members = append(team.Members, PersonOf(user))
	}
	team.Gap = missing.total(len(team.Members))
	team.Gap.Keys = nil // they name people
	return team, nil
}

// queryPage is the page size: Jira searches only the first thousand users, so
// one page asks for all of them. Jira may return fewer.
const queryPage = 1000

func refusal(err error) Refusal {
	switch {
	case errors.Is(err, rest.ErrBadRequest):
		return RefusedQuery
	case errors.Is(err, rest.ErrForbidden), errors.Is(err, rest.ErrUnauthorized):
		return RefusedRight
	case errors.Is(err, rest.ErrTimeout):
		return RefusedSlow
	}
	return ""
}

// inRole reads the members of a role in each of the projects in parallel, and beside
// them those who are not deactivated.
func (r Reader) inRole(ctx context.Context, projects []string, role string) (Team, error) {
	missing := &gap{}
	client, quiet := r.client(missing.skipIn(listActors)), r.client(func(string, string) {})
	var roles, active []*jira.Role
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		roles, err = readRoles(ctx, projects, role, client.Roles.Get)
		return err
	})
	g.Go(func() (err error) {
		active, err = readRoles(ctx, projects, role, quiet.Roles.GetActive)
		return err
	})
	if err := g.Wait(); err != nil {
		return Team{}, err
	}
	team := joinRoles(projects, roles)
	team.markInactive(joinRoles(projects, active))
	team.Gap.Unreadable = missing.Unreadable
	return team, nil
}

// readRoles reads a role of each project, nil where Jira hides it.
func readRoles(ctx context.Context, projects []string, role string, get func(ctx context.Context, project, role string) (jira.Role, error)) ([]*jira.Role, error) {
	roles := make([]*jira.Role, len(projects))
	g, ctx := errgroup.WithContext(ctx)
	for i, key := range projects {
		g.Go(func() error {
			found, err := get(ctx, key, role)
			if err == nil {
				roles[i] = &found
			} else if !isRefusal(err) {
				return fmt.Errorf("read role %s of %s: %w", role, key, err)
			}
			return nil
		})
	}
	return roles, g.Wait()
}

// markInactive marks the members who are not in the same team without deactivated
// people, as far as all of it could be read.
func (t *Team) markInactive(active Team) {
	if len(active.Missing) > len(t.Missing) {
		return
	}
	works := map[string]bool{}
	for _, m := range active.Members {
		works[m.AccountID] = true
	}
	for i := range t.Members {
		t.Members[i].Inactive = !works[t.Members[i].AccountID]
	}
}

// isRefusal reports whether Jira hides the role: it does so with any of these.
func isRefusal(err error) bool {
	return errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrUnauthorized) ||
		errors.Is(err, rest.ErrNotFound)
}

func joinRoles(projects []string, roles []*jira.Role) Team {
	team := Team{Members: []workload.Person{}}
	seen := map[string]bool{}
	for i, role := range roles {
		if role == nil {
			team.Missing = append(team.Missing, projects[i])
			continue
		}
		team.Name = role.Name
		for _, actor := range role.Actors {
			team.addActor(actor, seen)
		}
	}
	team.Unknown = len(team.Missing) == len(projects)
	return team
}

func (t *Team) addActor(actor jira.RoleActor, seen map[string]bool) {
	switch {
	case actor.User != nil && !seen[actor.User.AccountID]:
		seen[actor.User.AccountID] = true
		t.Members = append(t.Members, workload.Person{
			AccountID: actor.User.AccountID,
			Name:      actor.DisplayName,
			AvatarURL: actor.AvatarURL,
		})
	case actor.Group != nil && !seen["group "+actor.Group.Name]:
		seen["group "+actor.Group.Name] = true
		t.Groups = append(t.Groups, actor.Group.DisplayName)
	}
}
