package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// load requests an address over and over, with several clients at a time that
// keep their connections, and measures until a limit is reached. It loads only
// loopback addresses; an answer other than 200 ends it. count is how many
// requests it made.
func load(ctx context.Context, address, encoding string, l measure.Limits) (s measure.Sample, count int, err error) {
	all, took, err := loadTimes(ctx, address, encoding, l)
	if err != nil {
		return nil, 0, err
	}
	s = measure.Sample{measure.PerSecond: float64(len(all)) / took.Seconds()}
	s.AddTimes(all)
	return s, len(all), nil
}

// loadTimes is load that returns how long each request took, and all together.
func loadTimes(ctx context.Context, address, encoding string, l measure.Limits) (all []time.Duration, took time.Duration, err error) {
	if err := checkLoopback(address); err != nil {
		return nil, 0, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: l.Clients, DisableCompression: true}
	defer transport.CloseIdleConnections()
	begun := time.Now()
	run := &loadRun{client: &http.Client{Transport: transport}, address: address, encoding: encoding, until: begun.Add(l.Time)}
	run.left.Store(int64(l.Count))
	times := make([][]time.Duration, l.Clients)
	g, ctx := errgroup.WithContext(ctx)
	for i := range times {
		g.Go(func() (err error) {
			times[i], err = run.requests(ctx)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, 0, fmt.Errorf("load %s: %w", run.path(), err)
	}
	return slices.Concat(times...), time.Since(begun), nil
}

// loadRun is what the clients of one load share.
type loadRun struct {
	client            *http.Client
	address, encoding string
	until             time.Time
	left              atomic.Int64
}

// requests makes requests until a limit is reached and returns their times.
func (r *loadRun) requests(ctx context.Context) ([]time.Duration, error) {
	var times []time.Duration
	buffer := make([]byte, 32<<10)
	for now := time.Now(); now.Before(r.until) && r.left.Add(-1) >= 0; {
		if err := r.request(ctx, buffer); err != nil {
			return nil, err
		}
		done := time.Now()
		times = append(times, done.Sub(now))
		now = done
	}
	return times, nil
}

func (r *loadRun) request(ctx context.Context, buffer []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.address, nil)
	if err != nil {
		return err
	}
	if r.encoding != "" {
		req.Header.Set("Accept-Encoding", r.encoding)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	for {
		if _, err := resp.Body.Read(buffer); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// path is the address without its query, which may hold a token.
func (r *loadRun) path() string {
	address, _, _ := strings.Cut(r.address, "?")
	return address
}

// checkLoopback refuses every address that is not one of this machine's own.
func checkLoopback(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("load: not a URL")
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil || !ip.IsLoopback() {
		return fmt.Errorf("load: %q is not a loopback address", u.Host)
	}
	return nil
}
