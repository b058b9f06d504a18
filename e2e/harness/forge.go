package harness

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// OnForge switches Forge on, for a site.
func OnForge(site *connecttest.Site) func(*app.ServeFlags) {
	return func(f *app.ServeFlags) { f.ForgeFlags = onsite.ForgeFlags(site.URL()) }
}

// WithoutConnect switches Connect off.
func WithoutConnect(f *app.ServeFlags) { f.Connect = "off" }

// Forge is the program installed on a site through Forge.
type Forge struct {
	*Running
	App       connecttest.ForgeApp
	Dashboard connecttest.Dashboard
	// Folder is what "sightline manifest --dir" has written.
	Folder string
}

// InstallForge writes the manifest of a stage and installs it.
func (r *Running) InstallForge(t testing.TB, stage forge.Stage, connectKey string) Forge {
	t.Helper()
	f := Forge{Running: r, Folder: r.WriteManifest(t, stage, connectKey)}
	var err error
	if f.App, err = r.Site.InstallForge(t.Context(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{Dir: f.Folder}}); err != nil {
		t.Fatal(err)
	}
	f.Dashboard = r.Site.Objects().Dashboards[0]
	return f
}

// Upgrade moves a Connect installation on to the manifest of a stage. Installed
// says that an admin allows it and the app is told.
func (r *Running) Upgrade(t testing.TB, stage forge.Stage, installed bool) Forge {
	t.Helper()
	f := Forge{Running: r, Folder: r.WriteManifest(t, stage, AppKey)}
	var err error
	f.App, err = r.Site.ForgeUpgrade(t.Context(), connecttest.ForgeUpgrade{
		Stage: string(stage), Installed: installed, Source: connecttest.ForgeSource{Dir: f.Folder},
	})
	if err != nil {
		t.Fatal(err)
	}
	f.Dashboard = r.Site.Objects().Dashboards[0]
	return f
}

// WriteManifest writes what "forge deploy" takes into a new folder.
func (r *Running) WriteManifest(t testing.TB, stage forge.Stage, connectKey string) string {
	t.Helper()
	shared, err := web.Files()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	err = forge.WriteDir(dir, forge.Options{Stage: stage, BaseURL: r.URL, AppID: onsite.ForgeAppID, ConnectKey: connectKey}, shared)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// ForgeAnswer is what a page of Forge gets.
type ForgeAnswer struct {
	// Status is HTTP's, Code the app's own.
	Status, Code int
	HTML, Detail string
	Submit       json.RawMessage
}

// Item is the dashboard's item of a gadget of Forge.
func (f Forge) Item(t testing.TB, gadget string) string {
	t.Helper()
	for _, item := range f.Dashboard.Items {
		if item.Module == forge.GadgetKey(gadget) {
			return item.ID
		}
	}
	t.Fatalf("the dashboard has no item of %s: %+v", gadget, f.Dashboard.Items)
	return ""
}

// Call makes a call of a gadget's page, as a person; path is below the page's
// address.
func (f Forge) Call(t testing.TB, as, gadget, path string) ForgeAnswer {
	t.Helper()
	return f.Invoke(t, as, gadget, connecttest.ForgeCall{Path: path})
}

// Post posts a form from a gadget's editor.
func (f Forge) Post(t testing.TB, as, gadget, path string, form url.Values) ForgeAnswer {
	t.Helper()
	return f.Invoke(t, as, gadget, connecttest.ForgeCall{
		Method: http.MethodPost, Path: path, Edit: path == "/form", Body: json.RawMessage(AsJSON(map[string]string{"form": form.Encode()})),
	})
}

// Invoke makes a call of a gadget's page. Its path is below the page's address.
func (f Forge) Invoke(t testing.TB, as, gadget string, c connecttest.ForgeCall) ForgeAnswer {
	t.Helper()
	key := forge.GadgetKey(gadget)
	c.Dashboard, c.Item, c.Path = f.Dashboard.ID, f.Item(t, gadget), forge.PathPages+key+c.Path
	got, err := f.Site.Invoke(t.Context(), f.App.AppID, as, key, c)
	if err != nil {
		t.Fatal(err)
	}
	out := ForgeAnswer{Status: got.Status}
	if err := json.Unmarshal(got.Body, &out); err != nil {
		t.Fatalf("%s %s: %d, not JSON: %v\n%s", c.Method, c.Path, got.Status, err, got.Body)
	}
	return out
}

// Configure fills in a gadget's form as the dashboard's owner, and has Jira
// keep what the page hands it.
func (f Forge) Configure(t testing.TB, gadget string, projects ...string) {
	t.Helper()
	owner := f.Dashboard.Owner
	saved := f.Post(t, owner, gadget, "/form", url.Values{
		workload.FieldProjects: projects, workload.FieldWindow: {"14"}, workload.FieldUnit: {"hours"}, workload.FieldRefresh: {"15"},
	})
	if saved.Code != http.StatusOK || saved.Submit == nil {
		t.Fatalf("form: %+v", saved)
	}
	if err := f.Site.ForgeSubmit(owner, f.Dashboard.ID, f.Item(t, gadget), saved.Submit); err != nil {
		t.Fatal(err)
	}
}

// View is what a person sees of a gadget.
func (f Forge) View(t testing.TB, as, gadget string) string {
	t.Helper()
	got := f.Call(t, as, gadget, "/view")
	if got.Status != http.StatusOK || got.Code != http.StatusOK {
		t.Fatalf("view: %+v", got)
	}
	return got.HTML
}
