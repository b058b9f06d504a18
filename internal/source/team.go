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

// MaxPeople is the most people that a user query shows.
const MaxPeople = 200

// Refusal says why Jira did not run a user query for the reader.
type Refusal string

// The refusals.
const (
	RefusedQuery Refusal = "query" // it is none, or Jira does not take it
	RefusedRight Refusal = "right" // the reader may not browse users
	RefusedSlow  Refusal = "slow"  // Jira gave it up
)

// Team is the people to show: those of a project role, or those whom a user
// query finds.
type Team struct {
	Members []workload.Person
	// Name is the role's own.
	Name string
	// Groups are the groups in the role; their members are not read.
	Groups []string
	// Missing are the projects in which the reader may not see the role, or
	// which have no such role. With all projects missing the team is unknown.
	Missing []string
	// Refused is "" when the query ran, or there was none; else the team is
	// unknown.
	Refused Refusal
	// More says that the query found more than MaxPeople.
	More bool
}

// Found reads the people whom a structured user query finds, as far as the
// reader may search people.
func (r Reader) Found(ctx context.Context, query string) (Team, error) {
	parsed, err := userquery.Parse(query)
	if err != nil {
		return Team{Refused: RefusedQuery}, nil
	}
	team := Team{Members: []workload.Person{}}
	for user, err := range r.Jira.Users.QueryAll(ctx, jira.UserQueryOptions{Query: parsed, MaxResults: queryPage}) {
		if refused := refusal(err); refused != "" {
			return Team{Refused: refused}, nil
		}
		if err != nil {
			return Team{}, fmt.Errorf("find people: %w", err)
		}
		if len(team.Members) == MaxPeople {
			team.More = true
			break
		}
		team.Members = append(team.Members, PersonOf(user))
	}
	return team, nil
}

// queryPage is the size of a page: all of the first thousand users, whom alone
// Jira looks through. Jira may give less.
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

// Team reads the members of a role in each of the projects, side by side.
func (r Reader) Team(ctx context.Context, projects []string, role string) (Team, error) {
	roles := make([]*jira.Role, len(projects))
	g, ctx := errgroup.WithContext(ctx)
	for i, key := range projects {
		g.Go(func() error {
			found, err := r.Jira.Roles.Get(ctx, key, role)
			if err == nil {
				roles[i] = &found
			} else if !isRefusal(err) {
				return fmt.Errorf("read role %s of %s: %w", role, key, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return Team{}, err
	}
	return joinRoles(projects, roles), nil
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
