package app

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/quota"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/store"
)

// glanceSource computes a glance's numbers as the app: a label has no viewer
// and shows no names.
type glanceSource struct {
	store   *store.Store
	clients *clients
	feed    *feed.Feed // nil: all is asked of Jira
	counted func(from string)
	now     func() time.Time
	zones   *viewer.OddZones
}

// Numbers implements glance.Source. Projects that the app may not see are
// left out.
func (g glanceSource) Numbers(ctx context.Context, tenant string, c glance.Config) (glance.Numbers, error) {
	if tenant == "" {
		return glance.Numbers{}, glance.ErrNoTenant
	}
	t, err := g.store.Tenants.Tenant(ctx, connect.TenantID(tenant))
	if err != nil {
		return glance.Numbers{}, err
	}
	j, err := g.clients.jiraApp(ctx, t, quota.Glance)
	if err != nil {
		return glance.Numbers{}, err
	}
	if _, err := c.Location(); err != nil {
		g.zones.Tell("a conversation", c.Zone)
	}
	reader := source.NewReader(j)
	reader.Thrifty = true
	q := newQuestion(reader, c, g.now())
	q.held = func(ctx context.Context, s feed.Scope, in workload.Input) (*workload.Tally, bool, error) {
		return g.feed.Count(ctx, tenant, s, in, quota.Glance)
	}
	q.counted = g.counted
	return q.count(ctx)
}

// Team counts what a conversation's people carry, as the app. The index holds no names, so
// Jira is asked.
func (g glanceSource) Team(ctx context.Context, tenant string, c glance.Config) (glance.Team, error) {
	if tenant == "" {
		return glance.Team{}, glance.ErrNoTenant
	}
	t, err := g.store.Tenants.Tenant(ctx, connect.TenantID(tenant))
	if err != nil {
		return glance.Team{}, err
	}
	j, err := g.clients.jiraApp(ctx, t, quota.Glance)
	if err != nil {
		return glance.Team{}, err
	}
	reader := source.NewReader(j)
	reader.Thrifty = true
	c.Parts = glance.AllParts()
	return newQuestion(reader, c, g.now()).team(ctx)
}

// team counts people, too.
func (q question) team(ctx context.Context) (out glance.Team, err error) {
	s, partly, err := q.summary(ctx)
	if err != nil {
		return out, err
	}
	out.Numbers = numbers(s, q.Config)
	out.Numbers.More = out.Numbers.More || partly
	for i := len(s.Rows) - 1; i >= 0; i-- { // the fewest open issues first
		if row := s.Rows[i]; row.Load != "" {
			out.People = append(out.People, glance.Member{Name: row.Person.Name, Load: row.Load, Open: row.Open, Size: row.Sizes.Open})
		}
	}
	slices.SortStableFunc(out.People, func(a, b glance.Member) int { return cmp.Compare(place(a.Load), place(b.Load)) })
	return out, nil
}

// place is where a load comes in an order by room.
func place(load workload.Load) int {
	return slices.Index([]workload.Load{workload.LoadLight, workload.LoadBalanced, workload.LoadHeavy}, load)
}

// countGlance counts what a glance shows, as far as the reader may see it.
func countGlance(ctx context.Context, reader source.Reader, c glance.Config, now time.Time) (glance.Numbers, error) {
	return newQuestion(reader, c, now).count(ctx)
}

func newQuestion(reader source.Reader, c glance.Config, now time.Time) question {
	zone, _ := c.Location()
	today := workload.DateOf(now, zone)
	reader.Where.Narrow = c.Narrow
	if c.Measure == workload.MeasurePoints {
		reader.Points = c.Points
	}
	return question{reader: reader, Config: c, now: now, zone: zone, days: c.Span(today)}
}

func (q question) count(ctx context.Context) (glance.Numbers, error) {
	s, partly, err := q.summary(ctx)
	if err != nil {
		return glance.Numbers{}, err
	}
	n := numbers(s, q.Config)
	n.More = n.More || partly
	return n, nil
}

// summary counts all. partly says that some of the values that narrow the issues are not
// seen.
func (q question) summary(ctx context.Context) (s workload.Summary, partly bool, err error) {
	in := workload.Input{Now: q.now, Zone: q.zone, Window: workload.Window(q.Window), Span: q.days, Measure: q.Measure}
	if partly, err = q.read(ctx, &in); err != nil {
		return s, partly, err
	}
	return workload.Summarize(in), partly, nil
}

// question is what a glance asks Jira, as far as the index does not tell it.
type question struct {
	reader source.Reader
	glance.Config
	now  time.Time
	zone *time.Location
	// days are those in which logged time counts.
	days workload.Span
	// held counts what the index holds; ok is false if Jira has to be asked. It and
	// counted are nil where only the client's own eyes count.
	held    func(context.Context, feed.Scope, workload.Input) (t *workload.Tally, ok bool, err error)
	counted func(from string)
}

