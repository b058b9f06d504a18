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
			shown: measure.PerSecond, open: pages(""),
		},
		{
			name: "page-gzip", about: "the same page compressed", floor: "bare Gin with the same compressed bytes",
			shown: measure.PerSecond, open: pages("gzip"),
		},
		{
			name: "start", about: "from nothing to ready on an empty SQLite database", floor: "bare Gin that answers /readyz",
			shown: measure.P50, open: starts,
		},
		{
			name: "call", about: "one call by the Jira client, with retry, limit and pace, over loopback", floor: "net/http and encoding/json",
			shown: measure.P50, open: loops("call-plain", "call"),
		},
	}
}
