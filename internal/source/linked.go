package source

import (
	"context"
	"fmt"
	"strings"

	"github.com/sightline-go/sightline/connect/jira"
)

// Linked is an issue that somebody named, with its status.
type Linked struct{ Key, Status string }

// Linked reads, in one call, those of some issues that the reader sees under the keys by
// which they were named.
func (r Reader) Linked(ctx context.Context, keys []string) ([]Linked, error) {
	fields := []string{"status"}
	fetched, err := r.Jira.Issues.Fetch(ctx, jira.IssueFetchOptions{Issues: keys, Fields: fields})
	found := fetched.Issues
	if isUnfetchable(err) {
		var page jira.SearchPage
		page, err = r.Jira.Search.JQL(ctx, jira.SearchOptions{JQL: "key IN (" + strings.Join(keys, ", ") + ")", Fields: fields, MaxResults: len(keys)})
		found = page.Issues
	}
	if err != nil {
		return nil, fmt.Errorf("read linked issues: %w", err)
	}
	named := map[string]bool{}
	for _, key := range keys {
		named[key] = true
	}
	var list []Linked
	for _, i := range found {
		if named[i.Key] { // else it was moved, and has another key
			list = append(list, Linked{i.Key, i.Fields.Status.Name})
		}
	}
	return list, nil
}
