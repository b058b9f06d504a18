package source

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"sightline/connect/jira"
	"sightline/connect/rest"
	"sightline/internal/workload"
)

// Team is the people of a project role.
type Team struct {
	Members []workload.Person
	// Name is the role's own.
	Name string
	// Groups are the groups in the role; their members are not read.
	Groups []string
	// Missing are the projects in which the reader may not see the role, or
	// which have no such role. With all projects missing the team is unknown.
	Missing []string
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
