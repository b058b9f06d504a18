package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/examples/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

func fire(t *testing.T, site *connecttest.Site, issue, identifier string) {
	t.Helper()
	hook := connecttest.Webhook{Event: "jira:issue_updated", Issue: issue, Identifier: identifier}
	if err := site.Fire(t.Context(), hook); err != nil {
		t.Fatal(err)
	}
	if err := site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A delivery counts once however often it comes, outlives the process, and is tried
// again while Jira does not answer.
func TestQueue(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	app := exampletest.Start(t, site, nil)
	if _, err := site.Install(t.Context(), app.URL+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
	key := site.Objects().Projects[0].Key
	says := func(text string) func() bool { return func() bool { return strings.Contains(app.Log(), key+text) } }
	fire(t, site, key+"-1", "one")
	exampletest.Until(t, "the first", says("-1 is "))

	if err := site.AddFault(connecttest.Fault{Path: "/rest/api/3/issue/*", Status: http.StatusServiceUnavailable}); err != nil {
		t.Fatal(err)
	}
	fire(t, site, key+"-2", "two")
	exampletest.Until(t, "a failed attempt", says("-2: attempt 1"))
	app.Restart()
	site.ClearFaults()
	exampletest.Until(t, "the second, after a restart", says("-2 is "))

	fire(t, site, key+"-1", "one") // the same deliveries once more
	fire(t, site, key+"-2", "two")
	fire(t, site, key+"-3", "three")
	exampletest.Until(t, "the third", says("-3 is "))
	if log := app.Log(); strings.Contains(log, key+"-1 is ") || strings.Count(log, key+"-2 is ") > 1 {
		t.Errorf("a delivery counted twice: %s", log)
	}
	if status, _ := exampletest.Get(t, app.URL+"/issue", ""); status != http.StatusMethodNotAllowed && status != http.StatusNotFound {
		t.Errorf("a GET: %d", status)
	}
}
