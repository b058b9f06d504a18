package states

import (
	"slices"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// forgeScenes are the states that Forge has in common with Connect.
func forgeScenes(scenes ...[]harness.Scene) []harness.Scene {
	return slices.DeleteFunc(slices.Concat(scenes...), func(sc harness.Scene) bool { return sc.ConnectOnly != "" })
}

// ownTitle is a gadget's title that its owner chose.
const ownTitle = "Harbour crew"

// ownScenes are the states that only Forge has.
func ownScenes() []harness.Scene {
	return []harness.Scene{
		{
			Name: "no consent", Shown: anyMessage, Says: []string{"Allow access"},
			Set: func(t *testing.T, s *harness.Stage) string {
				s.Site.SetForgeSettings(connecttest.ForgeSettings{WithoutConsent: []string{s.Viewer}})
				return s.Showing(t, "workload", "HARB")
			},
		},
		{Name: "cell with delete", Set: withOwnLog, Act: clicks(ownCell), Shown: "[data-fragment=worklogs] .entries"},
		{Name: "removal", Set: withOwnLog, Act: clicks(ownCell, ".entry-edit button:last-child"), Shown: "[data-fragment=worklog] [name=base]"},
		// On Connect the owner gets the form here.
		{Name: "not set up for its owner", Set: openAt("workload"), Shown: anyMessage, Says: []string{"This gadget is not set up yet", "You can choose the projects to show"}},
		{
			Name: "form of a gadget that is set up", Edits: true, Set: showing("workload", "HARB"), Shown: "[data-picks] [value=HARB]",
		},
		// On Connect Jira itself shows the title above the gadget.
		{
			Name: "a title of its own", Shown: "h2:not(.sr)", Says: []string{ownTitle},
			Set: func(t *testing.T, s *harness.Stage) string {
				config := workload.NewGadgetConfig()
				config.Projects, config.Title = []string{"HARB"}, ownTitle
				s.SetUp(t, "workload", config)
				return s.Address(t, "workload")
			},
		},
		{
			Name: "uninstalled while it is open", Set: showing("workload", "HARB"), Shown: "[data-status]:not(:empty)",
			Says: []string{"Could not open this."}, Complains: []string{"/-/ui/forge/invoke"},
			Act: func(t *testing.T, s *harness.Stage, page *browsertest.Frame) {
				page.Until(`document.querySelector("button.person-name")`)
				if _, err := s.Site.UninstallForge(t.Context(), s.Forge.App.AppID); err != nil {
					t.Fatal(err)
				}
				page.Click("button.person-name")
			},
		},
	}
}

// named are the scenes with one of these names, or all of them when tests may take
// many minutes (make states).
func named(scenes []harness.Scene, names ...string) []harness.Scene {
	if harness.AllMinutes() {
		return scenes
	}
	return only(scenes, names...)
}

func only(scenes []harness.Scene, names ...string) []harness.Scene {
	return slices.DeleteFunc(slices.Clone(scenes), func(sc harness.Scene) bool { return !slices.Contains(names, sc.Name) })
}

// TestStatesOnForge plays states on the page without a build: what only Forge has, and
// of the others, which Connect plays, one of each kind. make states plays all of them.
func TestStatesOnForge(t *testing.T) {
	harness.Long(t)
	shared := forgeScenes(workloadScenes(), rightsScenes(), pageScenes(), []harness.Scene{largeScene()})
	shared = named(shared, "fresh", "nobody has anything", "rate limited", "down and known", "all at once", "load by capacity",
		"some projects hidden", "issue", "anonymous")
	german := named(ownScenes(), "no consent", "not set up for its owner", "form of a gadget that is set up")
	play(t, onForge{}, slices.Concat(shared, ownScenes(), inGerman(german)))
}

func TestStatesOfFormsOnForge(t *testing.T) {
	harness.Long(t)
	play(t, onForge{}, named(formScenes(), "form with a search", "form with errors"))
}

func TestStatesOfTimelogOnForge(t *testing.T) {
	harness.Long(t)
	scenes := forgeScenes(timelogScenes(), cellScenes())
	play(t, onForge{}, append(named(scenes, "time fresh", "time all at once", "entry"), inGerman(named(scenes, "time all at once"))...))
}

// TestStatesReadInPage plays what a view's reading shows once more, with pages that
// read Jira themselves.
func TestStatesReadInPage(t *testing.T) {
	harness.Minutes(t)
	scenes := forgeScenes(workloadScenes(), rightsScenes(), timelogScenes(), ownScenes())
	scenes = slices.DeleteFunc(scenes, func(sc harness.Scene) bool {
		// A page needs no points, and knows nothing of the past.
		return slices.Contains([]string{"no points left and known", "trend", "trend that cannot be told yet"}, sc.Name)
	})
	scenes = named(scenes, "fresh", "down and known", "all at once", "some projects hidden", "time fresh", "time cut off")
	for i := range scenes {
		scenes[i].Settings = append(slices.Clone(scenes[i].Settings), harness.InBrowser)
	}
	play(t, onForge{}, scenes)
}

// TestStatesWithBridge plays the states that depend on the bridge on the built page,
// with Atlassian's bridge in it: the first call and later ones, forms, failures,
// the theme. The bridge does not change what a fragment looks like.
func TestStatesWithBridge(t *testing.T) {
	harness.Long(t)
	built := harness.BuildPage(t)
	all := forgeScenes(workloadScenes(), rightsScenes(), pageScenes(), formScenes(), countScenes(), timelogScenes(), cellScenes(), ownScenes())
	play(t, onForge{built}, only(all, "loading", "fresh", "rate limited", "down and known", "all at once", "issue", "anonymous", "no consent",
		"uninstalled while it is open", "what an admin sees of Slack", "a person of Slack who is known", "form with a search", "form with errors", "entry with errors"))
}
