package world

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

// samplePlan is what a built-in project's issues are planned with.
type samplePlan struct {
	components, labels, epics, teams []string
	versions                         [3]string // released, the next, a later one
	goal                             string    // of the sprint that is active
	teamManaged                      bool
}

func samplePlans() map[string]samplePlan {
	return map[string]samplePlan{
		"HARB": {
			components: []string{"Booking", "Tracking", "Billing", "Accounts"},
			labels:     []string{"customer-request", "accessibility", "regression", "quick-win"},
			epics:      []string{"Booking on one page", "A map that people trust", "Invoices without a phone call"},
			teams:      []string{"Quayside", "Harbour Lights"},
			versions:   [3]string{"2.4", "2.5", "3.0"}, goal: "Two containers in one booking",
		},
		"LANT": {
			components: []string{"Ingest", "Warehouse", "Reports"},
			labels:     []string{"tech-debt", "on-call", "cost", "quick-win"},
			epics:      []string{"Reports before breakfast", "One schema for vessels"},
			teams:      []string{"Lamplighters", "Quayside"},
			versions:   [3]string{"Spring", "Summer", "Autumn"}, goal: "No late arrivals for a week", teamManaged: true,
		},
		"VALT": {
			components: []string{"Identity", "Secrets"},
			labels:     []string{"compliance", "customer-request"},
			epics:      []string{"Keys that rotate themselves"},
			teams:      []string{"Strongroom"},
			versions:   [3]string{"Audit 1", "Audit 2", "Audit 3"}, goal: "Close the findings of the audit",
		},
		"FLEET": {
			components: []string{"Engine", "Bridge", "Deck", "Galley", "Safety"},
			labels:     []string{"dry-dock", "class-survey", "spares", "quick-win"},
			epics:      []string{"Ready for the class survey", "Dry dock in spring", "Less fuel on the northern run", "One alarm, one meaning"},
			teams:      []string{"Port watch", "Starboard watch", "Engine room"},
			versions:   [3]string{"Voyage 11", "Voyage 12", "Voyage 13"}, goal: "Nothing open before the survey",
		},
	}
}

// planner plans the issues of one project. Its numbers come from a source of its
// own, so that the rest of the sample is the same whatever is planned.
type planner struct {
	*sampler
	plan    samplePlan
	project Project
	rng     *rand.Rand
	epics   []*Issue
	sprints []Sprint // oldest first; the last but one is active
}

// plan gives the issues of all projects their components, versions, labels, epics,
// sprints, teams and points.
func (b *sampler) plan() {
	plans := samplePlans()
	for i := range b.s.projects {
		project := &b.s.projects[i]
		plan := plans[project.Key]
		project.TeamManaged = plan.teamManaged
		h := fnv.New64a()
		_, _ = h.Write([]byte("plan " + project.Key)) // never fails
		p := planner{sampler: b, plan: plan, project: *project, rng: rand.New(rand.NewPCG(2990, h.Sum64()))}
		p.addParts()
		p.addSprints()
		p.raiseEpics()
		for _, issue := range b.s.byProject[project.Key] {
			p.planIssue(issue)
		}
	}
}

func (p *planner) addParts() {
	team := p.project.Actors[RoleDevelopers]
	for i, name := range p.plan.components {
		p.s.component(Component{Name: name, Project: p.project.Key, LeadID: team[i%len(team)]})
	}
	day := func(n int) string { return p.today.AddDate(0, 0, n).Format(dateFormat) }
	p.s.version(Version{Name: p.plan.versions[0], Project: p.project.Key, Start: day(-80), Release: day(-20), Released: true})
	p.s.version(Version{Name: p.plan.versions[1], Project: p.project.Key, Start: day(-20), Release: day(12)})
	p.s.version(Version{Name: p.plan.versions[2], Project: p.project.Key, Release: day(75)})
	for _, name := range p.plan.teams {
		p.s.team(name)
	}
}

// addSprints makes two closed sprints, one that ends in nine days, and the next.
func (p *planner) addSprints() {
	const long = 14
	board := p.s.board(p.project)
	for n := range 4 {
		sprint := Sprint{Name: fmt.Sprintf("%s Sprint %d", p.project.Key, 21+n), Board: board.ID, State: SprintFuture}
		if n < 3 {
			sprint.Start = p.today.AddDate(0, 0, -5+(n-2)*long)
			sprint.End = sprint.Start.AddDate(0, 0, long)
			sprint.State = SprintActive
		}
		switch n {
		case 0, 1:
			sprint.State, sprint.Ended = SprintClosed, sprint.End
		case 2:
			sprint.Goal = p.plan.goal
		}
		p.sprints = append(p.sprints, p.s.sprint(sprint))
	}
}

// raiseEpics turns open issues that nobody has into the project's epics.
func (p *planner) raiseEpics() {
	for _, issue := range p.s.byProject[p.project.Key] {
		if len(p.epics) == len(p.plan.epics) {
			return
		}
		if issue.Assignee == "" && issue.Status.Category != CategoryDone {
			issue.Type, issue.Summary = p.s.issueType(Epic, false), p.plan.epics[len(p.epics)]
			issue.Description = Document(issue.Summary + ".\nWhat this is about, see the notes of the last review.")
			p.epics = append(p.epics, issue)
		}
	}
}

