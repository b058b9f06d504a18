package source

import (
	"context"
	"errors"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/workload"
)

// inGroup finds the members of a group among those who have issues of what the reader
// looks at, open ones or ones changed lately. Jira lists a group's members only to apps
// that may administer it; whose issues they are, a search tells everybody.
//
// A search names a group by its id, which stays when it is renamed, or else by its name.
func (r Reader) inGroup(ctx context.Context, c Choice) (Team, error) {
	var refused error
	for _, name := range []string{"id: " + c.Group.ID, c.Group.Name} {
		team, err := r.membersOf(ctx, c, name)
		if !errors.Is(err, rest.ErrBadRequest) {
			return team, err
		}
		refused = err
	}
	if ctx.Err() != nil {
		return Team{}, refused
	}
	return Team{Unknown: true, Refused: RefusedGroup}, nil
}

// membersOf searches for the members of a group.
func (r Reader) membersOf(ctx context.Context, c Choice, group string) (Team, error) {
	reading, err := r.read(ctx, c.Projects, func(r Reader, ctx context.Context, key string, b *budget, p *part) error {
		missing := &b.issuesGap
		found := sweep{
			client: r.client(missing.skipIn(listIssues)), jql: r.Where.MembersOf(group, key, c.Since), missing: missing,
			fields: []string{"assignee"}, size: fetchMany, most: b.issues.Load(), thrifty: r.Thrifty, anywhere: r.Where.IsQuery(),
		}
		err := found.each(ctx, func(found jira.Issue) bool {
			if found.Fields.Assignee == nil {
				return true // taken away since
			}
			person := PersonOf(*found.Fields.Assignee)
			return p.take(workload.Issue{ID: found.ID, Assignee: &person}, b)
		})
		return missing.walked(ctx, err, "search issues of a group"+ofProject(key))
	})
	if err != nil {
		return Team{}, err
	}
	team := Team{Members: []workload.Person{}, Name: c.Group.Name}
	seen := workload.Seen{}
	for _, issue := range reading.Issues {
		if !seen.Before(issue.Assignee.AccountID) {
			team.Members = append(team.Members, *issue.Assignee)
		}
	}
	team.Gap = reading.Gaps.Issues
	team.Gap.Keys = nil // what is missing is people
	if team.Gap.Read > 0 {
		team.Gap.Read = len(team.Members)
	}
	return team, nil
}
