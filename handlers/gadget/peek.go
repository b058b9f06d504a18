package gadget

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/web"
)

// The names of the fields that choose how a list is shown.
const (
	sortParam  = "sort"
	groupParam = "group"
)

// grouping is a way to group a list: what each group is called, and its rank before
// others; groups of a rank go by name.
type grouping struct {
	key   string
	label string
	group func(i source.Listed) (rank int, name string)
}

// groupings are the ways to group a list, the usual one first.
func groupings(l *lang.Language) []grouping {
	return []grouping{
		{"status", l.Issues.Status, func(i source.Listed) (int, string) { return statusRank(i.Category), i.Status }},
		{"project", l.Issues.Project, func(i source.Listed) (int, string) { return 0, projectOf(i.Key) }},
		{"none", l.Issues.NoGroups, func(source.Listed) (int, string) { return 0, "" }},
	}
}

// statusRank puts what is being worked on first.
func statusRank(category string) int {
	if i := slices.Index([]string{"indeterminate", "new"}, category); i >= 0 {
		return i
	}
	return 2 // of no category that we know
}

// projectOf is the project's key in an issue's.
func projectOf(key string) string {
	project, _, _ := strings.Cut(key, "-")
	return project
}

// orderName is what an order is called.
func orderName(l *lang.Language, o source.Order) string {
	switch o {
	case source.ByPriority:
		return l.Issues.ByPriority
	case source.ByUpdate:
		return l.Issues.ByUpdate
	default:
		return l.Issues.ByDue
	}
}

// peek is how a list is shown.
type peek struct {
	order source.Order
	by    grouping
	// again says that only the list itself is asked for, in another way.
	again bool
}

// peekOf is how a call wants a list.
func peekOf(r *edge.Request, l *lang.Language) (peek, error) {
	p := peek{order: source.Orders()[0], by: groupings(l)[0]}
	if asked := r.Query(sortParam); asked != "" {
		p.again, p.order = true, source.Order(asked)
		if !slices.Contains(source.Orders(), p.order) {
			return peek{}, edge.Invalid(sortParam, lang.ProblemNoSuchChoice)
		}
	}
	if asked := r.Query(groupParam); asked != "" {
		all := groupings(l)
		i := slices.IndexFunc(all, func(g grouping) bool { return g.key == asked })
		if i < 0 {
			return peek{}, edge.Invalid(groupParam, lang.ProblemNoSuchChoice)
		}
		p.again, p.by = true, all[i]
	}
	return p, nil
}

// choices are the fields of a list.
func (p peek) choices(l *lang.Language) []web.IssueChoice {
	by := web.IssueChoice{Name: sortParam, Label: l.Issues.SortBy}
	for _, o := range source.Orders() {
		by.Options = append(by.Options, web.Option{Value: string(o), Label: orderName(l, o), Selected: o == p.order})
	}
	group := web.IssueChoice{Name: groupParam, Label: l.Issues.GroupBy}
	for _, g := range groupings(l) {
		group.Options = append(group.Options, web.Option{Value: g.key, Label: g.label, Selected: g.key == p.by.key})
	}
	return []web.IssueChoice{by, group}
}

// groups puts issues into groups and keeps their order. All count, and at most so
// many are listed.
func (p peek) groups(found []source.Listed, most int, draw func(source.Listed) web.ListedIssue) []web.IssueGroup {
	type group struct {
		rank   int
		name   string
		issues []source.Listed
	}
	var groups []*group
	for _, i := range found {
		rank, name := p.by.group(i)
		at := slices.IndexFunc(groups, func(g *group) bool { return g.rank == rank && g.name == name })
		if at < 0 {
			at, groups = len(groups), append(groups, &group{rank: rank, name: name})
		}
		groups[at].issues = append(groups[at].issues, i)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.name, b.name)) })
	var out []web.IssueGroup
	for _, g := range groups {
		shown := g.issues[:min(len(g.issues), most)]
		most -= len(shown)
		if len(shown) == 0 {
			break
		}
		part := web.IssueGroup{Name: g.name, Count: len(g.issues)}
		for _, i := range shown {
			part.Issues = append(part.Issues, draw(i))
		}
		out = append(out, part)
	}
	return out
}
