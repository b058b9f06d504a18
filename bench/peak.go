package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// vastIssues is how many open issues the site of a large view has, and half as
// many as it has work logs.
const vastIssues = 5000

// peaks are the contestants that are asked for a large view which they never saw.
func peaks(ctx context.Context, b *bench) ([]contestant, error) {
	data, err := b.vastData()
	if err != nil {
		return nil, err
	}
	return b.peaksOf(ctx, func(ctx context.Context, side *side) (*served, error) {
		return b.gadgetPage(ctx, side, "", "--data", data)
	})
}

// peakAnswers are the contestants whose searches Jira answers with records that do
// not end.
func peakAnswers(ctx context.Context, b *bench) ([]contestant, error) {
	const record = `{"id":"%d","key":"ABC-%d","fields":{"summary":"One of many","status":{"id":"3","name":"To Do","statusCategory":{"id":2,"key":"new"}},` +
		`"assignee":{"accountId":"one","displayName":"One Person"},"worklog":{"total":20,"worklogs":[%s]}}},`
	logs := strings.Repeat(`{"id":"1","author":{"accountId":"one"},"started":"2026-01-02T09:00:00.000+0000","timeSpentSeconds":60},`, 20)
	records := fmt.Sprintf(record, 1, 1, strings.TrimSuffix(logs, ","))
	fault := map[string]any{"path": "*/search/jql*", "status": http.StatusOK, "body": `{"issues":[` + strings.Repeat(records, 100), "fill": endlessFill}
	return b.peaksOf(ctx, func(ctx context.Context, side *side) (*served, error) {
		c, err := b.gadgetPage(ctx, side, "")
		if err != nil {
			return nil, err
		}
		if err := c.host.site.call(ctx, http.MethodPost, "/-/faults", nil, fault, nil); err != nil {
			return nil, errors.Join(err, c.close())
		}
		return c, nil
	})
}

// endlessFill is how many bytes follow the records of an answer without an end.
const endlessFill = 256 << 20

// peaksOf are the contestants that open starts for each measurement.
func (b *bench) peaksOf(ctx context.Context, open func(context.Context, *side) (*served, error)) ([]contestant, error) {
	floor, err := b.bareGin(ctx, "/readyz")
	if err != nil {
		return nil, err
	}
	list := []contestant{&peak{start: func(ctx context.Context) (*process, string, func(), error) {
		address, err := floor.address(ctx)
		return floor.process, address, func() {}, err
	}, end: func() { _ = floor.close() }}}
	for _, side := range b.sides {
		list = append(list, &peak{start: func(ctx context.Context) (*process, string, func(), error) {
			c, err := open(ctx, side)
			if err != nil {
				return nil, "", nil, err
			}
			address, err := c.address(ctx)
			return c.process, address, func() { _ = c.close() }, err
		}, end: func() {}})
	}
	return list, nil
}

// vastData writes a site's data with many open issues and work logs.
func (b *bench) vastData() (file string, err error) {
	const when = "2026-01-02T09:00:00.000+0000"
	var issues, worklogs []any
	for i := range vastIssues {
		key := fmt.Sprintf("VAST-%d", i+1)
		issues = append(issues, map[string]any{
			"key": key, "id": fmt.Sprint(100_000 + i), "project": "VAST", "summary": "One of many", "issuetype": "Task",
			"status": "To Do", "statusCategory": "new", "assignee": "one", "reporter": "one", "created": when, "updated": when,
		})
		for range 2 {
			worklogs = append(worklogs, map[string]any{
				"id": fmt.Sprint(200_000 + len(worklogs)), "issue": key, "author": "one", "started": when, "timeSpentSeconds": 60,
			})
		}
	}
	data, err := json.Marshal(map[string]any{
		"projects": []any{map[string]any{"key": "VAST", "name": "Vast"}}, "issues": issues, "worklogs": worklogs,
		"users": []any{map[string]any{"name": "one", "displayName": "One Person", "active": true, "timeZone": "Etc/UTC"}},
	})
	file = filepath.Join(b.temp, "vast.json")
	return file, errors.Join(err, os.WriteFile(file, data, 0o600))
}

// peak is a contestant that is started for each measurement.
type peak struct {
	start func(ctx context.Context) (p *process, address string, stop func(), err error)
	end   func()
}

// measure asks for the page until its numbers are there, and looks at the
// process's memory all the while.
func (c *peak) measure(ctx context.Context, _ measure.Limits) (measure.Sample, error) {
	p, address, stop, err := c.start(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	done := make(chan struct{})
	highest := make(chan int64)
	go func() { highest <- highestMemory(p.cmd.Process.Pid, done) }()
	begun := time.Now()
	err = askUntilThere(ctx, address)
	took := time.Since(begun)
	close(done)
	bytes := <-highest
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, p.said.String())
	}
	sample := measure.Sample{measure.Peak: float64(bytes)}
	sample.AddTimes([]time.Duration{took})
	return sample, nil
}

func (c *peak) close() error {
	c.end()
	return nil
}

// highestMemory looks at a process's memory until done.
func highestMemory(pid int, done <-chan struct{}) (highest int64) {
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		bytes, _ := measure.ResidentMemory(pid)
		highest = max(highest, bytes)
		select {
		case <-done:
			return highest
		case <-look.C:
		}
	}
}

// askUntilThere asks for a page until it is no placeholder. An error of Jira's is an
// answer, too.
func askUntilThere(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		body, err := get(ctx, client, address, "")
		if refused := new(statusError); errors.As(err, &refused) && refused.status >= http.StatusBadGateway {
			return nil
		}
		if err != nil || !strings.Contains(string(body), `data-fragment="loading"`) {
			return err
		}
	}
}