func (p *planner) one(list []string) string { return list[p.rng.IntN(len(list))] }

func (p *planner) planIssue(issue *Issue) {
	if p.rng.IntN(8) > 0 {
		issue.Components = append(issue.Components, p.one(p.plan.components))
	}
	for _, label := range p.plan.labels {
		if p.rng.IntN(6) == 0 {
			issue.Labels = append(issue.Labels, label)
		}
	}
	p.assignTeam(issue)
	p.assignVersion(issue)
	if slices.Contains(p.epics, issue) {
		return
	}
	if len(p.epics) > 0 && p.rng.IntN(3) > 0 {
		issue.Parent = p.epics[p.rng.IntN(len(p.epics))].Key
	}
	if p.rng.IntN(10) < 7 {
		points := []float64{0.5, 1, 2, 3, 5, 8, 13}[p.rng.IntN(7)]
		issue.Points = &points
	}
	p.assignSprint(issue)
}

// assignTeam names the team of the assignee; one in ten has none.
func (p *planner) assignTeam(issue *Issue) {
	place := slices.Index(p.accounts, issue.Assignee)
	if n := p.rng.IntN(10); n > 0 {
		issue.Team = p.s.team(p.plan.teams[max(place, 0)%len(p.plan.teams)]).ID
	}
}

func (p *planner) assignVersion(issue *Issue) {
	n := p.rng.IntN(10)
	switch {
	case issue.Status.Category == CategoryDone && n < 6:
		issue.FixVersions = append(issue.FixVersions, p.plan.versions[0])
	case issue.Status.Category == CategoryDone && n < 8:
		issue.FixVersions = append(issue.FixVersions, p.plan.versions[1])
	case issue.Status.Category != CategoryDone && n < 4:
		issue.FixVersions = append(issue.FixVersions, p.plan.versions[1])
	case issue.Status.Category != CategoryDone && n < 6:
		issue.FixVersions = append(issue.FixVersions, p.plan.versions[2])
	}
}

// assignSprint puts what is being done into the active sprint, what was done into
// that of its day, and some of the rest into the active and the next one. A few
// that are open come from the sprint before.
func (p *planner) assignSprint(issue *Issue) {
	last, active, next := p.sprints[1], p.sprints[2], p.sprints[3]
	n := p.rng.IntN(10)
	switch {
	case issue.Status.Category == CategoryDone:
		for _, s := range p.sprints[:3] {
			if !issue.Resolved.Before(s.Start) && issue.Resolved.Before(s.End) {
				issue.Sprints = []string{s.ID}
			}
		}
	case issue.Status.Category == CategoryInProgress && n < 3:
		issue.Sprints = []string{last.ID, active.ID}
	case issue.Status.Category == CategoryInProgress && n < 9, n < 2:
		issue.Sprints = []string{active.ID}
	case n < 5:
		issue.Sprints = []string{next.ID}
	}
}

// addFilters makes saved queries, some of them shared and some favourites.
func (b *sampler) addFilters() {
	lead, busiest := b.accounts[sampleLead], b.accounts[sampleBusiest]
	for _, f := range []Filter{
		{Name: "Harbour, open", OwnerID: lead, JQL: "project = HARB AND statusCategory != Done ORDER BY due ASC", Shares: []Share{{Kind: ShareLoggedIn}}, Favourites: []string{lead, busiest}},
		{Name: "Due this week", OwnerID: lead, JQL: "due <= endOfWeek() AND statusCategory != Done ORDER BY due ASC, key ASC", Shares: []Share{{Kind: ShareGlobal}}, Favourites: []string{busiest}},
		{Name: "My own work", OwnerID: busiest, JQL: "assignee = currentUser() AND statusCategory != Done ORDER BY priority DESC", Favourites: []string{busiest}},
		{Name: "Vault findings", OwnerID: lead, JQL: "project = VALT AND labels = compliance ORDER BY created DESC", Shares: []Share{{ShareProject, "VALT"}}},
		{Name: "Harbour's sprint", Description: "What the team does now.", OwnerID: lead, JQL: "filter = 10200 AND sprint in openSprints()", Shares: []Share{{Kind: ShareLoggedIn}}, Favourites: []string{lead}},
		{Name: "Lantern on call", OwnerID: b.accounts[sampleAdmin], JQL: "project = LANT AND labels = on-call", Shares: []Share{{ShareGroup, groupID("team-LANT")}}},
	} {
		b.s.addFilter(f)
	}
	if _, large := b.s.project("FLEET"); large {
		b.s.addFilter(Filter{Name: "Fleet, overdue", OwnerID: lead, JQL: "project = FLEET AND due < startOfDay() AND statusCategory != Done", Shares: []Share{{Kind: ShareLoggedIn}}, Favourites: []string{lead}})
	}
}
