package host

import (
	"net/http"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// page is the host as the dashboard page sees it.
type page struct{ *Server }

func (s page) calls() []control.Call {
	return []control.Call{
		control.On("GET /-/ui/dashboards", "for the site's pages: the dashboards as ?as= sees them", s.uiDashboards),
		control.On("GET /-/ui/dashboards/{id}", "for the site's pages: a dashboard with its gadgets", s.uiDashboard),
		control.On("GET /-/ui/dashboards/{id}/items/{item}", "for the site's pages: one gadget with a fresh address", s.uiItem),
		control.On("POST /-/ui/context-token", "for the site's pages: what AP.context.getToken gives", s.uiContextToken),
		control.On("POST /-/ui/rest", "for the site's pages: a call of the REST API as a person", s.uiREST),
	}
}

// dashboardView is a dashboard as the pages show it.
type dashboardView struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Owner   *control.Viewer `json:"owner"`
	Shared  bool            `json:"shared"`
	CanView *bool           `json:"canView,omitempty"`
}

func (s page) dashboardView(d world.Dashboard) dashboardView {
	return dashboardView{ID: d.ID, Name: d.Name, Owner: control.Show(s.World, d.OwnerID, ""), Shared: d.Shared || d.System}
}

func (s page) uiDashboards(w http.ResponseWriter, r *http.Request) {
	account := control.AskedBy(r.URL.Query())
	list := make([]dashboardView, 0)
	for _, d := range s.World.Dashboards() {
		view := s.dashboardView(d)
		canView := s.World.CanView(account, d)
		view.CanView = &canView
		list = append(list, view)
	}
	reply.JSON(w, http.StatusOK, map[string]any{"dashboards": list})
}

// itemView is a gadget as the pages show it.
type itemView struct {
	ID           string `json:"id"`
	Title        string `json:"title"`
	App          string `json:"app"`
	Module       string `json:"module"`
	ModuleKey    string `json:"moduleKey"`
	URL          string `json:"url"`
	Origin       string `json:"origin"`
	Configurable bool   `json:"configurable"`
	Refreshable  bool   `json:"refreshable"`
	Editable     bool   `json:"editable"`
	Column       int    `json:"column"`
	Row          int    `json:"row"`
	// Forge says that the gadget is a page of a Forge app; it then has no
	// address.
	Forge bool `json:"forge,omitempty"`
}

// itemView signs a fresh address for the account.
func (s page) itemView(d world.Dashboard, item world.DashboardItem, account string) (itemView, error) {
	if configurable, refreshable, ok := s.Forge.Gadget(item); ok {
		return itemView{
			ID: item.ID, Title: item.Title, App: item.AppKey, Module: item.FullKey, ModuleKey: item.ModuleKey, Forge: true,
			Configurable: configurable, Refreshable: refreshable, Editable: configurable && s.World.CanEdit(account, d),
			Column: item.Column, Row: item.Row,
		}, nil
	}
	address, err := s.ModuleURL(item.AppKey, item.ModuleKey, account, d.ID, item.ID)
	if err != nil {
		return itemView{}, err
	}
	a, err := s.app(item.AppKey)
	if err != nil {
		return itemView{}, err
	}
	m, _ := a.descriptor.find(item.ModuleKey)
	return itemView{
		ID: item.ID, Title: item.Title, App: item.AppKey, Module: item.FullKey, ModuleKey: item.ModuleKey,
		URL: address, Origin: uri.Origin(address), Configurable: m.Configurable, Refreshable: m.Refreshable,
		Editable: m.Configurable && s.World.CanEdit(account, d), Column: item.Column, Row: item.Row,
	}, nil
}

