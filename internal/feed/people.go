package feed

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// Facts are those of a tenant, for readings as people.
func (f *Feed) Facts(tenant string) source.Facts { return facts{f, tenant} }

type facts struct {
	feed   *Feed
	tenant string
}

// Held implements source.Facts. It fetches nothing: what must be fetched counts as
// not held.
func (h facts) Held(ctx context.Context, s source.Scope) (source.Held, bool) {
	if h.feed.isUnheard(h.tenant) {
		return source.Held{}, false
	}
	w, n, ok, err := h.feed.held(ctx, h.tenant, Scope{Projects: s.Projects, From: s.From, To: s.To})
	var out source.Held
	if err == nil && ok {
		out, err = heldOf(w)
		out.PointFields = [2]string{n.Fields.PointEstimate, n.Fields.StoryPoints}
	}
	if ctx.Err() == nil {
		h.feed.Outages.Note(ctx, outage.Subject{What: "read the index", Of: h.tenant}, err, "tenant", h.tenant)
	}
	if err != nil || !ok {
		return source.Held{}, false
	}
	out.Lately = h.feed.Now().Sub(since(w.State))
	return out, out.Lately >= 0 // else the clock was set back
}

// pointsOf are an issue's, as they are counted.
func pointsOf(i index.Issue) (points [2]workload.Points) {
	for n, p := range []index.Points{i.PointEstimate, i.StoryPoints} {
		if p.Set {
			points[n] = workload.PointsOf(p.Value)
		}
	}
	return points
}

// Past implements source.Facts. Of what must be fetched, or may be missing, nothing is
// told.
func (h facts) Past(ctx context.Context, s source.PastScope) []workload.Moment {
	if h.feed.isUnheard(h.tenant) {
		return nil
	}
	moments, err := h.feed.past(ctx, h.tenant, s)
	if ctx.Err() == nil {
		h.feed.Outages.Note(ctx, outage.Subject{What: "read the past", Of: h.tenant}, err, "tenant", h.tenant)
	}
	return moments
}

func (f *Feed) past(ctx context.Context, tenant string, s source.PastScope) ([]workload.Moment, error) {
	state, err := f.Index.State(ctx, tenant)
	if err != nil {
		return nil, err
	}
	n, err := notesOf(state)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(s.Issues))
	for _, text := range s.Issues {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	projects := s.Projects
	if len(projects) == 0 {
		if projects, err = f.projectsOf(ctx, tenant, ids); err != nil {
			return nil, err
		}
	}
	if !f.counts(state, n, Scope{Projects: projects}) {
		return nil, nil
	}
	at := slices.DeleteFunc(slices.Clone(s.At), func(t time.Time) bool { return !n.tells(projects, t) })
	p, err := f.Index.Past(ctx, tenant, ids, at...)
	if err != nil || len(p.Untold) > 0 {
		return nil, err
	}
	for _, m := range p.Moments {
		for _, app := range n.Apps {
			delete(m.By, app)
		}
	}
	return p.Moments, nil
}

// projectsOf are the projects of issues; nil if one of them is not held.
func (f *Feed) projectsOf(ctx context.Context, tenant string, ids []int64) (keys []string, err error) {
	known, missing, err := f.Index.Issues(ctx, tenant, ids)
	if err != nil || len(missing) > 0 {
		return nil, err
	}
	for _, i := range known {
		if at, found := slices.BinarySearch(keys, i.Project); !found {
			keys = slices.Insert(keys, at, i.Project)
		}
	}
	return keys, nil
}

// tells reports whether it can be told how the issues of projects were at a time.
func (n notes) tells(projects []string, at time.Time) bool {
	for _, project := range projects {
		if since, ok := n.Past[project]; !ok || at.Before(since) {
			return false
		}
	}
	return true
}

// heldOf leaves out what is not to be believed: the issues that must be fetched, with
// their work logs, and those with such a work log. If it is not known whose it is,
// that may be any.
func heldOf(w index.Work) (source.Held, error) {
	issues, issuesErr := w.Issues()
	logs, logsErr := w.Worklogs()
	if err := errors.Join(issuesErr, logsErr); err != nil {
		return source.Held{}, err
	}
	out := source.Held{Issues: map[string]source.HeldIssue{}, Worklogs: map[string][]workload.Worklog{}}
	doubted, anyLog := map[int64]bool{}, false
	for _, n := range w.Needs {
		doubted[n.ID] = doubted[n.ID] || n.Kind == index.KindIssue
		doubted[n.Issue] = true
		anyLog = anyLog || n.Kind == index.KindWorklog && n.Issue == 0
	}
	for n, issue := range index.IssuesOf(issues) {
		if !doubted[issues[n].ID] {
			out.Issues[issue.ID] = source.HeldIssue{Issue: issue, Updated: issues[n].Updated, Points: pointsOf(issues[n]), Team: issues[n].Team, Parent: idOf(issues[n].Parent)}
		}
	}
	for n, log := range index.WorklogsOf(logs) {
		if id := logs[n].Issue; !doubted[id] && !anyLog {
			out.Worklogs[strconv.FormatInt(id, 10)] = append(out.Worklogs[strconv.FormatInt(id, 10)], log)
		}
	}
	return out, nil
}

// idOf is an id as Jira writes it, "" for none.
func idOf(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
