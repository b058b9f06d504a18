package world

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// finish sorts the loaded data and makes what it lacks: workflows, roles,
// leads, an administrator, dashboards.
func (l *loader) finish() {
	for key, issues := range l.s.byProject {
		slices.SortFunc(issues, func(a, b *Issue) int { return cmp.Compare(a.Number, b.Number) })
		l.s.byProject[key] = issues
	}
	for id, logs := range l.s.logsOf {
		slices.SortStableFunc(logs, func(a, b *Worklog) int { return a.Created.Compare(b.Created) })
		l.s.logsOf[id] = logs
	}
	slices.SortFunc(l.s.projects, func(a, b Project) int { return cmp.Compare(a.Key, b.Key) })
	leads := l.staff()
	l.makeDashboards(leads)
	l.makeParts()
	if len(leads) > 0 {
		l.s.addFilter(Filter{Name: "Everything open", OwnerID: leads[0], JQL: "statusCategory != Done", Shares: []Share{{Kind: ShareLoggedIn}}, Favourites: []string{leads[0]}})
	}
	l.s.lastID = l.highestID() + 1000
}

// makeParts gives each project a board, and the components and versions that its
// issues name.
func (l *loader) makeParts() {
	for _, p := range l.s.projects {
		l.s.board(p)
		for _, i := range l.s.byProject[p.Key] {
			for _, name := range i.Components {
				l.s.component(Component{Name: name, Project: p.Key})
			}
			for _, name := range i.FixVersions {
				l.s.version(Version{Name: name, Project: p.Key})
			}
		}
	}
}

// staff gives each project its workflow and roles: the people named in its data
// are developers, the busiest active one leads and administers it. It returns
// the leads, busiest first.
func (l *loader) staff() []string {
	var leads []string
	for i := range l.s.projects {
		p := &l.s.projects[i]
		p.Statuses = workflow(l.statuses[p.Key])
		busiest := l.busiest(p.Key)
		p.Actors = map[string][]string{RoleDevelopers: busiest}
		for _, id := range busiest {
			if person, _ := l.s.person(id); person.Active && !person.App {
				p.LeadID = id
				p.Actors[RoleAdministrators] = []string{id}
				leads = append(leads, id)
				break
			}
		}
	}
	slices.SortStableFunc(leads, func(a, b string) int { return cmp.Compare(l.weight(b), l.weight(a)) })
	return slices.Compact(leads)
}

func (l *loader) busiest(project string) []string {
	counts := l.active[project]
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// weight is how often an account occurs in all projects.
func (l *loader) weight(account string) int {
	sum := 0
	for _, counts := range l.active {
		sum += counts[account]
	}
	return sum
}

// makeDashboards makes the busiest lead owner of the shared dashboard and
// administrator of the site and its projects, and the next owner of the
// private one.
func (l *loader) makeDashboards(leads []string) {
	for _, p := range l.s.people {
		if p.Active && !p.App && !slices.Contains(leads, p.AccountID) && len(leads) < 2 {
			leads = append(leads, p.AccountID)
		}
	}
	if len(leads) == 0 {
		l.s.dashboards = dashboards("Everything", "", "", "")
		return
	}
	admin, _ := l.s.person(leads[0])
	admin.Admin = true
	l.s.addPerson(admin)
	for i := range l.s.projects {
		roles := l.s.projects[i].Actors
		if !slices.Contains(roles[RoleAdministrators], admin.AccountID) {
			roles[RoleAdministrators] = append(roles[RoleAdministrators], admin.AccountID)
		}
	}
	l.s.dashboards = dashboards("Everything", leads[0], leads[len(leads)-1], leads[0])
}

func (l *loader) highestID() int64 {
	highest := int64(firstIssueID)
	for _, ids := range [][]string{slices.Collect(maps.Keys(l.s.issues)), slices.Collect(maps.Keys(l.s.worklogs))} {
		for _, id := range ids {
			if n, err := strconv.ParseInt(id, 10, 64); err == nil {
				highest = max(highest, n)
			}
		}
	}
	return highest
}
