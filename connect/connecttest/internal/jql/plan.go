package jql

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/worktime"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// planFields are those that say what an issue is planned with.
func planFields() []field {
	return []field{
		manyField("component", component, func(i *world.Issue) []string { return within(i.Project, i.Components) }).of(kindParts, suggestComponents),
		manyField("fixVersion", version, func(i *world.Issue) []string { return within(i.Project, i.FixVersions) }).of(kindBuild, suggestVersions),
		manyField("labels", label, func(i *world.Issue) []string { return lowered(i.Labels) }).of("com.atlassian.jira.issue.label.Label", suggestLabels),
		newField("parent", equality, bindParent(false)).of(kindIssue, nil),
		newField("parentEpic", equality, bindParent(true)).of(kindIssue, nil).outOfOrder(),
		custom("customfield_10014", "Epic Link", newField("", equality, bindParent(false)).of(kindIssue, nil).outOfOrder()),
		custom(world.SprintField, "Sprint", manyField("", sprint, func(i *world.Issue) []string { return i.Sprints }).of(kindSprint, suggestSprints)),
		custom(world.TeamField, "Team[Team]", valueField("", team, func(i *world.Issue) string { return i.Team }).of(kindTeam, suggestTeams), "Team"),
		custom(world.StoryPointsField, "Story Points", pointsField(world.StoryPointsField)),
		custom(world.PointEstimateField, "Story point estimate", pointsField(world.PointEstimateField)),
	}
}

// custom is a field as a custom one with its names.
func custom(id string, name string, f field, more ...string) field {
	f.custom, f.names = id, append([]string{name}, more...)
	return f
}

// madeFields are those that administrators made. No issue has a value in them.
func (e *Env) madeFields() []field {
	var out []field
	for _, f := range e.World.CustomFields() {
		if f.Searcher != "" {
			none := func(*world.Issue) string { return "" }
			out = append(out, custom(f.ID, f.Name, valueField("", anything, none).outOfOrder()))
		}
	}
	return out
}

// anything is a value of a field that takes any text.
func anything(b *binder, c clause, o operand) []string {
	if o.kind == isFunction {
		b.noFunction(c, o)
	}
	return []string{o.text}
}

// manyField is a field with any number of values.
func manyField(names string, resolve func(*binder, clause, operand) []string, get func(*world.Issue) []string) field {
	return newField(names, equality, func(b *binder, c clause) predicate {
		s := b.set(c, resolve)
		return func(i *world.Issue) bool { return s.testAny(c.op, get(i)) }
	})
}

// testAny compares several values: one that is in the set is enough. No negative
// comparison holds for an issue without values.
func (s set) testAny(op string, values []string) bool {
	found := slices.ContainsFunc(values, func(v string) bool { return s.values[v] })
	if op == "=" || op == "IN" || op == "IS" {
		return found || s.empty && len(values) == 0
	}
	return len(values) > 0 && !found
}

func lowered(list []string) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, strings.ToLower(v))
	}
	return out
}

// within tells parts of one name in different projects apart.
func within(project string, names []string) []string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		out = append(out, project+"\x00"+n)
	}
	return out
}

func label(b *binder, c clause, o operand) []string { return lowered(anything(b, c, o)) }

// component takes the name of a component in any project, or an id.
func component(b *binder, c clause, o operand) []string {
	if o.kind == isFunction {
		b.noFunction(c, o)
		return nil
	}
	var found []string
	for _, p := range b.env.World.Components("") {
		if (strings.EqualFold(p.Name, o.text) || p.ID == o.text) && b.env.sees(p.Project) {
			found = append(found, within(p.Project, []string{p.Name})...)
		}
	}
	b.mustExist(c, o, found)
	return found
}

// version takes a version's name in any project, an id, or a function.
func version(b *binder, c clause, o operand) []string {
	released, isFunc := map[string]bool{"releasedversions": true, "unreleasedversions": false}[strings.ToLower(o.text)]
	if o.kind == isFunction && !isFunc {
		b.noFunction(c, o)
		return nil
	}
	projects := b.projectArguments(o)
	var found []string
	for _, v := range b.env.World.Versions("") {
		wanted := strings.EqualFold(v.Name, o.text) || v.ID == o.text
		if o.kind == isFunction {
			wanted = v.Released == released && !v.Archived && (len(o.args) == 0 || slices.Contains(projects, v.Project))
		}
		if wanted && b.env.sees(v.Project) {
			found = append(found, within(v.Project, []string{v.Name})...)
		}
	}
	if o.kind != isFunction {
		b.mustExist(c, o, found)
	}
	return found
}

// projectArguments are the projects that a function is called with.
func (b *binder) projectArguments(o operand) []string {
	var keys []string
	for _, name := range o.args {
		found := b.env.projectsNamed(name)
		if len(found) == 0 {
			b.fault("Could not resolve the project '%s' provided to function '%s'.", clip(name), clip(o.text))
		}
		keys = append(keys, found...)
	}
	return keys
}

