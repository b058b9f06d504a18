package viewer

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// asking is what a view asks Jira at the same time: who the viewer is and how the
// site works, beside what the viewer sees.
type asking struct {
	*Views
	place Place
	jira  *jira.Client
	view  *View
}

// known is what a view must know besides what the viewer sees.
type known struct {
	zone *time.Location
	// first is the first day of the viewer's week.
	first time.Weekday
	site  jira.Settings
}

// all asks for everything. see reads what the viewer sees of the configured
// projects; it begins as soon as they are known and does not wait for the rest.
// Without a configuration it is not called.
func (a asking) all(ctx context.Context, see func(context.Context, seeing) error) (known, error) {
	var person jira.User
	var out known
	g, within := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		person, err = a.People.Get(within, a.place.Person, a.jira)
		return err
	})
	g.Go(func() (err error) {
		out.site, err = a.People.Site(within, a.place.Person, a.jira)
		return err
	})
	g.Go(func() error { return a.configured(within, see) })
	err := g.Wait()
	a.view.Language = a.languages.Of(person.Locale)
	if err != nil || !a.view.Configured {
		return out, err
	}
	a.view.Tracking = out.site.TimeTracking
	out.zone, out.first = a.zones.of(a.place.Person, person, a.view), lang.FirstDay(person.Locale)
	return out, nil
}

// configured asks what the place shows, and sees that. It begins with what the
// place is thought to show, and begins again if that is wrong.
func (a asking) configured(ctx context.Context, see func(context.Context, seeing) error) error {
	thought := a.begin(ctx, see)
	config, configured, err := a.place.Config(ctx, a.jira)
	saw, ended := thought(err == nil && configured, config)
	a.view.Config, a.view.Configured = config, configured
	switch {
	case err != nil || !configured:
		return err
	case saw:
		return ended
	}
	return see(ctx, a.seeing(config))
}

// begin sees what the place is thought to show. The function that it returns ends
// that: it waits for the result if that is what the place shows, and reports
// whether it is.
func (a asking) begin(ctx context.Context, see func(context.Context, seeing) error) func(configured bool, config workload.GadgetConfig) (bool, error) {
	if a.place.Thought == nil || a.People.Known(a.place.Person) {
		return func(bool, workload.GadgetConfig) (bool, error) { return false, nil }
	}
	ctx, cancel := context.WithCancel(ctx)
	type result struct {
		config workload.GadgetConfig
		ok     bool
		err    error
	}
	guess, over := make(chan result, 1), make(chan result, 1)
	go func() {
		var r result
		r.config, r.ok = a.place.Thought(ctx)
		guess <- r
		if r.ok {
			r.err = see(ctx, a.seeing(r.config))
		}
		over <- r
	}()
	return func(configured bool, config workload.GadgetConfig) (bool, error) {
		defer cancel()
		select {
		case r := <-guess:
			if r.ok && configured && reflect.DeepEqual(r.config, config) {
				r = <-over
				return true, r.err
			}
		default: // not even known what it is thought to show
		}
		cancel()
		<-over
		return false, nil
	}
}

// seeing is what is seen of a place.
type seeing struct {
	asking
	workload.GadgetConfig
	days
	// titled says that the issues of work logs have to be named.
	titled bool
	// filter reads the saved filter, if that is looked at.
	filter func(context.Context) (jira.Filter, error)
}

func (a asking) seeing(c workload.GadgetConfig) seeing {
	return seeing{asking: a, GadgetConfig: c, days: a.daysOf(c), filter: a.filterOf(c.Filter)}
}

// days are the first and the last day of which work logs are read.
type days struct{ from, to workload.Date }

// days are those in which logged work counts, as the viewer's calendar has them. Before
// that is known they are all that it may have.
func (a asking) daysOf(c workload.GadgetConfig) days {
	span := c.Around(workload.DateOf(a.now(), time.UTC))
	if person, _, _, ok := a.People.people.Peek(a.place.Person.key()); ok {
		zone, _ := ZoneOf(person)
		span = c.Span(workload.DateOf(a.now(), zone), lang.FirstDay(person.Locale))
	}
	return days{span.From, span.To}
}

