package source_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// A reading that failed anywhere returns nothing.
func TestFailures(t *testing.T) {
	t.Parallel()
	const search, project, worklog = "/rest/api/3/search/jql", "/rest/api/3/project/*", "/rest/api/3/issue/*/worklog"
	broken := map[string]string{"Content-Type": "application/json"}
	for _, tt := range []struct {
		name   string
		faults []connecttest.Fault
		want   error // nil: any
	}{
		{"400 of a project that is visible", []connecttest.Fault{{Path: search, Status: 400}}, rest.ErrBadRequest},
		{"400, and no look at the project", []connecttest.Fault{{Path: search, Status: 400}, {Path: project, Status: 500}}, rest.ErrBadRequest},
		{"401", []connecttest.Fault{{Path: search, Status: 401}}, rest.ErrUnauthorized},
		{"403", []connecttest.Fault{{Path: search, Status: 403}}, rest.ErrForbidden},
		{"404", []connecttest.Fault{{Path: search, Status: 404}}, rest.ErrNotFound},
		{"429", []connecttest.Fault{{Path: search, Status: 429, RetryAfter: 7}}, rest.ErrRateLimited},
		{"one search of many", []connecttest.Fault{{Path: search, Status: 503, Times: 1}}, rest.ErrServer},
		{"worklogs of a busy issue", []connecttest.Fault{{Path: worklog, Status: 500, Times: 1}}, rest.ErrServer},
		{"a broken connection", []connecttest.Fault{{Path: worklog, Reset: true}}, nil},
		{"half an answer", []connecttest.Fault{{Path: search, Status: 200, Headers: broken, Body: `{"issues":[`}}, rest.ErrUnreadable},
		{"a page of HTML", []connecttest.Fault{{Path: search, Status: 200, Headers: map[string]string{"Content-Type": "text/html"}, Body: "<p>"}}, rest.ErrUnreadable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t)
			for _, f := range tt.faults {
				site.fault(f)
			}
			to := workload.DateOf(time.Now(), time.UTC)
			got, err := site.reader(site.named(lead)).Work(t.Context(), site.keys(), to.AddDays(-29), to)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if diff := cmp.Diff(source.Reading{}, got); diff != "" {
				t.Errorf("something was read: (-want +got)\n%s", diff)
			}
		})
	}
}

// A reading fails if one project is hidden by a 400 and another one fails.
func TestHiddenBesideFailure(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p := site.named(outsider)
	failing := roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.Contains(r.URL.Query().Get("jql"), `"HARB"`) {
			return nil, errors.ErrUnsupported
		}
		return site.Client().Transport.RoundTrip(r)
	})
	if _, err := site.readerOver(p, failing).Open(t.Context(), []string{"VALT", "HARB"}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
}

// A caller that gives up does not wait for Jira.
func TestCancel(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/rest/api/3/search/jql", "/rest/api/3/issue/*/worklog", "/rest/api/3/project/*"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			site := newSite(t)
			site.fault(connecttest.Fault{Path: path, DelayMs: 60_000})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			prefix, _, _ := strings.Cut(path, "*")
			base := roundTrip(func(r *http.Request) (*http.Response, error) {
				if strings.HasPrefix(r.URL.Path, prefix) {
					cancel()
				}
				return site.Client().Transport.RoundTrip(r)
			})
			r := site.readerOver(site.named(lead), base)
			to := workload.DateOf(time.Now(), time.UTC)
			var err error
			if strings.HasSuffix(path, "project/*") {
				_, err = r.Team(ctx, source.Choice{Projects: site.keys(), Role: "10000"})
			} else {
				_, err = r.Work(ctx, site.keys(), to.AddDays(-29), to)
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want that it was cancelled", err)
			}
		})
	}
}
