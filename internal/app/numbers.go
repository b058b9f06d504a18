package app

import (
	"context"
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

// countGlance counts what a glance shows, as far as the reader may see it.
func countGlance(ctx context.Context, reader source.Reader, c glance.Config, now time.Time) (glance.Numbers, error) {
	return newQuestion(reader, c, now).count(ctx)
}

func newQuestion(reader source.Reader, c glance.Config, now time.Time) question {
	zone, _ := c.Location()
	return question{reader: reader, Config: c, now: now, zone: zone, today: workload.DateOf(now, zone)}
}

func (q question) count(ctx context.Context) (glance.Numbers, error) {
	c, in := q.Config, workload.Input{Now: q.now, Zone: q.zone, Window: workload.Window(q.Window)}
	if err := q.read(ctx, &in); err != nil {
		return glance.Numbers{}, err
	}
	return numbers(workload.Summarize(in), c), nil
}

// question is what a glance asks Jira, as far as the index does not tell it.
type question struct {
	reader source.Reader
	glance.Config
	now   time.Time
	zone  *time.Location
	today workload.Date
	// held counts what the index holds; ok is false if Jira has to be asked. It and
	// counted are nil where only the client's own eyes count.
	held    func(context.Context, feed.Scope, workload.Input) (t *workload.Tally, ok bool, err error)
	counted func(from string)
}

// read asks for the issues and, side by side, for the team. How heavy a load is
// depends on who has a row: with everybody, that is also whoever logged time.
func (q question) read(ctx context.Context, in *workload.Input) error {
	var team source.Team
	choice := source.Choice{Projects: q.Projects, Role: q.Role, Query: q.Query}
	everybody := choice.Everybody()
	g, within := errgroup.WithContext(ctx)
	g.Go(func() error { return q.issues(within, in, everybody && q.Shows(glance.PartHeavy)) })
	g.Go(func() (err error) {
		team, err = q.reader.Team(within, choice)
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	in.Team, in.Gaps = team.People(), in.Gaps.With(team.Gaps())
	if everybody || in.Team != nil || !q.Shows(glance.PartHeavy) {
		return nil
	}
	return q.logged(ctx, in) // the team is not known, so everybody counts
}

func (q question) issues(ctx context.Context, in *workload.Input, logged bool) error {
	t, ok, err := q.known(ctx, *in, logged)
	if err != nil || ok {
		in.Tally = t
		return err
	}
	read := q.reader.Open
	if logged {
		read = func(ctx context.Context, projects []string) (source.Reading, error) {
			return q.reader.Work(ctx, projects, q.from(), q.today)
		}
	}
	reading, err := read(ctx, q.Projects)
	if err == nil && len(reading.Shown) == 0 {
		err = glance.ErrHidden
	}
	in.Issues, in.Worklogs, in.Gaps = reading.Issues, reading.Worklogs, reading.Gaps
	return err
}

// known is what the index tells.
func (q question) known(ctx context.Context, in workload.Input, logged bool) (t *workload.Tally, ok bool, err error) {
	if q.held == nil {
		return nil, false, nil
	}
	scope := feed.Scope{Projects: q.Projects}
	if logged {
		scope.From, scope.To = q.from().In(q.zone), q.today.AddDays(1).In(q.zone)
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
	reading, err := q.reader.Logged(ctx, q.Projects, q.from(), q.today)
	in.Worklogs, in.Gaps.Worklogs = reading.Worklogs, reading.Gaps.Worklogs
	return err
}

func (q question) from() workload.Date { return q.today.AddDays(1 - q.Window) }

// numbers are the totals, including Unassigned.
func numbers(s workload.Summary, c glance.Config) glance.Numbers {
	n := glance.Numbers{
		Open: s.Totals.Open, Overdue: s.Totals.Overdue,
		DueSoon: s.Totals.DueSoon, Unassigned: s.Unassigned.Open, More: s.Gaps.Open(),
	}
	n.Rough = s.Gaps.Any() && c.Shows(glance.PartHeavy)
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
