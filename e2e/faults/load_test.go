package faults

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
)

// TestTooManyPages: while as many pages are being served as may be, another one is told
// when to come again; installs, events and probes are taken as ever.
func TestTooManyPages(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	r := harness.Start(t, g.Site, harness.OnForge(g.Site), func(f *app.ServeFlags) { f.MaxPages = "1" })
	r.Install(t)
	r.SetUpRoom(t, harness.AppKey, r.Site.Objects().Conversations[0], "HARB")
	f := r.InstallForge(t, forge.StageForge, "")
	b := harness.NewBoard(t, r, "HARB")
	session := harness.Attribute(t, b.Look(t, r.Person(2)).Body, "data-session")
	held := g.at(t, http.MethodGet, harness.SearchPath)
	served := make(chan harness.Page, 1)
	go func() { served <- b.Look(t, r.Person(3)) }()
	held.wait()

	address, err := r.Site.ModuleURL(harness.AppKey, "workload", r.Person(2), b.Dashboard.ID, b.Item)
	if err != nil {
		t.Fatal(err)
	}
	const retry = "2"
	for name, got := range map[string]harness.Page{
		"page":    harness.Ask(t, harness.NewRequest(t, http.MethodGet, address, nil)),
		"session": b.Call(t, b.Address("/gadget/workload/view"), session),
		"sidebar": harness.Ask(t, harness.NewRequest(t, http.MethodGet, chatPage(t, r), nil)),
	} {
		if got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") != retry || !strings.Contains(got.Body, "Too many people ask at once.") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := f.Call(t, r.Person(2), "workload", "?entry=view"); got.Code != http.StatusServiceUnavailable {
		t.Errorf("on Forge: %+v", got)
	}
	alwaysTaken(t, r)

	held.free()
	<-served // to whom the app was meanwhile installed anew
	if got := b.Look(t, r.Person(2)); got.Status != http.StatusOK {
		t.Errorf("later: %d", got.Status)
	}
	if got := f.Call(t, r.Person(2), "workload", "?entry=view"); got.Code != http.StatusOK {
		t.Errorf("on Forge, later: %+v", got)
	}
	if text := metrics(t, r); !strings.Contains(text, `sightline_pages_shed_total{reason="full"} 4`) {
		t.Errorf("the metrics do not count four:\n%s", text)
	}
	if log := r.Logs.String(); strings.Count(log, `"code":"load.full"`) != 4 || strings.Contains(log, `"level":"ERROR"`) {
		t.Error("the log does not have four warnings")
	}
}

func chatPage(t *testing.T, r *harness.Running) string {
	t.Helper()
	room := r.Site.Objects().Conversations[0]
	address, err := r.Site.ChatPageURL(harness.AppKey, "workload-sidebar", room.ID, room.Members[0])
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// alwaysTaken: what must not be lost, and what others watch the program by.
func alwaysTaken(t *testing.T, r *harness.Running) {
	t.Helper()
	for _, path := range []string{"/healthz", "/readyz", "/", "/atlassian-connect.json", "/forge/manifest.yml"} {
		if got := get(t, r.URL+path); got.status != http.StatusOK {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	seen := r.Seen()
	if err := r.Site.Fire(t.Context(), connecttest.Webhook{Event: "jira:issue_updated", Issue: "HARB-1"}); err != nil {
		t.Fatal(err)
	}
	r.Told(t, seen)
	if _, err := r.Site.Rotate(t.Context(), harness.AppKey); err != nil {
		t.Errorf("a new secret: %v", err)
	}
	if status, _ := install(t, r); status/100 != 2 {
		t.Errorf("install: %d", status)
	}
}

// metrics are what the program says of itself.
func metrics(t *testing.T, r *harness.Running) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { _ = r.App.ServeMetrics(ctx, listener) })
	defer done.Wait()
	defer cancel()
	_, text := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, "http://"+listener.Addr().String()+"/metrics", nil))
	return text
}