// uiDashboard shows the dashboard to the viewer; without one, to its owner.
func (s page) uiDashboard(w http.ResponseWriter, r *http.Request) {
	d, ok := s.World.Dashboard(r.PathValue("id"))
	if !ok {
		reply.Problem(w, http.StatusNotFound, "there is no such dashboard")
		return
	}
	account := control.AskedBy(r.URL.Query())
	if !r.URL.Query().Has("as") {
		account = d.OwnerID
	}
	canView := s.World.CanView(account, d)
	items := make([]itemView, 0)
	for _, item := range d.Items {
		if view, err := s.itemView(d, item, account); err == nil && canView {
			items = append(items, view)
		}
	}
	reply.JSON(w, http.StatusOK, map[string]any{
		"dashboard": s.dashboardView(d), "viewer": control.Show(s.World, account, ""), "viewers": s.viewers(d),
		"canView": canView, "canEdit": s.World.CanEdit(account, d), "items": items,
	})
}

// viewers are people whose views are worth comparing: the owner, a person who
// sees as much, people who cannot see a project, a person who cannot see the
// dashboard, and an anonymous visitor.
func (s page) viewers(d world.Dashboard) []control.Viewer {
	var list []control.Viewer
	add := func(account, label string) {
		known := slices.ContainsFunc(list, func(v control.Viewer) bool { return v.AccountID == account || v.Label == label })
		if v := control.Show(s.World, account, label); v != nil && !known {
			list = append(list, *v)
		}
	}
	add(d.OwnerID, "owner")
	for _, p := range s.World.Humans() {
		add(p.AccountID, s.viewerLabel(p, d))
	}
	return append(list, control.Viewer{DisplayName: "Anonymous", Label: "not logged in"})
}

func (s page) viewerLabel(p world.Person, d world.Dashboard) string {
	if !s.World.CanView(p.AccountID, d) {
		return "cannot see this dashboard"
	}
	for _, project := range s.World.Projects() {
		if !s.World.CanBrowse(p.AccountID, project.Key) {
			return "cannot see project " + project.Key
		}
	}
	return "sees every project"
}

func (s page) uiItem(w http.ResponseWriter, r *http.Request) {
	d, ok := s.World.Dashboard(r.PathValue("id"))
	item, found := d.Item(r.PathValue("item"))
	account := control.AskedBy(r.URL.Query())
	if !ok || !found || !s.World.CanView(account, d) {
		reply.Problem(w, http.StatusNotFound, "there is no such dashboard item, or it cannot be seen")
		return
	}
	view, err := s.itemView(d, item, account)
	if err != nil {
		control.Error(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, view)
}

func (s page) uiContextToken(w http.ResponseWriter, r *http.Request) {
	token, err := s.ContextToken(r.URL.Query().Get("app"), control.AskedBy(r.URL.Query()))
	control.Token(w, token, err)
}

// uiREST runs a REST call as the viewer.
func (s page) uiREST(w http.ResponseWriter, r *http.Request) {
	var in control.RESTCall
	if err := reply.Decode(w, r, &in); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	id, err := s.browserIdentity(control.AskedBy(r.URL.Query()), in.App)
	if err != nil {
		control.Error(w, err)
		return
	}
	inner, err := in.Request(r)
	if err != nil {
		reply.Problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	out := reply.NewMemory()
	s.Journal.Record(out, inner, journal.Browser, func(w http.ResponseWriter, r *http.Request) {
		journal.NoteCaller(w, id.App, id.Account, nil)
		s.Serve(w, r, id)
	})
	reply.JSON(w, http.StatusOK, map[string]any{"status": out.Status, "headers": out.Flat(), "body": out.Value()})
}

func (s page) browserIdentity(account, key string) (auth.Identity, error) {
	if err := s.World.KnownAccount(account); err != nil {
		return auth.Identity{}, err
	}
	id := auth.Identity{Account: account, Via: journal.Browser}
	if key == "" {
		return id, nil
	}
	a, err := s.app(key)
	if err != nil {
		return auth.Identity{}, err
	}
	id.App, id.Scopes = key, a.descriptor.scopes()
	return id, nil
}
