package harness

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect"
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
	return r.InstallFolder(t, r.WriteManifest(t, stage, connectKey))
}

// InstallFolder installs what WriteManifest has written, once or again.
func (r *Running) InstallFolder(t testing.TB, folder string) Forge {
	t.Helper()
	f := Forge{Running: r, Folder: folder}
	var err error
	if f.App, err = r.Site.InstallForge(t.Context(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{Dir: folder}}); err != nil {
		t.Fatal(err)
	}
	f.Dashboard = r.Site.Objects().Dashboards[0]
	return f
}

// InstallForgeQuietly installs the app without a lifecycle event.
func (r *Running) InstallForgeQuietly(t testing.TB) Forge {
	t.Helper()
	f := Forge{Running: r, Folder: r.WriteManifest(t, forge.StageForge, "")}
	var err error
	f.App, err = r.Site.InstallForge(t.Context(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{Dir: f.Folder}, Quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	f.Dashboard = r.Site.Objects().Dashboards[0]
	return f
}

// InstalledAgain has the site tell once more that the app was installed, with a
// token, and returns what was answered.
func (f Forge) InstalledAgain(t testing.TB) int {
	t.Helper()
	got, err := f.Site.InstallForge(t.Context(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{Dir: f.Folder}})
	if err != nil {
		t.Fatal(err)
	}
	return got.Status
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
	// Read is what the page is to read in Jira first.
	Read *ToRead
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
	return f.invoke(t, as, key, c)
}

// invoke makes a call of a module's page that is answered as pages are.
func (f Forge) invoke(t testing.TB, as, key string, c connecttest.ForgeCall) ForgeAnswer {
	t.Helper()
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
	f.ConfigureFor(t, gadget, workload.Fortnight, projects...)
}

// ConfigureFor is Configure for a window of days.
func (f Forge) ConfigureFor(t testing.TB, gadget string, window workload.Window, projects ...string) {
	t.Helper()
	owner := f.Dashboard.Owner
	saved := f.Post(t, owner, gadget, "/form", url.Values{
		workload.FieldProjects: projects, workload.FieldWindow: {strconv.Itoa(int(window))}, workload.FieldUnit: {"hours"}, workload.FieldRefresh: {"15"},
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

// Claims are those of an invocation token, to be changed before they are signed.
type Claims map[string]any

// In returns a part of the claims by its path.
func (c Claims) In(path ...string) Claims {
	for _, name := range path {
		c = Claims(c[name].(map[string]any))
	}
	return c
}

// Install changes the installation in the claims.
func (c Claims) Install(id string) {
	c.In("app")["installationId"] = id
	c.In("app", "installation")["id"] = id
}

// Send makes a call as Forge does, with claims that a test has changed: to an
// endpoint's trigger, or from a module's page as a person. System is the OAuth
// token that comes with it, empty for none.
func (f Forge) Send(t testing.TB, as, module, path, system string, change func(c Claims)) Page {
	t.Helper()
	method := http.MethodPost
	if as != "" {
		method = http.MethodGet
	}
	req := NewRequest(t, method, f.URL+path, nil)
	req.Header.Set("Authorization", "Bearer "+f.token(t, module, as, change))
	if system != "" {
		req.Header.Set("X-Forge-Oauth-System", system)
	}
	return Ask(t, req)
}

// SendBody makes the call of an endpoint's trigger with a body, and returns the
// status.
func (f Forge) SendBody(t testing.TB, endpoint, path, body string) int {
	t.Helper()
	req := NewRequest(t, http.MethodPost, f.URL+path, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+f.token(t, endpoint, "", func(Claims) {}))
	req.Header.Set("Content-Type", "application/json")
	return Ask(t, req).Status
}

// token is an invocation token for a module, whose claims a test has changed.
func (f Forge) token(t testing.TB, module, as string, change func(c Claims)) string {
	t.Helper()
	claims, err := f.Site.ForgeClaims(f.App.AppID, module, as)
	if err != nil {
		t.Fatal(err)
	}
	change(claims)
	token, err := f.Site.SignForge(claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// OAuthToken returns a token that looks like Forge's and is valid for a while. The
// site does not know it.
func OAuthToken(t testing.TB, name string, life time.Duration) string {
	t.Helper()
	return HMACToken(t, jwt.SigningMethodHS256, map[string]any{"sub": name, "exp": time.Now().Add(life).Unix()}, "a secret")
}

// OnlyTenant is the program's only tenant.
func (r *Running) OnlyTenant(t testing.TB) connect.Tenant {
	t.Helper()
	tenants, err := r.Store.Tenants.List(t.Context())
	if err != nil || len(tenants) != 1 {
		t.Fatalf("tenants: %+v, %v", tenants, err)
	}
	return tenants[0]
}
