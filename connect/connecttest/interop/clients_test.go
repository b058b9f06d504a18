package interop_test

import (
	"os"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// TestJira runs jira.js, both its client for version 2 and that for version 3
// of Jira's REST API.
func TestJira(t *testing.T) {
	t.Parallel()
	needsNode(t, "jira.js")
	for _, version := range []string{"2", "3"} {
		t.Run("version "+version, func(t *testing.T) {
			t.Parallel()
			site := newSite(t)
			installGadget(t, site)
			run(t, site, "jira.mjs", version)
		})
	}
}

// TestConfluence runs confluence.js.
func TestConfluence(t *testing.T) {
	t.Parallel()
	needsNode(t, "confluence.js")
	run(t, newSite(t), "confluence.mjs")
}

// TestSchemas runs the clients that check what they are answered.
func TestSchemas(t *testing.T) {
	t.Parallel()
	needsNode(t, "jira.js-6", "confluence.js-3")
	site := connecttest.NewSite(t)
	installGadget(t, site)
	run(t, site, "schemas.mjs")
}

// TestGoClients runs go-jira and go-atlassian, which are modules that nothing else here
// needs: they are fetched for this test alone.
func TestGoClients(t *testing.T) {
	t.Parallel()
	if os.Getenv("SIGHTLINE_TEST_ALL") != "1" {
		t.Skip("fetches the clients: SIGHTLINE_TEST_ALL=1 runs it")
	}
	runWith(t, connecttest.NewSite(t), "go", "-C", "goclients", "run", ".")
}
