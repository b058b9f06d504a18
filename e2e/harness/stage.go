package harness

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// Stage is the program on a site of its own, for playing one state.
type Stage struct {
	*Running
	Installed connecttest.App
	Dashboard connecttest.Dashboard
	// Viewer is the viewer's account, "" for nobody.
	Viewer string
}

// Scene is one state of a page as a person may meet it.
type Scene struct {
	Name string
	// Viewer is the viewer's user name: "" is the owner of the dashboard, "-"
	// is nobody.
	Viewer string
	// Language is that of the texts; "" is English.
	Language string
	Site     connecttest.Options
	// Waits says that the state appears when a person's wait is over.
	Waits bool
	// Set prepares the site and returns the address to open.
	Set func(t *testing.T, s *Stage) string
	// Act leads from the opened page to the state; nil if the page shows it.
	Act func(t *testing.T, s *Stage, tab *browsertest.Tab)
	// Shown finds what identifies the state; Says are words that it shows.
	Shown string
	Says  []string
	// Complains are the console problems that the state provokes.
	Complains []string
	// Speechless says that the viewer's language cannot be known.
	Speechless bool
}

// Stage starts the program for the scene.
func (sc Scene) Stage(t *testing.T) *Stage {
	t.Helper()
	var changes []func(*app.ServeFlags)
	if sc.Waits {
		changes = append(changes, AsPeople)
	}
	r := Start(t, connecttest.NewSite(t, sc.Site), changes...)
	s := &Stage{Running: r, Installed: r.Install(t), Dashboard: r.Site.Objects().Dashboards[0]}
	switch sc.Viewer {
	case "":
		s.Viewer = s.Dashboard.Owner
	case "-":
	default:
		s.Viewer = s.Account(t, sc.Viewer)
	}
	return s
}

// Account is the account id of the person with a user name.
func (r *Running) Account(t testing.TB, username string) string {
	t.Helper()
	people := r.Site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Username == username })
	if i < 0 {
		t.Fatalf("no person is called %s", username)
	}
	return people[i].AccountID
}

// Item is the dashboard's item of a module.
func (s *Stage) Item(t testing.TB, module string) string {
	t.Helper()
	i := slices.IndexFunc(s.Dashboard.Items, func(item connecttest.DashboardItem) bool { return item.Module == module })
	if i < 0 {
		t.Fatalf("the dashboard has no item of %s", module)
	}
	return s.Dashboard.Items[i].ID
}

// Address is that of a gadget's page, for the viewer.
func (s *Stage) Address(t testing.TB, module string) string {
	t.Helper()
	address, err := s.Site.ModuleURL(AppKey, module, s.Viewer, s.Dashboard.ID, s.Item(t, module))
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Showing sets up a gadget and returns its address.
func (s *Stage) Showing(t testing.TB, module string, projects ...string) string {
	t.Helper()
	config := workload.NewGadgetConfig()
	config.Projects = projects
	s.SetUp(t, module, config)
	return s.Address(t, module)
}

// SetUp writes a gadget's property as the dashboard's owner.
func (s *Stage) SetUp(t testing.TB, module string, config workload.GadgetConfig) {
	t.Helper()
	path := "/rest/api/3/dashboard/" + s.Dashboard.ID + "/items/" + s.Item(t, module) + "/properties/" + workload.ConfigProperty
	s.Rest(t, s.Dashboard.Owner, http.MethodPut, path, config, nil)
}

// Seen opens a page like a browser without scripts, so that the app's caches
// then hold what it shows.
func (s *Stage) Seen(t testing.TB, address string) string {
	t.Helper()
	Eventually(t, "a page with its view", func() bool {
		status, body := Fetch(t, NewRequest(t, http.MethodGet, address, nil))
		return status == http.StatusOK && !strings.Contains(body, `data-fragment="loading"`)
	})
	return address
}
