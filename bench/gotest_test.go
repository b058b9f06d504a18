package main

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

func TestWhatBenchmarksPrint(t *testing.T) {
	t.Parallel()
	const printed = `goos: linux
BenchmarkIndex/sqlite/scope/read-2         	     100	    250000 ns/op	       200.0 best-µs/op	  1000 B/op	      30 allocs/op
BenchmarkIndex/sqlite/scope/floor-count-2  	     100	    125000 ns/op	       100.0 best-µs/op	   500 B/op	       3 allocs/op
PASS
`
	test := indexed("scope", "floor-count")(&bench{})
	floor, own, _, err := test.read([]byte(printed))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(measure.Sample{measure.Mean: 125e-6, measure.Best: 100e-6, measure.Allocs: 3}, floor); diff != "" {
		t.Errorf("floor (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(measure.Sample{measure.Mean: 250e-6, measure.Best: 200e-6, measure.Allocs: 30}, own); diff != "" {
		t.Errorf("index (-want +got):\n%s", diff)
	}
	for _, printed := range []string{"", "PASS", "BenchmarkIndex/sqlite/scope/read-2 1 1 ns/op"} {
		if _, _, _, err := test.read([]byte(printed)); !errors.Is(err, errNotPrinted) {
			t.Errorf("%q: got %v", printed, err)
		}
	}
}

func TestWhatReadersPrint(t *testing.T) {
	t.Parallel()
	const printed = `=== RUN   TestBothReaders/120
    boards_test.go:47: page: 2 steps, 9 requests, 3 calls of the app, 9000 bytes handed over (largest part 5000), 510ms
    boards_test.go:52: server: 7 calls, 180 points, 1.4s
--- PASS: TestBothReaders (1.00s)
`
	server, page, notes, err := readBoth([]byte(printed))
	if err != nil || server[measure.Mean] != 1.4 || page[measure.Mean] != 0.51 {
		t.Errorf("got %v, %v, %v", server, page, err)
	}
	want := []string{"page: 2 steps, 9 requests, 3 calls of the app, 9000 bytes handed over (largest part 5000)", "server: 7 calls, 180 points"}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, _, _, err := readBoth([]byte("--- SKIP: TestBothReaders")); !errors.Is(err, errNotPrinted) {
		t.Errorf("skipped: got %v", err)
	}
}
