package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// maxStarts is how often one measurement may start a process.
const maxStarts = 20

// starts are the contestants whose start is measured.
func starts(ctx context.Context, b *bench) ([]contestant, error) {
	worker, err := b.sides[0].worker(ctx)
	if err != nil {
		return nil, err
	}
	list := []contestant{starting{b.temp, func(ctx context.Context, addr, _ string) (*process, error) {
		return start(ctx, nil, nil, worker, "serve", "-addr", addr)
	}}}
	for _, side := range b.sides {
		app, err := side.app(ctx)
		if err != nil {
			return nil, err
		}
		// It starts without a site: a start asks the site for nothing.
		nowhere := &site{url: "http://127.0.0.1:9"}
		list = append(list, starting{b.temp, func(ctx context.Context, addr, dir string) (*process, error) {
			return start(ctx, nil, nowhere.settings(addr, "", sqliteIn(dir)), app, "serve")
		}})
	}
	return list, nil
}

// starting starts a process on an address, with an empty folder for its data.
type starting struct {
	temp  string
	start func(ctx context.Context, addr, dir string) (*process, error)
}

// measure starts and stops processes until a limit is reached, at least once.
func (s starting) measure(ctx context.Context, l measure.Limits) (measure.Sample, error) {
	var times []time.Duration
	var cpu time.Duration
	sample := measure.Sample{}
	for begun := time.Now(); len(times) == 0 || len(times) < min(l.Count, maxStarts) && time.Since(begun) < l.Time; {
		took, used, err := s.once(ctx, sample)
		if err != nil {
			return nil, err
		}
		times, cpu = append(times, took), cpu+used
	}
	sample[measure.CPU] = cpu.Seconds() / float64(len(times))
	sample.AddTimes(times)
	return sample, nil
}

// once measures one start: how long it takes until it is ready, the processor
// time to its end, and the memory at the moment when it is ready.
func (s starting) once(ctx context.Context, sample measure.Sample) (took, cpu time.Duration, err error) {
	addr, err1 := freeAddr(ctx)
	dir, err2 := os.MkdirTemp(s.temp, "data-")
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	begun := time.Now()
	p, err := s.start(ctx, addr, dir)
	if err != nil {
		return 0, 0, err
	}
	err = p.ready(ctx, "http://"+addr+"/readyz")
	took = time.Since(begun)
	if bytes, ok := measure.ResidentMemory(p.cmd.Process.Pid); ok {
		sample[measure.Resident] = float64(bytes)
	}
	p.stop()
	return took, p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime(), err
}

func (starting) close() error { return nil }
