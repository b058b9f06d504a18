package app

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what an operator's Prometheus reads. Labels are routes, status
// classes and hosts that we define, never a tenant or a person.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	calls    *prometheus.HistogramVec
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
	}
	m.registry.MustRegister(m.requests, m.calls, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// served notes one request that we answered.
func (m *metrics) served(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

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
