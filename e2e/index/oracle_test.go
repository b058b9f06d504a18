package index

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// about is what an event says it is about.
type about struct {
	Issue   struct{ ID, Key string }
	Worklog struct{ ID, IssueID string }
}

// subject is the id of the issue.
func (a about) subject() string { return cmp.Or(a.Issue.ID, a.Worklog.IssueID) }

// oracle knows what may be shown while events are under way or lost.
type oracle struct {
	// issueOf are the issues of work logs, projectOf the projects of issues, by id.
	issueOf, projectOf map[string]string
	// seen is what Jira showed, by the names of those as whom it sees viewers.
	seen map[string][]moment
	read int // how many events were learned from
}

// newOracle knows what is held.
func newOracle(t *testing.T, b *board) *oracle {
	t.Helper()
	all, err := index.New(b.Store.Index, nil).All(t.Context(), b.tenant)
	if err != nil {
		t.Fatal(err)
	}
	o := &oracle{issueOf: map[string]string{}, projectOf: map[string]string{}, seen: map[string][]moment{}}
	for _, l := range all.Worklogs {
		o.issueOf[strconv.FormatInt(l.ID, 10)] = strconv.FormatInt(l.Issue, 10)
	}
	for _, i := range all.Issues {
		o.projectOf[strconv.FormatInt(i.ID, 10)] = i.Project
	}
	return o
}

// learn notes what events are about.
func (o *oracle) learn(w *wire) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.all[o.read:] {
		a := e.about
		if a.Worklog.ID != "" {
			o.issueOf[a.Worklog.ID] = a.Worklog.IssueID
		}
		if project, _, ok := strings.Cut(a.Issue.Key, "-"); ok {
			o.projectOf[a.Issue.ID] = project
		}
	}
	o.read = len(w.all)
}

// untold are the issues of which an event came after a time and had not been passed on
// by another.
func (w *wire) untold(from, to time.Time) map[string]bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	issues := map[string]bool{}
	for _, e := range w.all {
		passed := e.passed.Load()
		if !e.at.Before(from) && e.at.Before(to) && (passed == 0 || passed >= to.UnixNano()) {
			issues[e.about.subject()] = true
		}
	}
	return issues
}

// forget drops moments that are too old for any view.
func (o *oracle) forget(eyes string, before time.Time) {
	list := o.seen[eyes]
	for len(list) > 1 && list[1].at.Before(before) {
		list = list[1:]
	}
	o.seen[eyes] = list
}

// during are the moments of somebody from one time to another, with the one before.
func (o *oracle) during(eyes string, from, to time.Time) []moment {
	list := o.seen[eyes]
	first, end := 0, 1
	for n, m := range list {
		if !m.at.After(from) {
			first = n
		}
		if !m.at.After(to) {
			end = n + 1
		}
	}
	return list[first:end]
}

// state is how an issue or a work log was; the zero state: not there.
type state struct {
	issue *workload.Issue
	log   *workload.Worklog
}

func (s state) String() string {
	if s.issue != nil {
		i := *s.issue
		who := ""
		if i.Assignee != nil {
			who = i.Assignee.AccountID
		}
		return fmt.Sprint(i.ID, i.Project, i.Category, i.Due, i.Remaining, who)
	}
	if s.log != nil {
		return fmt.Sprint(s.log.ID, s.log.Author.AccountID, s.log.Started.UnixMilli(), s.log.Spent)
	}
	return ""
}

// tooMany is how many ways what is uncertain of some people may have been at most, to try
// them all.
const tooMany = 5000

// allows compares a view that went on from an earlier reading with all that may be shown:
// what Jira shows now, and of issues of which an event is missing also how they were
// since that reading. as are the names of those as whom Jira saw the viewer meanwhile.
// tried is false if there are too many ways.
func (o *oracle) allows(v viewer.Workload, as []string, untold map[string]bool) (diff string, tried bool) {
	var moments []moment
	for _, eyes := range as {
		moments = append(moments, o.during(eyes, v.FullAt, v.ReadAt)...)
	}
	o.doubt(v, moments, untold)
	parts := apart(o.axes(v, moments, untold))
	for _, eyes := range as {
		now := o.during(eyes, v.FullAt, v.ReadAt)
		in := o.sure(v, now[len(now)-1], untold)
		for _, part := range parts {
			chosen, tried := part.choose(in, v)
			if !tried {
				return "", false
			}
			in = in.with(chosen...)
		}
		got := gocmp.Diff(in.summary(v), v.Summary)
		if got == "" {
			return "", true
		}
		diff = cmp.Or(diff, got)
	}
	return diff, true
}

// part are axes about the same people, whose rows depend on no other axis.
type part struct {
	axes   [][]state
	people map[string]bool
}

// apart puts axes together that share people.
func apart(axes [][]state) (parts []part) {
	for _, axis := range axes {
		all := part{[][]state{axis}, map[string]bool{}}
		for _, s := range axis {
			if s != (state{}) {
				all.people[s.account()] = true
			}
		}
		parts = slices.DeleteFunc(parts, func(p part) bool {
			shares := slices.ContainsFunc(slices.Collect(maps.Keys(p.people)), func(who string) bool { return all.people[who] })
			if shares {
				all.axes = append(all.axes, p.axes...)
				maps.Copy(all.people, p.people)
			}
			return shares
		})
		parts = append(parts, all)
	}
	return parts
}

