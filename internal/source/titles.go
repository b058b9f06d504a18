package source

import (
	"context"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// titles are what the issues of worklogs are called to the reader, by their ids. All
// parts of a reading share them.
type titles struct {
	mu  sync.Mutex
	all map[string]workload.Title
}

// withTitles is the reader that also reads what the issues of worklogs are called.
func (r Reader) withTitles() Reader {
	if r.Titled {
		r.titles = &titles{all: map[string]workload.Title{}}
	}
	return r
}

// loggedFields are the fields of issues with worklogs.
func (r Reader) loggedFields() []string {
	fields := []string{"project", "worklog"}
	if r.titles != nil {
		fields = append(fields, "summary")
	}
	return fields
}

// add notes what an issue is called, if anybody wants to know.
func (t *titles) add(i jira.Issue) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all[i.ID] = workload.Title{Key: i.Key, Summary: i.Fields.Summary, Project: workload.Value{ID: i.Fields.Project.Key, Name: i.Fields.Project.Name}}
}

// of are the titles of issues with some of the worklogs.
func (t *titles) of(logs []workload.Worklog) map[string]workload.Title {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	list := map[string]workload.Title{}
	for _, l := range logs {
		if title, ok := t.all[l.Issue]; ok {
			list[l.Issue] = title
		}
	}
	return list
}

// title begins to ask what the issues are called whose worklogs are held, once for all
// projects: Jira names those that the reader sees. The function that it returns waits for
// the answer. An error that wraps errAsk says that there will be none.
func (r Reader) title(ctx context.Context) (wait func() error) {
	if r.titles == nil || r.held == nil || len(r.held.Worklogs) == 0 {
		return func() error { return nil }
	}
	g := &glimpse{reader: r, fields: []string{"summary", "project"}, size: fetchMany}
	asking, within := errgroup.WithContext(ctx)
	asking.Go(func() error {
		err := g.sweep("").fetchAll(within, slices.Sorted(maps.Keys(r.held.Worklogs)), func(i jira.Issue) bool {
			r.titles.add(i)
			return true
		})
		return g.refused(err)
	})
	return asking.Wait
}
