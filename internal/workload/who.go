package workload

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Group is a group of Jira's people. Name is what it was called to whoever chose it: for
// people to whom Jira does not name it, and for queries that do not know its id.
type Group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// maxName is how long ids and names of groups and teams may be, in characters.
const maxName = 255

func (g Group) problem() Wrong {
	if g != (Group{}) && (!isName(g.ID) || !isName(g.Name)) {
		return Wrong{Code: WrongGroup}
	}
	return Wrong{}
}

// isName reports whether a text can be shown and put into a query.
func isName(text string) bool {
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= maxName && !strings.ContainsFunc(text, unicode.IsControl)
}

// AtlassianTeam is one of the teams that Atlassian keeps for all its products: the issues
// whose field of teams has its id, because a name in a query matches nothing. Jira does
// not tell who is in it.
type AtlassianTeam struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Field is the id of the site's custom field of teams.
	Field string `json:"field"`
}

var teamID = regexp.MustCompile(`^[0-9A-Za-z:-]{1,128}$`)

// IsTeamID reports whether a text can be the id of an Atlassian team.
func IsTeamID(text string) bool { return teamID.MatchString(text) }

func (t AtlassianTeam) problem() Wrong {
	if t != (AtlassianTeam{}) && (!teamID.MatchString(t.ID) || !isName(t.Name) || !IsCustomField(t.Field)) {
		return Wrong{Code: WrongAtlassianTeam}
	}
	return Wrong{}
}

// clause finds the team's issues; "" without a team.
func (t AtlassianTeam) clause() string {
	if t == (AtlassianTeam{}) {
		return ""
	}
	return oneOf(FieldInQueries(t.Field), t.ID)
}

// FieldInQueries is a custom field as queries name it, whatever it is called.
func FieldInQueries(id string) string {
	return "cf[" + strings.TrimPrefix(id, CustomField) + "]"
}

// MembersOf is the JQL for those of the issues of a project that a member of a group has
// and that are open or were changed since a day: a group is named as membersOf() takes it.
func (w Where) MembersOf(group, project string, since Date) string {
	return all(append(w.Clauses(project), "assignee in membersOf("+quote(group)+")",
		"("+w.Statuses.open()+" OR "+onOrAfter("updated", since.AddDays(-1))+")")...)
}
