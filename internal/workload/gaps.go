package workload

import "slices"

// Gap is what is missing from one kind of records. The zero value is nothing.
type Gap struct {
	// Read is how many were read before a limit of ours, if Limit is set, or
	// before Jira's list broke off, if Cut says why.
	Read  int
	Limit bool
	Cut   string
	// Unreadable counts records that could not be read and were left out, Keys
	// names the issues that they are or belong to, as far as they have a name.
	// Only the person whom they were read for may see these.
	Unreadable int
	Keys       []string
}

// maxGapKeys is how many issues a gap names.
const maxGapKeys = 10

// Any reports whether something is missing.
func (g Gap) Any() bool { return g.Limit || g.Cut != "" || g.Unreadable > 0 }

// Skip notes a record that could not be read; key names its issue, "" if it has
// no name.
func (g *Gap) Skip(key string) {
	g.Unreadable++
	if key != "" && len(g.Keys) < maxGapKeys && !slices.Contains(g.Keys, key) {
		g.Keys = append(g.Keys, key)
	}
}

// Gaps are what is missing from what numbers were made of, so that every place
// that shows them can say so. The zero value is nothing. What Jira does not show
// to a person is not missing.
type Gaps struct {
	Issues, Worklogs Gap
	// Team is about the people that a role or a query finds.
	Team Gap
	// Groups are groups in the role whose members are not read.
	Groups []string
	// Projects are those that do not tell who has the role in them, while
	// others do.
	Projects []string
}

// Any reports whether something is missing.
func (g Gaps) Any() bool { return g.Open() || g.Worklogs.Any() }

// Open reports whether open issues are missing: their counts are then at least
// what they say.
func (g Gaps) Open() bool {
	return g.Issues.Any() || g.Team.Any() || len(g.Groups) > 0 || len(g.Projects) > 0
}

// With is g with the team of another.
func (g Gaps) With(team Gaps) Gaps {
	g.Team, g.Groups, g.Projects = team.Team, team.Groups, team.Projects
	return g
}
