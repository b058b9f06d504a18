package jirarest

import (
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// transitionBean is a transition as Jira shows it. Every status can be reached
// from every other, as in a simple workflow.
type transitionBean struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	To          statusBean `json:"to"`
	HasScreen   bool       `json:"hasScreen"`
	Global      bool       `json:"isGlobal"`
	Initial     bool       `json:"isInitial"`
	Available   bool       `json:"isAvailable"`
	Conditional bool       `json:"isConditional"`
	Looped      bool       `json:"isLooped"`
}

// transitions lists what the caller may do with the issue.
func (c issueCall) transitions(i *world.Issue) []transitionBean {
	out := []transitionBean{}
	if !c.can(world.TransitionIssues, i.Project) {
		return out
	}
	p, _ := c.w.Project(i.Project)
	for n, s := range p.Statuses {
		out = append(out, transitionBean{ID: transitionID(n), Name: s.Name, To: c.statusBean(s), Global: true, Available: true, Looped: s.ID == i.Status.ID})
	}
	return out
}

// transitionID is the id of the transition to a workflow's status.
func transitionID(place int) string { return itoa(11 + 10*place) }

func (c issueCall) getTransitions() (answer, error) {
	issue, err := c.issue(c.params["issue"])
	if err != nil {
		return answer{}, err
	}
	list := c.transitions(issue)
	if id := c.query.Get("transitionId"); id != "" {
		list = slices.DeleteFunc(list, func(t transitionBean) bool { return t.ID != id })
	}
	return ok(map[string]any{"expand": "transitions", "transitions": list})
}

func (c issueCall) doTransition() (answer, error) {
	issue, err := c.issue(c.params["issue"])
	if err != nil {
		return answer{}, err
	}
	body, err := c.issueRequest()
	if err != nil {
		return answer{}, err
	}
	if body.Transition == nil || body.Transition.ID == "" {
		return answer{}, badRequest("Missing 'transition' identifier")
	}
	p, _ := c.w.Project(issue.Project)
	place := slices.IndexFunc(p.Statuses, func(s world.Status) bool {
		return transitionID(slices.Index(p.Statuses, s)) == string(body.Transition.ID)
	})
	if place < 0 || !c.can(world.TransitionIssues, issue.Project) {
		return answer{}, badRequest("Transition id '%s' is not valid for this issue.", body.Transition.ID)
	}
	_, err = c.change(issue, "issue_generic", func(e *edit) {
		e.apply(body)
		e.move(p.Statuses[place])
	})
	if err != nil {
		return answer{}, err
	}
	return noContent()
}

// move changes the status, and with it the resolution.
func (e *edit) move(to world.Status) {
	i := e.issue
	wasDone, isDone := i.Status.Category == world.CategoryDone, to.Category == world.CategoryDone
	i.Status = to
	if !slices.Contains(i.Transitioners, e.me.AccountID) {
		i.Transitioners = append(slices.Clone(i.Transitioners), e.me.AccountID)
	}
	switch {
	case isDone && !wasDone:
		i.Resolution, i.Resolved = "Done", e.now
	case wasDone && !isDone:
		i.Resolution, i.Resolved = "", time.Time{}
	}
}
