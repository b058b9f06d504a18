package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/quota"
)

// points are the metrics of Jira's quota. Those of what is left are the whole app's,
// as all replicas have counted it.
type points struct {
	spent, held *prometheus.CounterVec
}

func newPoints() points {
	p := points{
		spent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sightline_jira_points_total",
			Help: "Points that this process's calls of Jira have cost, by purpose.",
		}, []string{"purpose"}),
		held: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sightline_jira_calls_held_total",
			Help: "Calls in the background that were not made so that points are left for people, by purpose.",
		}, []string{"purpose"}),
	}
	for _, purpose := range quota.Purposes() {
		p.spent.WithLabelValues(string(purpose)) // 0 until it happens
		p.held.WithLabelValues(string(purpose))
	}
	return p
}

// spent notes the points of an answer.
func (m *metrics) spent(p quota.Purpose, points int) {
	m.points.spent.WithLabelValues(string(p)).Add(float64(points))
}

// heldBack notes a call that was not made.
func (m *metrics) heldBack(p quota.Purpose) { m.points.held.WithLabelValues(string(p)).Inc() }

// follow shows how the app's budget stands.
func (m *metrics) follow(l *quota.Ledger) {
	for _, gauge := range []struct {
		name, help string
		value      func() float64
	}{
		{"sightline_jira_points_limit", "Points that the app has an hour at all sites; 0: there is no such quota.", func() float64 { return float64(l.App().Limit) }},
		{"sightline_jira_points_left", "Points of it that are left in this hour, -1: there is no such quota.", func() float64 { return float64(l.App().Left()) }},
		{"sightline_jira_quota_reset_seconds", "Time until the next full hour of UTC, when all points are there again.", func() float64 { return l.Wait().Seconds() }},
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: gauge.name, Help: gauge.help}, gauge.value))
	}
}

// shared notes how an exchange of the ledger with the database went.
func (p *Program) shared(ctx context.Context, err error) {
	p.outages.Note(ctx, outage.Subject{What: "share the count of Jira's points"}, err)
}

// refusing is until when Jira takes no calls at a tenant.
func (p *Program) refusing(id connect.TenantID) time.Time { return p.ledger.Refusing(string(id)) }
