package world

import (
	"fmt"
	"slices"
	"strconv"
)

// connectPrefix begins the key of a Connect module in Jira.
const connectPrefix = "com.atlassian.plugins.atlassian-connect-plugin:"

// Dashboard is a Jira dashboard. A shared one is shared with everybody who is
// logged in. The system dashboard is shared with everybody and owned by all
// Jira admins; its owner is only the first of them.
type Dashboard struct {
	ID      string
	Name    string
	OwnerID string
	Shared  bool
	System  bool
	Items   []DashboardItem
	// Description, Shares and Editors are of dashboards that were made: what it is
	// for, and with whom it is shared to look at and to change.
	Description     string
	Shares, Editors []Share
}

// DashboardItem is a gadget on a dashboard. Column and Row count from 0.
type DashboardItem struct {
	ID        string
	Title     string
	AppKey    string
	ModuleKey string // the module's own key
	FullKey   string // as Jira's API names the module
	Column    int
	Row       int
	URI       string // in place of FullKey, for gadgets of Jira's old kind
	Color     string // "": blue
}

// Dashboards lists all dashboards, regardless of who may see them.
func (w *World) Dashboards() []Dashboard {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.dashboards)
}

// Dashboard finds a dashboard by its id.
func (w *World) Dashboard(id string) (Dashboard, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.state.dashboard(id)
}

// Item finds a gadget of the dashboard by its id.
func (d Dashboard) Item(id string) (DashboardItem, bool) {
	i := slices.IndexFunc(d.Items, func(it DashboardItem) bool { return it.ID == id })
	if i < 0 {
		return DashboardItem{}, false
	}
	return d.Items[i], true
}

// CanView tells whether the account ("" is nobody) may see the dashboard.
func (w *World) CanView(account string, d Dashboard) bool {
	p, ok := w.Person(account)
	loggedIn := ok && p.Active
	return d.System || loggedIn && (d.Shared || d.OwnerID == account) || w.sharedWith(account, d.Shares) || w.sharedWith(account, d.Editors)
}

// CanEdit tells whether the account may change the dashboard and its items'
// properties.
func (w *World) CanEdit(account string, d Dashboard) bool {
	p, ok := w.Person(account)
	if !ok || !p.Active {
		return false
	}
	if d.System {
		return p.Admin
	}
	return d.OwnerID == account || w.sharedWith(account, d.Editors)
}

// CreateDashboard gives a dashboard an id and keeps it.
func (w *World) CreateDashboard(d Dashboard) Dashboard {
	w.mu.Lock()
	defer w.mu.Unlock()
	d.ID = w.state.nextID()
	w.state.dashboards = append(slices.Clip(w.state.dashboards), d)
	return d
}

// PlaceItem puts a gadget of a Connect app's module on the dashboard, as Place
// does.
func (w *World) PlaceItem(dashboardID, appKey, moduleKey, title string) (DashboardItem, error) {
	return w.Place(dashboardID, DashboardItem{
		Title: title, AppKey: appKey, ModuleKey: moduleKey, FullKey: ConnectModule(appKey, moduleKey),
	})
}

// Place puts a gadget on the dashboard, in the shorter of its two columns, and
// gives it an id. A module that is already there is returned again.
func (w *World) Place(dashboardID string, item DashboardItem) (DashboardItem, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, ok := w.state.dashboard(dashboardID)
	if !ok {
		return DashboardItem{}, fmt.Errorf("place item on dashboard %s: %w", dashboardID, ErrNotFound)
	}
	if i := slices.IndexFunc(d.Items, func(it DashboardItem) bool { return it.FullKey == item.FullKey }); i >= 0 {
		return d.Items[i], nil
	}
	return w.state.addItem(d, item, false), nil
}

// AddItem puts one more gadget on the dashboard and gives it an id. Without a place
// it goes where Place would put it.
func (w *World) AddItem(dashboardID string, item DashboardItem, placed bool) (DashboardItem, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, ok := w.state.dashboard(dashboardID)
	if !ok {
		return DashboardItem{}, fmt.Errorf("add item to dashboard %s: %w", dashboardID, ErrNotFound)
	}
	return w.state.addItem(d, item, placed), nil
}

func (s *state) addItem(d Dashboard, item DashboardItem, placed bool) DashboardItem {
	s.lastItem++
	item.ID = strconv.FormatInt(s.lastItem, 10)
	if !placed {
		item.Column, item.Row = d.place()
	}
	d.Items = append(slices.Clone(d.Items), item)
	s.putDashboard(d)
	return item
}

// Rehome turns the placed gadgets of one module into those of another: they
// keep their ids, places, titles and properties.
func (w *World) Rehome(fromFullKey string, to DashboardItem) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range slices.Clone(w.state.dashboards) {
		d.Items = slices.Clone(d.Items)
		for i := range d.Items {
			if it := &d.Items[i]; it.FullKey == fromFullKey {
				it.AppKey, it.ModuleKey, it.FullKey = to.AppKey, to.ModuleKey, to.FullKey
			}
		}
		w.state.putDashboard(d)
	}
}

// ConnectModule is how Jira names a module of a Connect app.
func ConnectModule(appKey, moduleKey string) string { return connectPrefix + appKey + "__" + moduleKey }

// place finds the first free row of the shorter column.
func (d Dashboard) place() (column, row int) {
	var used [2]int
	for _, it := range d.Items {
		used[it.Column%2] = max(used[it.Column%2], it.Row+1)
	}
	if used[1] < used[0] {
		return 1, used[1]
	}
	return 0, used[0]
}

func (s *state) removeItems(appKey string) {
	for i, d := range s.dashboards {
		for _, it := range d.Items {
			if it.AppKey == appKey {
				delete(s.properties, ItemProperties(d.ID, it.ID))
			}
		}
		s.dashboards[i].Items = without(d.Items, func(it DashboardItem) bool { return it.AppKey == appKey })
	}
}

func (s *state) dashboard(id string) (Dashboard, bool) {
	i := slices.IndexFunc(s.dashboards, func(d Dashboard) bool { return d.ID == id })
	if i < 0 {
		return Dashboard{}, false
	}
	return s.dashboards[i], true
}

func (s *state) putDashboard(d Dashboard) {
	s.dashboards = replace(s.dashboards, d, func(o Dashboard) bool { return o.ID == d.ID })
}
