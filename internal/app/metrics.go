package app

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/edge"
)

// metrics are what an operator's Prometheus reads. Labels are routes, status
// classes and hosts that we define, never a tenant or a person.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	calls    *prometheus.HistogramVec
	ignored  *prometheus.CounterVec
	cuts     *prometheus.CounterVec
	accounts *prometheus.CounterVec
	shed     *prometheus.CounterVec
	refusals *prometheus.CounterVec
	points   points
	indexed  indexed

	mu    sync.RWMutex
	known map[servedAs]prometheus.Observer
}

// servedAs is what requests are counted by.
type servedAs struct {
	method, route string
	status        int
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "sightline_http_request_duration_seconds",
			Help:    "Requests served, by route and status.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2.5, 12),
		}, []string{"method", "route", "status"}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "sightline_upstream_call_duration_seconds",
			Help:    "Calls made to Atlassian and to the chat, by method and status; status 0 is no answer.",
			Buckets: prometheus.ExponentialBuckets(0.002, 2.5, 10),
		}, []string{"method", "status"}),
		ignored: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sightline_events_ignored_total",
			Help: "Verified events that changed nothing, by route and reason: shape, foreign, old or unknown.",
		}, []string{"route", "reason"}),
		cuts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sightline_lists_cut_total",
			Help: "Lists of Jira that were not read to their end, by the bound that ended it.",
		}, []string{"reason"}),
		accounts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sightline_accounts_reported_total",
			Help: "Account ids that were reported to Atlassian, by what it answered: fine, closed or updated.",
		}, []string{"answer"}),
		shed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sightline_pages_shed_total",
			Help: "Calls of pages answered 503 because too many came at once, by reason: full, or share of one site.",
		}, []string{"reason"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sightline_refusals_total",
			Help: "Requests that were refused or failed, by the code that the log has.",
		}, []string{"reason"}),
		points:  newPoints(),
		indexed: newIndexed(),
	}
	for _, reason := range rest.WalkReasons() {
		m.cuts.WithLabelValues(string(reason)) // 0 until it happens
	}
	m.reported(0, 0, 0)
	for _, reason := range edge.LoadReasons() {
		m.shed.WithLabelValues(reason)
	}
	build := ThisBuild()
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name:        "sightline_build_info",
		Help:        "Always 1; its labels say which program this is.",
		ConstLabels: prometheus.Labels{"version": build.Version, "commit": build.Commit, "date": build.Date},
	}, func() float64 { return 1 }))
	m.registry.MustRegister(m.requests, m.calls, m.ignored, m.cuts, m.shed, m.accounts, m.refusals, m.points.spent, m.points.held, m.indexed.facts, m.indexed.counts,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// served notes one request that we answered.
func (m *metrics) served(method, route string, status int, took time.Duration) {
	m.observer(servedAs{method, route, status}).Observe(took.Seconds())
}

// observer finds where an answer is counted, which hashes its labels once.
func (m *metrics) observer(a servedAs) prometheus.Observer {
	m.mu.RLock()
	found := m.known[a]
	m.mu.RUnlock()
	if found != nil {
		return found
	}
	found = m.requests.WithLabelValues(a.method, a.route, strconv.Itoa(a.status))
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[servedAs]prometheus.Observer{}
	}
	m.known[a] = found
	return found
}

// ignoredEvent notes one event that changed nothing.
func (m *metrics) ignoredEvent(route, reason string) { m.ignored.WithLabelValues(route, reason).Inc() }

// shedPage notes one call of a page that was one too many.
func (m *metrics) shedPage(reason string) { m.shed.WithLabelValues(reason).Inc() }

// refused notes a request that was refused or failed.
func (m *metrics) refused(reason string) { m.refusals.WithLabelValues(reason).Inc() }

// cut notes a list that was not read to its end.
func (m *metrics) cut(e *rest.WalkError) { m.cuts.WithLabelValues(string(e.Reason)).Inc() }

// measured notes every call that goes through a transport.
func (m *metrics) measured(base http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		start := time.Now()
		resp, err := base.RoundTrip(req)
		status := 0
		if err == nil {
			status = resp.StatusCode
		}
		m.calls.WithLabelValues(req.Method, strconv.Itoa(status)).Observe(time.Since(start).Seconds())
		return resp, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// ServeMetrics answers /metrics on a listener of its own, so that it cannot be
// reached on the app's address.
func (p *Program) ServeMetrics(ctx context.Context, listener net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.metrics.registry, promhttp.HandlerOpts{}))
	return Serve(ctx, &http.Server{Handler: mux, ReadHeaderTimeout: HeaderTimeout, WriteTimeout: writeTimeout}, listener)
}
