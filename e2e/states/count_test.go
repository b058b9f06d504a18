package states

import (
	"net/http"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// oldPoints is the name of one more field of story points.
const oldPoints = "Story Points (old)"

// countScenes are the states of what is counted, and of its fields in the form.
func countScenes() []harness.Scene {
	return []harness.Scene{
		{
			Name: "form that asks for a field of points", Set: withPointFields(), Shown: "#sl-preview > select", Says: []string{"is proposed for the next gadgets"},
			Act: countingPoints,
		},
		{
			Name: "form that knows the field of points", Set: withPointFields("customfield_10100"), Shown: ".settled[open]", Says: []string{"Points from: Story Points (old)"},
			Act: func(t *testing.T, s *harness.Stage, page *browsertest.Frame) {
				countingPoints(t, s, page)
				page.Click(".settled summary")
			},
		},
	}
}

// countingPoints chooses a project and story points in a form.
func countingPoints(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
	page.Click("#sl-search")
	page.Fill("#sl-search", "harb")
	page.Until(`document.querySelector("#sl-found[data-for=harb] [data-key]")`)
	page.Click("#sl-found [data-key]")
	page.Until(`document.querySelector("#sl-preview-text").textContent`)
	page.Do(`const measure = document.querySelector("#sl-measure"); measure.value = "points"; measure.dispatchEvent(new Event("input", { bubbles: true }))`)
	page.Until(`document.querySelector("#sl-preview [name=points]")`)
}

// withPointFields is the form on a site with one more field of story points, of which
// some may have been chosen.
func withPointFields(chosen ...string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string {
		s.Rest(t, s.AdminAccount(t), http.MethodPost, "/rest/api/3/field", map[string]string{
			"name": oldPoints, "type": "com.atlassian.jira.plugin.system.customfieldtypes:float", "searcherKey": "com.atlassian.jira.plugin.system.customfieldtypes:exactnumber",
		}, nil)
		if len(chosen) > 0 {
			if err := s.Store.Gadgets.SavePointFields(t.Context(), s.OnlyTenant(t).ID, chosen); err != nil {
				t.Fatal(err)
			}
		}
		return editable(t, s)
	}
}
