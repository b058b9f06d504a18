package app

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/quota"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
)

// lookedFor is for how long after somebody looked at a gadget its projects are held.
const lookedFor = 30 * 24 * time.Hour

// indexes wires what is kept at home of issues. If that is off, what was kept before
// is dropped.
func (p *Program) indexes(ctx context.Context) error {
	facts := index.New(p.store.Index, p.settings.now)
	if !p.settings.index {
		return dropAll(ctx, facts)
	}
	p.feed = &feed.Feed{
		Index: facts, Jira: p.jiraOf, Shown: p.shown, Beat: p.store.Beat, Stored: p.metrics.stored,
		Outages: p.outages, Name: rand.Text(), Now: p.settings.now,
	}
	p.metrics.followIndexes(p.feed, p.settings.now)
	p.metrics.followFacts(p.feed)
	return nil
}

func dropAll(ctx context.Context, facts *index.Index) error {
	states, err := facts.States(ctx)
	if err != nil {
		return err
	}
	for tenant := range states {
		if err := facts.Drop(ctx, tenant); err != nil {
			return err
		}
	}
	return nil
}

// jiraOf acts as the app at a tenant.
func (p *Program) jiraOf(ctx context.Context, tenant string, purpose quota.Purpose) (*jira.Client, error) {
	t, err := p.store.Tenants.Tenant(ctx, connect.TenantID(tenant))
	if err != nil {
		return nil, err
	}
	return p.clients.jiraApp(ctx, t, purpose)
}

func (p *Program) shown(ctx context.Context) ([]feed.Shown, error) {
	found, err := p.store.Tenants.Shown(ctx, p.settings.now().Add(-lookedFor))
	if err != nil {
		return nil, err
	}
	list := make([]feed.Shown, len(found))
	for i, s := range found {
		list[i] = feed.Shown{Tenant: string(s.Tenant), Projects: s.Projects, Past: s.Past, Logged: s.Logged, Looked: s.Looked}
	}
	return list, nil
}

// facts are those that views of people use; nil if the index is off.
func (p *Program) facts() viewer.Facts {
	if p.feed == nil {
		return nil
	}
	return func(id connect.TenantID) source.Facts { return p.feed.Facts(string(id)) }
}

// Feed keeps the indexes; nil if they are off.
func (p *Program) Feed() *feed.Feed { return p.feed }

// indexed are the metrics of the indexes.
type indexed struct {
	facts  *prometheus.CounterVec
	counts *prometheus.CounterVec
}

func newIndexed() indexed {
	m := indexed{
		facts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sightline_index_facts_read_total",
			Help: "Facts of issues and work logs that were read from Jira to be kept, by kind.",
		}, []string{"kind"}),
		counts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sightline_glances_counted_total",
			Help: "Glances that were counted, by where the issues came from.",
		}, []string{"from"}),
	}
	for _, kind := range []string{"issue", "worklog"} {
		m.facts.WithLabelValues(kind) // 0 until it happens
	}
	for _, from := range []string{fromIndex, fromJira} {
		m.counts.WithLabelValues(from)
	}
	return m
}

// Where a glance's issues came from.
const (
	fromIndex = "index"
	fromJira  = "jira"
)

func (m *metrics) stored(issues, worklogs int) {
	m.indexed.facts.WithLabelValues("issue").Add(float64(issues))
	m.indexed.facts.WithLabelValues("worklog").Add(float64(worklogs))
}

// counted notes that a glance was counted.
func (m *metrics) counted(from string) { m.indexed.counts.WithLabelValues(from).Inc() }

// followFacts shows how many facts are held, by kind and by how far their tenants'
// indexes are.
func (m *metrics) followFacts(f *feed.Feed) {
	for _, gauge := range []struct {
		kind, state string
		value       func(feed.Standing) int
	}{
		{"issue", "filled", func(s feed.Standing) int { return s.Full.Issues }},
		{"worklog", "filled", func(s feed.Standing) int { return s.Full.Worklogs }},
		{"issue", "filling", func(s feed.Standing) int { return s.Filling.Issues }},
		{"worklog", "filling", func(s feed.Standing) int { return s.Filling.Worklogs }},
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sightline_index_facts", Help: "Facts that are held, by kind and by how far their tenants' indexes are; counted every hour.",
			ConstLabels: prometheus.Labels{"kind": gauge.kind, "state": gauge.state},
		}, func() float64 { return float64(gauge.value(f.Standing())) }))
	}
}

// followIndexes shows how far the indexes are.
func (m *metrics) followIndexes(f *feed.Feed, now func() time.Time) {
	for _, gauge := range []struct {
		name, help string
		value      func(feed.Standing) float64
	}{
		{"sightline_index_tenants", "Tenants whose issues are to be kept.", func(s feed.Standing) float64 { return float64(s.Tenants) }},
		{"sightline_index_tenants_filled", "Those of them whose index is filled.", func(s feed.Standing) float64 { return float64(s.Filled) }},
		{"sightline_index_needs", "Facts that must be fetched because an event did not tell them.", func(s feed.Standing) float64 { return float64(s.Needs) }},
		{"sightline_index_oldest_need_seconds", "Age of the oldest of them.", func(s feed.Standing) float64 {
			if s.Oldest.IsZero() {
				return 0
			}
			return now().Sub(s.Oldest).Seconds()
		}},
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: gauge.name, Help: gauge.help},
			func() float64 { return gauge.value(f.Standing()) }))
	}
}