// mustExist reports a value that was not found, a number as an id.
func (b *binder) mustExist(c clause, o operand, found []string) {
	_, err := strconv.ParseInt(o.text, 10, 64)
	switch {
	case len(found) > 0:
	case err == nil:
		b.fault("A value with ID '%s' does not exist for the field '%s'.", clip(o.text), clip(c.field))
	default:
		b.noValue(c, o)
	}
}

// sprint takes a sprint's name or id, or the sprints in one state.
func sprint(b *binder, c clause, o operand) []string {
	states := map[string]world.SprintState{"opensprints": world.SprintActive, "futuresprints": world.SprintFuture, "closedsprints": world.SprintClosed}
	state, isFunc := states[strings.ToLower(o.text)]
	switch {
	case o.kind == isFunction && !isFunc:
		b.noFunction(c, o)
		return nil
	case o.kind == isFunction && len(o.args) > 0:
		b.fault("Function '%s' expected '0' arguments but received '%d'.", clip(o.text), len(o.args))
		return nil
	}
	var found []string
	for _, s := range b.env.sprints() {
		if o.kind == isFunction && s.State == state || o.kind == isValue && (s.ID == o.text || strings.EqualFold(s.Name, o.text)) {
			found = append(found, s.ID)
		}
	}
	if o.kind == isValue && len(found) == 0 {
		what := "name"
		if _, err := strconv.ParseInt(o.text, 10, 64); err == nil {
			what = "id"
		}
		b.fault("Sprint with %s '%s' does not exist or you do not have permission to view it.", what, clip(o.text))
	}
	return found
}

// sprints are those of the boards whose projects the caller sees.
func (e *Env) sprints() []world.Sprint {
	var all []world.Sprint
	for _, board := range e.World.Boards() {
		if e.sees(board.Project) {
			all = append(all, e.World.Sprints(board.ID)...)
		}
	}
	return all
}

// team takes an id; a name matches nothing, and that is no error.
func team(b *binder, c clause, o operand) []string {
	if o.kind == isFunction {
		b.noFunction(c, o)
		return nil
	}
	if t, known := b.env.World.Team(o.text); known {
		return []string{t.ID}
	}
	return []string{"\x00nothing"}
}

// bindParent compares the issue above; through takes the one above that, too.
func bindParent(through bool) func(*binder, clause) predicate {
	return func(b *binder, c clause) predicate {
		s := b.set(c, issueID)
		return func(i *world.Issue) bool {
			var above []string
			for parent, found := b.env.World.Issue(i.Parent); found; parent, found = b.env.World.Issue(parent.Parent) {
				above = append(above, parent.ID)
				if !through || len(above) == maxLevels {
					break
				}
			}
			return s.testAny(c.op, above)
		}
	}
}

// maxLevels is how many levels lie between a subtask and its epic.
const maxLevels = 2

// pointsField is a field of estimates that the projects of one kind have.
func pointsField(id string) field {
	parse := func(_ *binder, text string) (float64, bool) {
		n, err := strconv.ParseFloat(text, 64)
		return n, err == nil
	}
	return numberField("", "'%s' is not a valid number for the field '%s'.", parse, func(b *binder, i *world.Issue) *float64 { return b.env.points(id, i) })
}

// durationField is a field of times, nil for none, in seconds.
func durationField(names string, get func(*world.Issue) *int64) field {
	const wrong = "The value '%s' for field '%s' is invalid. The format of durations is 'xw xd xh xm' (representing weeks, days, hours and minutes)."
	return numberField(names, wrong, seconds, func(_ *binder, i *world.Issue) *float64 {
		spent := get(i)
		if spent == nil {
			return nil
		}
		n := float64(*spent)
		return &n
	})
}

// seconds is a duration as people enter it.
func seconds(b *binder, text string) (float64, bool) {
	n, ok := worktime.Of(b.env.World.Settings()).Parse(text)
	return float64(n), ok
}

// numberField is a field of numbers, nil for none; wrong says that a value is none.
func numberField(names, wrong string, parse func(*binder, string) (float64, bool), get func(*binder, *world.Issue) *float64) field {
	return newField(names, equality+ordering, func(b *binder, c clause) predicate {
		limits := map[float64]bool{}
		empty := false
		for _, o := range c.operands {
			n, ok := parse(b, o.text)
			switch {
			case o.kind == isEmpty:
				empty = true
			case o.kind == isFunction:
				b.noFunction(c, o)
			case !ok:
				b.fault(wrong, clip(o.text), clip(c.field))
			default:
				limits[n] = true
			}
		}
		positive := c.op == "=" || c.op == "IN" || c.op == "IS"
		return func(i *world.Issue) bool {
			value := get(b, i)
			switch {
			case value == nil:
				return empty && positive
			case orders(c.op):
				for limit := range limits {
					return compare(c.op, cmp.Compare(*value, limit))
				}
				return false
			}
			return limits[*value] == positive
		}
	}).of(kindNumber, nil)
}

// points are an issue's in one of the two fields, nil for none.
func (e *Env) points(id string, i *world.Issue) *float64 {
	p, _ := e.World.Project(i.Project)
	if p.PointsField() != id {
		return nil
	}
	return i.Points
}
