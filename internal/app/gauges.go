package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/store"
)

// gaugeTime bounds what a scrape asks of the database. Prometheus waits for ten seconds.
const gaugeTime = 3 * time.Second

// gauges are numbers that are looked up when somebody reads the metrics.
type gauges struct {
	program *Program
	ctx     context.Context

	tenants, waiting, failing, oldest, asked *prometheus.Desc
}

// watch shows what is stored, the connections to the database, and what is found in the
// caches.
func (p *Program) watch(ctx context.Context) error {
	pools, err := p.store.Pools()
	if err != nil {
		return err
	}
	for name, pool := range pools {
		p.metrics.registry.MustRegister(collectors.NewDBStatsCollector(pool, name))
	}
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	p.metrics.registry.MustRegister(&gauges{
		program: p, ctx: context.WithoutCancel(ctx),
		tenants: desc("sightline_tenants", "Tenants that are stored, by state.", "state"),
		waiting: desc("sightline_glances_waiting", "Glances of all programs that do not show what they should, quiet hours aside."),
		failing: desc("sightline_glances_failing", "Those of them whose last attempt failed."),
		oldest:  desc("sightline_glances_oldest_seconds", "For how long the one of them that has waited longest has waited since it last changed."),
		asked:   desc("sightline_cache_reads_total", "What readers have found in this program's caches: fresh, stale, or nothing (missed).", "cache", "found"),
	})
	return nil
}

// Describe implements prometheus.Collector.
func (g *gauges) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{g.tenants, g.waiting, g.failing, g.oldest, g.asked} {
		to <- d
	}
}

// Collect implements prometheus.Collector. What the database does not tell is left out.
func (g *gauges) Collect(to chan<- prometheus.Metric) {
	for name, asked := range g.program.server.Asked() {
		for found, n := range map[string]uint64{"fresh": asked.Fresh, "stale": asked.Stale, "missed": asked.Missed} {
			to <- prometheus.MustNewConstMetric(g.asked, prometheus.CounterValue, float64(n), name, found)
		}
	}
	stored, ok := g.stored()
	if !ok {
		return
	}
	for state, n := range stored.Tenants {
		to <- prometheus.MustNewConstMetric(g.tenants, prometheus.GaugeValue, float64(n), state)
	}
	oldest := 0.0
	if !stored.Oldest.IsZero() {
		oldest = max(0, g.program.settings.now().Sub(stored.Oldest).Seconds())
	}
	to <- prometheus.MustNewConstMetric(g.waiting, prometheus.GaugeValue, float64(stored.Waiting))
	to <- prometheus.MustNewConstMetric(g.failing, prometheus.GaugeValue, float64(stored.Failing))
	to <- prometheus.MustNewConstMetric(g.oldest, prometheus.GaugeValue, oldest)
}

func (g *gauges) stored() (store.Gauges, bool) {
	ctx, cancel := context.WithTimeout(g.ctx, gaugeTime)
	defer cancel()
	found, err := g.program.store.Gauges(ctx)
	g.program.outages.Note(g.ctx, outage.Subject{What: "count what is stored"}, err)
	return found, err == nil
}
