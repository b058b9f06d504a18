package jira_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/jira"
)

// benchSite answers every call with a page of 50 issues.
func benchSite(b *testing.B) *httptest.Server {
	b.Helper()
	issue := `{"id":"10001","key":"ABC-1","fields":{"summary":"Write the manual","status":{"id":"3","name":"In Progress",` +
		`"statusCategory":{"id":4,"key":"indeterminate","name":"In Progress"}},"assignee":{"accountId":"5b10","displayName":"Ann"},"duedate":"2026-11-24","timeestimate":3600}}`
	page := `{"isLast":true,"issues":[` + strings.TrimSuffix(strings.Repeat(issue+",", 50), ",") + `]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, page)
	}))
	b.Cleanup(server.Close)
	return server
}

var benchOptions = jira.SearchOptions{JQL: "project = ABC AND statusCategory != Done", Fields: []string{"summary", "status", "assignee", "duedate", "timeestimate"}, MaxResults: 50}

// BenchmarkSearch and BenchmarkNetHTTP do the same: the difference is what the
// typed client costs.
func BenchmarkSearch(b *testing.B) {
	server := benchSite(b)
	client, err := jira.New(server.Client(), server.URL)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		page, err := client.Search.JQL(b.Context(), benchOptions)
		if err != nil || len(page.Issues) != 50 {
			b.Fatal(len(page.Issues), err)
		}
	}
}

func BenchmarkNetHTTP(b *testing.B) {
	server := benchSite(b)
	address := server.URL + "/rest/api/3/search/jql?fields=summary%2Cstatus%2Cassignee%2Cduedate%2Ctimeestimate" +
		"&jql=project+%3D+ABC+AND+statusCategory+%21%3D+Done&maxResults=50"
	b.ReportAllocs()
	for b.Loop() {
		page, err := bareSearch(b.Context(), server.Client(), address)
		if err != nil || len(page.Issues) != 50 {
			b.Fatal(len(page.Issues), err)
		}
	}
}

func bareSearch(ctx context.Context, client *http.Client, address string) (page jira.SearchPage, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return page, err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return page, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return page, err
	}
	return page, json.Unmarshal(data, &page)
}