// open are the projects' open issues as the viewer sees them, and when they were read.
func (s seeing) open(ctx context.Context, reader source.Reader) (source.Reading, times, error) {
	key := s.key("")
	reader.Where, reader.By, key.by = s.Where(), s.By, s.By
	if s.Measure == workload.MeasurePoints {
		reader.Points, key.points = s.Points, strings.Join(s.Points, ",")
	}
	return s.shared.get(ctx, key, reads{
		of:  s.days,
		all: func(ctx context.Context) (source.Reading, error) { return reader.Open(ctx, s.Projects) },
		again: func(ctx context.Context, b *source.Basis, changed []string, _ days) (source.Reading, bool, error) {
			return reader.OpenAgain(ctx, b, changed)
		},
	})
}

// logged are the projects' work logs in the window, like open.
func (s seeing) logged(ctx context.Context, reader source.Reader) (source.Reading, times, error) {
	reader.Where = s.Where()
	key := s.key(s.daysKey())
	reader.Titled, key.titled = s.titled, s.titled
	return s.shared.get(ctx, key, reads{
		of:  s.days,
		all: func(ctx context.Context) (source.Reading, error) { return reader.Logged(ctx, s.Projects, s.from, s.to) },
		again: func(ctx context.Context, b *source.Basis, changed []string, of days) (source.Reading, bool, error) {
			return reader.LoggedAgain(ctx, b, changed, of.from, of.to)
		},
	})
}

// finished are the ids of the issues that are done and were changed since a day, like
// open. Those of a query are read each time: it may be asked for in other words.
func (s seeing) finished(ctx context.Context, reader source.Reader, since workload.Date) (source.Reading, error) {
	if reader.Where.IsQuery() {
		return reader.Done(ctx, s.Projects, since)
	}
	reader.Where = s.Where()
	reading, at, err := s.shared.get(ctx, s.key("done since "+since.String()), reads{
		of:  s.days,
		all: func(ctx context.Context) (source.Reading, error) { return reader.Done(ctx, s.Projects, since) },
		again: func(ctx context.Context, b *source.Basis, changed []string, _ days) (source.Reading, bool, error) {
			return reader.DoneAgain(ctx, b, changed, since)
		},
	})
	if err == nil {
		s.began(at)
	}
	return reading, err
}

func (s seeing) key(window string) sharedKey {
	return sharedKey{personKey: s.place.Person.key(), where: s.Where().Open(s.Projects...), window: window}
}

// daysKey names the configured days, whatever today is.
func (s seeing) daysKey() string {
	if s.Period == workload.PeriodNone {
		return strconv.Itoa(int(s.Window))
	}
	return string(s.Period) + s.From.String() + s.To.String()
}

// began moves the times of the view back to those of a part.
func (s seeing) began(t times) {
	if t.at.Before(s.view.ReadAt) {
		s.view.ReadAt = t.at
	}
	if t.full.Before(s.view.FullAt) {
		s.view.FullAt = t.full
	}
}

// read sees, side by side, what each of the functions reads, and who is in the team.
func (s seeing) read(ctx context.Context, reader source.Reader, parts ...func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, part := range parts {
		g.Go(func() error { return part(ctx) })
	}
	g.Go(func() (err error) {
		reader := reader
		reader.Where = s.Where()
		s.view.Team, err = reader.Team(ctx, choice(s.GadgetConfig, s.from))
		return err
	})
	if s.Filter != "" {
		g.Go(func() error {
			found, err := s.filter(ctx)
			s.view.FilterName, s.view.filterJQL = found.Name, found.JQL
			return err
		})
	}
	return g.Wait()
}

// filterOf reads a saved filter, once; the zero Filter if the viewer may not see it.
func (a asking) filterOf(id string) func(context.Context) (jira.Filter, error) {
	var once sync.Once
	var found jira.Filter
	var err error
	return func(ctx context.Context) (jira.Filter, error) {
		once.Do(func() {
			found, err = a.jira.Filters.Get(ctx, id)
			if errors.Is(err, rest.ErrBadRequest) || errors.Is(err, rest.ErrNotFound) {
				found, err = jira.Filter{}, nil
			}
		})
		return found, err
	}
}
