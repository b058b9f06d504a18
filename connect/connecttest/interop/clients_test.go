package interop_test

import (
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