// choose finds a way in which the rows of a part's people are as they are shown, any if
// there is none. tried is false if there are too many.
func (p part) choose(sure countedWork, v viewer.Workload) (chosen []state, tried bool) {
	ways := 1
	for _, axis := range p.axes {
		if ways *= len(axis); ways > tooMany {
			return nil, false
		}
	}
	for way := range ways {
		chosen = chosen[:0]
		for _, axis := range p.axes {
			chosen = append(chosen, axis[way%len(axis)])
			way /= len(axis)
		}
		if p.same(sure.with(chosen...).summary(v), v.Summary) {
			break
		}
	}
	return chosen, true
}

// same reports whether the rows of a part's people count the same.
func (p part) same(a, b workload.Summary) bool {
	for who := range p.people {
		if countsOf(a, who) != countsOf(b, who) {
			return false
		}
	}
	return true
}

// countsOf are those of a person, of nobody if that is empty.
func countsOf(s workload.Summary, account string) string {
	if account == "" {
		return fmt.Sprintf("%+v %v", s.Unassigned, s.Unknown)
	}
	for _, row := range slices.Concat(s.Rows, s.Apps) {
		if row.Person.AccountID == account {
			return fmt.Sprintf("%+v", row.Counts)
		}
	}
	return fmt.Sprintf("%+v", workload.Counts{})
}

// account is whose row it counts in.
func (s state) account() string {
	switch {
	case s.issue != nil && s.issue.Assignee != nil:
		return s.issue.Assignee.AccountID
	case s.log != nil:
		return s.log.Author.AccountID
	}
	return ""
}

// doubt adds the issues that were shown to one but not to another, themselves or their
// work logs.
func (o *oracle) doubt(v viewer.Workload, moments []moment, untold map[string]bool) {
	if len(moments) == 0 || !slices.ContainsFunc(moments, func(m moment) bool { return m.eyes != moments[0].eyes }) {
		return
	}
	for n, m := range moments {
		for _, other := range moments[n+1:] {
			if m.eyes == other.eyes {
				continue
			}
			here, there := o.visible(v, m), o.visible(v, other)
			for name, issue := range here {
				if _, both := there[name]; !both {
					untold[issue] = true
				}
			}
			for name, issue := range there {
				if _, both := here[name]; !both {
					untold[issue] = true
				}
			}
		}
	}
}

// visible are the issues and work logs of a moment, with the ids of the issues.
func (o *oracle) visible(v viewer.Workload, m moment) map[string]string {
	seen := map[string]string{}
	for _, i := range m.reading.Issues {
		if slices.Contains(v.Reading.Shown, i.Project) {
			seen[i.ID] = i.ID
		}
	}
	for _, l := range m.reading.Worklogs {
		if issue := o.issueOf[l.ID]; slices.Contains(v.Reading.Shown, o.projectOf[issue]) {
			seen["log "+l.ID] = issue
		}
	}
	return seen
}

// counted is what is counted.
type countedWork struct {
	issues []workload.Issue
	logs   []workload.Worklog
}

func (c countedWork) with(states ...state) countedWork {
	for _, s := range states {
		if s.issue != nil {
			c.issues = append(slices.Clip(c.issues), *s.issue)
		}
		if s.log != nil {
			c.logs = append(slices.Clip(c.logs), *s.log)
		}
	}
	return c
}

func (c countedWork) summary(v viewer.Workload) workload.Summary {
	return workload.Summarize(workload.Input{
		Issues: c.issues, Worklogs: c.logs, Now: v.ReadAt, Zone: v.Zone, Window: v.Config.Window, By: v.Config.By,
	})
}

// sure is what counts of a moment whatever is untold.
func (o *oracle) sure(v viewer.Workload, m moment, untold map[string]bool) (sure countedWork) {
	shown := func(id string) bool { return !untold[id] && slices.Contains(v.Reading.Shown, o.projectOf[id]) }
	for _, i := range m.reading.Issues {
		if shown(i.ID) {
			sure.issues = append(sure.issues, i)
		}
	}
	for _, l := range m.reading.Worklogs {
		if shown(o.issueOf[l.ID]) {
			sure.logs = append(sure.logs, l)
		}
	}
	return sure
}

// axes are the ways that each untold issue, and each of its work logs, was.
func (o *oracle) axes(v viewer.Workload, moments []moment, untold map[string]bool) (axes [][]state) {
	ways := map[string]map[string]state{}
	for _, m := range moments {
		for name := range o.uncertain(v, m, untold) {
			ways[name] = map[string]state{}
		}
	}
	for _, m := range moments {
		states := o.uncertain(v, m, untold)
		for name := range ways {
			ways[name][states[name].String()] = states[name]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		axes = append(axes, slices.Collect(maps.Values(ways[name])))
	}
	return axes
}

// uncertain is how the untold issues and their work logs were at a moment.
func (o *oracle) uncertain(v viewer.Workload, m moment, untold map[string]bool) map[string]state {
	states := map[string]state{}
	for _, i := range m.reading.Issues {
		if untold[i.ID] && slices.Contains(v.Reading.Shown, i.Project) {
			states[i.ID] = state{issue: &i}
		}
	}
	for _, l := range m.reading.Worklogs {
		if issue := o.issueOf[l.ID]; untold[issue] && slices.Contains(v.Reading.Shown, o.projectOf[issue]) {
			states["log "+l.ID] = state{log: &l}
		}
	}
	return states
}
