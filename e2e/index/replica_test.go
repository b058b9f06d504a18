package index

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/quota"
)

// replica is a feed of its own beside a program that has none.
type replica struct {
	*feed.Feed
	pages atomic.Int64 // searches that it has made
	// before is called before each search.
	before func(n int64)
}

// RoundTrip implements http.RoundTripper.
func (r *replica) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/search/jql") {
		if n := r.pages.Add(1); r.before != nil {
			r.before(n)
		}
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
	}
	return http.DefaultTransport.RoundTrip(req)
}

func (b *board) replica(t *testing.T, name string) *replica {
	t.Helper()
	r := &replica{}
	client, err := jira.New(&http.Client{Transport: as{b.admin, r}}, b.Site.URL())
	if err != nil {
		t.Fatal(err)
	}
	r.Feed = &feed.Feed{
		Index:   index.New(b.Store.Index, b.now),
		Jira:    func(context.Context, string, quota.Purpose) (*jira.Client, error) { return client, nil },
		Shown:   func(context.Context) ([]feed.Shown, error) { return []feed.Shown{b.shown()}, nil },
		Beat:    b.Store.Beat,
		Outages: outage.New(harness.Quiet(), b.now), Name: name, Now: b.now,
	}
	return r
}

func (b *board) shown() feed.Shown { return feed.Shown{Tenant: b.tenant, Projects: b.projects} }

// large is a board without an index, and with a project of many pages.
func large(t *testing.T, database string, clock *harness.Clock) *board {
	t.Helper()
	site := connecttest.NewSite(t, connecttest.Options{Large: true, Now: clock.Now})
	b := newBoard(t, site, harness.On(database), harness.By(clock))
	b.now = clock.Now
	projects := site.Objects().Projects
	b.projects = []string{projects[len(projects)-1].Key}
	return b
}

// A reading of what has changed that is given up, as when points end, goes on where
// it was; much later it begins anew.
func TestReadingResumed(t *testing.T) {
	t.Parallel()
	clock := &harness.Clock{}
	b := large(t, "sqlite://"+filepath.Join(t.TempDir(), "index.db"), clock)
	// read makes a reading of ten days due, gives it up before its n-th search, and
	// returns how many it has made.
	read := func(n int64) int64 {
		t.Helper()
		r := b.replica(t, "reader")
		within, cancel := context.WithCancel(t.Context())
		defer cancel()
		r.before = func(k int64) {
			if k == n {
				cancel()
			}
		}
		if err := r.Visit(within, b.shown()); (n > 0) != errors.Is(err, context.Canceled) || n == 0 && err != nil {
			t.Fatalf("got %v", err)
		}
		b.feed = r.Feed
		return r.pages.Load()
	}
	due := func() {
		t.Helper()
		check(t, index.New(b.Store.Index, b.now).ChangeState(t.Context(), b.tenant, func(s *index.State) error {
			at := clock.Now().AddDate(0, 0, -10)
			s.Issues, s.Worklogs, s.Deleted, s.Reconciled = at, at, at, at
			return nil
		}))
	}
	read(0)
	for n := range 210 { // three pages
		b.rest(t, http.MethodPut, fmt.Sprint("/rest/api/3/issue/", b.projects[0], "-", n+1), map[string]any{"fields": map[string]any{"summary": "Another"}}, nil)
	}
	due()
	whole := read(0)
	due()
	first := read(3) - 1
	clock.Forward(time.Hour)
	if second := read(0); first+second != whole || whole < 3 {
		t.Errorf("%d searches, then %d; at once %d", first, second, whole)
	}
	b.same(t, "read in two parts")
	due()
	read(3)
	clock.Forward(13 * time.Hour)
	if again := read(0); again < whole {
		t.Errorf("much later %d searches, from the start %d", again, whole)
	}
}

