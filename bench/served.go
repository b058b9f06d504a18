package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// served is a contestant that is a server under load.
type served struct {
	process  *process
	encoding string
	// metrics is the address of its metrics.
	metrics string
	// address returns the address to request; a token in it is new.
	address func(ctx context.Context) (string, error)
	// end ends what else the server needs; it may be nil.
	end func()

	// host, base and gadget are those of the program; zero for a floor.
	host   *host
	base   string
	gadget gadget
}

// measure loads the server and adds what it used: processor time, allocations
// and memory.
func (s *served) measure(ctx context.Context, l measure.Limits) (measure.Sample, error) {
	address, err := s.address(ctx)
	if err != nil {
		return nil, err
	}
	// The first requests fill caches and are not measured.
	warm := l
	warm.Count = min(l.Count, 5*l.Clients)
	if _, _, err := load(ctx, address, s.encoding, warm); err != nil {
		return nil, s.explain(err)
	}
	pid := s.process.cmd.Process.Pid
	cpu, cpuKnown := measure.CPUTime(pid)
	mallocs, err := s.mallocs(ctx)
	if err != nil {
		return nil, err
	}
	sample, count, err := load(ctx, address, s.encoding, l)
	if err != nil {
		return nil, s.explain(err)
	}
	mallocsAfter, err := s.mallocs(ctx)
	if err != nil {
		return nil, err
	}
	sample[measure.Allocs] = (mallocsAfter - mallocs) / float64(count)
	if after, ok := measure.CPUTime(pid); ok && cpuKnown {
		sample[measure.CPU] = (after - cpu).Seconds() / float64(count)
	}
	if bytes, ok := measure.ResidentMemory(pid); ok {
		sample[measure.Resident] = float64(bytes)
	}
	return sample, nil
}

// explain adds the server's last output to an error.
func (s *served) explain(err error) error {
	return fmt.Errorf("%w\n%s", err, s.process.said.String())
}

func (s *served) close() error {
	s.process.stop()
	if s.end != nil {
		s.end()
	}
	return nil
}

// mallocs is the server's number of allocations so far.
func (s *served) mallocs(ctx context.Context) (float64, error) {
	text, err := get(ctx, &http.Client{}, s.metrics, "")
	if err != nil {
		return 0, fmt.Errorf("read metrics: %w", err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "go_memstats_mallocs_total "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, errors.New("read metrics: no count of allocations")
}