// read asks for the issues and, side by side, for the team. How heavy a load is
// depends on who has a row: with everybody, that is also whoever logged time. So does
// the time that a label shows. partly says that some of the values that narrow the issues are
// not seen.
func (q question) read(ctx context.Context, in *workload.Input) (partly bool, err error) {
	var team source.Team
	choice := source.Choice{Projects: q.Projects, Role: q.Role, Query: q.Query}
	everybody := choice.Everybody()
	g, within := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		partly, err = q.issues(within, in, everybody && q.Shows(glance.PartHeavy) || q.Shows(glance.PartLogged))
		return err
	})
	g.Go(func() (err error) {
		team, err = q.reader.Team(within, choice)
		return err
	})
	if err := g.Wait(); err != nil {
		return partly, err
	}
	in.Team, in.Gaps = team.People(), in.Gaps.With(team.Gaps())
	if everybody || in.Team != nil || !q.Shows(glance.PartHeavy) || q.Shows(glance.PartLogged) {
		return partly, nil
	}
	return partly, q.logged(ctx, in) // the team is not known, so everybody counts
}

func (q question) issues(ctx context.Context, in *workload.Input, logged bool) (partly bool, err error) {
	t, ok, err := q.known(ctx, *in, logged)
	if err != nil || ok {
		in.Tally = t
		return false, err
	}
	read := q.reader.Open
	if logged {
		read = func(ctx context.Context, projects []string) (source.Reading, error) {
			return q.reader.Work(ctx, projects, q.days.From, q.days.To)
		}
	}
	reading, err := read(ctx, q.Projects)
	if err == nil && len(reading.Shown) == 0 {
		err = glance.ErrHidden
	}
	partly = len(reading.Unseen) > 0
	if err == nil && partly && reflect.DeepEqual(reading.Where.Narrow, q.Narrow) {
		err = glance.ErrNarrowed // nothing of it is seen
	}
	in.Issues, in.Worklogs, in.Gaps = reading.Issues, reading.Worklogs, reading.Gaps
	return partly, err
}

// known is what the index tells.
func (q question) known(ctx context.Context, in workload.Input, logged bool) (t *workload.Tally, ok bool, err error) {
	if q.held == nil {
		return nil, false, nil
	}
	if !q.Narrow.IsZero() { // the index does not hold what it asks of issues
		q.counted(fromJira)
		return nil, false, nil
	}
	scope := feed.Scope{Projects: q.Projects, Points: q.reader.Points}
	if logged {
		scope.From, scope.To = q.days.From.In(q.zone), q.days.To.AddDays(1).In(q.zone)
	}
	t, ok, err = q.held(ctx, scope, in)
	switch {
	case err != nil:
	case ok:
		q.counted(fromIndex)
	default:
		q.counted(fromJira)
	}
	return t, ok, err
}

// logged asks for the work logs, where the index has counted the issues with them.
func (q question) logged(ctx context.Context, in *workload.Input) error {
	if in.Tally != nil {
		t, ok, err := q.known(ctx, *in, true)
		if ok {
			in.Tally = t
		}
		if err != nil || ok {
			return err
		}
	}
	reading, err := q.reader.Logged(ctx, q.Projects, q.days.From, q.days.To)
	in.Worklogs, in.Gaps.Worklogs = reading.Worklogs, reading.Gaps.Worklogs
	return err
}

// numbers are the totals, including Unassigned.
func numbers(s workload.Summary, c glance.Config) glance.Numbers {
	n := glance.Numbers{
		Open: s.Totals.Open, Overdue: s.Totals.Overdue,
		DueSoon: s.Totals.DueSoon, Unassigned: s.Unassigned.Open, More: s.Gaps.Open(),
	}
	n.Rough = s.Gaps.Any() && c.Shows(glance.PartHeavy)
	if c.Measure.Sized() {
		n.Measure, n.Blank = c.Measure, s.Totals.Blank
		n.Sizes = glance.Sizes{
			Open: s.Totals.Sizes.Open, Overdue: s.Totals.Sizes.Overdue, DueSoon: s.Totals.Sizes.DueSoon, Unassigned: s.Unassigned.Sizes.Open,
		}
	}
	if c.Shows(glance.PartLogged) {
		n.Logged = int64(s.Totals.Logged / time.Second)
		n.More = n.More || s.Gaps.Worklogs.Any()
	}
	for _, row := range s.Rows {
		if row.Load == workload.LoadHeavy && c.Shows(glance.PartHeavy) {
			n.Heavy++
		}
	}
	return n
}

// glanceWords finds a label's words by the language of the person who set it
// up.
func glanceWords(c *lang.Catalogue) func(language string) glance.Words {
	return func(language string) glance.Words { return glance.WordsIn(c.Of(language)) }
}
