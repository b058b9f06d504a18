package harness

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// Stage is the program on a site of its own, for playing one state.
type Stage struct {
	*Running
	// Installed is the app on Connect.
	Installed connecttest.App
	// Forge is the app on Forge; nil: it is on Connect.
	Forge     *Forge
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
	// ConnectOnly says why Forge does not have the state; empty: it does.
	ConnectOnly string
	// Edits says that the page is the gadget's form, which Forge shows only if
	// the person asks for it.
	Edits bool
	// Settings change the program's.
	Settings []func(*app.ServeFlags)
	// Waits says that the state appears when a person's wait is over.
	Waits bool
	// Set prepares the site and returns the address to open.
	Set func(t *testing.T, s *Stage) string
	// Act leads from the opened page to the state; nil if the page shows it.
	Act func(t *testing.T, s *Stage, page *browsertest.Frame)
	// Shown finds what identifies the state; Says are words that it shows.
	Shown string
	Says  []string
	// Complains are the console problems that the state provokes.
	Complains []string
	// Speechless says that the viewer's language cannot be known.
	Speechless bool
}

// Stage starts the program for the scene, installed through Connect.
func (sc Scene) Stage(t *testing.T) *Stage {
	t.Helper()
	r := Start(t, connecttest.NewSite(t, sc.Site), sc.settings()...)
	return sc.on(t, &Stage{Running: r, Installed: r.Install(t)})
}

// OnForge starts the program for the scene, installed through Forge alone, with
// a page that was built by [BuildPage], or nil: as it is written.
func (sc Scene) OnForge(t *testing.T, built []byte) *Stage {
	t.Helper()
	site := connecttest.NewSite(t, sc.Site)
	r := Start(t, site, append(sc.settings(), OnForge(site), WithoutConnect)...)
	folder := r.WriteManifest(t, forge.StageForge, "")
	if built != nil {
		PutPage(t, folder, built)
	}
	f := r.InstallFolder(t, folder)
	return sc.on(t, &Stage{Running: r, Forge: &f})
}

func (sc Scene) settings() []func(*app.ServeFlags) {
	if sc.Waits {
		return append(slices.Clone(sc.Settings), AsPeople)
	}
	return sc.Settings
}

// on fills in the dashboard and its viewer.
func (sc Scene) on(t *testing.T, s *Stage) *Stage {
	t.Helper()
	boards := s.Site.Objects().Dashboards
	s.Dashboard = boards[0]
	switch sc.Viewer {
	case "":
		s.Viewer = s.Dashboard.Owner
	case "-":
		s.Dashboard = boards[len(boards)-1] // the system's, which nobody has to log in for
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

// placed is the dashboard's item of a gadget.
func (s *Stage) placed(t testing.TB, gadget string) connecttest.DashboardItem {
	t.Helper()
	i := slices.IndexFunc(s.Dashboard.Items, func(item connecttest.DashboardItem) bool { return isOf(item, gadget) })
	if i < 0 {
		t.Fatalf("the dashboard has no item of %s", gadget)
	}
	return s.Dashboard.Items[i]
}

// isOf reports whether an item shows a gadget, of Connect or of Forge.
func isOf(item connecttest.DashboardItem, gadget string) bool {
	return item.Module == gadget || item.Module == forge.GadgetKey(gadget)
}

// Item is the id of the dashboard's item of a gadget.
func (s *Stage) Item(t testing.TB, gadget string) string {
	t.Helper()
	return s.placed(t, gadget).ID
}

// Address is that of a gadget's page, for the viewer.
func (s *Stage) Address(t testing.TB, gadget string) string {
	t.Helper()
	item := s.placed(t, gadget)
	return s.module(t, item.App, item.Module, s.Dashboard.ID, item.ID)
}

// PageAddress is that of a page of the app's in Jira, for the viewer.
func (s *Stage) PageAddress(t testing.TB, page string) string {
	t.Helper()
	if s.Forge != nil {
		return s.module(t, s.Forge.App.Key, forge.PageKey(page), "", "")
	}
	return s.module(t, s.Installed.Key, page, "", "")
}

func (s *Stage) module(t testing.TB, app, module, dashboard, item string) string {
	t.Helper()
	address, err := s.Site.ModuleURL(app, module, s.Viewer, dashboard, item)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Showing sets up a gadget and returns its address.
func (s *Stage) Showing(t testing.TB, gadget string, projects ...string) string {
	t.Helper()
	return s.ShowingAs(t, gadget, func(config *workload.GadgetConfig) { config.Projects = projects })
}

// ShowingAs sets up a gadget with a configuration that is not the usual one, and
// returns its address.
func (s *Stage) ShowingAs(t testing.TB, gadget string, change func(config *workload.GadgetConfig)) string {
	t.Helper()
	config := workload.NewGadgetConfig()
	change(&config)
	s.SetUp(t, gadget, config)
	return s.Address(t, gadget)
}

// SetUp stores a gadget's configuration in Jira, as the dashboard's owner.
func (s *Stage) SetUp(t testing.TB, gadget string, config workload.GadgetConfig) {
	t.Helper()
	item := s.Item(t, gadget)
	if s.Forge == nil {
		path := "/rest/api/3/dashboard/" + s.Dashboard.ID + "/items/" + item + "/properties/" + workload.ConfigProperty
		s.Rest(t, s.Dashboard.Owner, http.MethodPut, path, config, nil)
		return
	}
	if err := s.Site.ForgeSubmit(s.Dashboard.Owner, s.Dashboard.ID, item, json.RawMessage(AsJSON(config))); err != nil {
		t.Fatal(err)
	}
}

// Seen opens a gadget as the viewer, in a browser without scripts, so that the app
// caches what it shows. It returns the gadget's address.
func (s *Stage) Seen(t testing.TB, gadget string) string {
	t.Helper()
	address := s.Address(t, gadget)
	Eventually(t, "a page with its view", func() bool {
		page, ok := s.glimpse(t, gadget, address)
		return ok && !strings.Contains(page, `data-fragment="loading"`)
	})
	return address
}

// glimpse returns a page's first content; ok says that it is not a failure.
func (s *Stage) glimpse(t testing.TB, gadget, address string) (page string, ok bool) {
	t.Helper()
	if s.Forge != nil {
		got := s.Forge.Call(t, s.Viewer, gadget, "?entry=view")
		return got.HTML, got.Code == http.StatusOK
	}
	status, body := Fetch(t, NewRequest(t, http.MethodGet, address, nil))
	return body, status == http.StatusOK
}

// Fault makes Jira fail as described. The path is that of its REST API; on Forge
// more comes before it.
func (s *Stage) Fault(t testing.TB, f connecttest.Fault) {
	t.Helper()
	f.Path = "*" + f.Path
	s.Running.Fault(t, f)
}
