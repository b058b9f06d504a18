package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// goTest is a test or benchmark of each side that measures an operation beside its
// floor, in one process: both contestants of a round read what it printed.
type goTest struct {
	args []string
	// read finds the floor's sample, the other one and remarks in what was printed.
	read func(printed []byte) (floor, other measure.Sample, notes []string, err error)
}

// errNotPrinted says that a test did not print what it should have measured.
var errNotPrinted = errors.New("it printed no measurement; its packages may have a different shape")

// tested are the contestants of a test: its floor, and each side.
func tested(of func(b *bench) goTest) func(context.Context, *bench) ([]contestant, error) {
	return func(_ context.Context, b *bench) ([]contestant, error) {
		first := &testRun{bench: b, side: b.sides[0], test: of(b)}
		list := []contestant{floorOf{first}, first}
		for _, s := range b.sides[1:] {
			list = append(list, &testRun{bench: b, side: s, test: of(b)})
		}
		return list, nil
	}
}

// testRun runs a side's test once for each round.
type testRun struct {
	bench *bench
	side  *side
	test  goTest
	// floor and own are what was measured and is not yet taken.
	floor, own measure.Sample
}

func (t *testRun) run(ctx context.Context, l measure.Limits) error {
	// Tests that take long are skipped without this variable.
	args := append([]string{"SIGHTLINE_TEST_ALL=1", "go", "test", "-count=1", "-benchtime=" + l.Time.String()}, t.test.args...)
	printed, err := output(ctx, t.side.dir, "env", args...)
	if err != nil {
		return err
	}
	floor, own, notes, err := t.test.read(printed)
	if err != nil {
		return fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	t.floor, t.own = floor, own
	if t.side == t.bench.sides[0] {
		t.bench.notes = notes // those of the last round
	}
	return nil
}

func (t *testRun) measure(ctx context.Context, l measure.Limits) (measure.Sample, error) {
	if t.own == nil {
		if err := t.run(ctx, l); err != nil {
			return nil, err
		}
	}
	own := t.own
	t.own = nil
	return own, nil
}

func (*testRun) close() error { return nil }

// floorOf is the floor of a test.
type floorOf struct{ test *testRun }

func (f floorOf) measure(ctx context.Context, l measure.Limits) (measure.Sample, error) {
	if f.test.floor == nil {
		if err := f.test.run(ctx, l); err != nil {
			return nil, err
		}
	}
	floor := f.test.floor
	f.test.floor = nil
	return floor, nil
}

func (floorOf) close() error { return nil }

// indexed measures what an index holds of a scope beside a floor.
func indexed(scope, floor string) func(b *bench) goTest {
	return func(b *bench) goTest {
		on := "sqlite"
		if b.postgres != "" {
			on = "postgres"
		}
		name := "BenchmarkIndex/" + on + "/" + scope + "/"
		return goTest{
			args: []string{"-run=^$", "-bench=^BenchmarkIndex$/^" + on + "$/^" + scope + "$/^(read|" + floor + ")$", "-benchmem", "./store"},
			read: func(printed []byte) (measure.Sample, measure.Sample, []string, error) {
				found := benchmarks(printed)
				if found[name+floor] == nil || found[name+"read"] == nil {
					return nil, nil, nil, errNotPrinted
				}
				return found[name+floor], found[name+"read"], nil, nil
			},
		}
	}
}

// benchmarks reads what go test -benchmem prints, by name.
func benchmarks(printed []byte) map[string]measure.Sample {
	found := map[string]measure.Sample{}
	for lines := bufio.NewScanner(bytes.NewReader(printed)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		s := measure.Sample{}
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			switch {
			case err != nil:
			case fields[i+1] == "ns/op":
				s[measure.Mean] = value / 1e9
			case fields[i+1] == "best-µs/op":
				s[measure.Best] = value / 1e6
			case fields[i+1] == "allocs/op":
				s[measure.Allocs] = value
			}
		}
		name := fields[0]
		if i := strings.LastIndexByte(name, '-'); i > 0 { // the number of processors follows
			name = name[:i]
		}
		found[name] = s
	}
	return found
}

// readers measures both readers on a board with so many open issues; the floor is
// the server's reading, which costs points.
func readers(issues int) func(b *bench) goTest {
	return func(*bench) goTest {
		return goTest{
			args: []string{"-v", fmt.Sprintf("-run=^TestBothReaders$/^%d$", issues), "./e2e/reader"},
			read: readBoth,
		}
	}
}

// readLine is a line of TestBothReaders: what a reading cost, and its time.
var readLine = regexp.MustCompile(`(?m): ((page|server): .*), ([0-9.]+m?s)$`)

func readBoth(printed []byte) (server, page measure.Sample, notes []string, err error) {
	found := map[string]measure.Sample{}
	for _, m := range readLine.FindAllSubmatch(printed, -1) {
		took, err := time.ParseDuration(string(m[3]))
		if err != nil {
			return nil, nil, nil, err
		}
		found[string(m[2])] = measure.Sample{measure.Mean: took.Seconds()}
		notes = append(notes, string(m[1]))
	}
	if found["server"] == nil || found["page"] == nil {
		return nil, nil, nil, errNotPrinted
	}
	return found["server"], found["page"], notes, nil
}