// A filling that is given up goes on where it was, in another replica as well. One
// whose holder was killed goes on when its lease has ended.
func TestResumed(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		clock := &harness.Clock{}
		b := large(t, database, clock)
		whole := b.replica(t, "whole")
		if err := whole.Visit(t.Context(), b.shown()); err != nil {
			t.Fatal(err)
		}
		if err := whole.Index.Drop(t.Context(), b.tenant); err != nil {
			t.Fatal(err)
		}
		first := b.replica(t, "first")
		within, cancel := context.WithCancel(t.Context())
		defer cancel()
		first.before = func(n int64) {
			if n == 3 {
				cancel()
			}
		}
		if err := first.Visit(within, b.shown()); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		b.feed = first.Feed
		if _, ok := b.held(t); ok {
			t.Error("a part is counted")
		}
		check(t, first.Index.ChangeState(t.Context(), b.tenant, func(s *index.State) error {
			s.Holder, s.HeldUntil = "killed", clock.Now().Add(time.Minute)
			return nil
		}))
		second := b.replica(t, "second")
		if err := second.Visit(t.Context(), b.shown()); err == nil || second.pages.Load() > 0 {
			t.Errorf("while another has it: got %v after %d searches", err, second.pages.Load())
		}
		clock.Forward(time.Minute)
		check(t, second.Visit(t.Context(), b.shown()))
		if got, want := first.pages.Load()-1+second.pages.Load(), whole.pages.Load(); got != want || want < 4 {
			t.Errorf("%d searches in two parts, %d at once", got, want)
		}
		b.feed = second.Feed
		b.same(t, "filled by two")
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Replicas that run side by side fill once.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		clock := &harness.Clock{}
		b := large(t, database, clock)
		alone := b.replica(t, "alone")
		check(t, alone.Visit(t.Context(), b.shown()))
		check(t, alone.Index.Drop(t.Context(), b.tenant))
		one, two := b.replica(t, "one"), b.replica(t, "two")
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{}, 2)
		for _, r := range []*replica{one, two} {
			go func() { r.Run(ctx); done <- struct{}{} }()
		}
		b.feed = one.Feed
		b.filled(t)
		stop()
		<-done
		<-done
		if got, want := one.pages.Load()+two.pages.Load(), alone.pages.Load(); got != want {
			t.Errorf("%d searches of two, %d of one", got, want)
		}
		b.same(t, "filled by two")
	})
}

// A project that the app does not see any more is not counted from the index.
func TestProjectGone(t *testing.T) {
	t.Parallel()
	clock := &harness.Clock{}
	b := newBoard(t, connecttest.NewSite(t, connecttest.Options{Now: clock.Now}), harness.By(clock))
	b.now = clock.Now
	r := b.replica(t, "one")
	b.feed = r.Feed
	check(t, r.Visit(t.Context(), b.shown()))
	b.same(t, "filled")
	check(t, b.Site.AddFault(connecttest.Fault{Path: "*/project/search", Status: http.StatusOK, Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"values":[],"isLast":true,"total":0,"startAt":0,"maxResults":50}`}))
	check(t, b.Site.AddFault(connecttest.Fault{Path: "*/search/jql", Status: http.StatusBadRequest}))
	clock.Forward(25 * time.Hour)
	check(t, r.Visit(t.Context(), b.shown()))
	if _, ok := b.held(t); ok {
		t.Error("it is counted on")
	}
	w, err := r.Index.Work(t.Context(), b.tenant, index.Scope{})
	check(t, err)
	if issues, err := w.Issues(); err != nil || len(issues) > 0 {
		t.Errorf("%d issues are held, %v", len(issues), err)
	}
	b.Site.ClearFaults()
	clock.Forward(25 * time.Hour)
	check(t, r.Visit(t.Context(), b.shown()))
	check(t, r.Visit(t.Context(), b.shown()))
	b.same(t, "seen again")
}

// A limit of Jira's ends the work without a word of it lost.
func TestLimited(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"jira-burst-based", "jira-quota-tenant-based", "jira-quota-global-based", "jira-moon", ""} {
		b := newBoard(t, connecttest.NewSite(t))
		r := b.replica(t, "one")
		b.feed = r.Feed
		headers := map[string]string{"Retry-After": "7"}
		if reason != "" {
			headers["RateLimit-Reason"] = reason
		}
		check(t, b.Site.AddFault(connecttest.Fault{Path: "*/worklog*", Status: http.StatusTooManyRequests, Headers: headers, Times: 1}))
		check(t, b.Site.AddFault(connecttest.Fault{Path: "*/search/jql", Status: http.StatusTooManyRequests, Headers: headers, Times: 1}))
		for range 2 { // once for each limit
			var limited *rest.Error
			if err := r.Visit(t.Context(), b.shown()); !errors.As(err, &limited) || limited.RetryAfter < 7*time.Second {
				t.Errorf("%q: got %v", reason, err)
			}
		}
		check(t, r.Visit(t.Context(), b.shown()))
		b.same(t, reason)
	}
}

// Labels are counted without a call, and are those that Jira's own numbers make.
func TestLabel(t *testing.T) {
	t.Parallel()
	b := newBoard(t, connecttest.NewSite(t), on)
	room := b.Site.Objects().Conversations[0]
	b.SetUpRoom(t, harness.AppKey, room, "HARB")
	b.filled(t)
	if err := b.Site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := b.Site.Requests(0)
	b.FinishOneIssue(t, b.admin.AccountID, "HARB")
	open := b.Count(t, b.admin.AccountID, `project = HARB AND statusCategory != Done`)
	b.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", open))
	for _, request := range b.Site.Requests(before[len(before)-1].Seq) {
		if request.From == harness.AppKey && strings.Contains(request.Path, "/rest/api/") {
			t.Errorf("the label has asked Jira: %s %s", request.Method, request.Path)
		}
	}
}
