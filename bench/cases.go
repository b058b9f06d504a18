package main

import (
	"context"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// benchCase is one thing that is measured.
type benchCase struct {
	name string
	// about says what one operation is, floor what the floor does.
	about, floor string
	// shown is the metric whose ratio sums up the case.
	shown measure.Metric
	// open makes the contestants: the floor, and one for each side.
	open func(ctx context.Context, b *bench) ([]contestant, error)
}

// contestant is ready to be measured.
type contestant interface {
	// measure makes one measurement within limits.
	measure(ctx context.Context, l measure.Limits) (measure.Sample, error)
	// close ends what the contestant needs.
	close() error
}

// cases are all cases. A new case is one line here.
func cases() []benchCase {
	return []benchCase{
		{
			name: "verify", about: "verify one signed page of a known tenant", floor: "HMAC and SHA-256 of the same bytes",
			shown: measure.P50, open: loops("verify-hash", "verify"),
		},
		{
			name: "verify-hand", about: "verify one signed page of a known tenant",
			floor: "by hand and without checks: HMAC, base64, JSON, canonical request, SHA-256",
			shown: measure.P50, open: loops("verify-hand", "verify"),
		},
		{
			name: "page", about: "a gadget's page over loopback, its numbers in the cache", floor: "bare Gin with the same bytes",
			shown: measure.PerSecond, open: pages("", false),
		},
		{
			name: "page-gzip", about: "the same page compressed", floor: "bare Gin with the same compressed bytes",
			shown: measure.PerSecond, open: pages("gzip", false),
		},
		{
			name: "page-hand", about: "the same page compressed",
			floor: "bare Gin with the same compressed bytes, after a verification by hand", shown: measure.PerSecond, open: pages("gzip", true),
		},
		{
			name: "start", about: "from nothing to ready on an empty SQLite database", floor: "bare Gin that answers /readyz",
			shown: measure.P50, open: starts,
		},
		{
			name: "rest", about: "memory after all tenants called once and the time of a measurement passed", floor: "bare Gin",
			shown: measure.Resident, open: resting,
		},
		{
			name: "peak", about: "the most memory during a view of 5,000 issues that nobody saw before", floor: "bare Gin",
			shown: measure.Peak, open: peaks,
		},
		{
			name: "peak-answer", about: "the most memory during a view whose searches answer without an end", floor: "bare Gin",
			shown: measure.Peak, open: peakAnswers,
		},
		{
			name: "mixed", about: "pages of everybody, changed issues and other tenants' events at once", floor: "bare Gin with the page's bytes, and nothing else",
			shown: measure.Growth, open: mixed,
		},
		{
			name: "index-scope", about: "read one of 20 projects and 14 days of logs of an index of 100,000 issues and 200,000 logs",
			floor: "count(*) of the same rows", shown: measure.Best, open: tested(indexed("scope", "floor-count")),
		},
		{
			name: "index-whole", about: "read all that is open, and all logs, of the same index",
			floor: "a scan of the same rows", shown: measure.Best, open: tested(indexed("tenant", "floor-scan")),
		},
		{
			name: "readers-120", about: "a first view of 120 open issues, read in the viewer's page; Jira takes 0.2 s a call",
			floor: "read by the server", shown: measure.Mean, open: tested(readers(120)),
		},
		{
			name: "readers-1437", about: "the same of 1,437", floor: "read by the server", shown: measure.Mean, open: tested(readers(1437)),
		},
		{
			name: "readers-5000", about: "the same of 5,000", floor: "read by the server", shown: measure.Mean, open: tested(readers(5000)),
		},
		{
			name: "call", about: "one call by the Jira client, with retry, limit and pace, over loopback", floor: "net/http and encoding/json",
			shown: measure.P50, open: loops("call-plain", "call"),
		},
	}
}
