package jirarest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

const noDashboard = "The dashboard you requested either does not exist or you don't have the required permissions to perform this action."

// dashboardBean is a dashboard as Jira shows it.
type dashboardBean struct {
	ID               string      `json:"id"`
	Name             string      `json:"name"`
	Description      string      `json:"description"`
	Favourite        bool        `json:"isFavourite"`
	Owner            *ownerBean  `json:"owner,omitempty"`
	Popularity       int         `json:"popularity"`
	Self             string      `json:"self"`
	SharePermissions []shareBean `json:"sharePermissions"`
	EditPermissions  []shareBean `json:"editPermissions"`
	View             string      `json:"view"`
	Writable         bool        `json:"isWritable"`
	System           bool        `json:"systemDashboard"`
}

// ownerBean shows less of an account than elsewhere.
type ownerBean struct {
	Self        string     `json:"self"`
	AccountID   string     `json:"accountId"`
	DisplayName string     `json:"displayName"`
	Active      bool       `json:"active"`
	AvatarURLs  avatarURLs `json:"avatarUrls"`
}

func (c dashboardCall) ownerBean(accountID string) *ownerBean {
	p, found := c.w.Person(accountID)
	if !found {
		return nil
	}
	u := c.users().person(p)
	return &ownerBean{u.Self, u.AccountID, u.DisplayName, u.Active, u.AvatarURLs}
}

func (c dashboardCall) dashboardBean(d world.Dashboard) dashboardBean {
	b := dashboardBean{
		ID: d.ID, Name: d.Name, Description: d.Description, Self: c.link("dashboard/%s", d.ID), View: c.api.o.BaseURL() + "/jira/dashboards/" + d.ID,
		SharePermissions: c.sharing().shares(d.Shares), EditPermissions: c.sharing().shares(d.Editors), Writable: c.w.CanEdit(c.me.AccountID, d), System: d.System,
	}
	switch {
	case d.System:
		b.SharePermissions = []shareBean{{Type: world.ShareGlobal}}
	case d.Shared:
		b.SharePermissions = []shareBean{{Type: world.ShareLoggedIn}}
	}
	if !d.System {
		b.Owner = c.ownerBean(d.OwnerID)
	}
	return b
}

// visible lists the dashboards that the caller may see.
func (c dashboardCall) visible() []world.Dashboard {
	return slices.DeleteFunc(c.w.Dashboards(), func(d world.Dashboard) bool { return !c.w.CanView(c.me.AccountID, d) })
}

// dashboard finds a dashboard that the caller may see; others do not exist.
func (c dashboardCall) dashboard() (world.Dashboard, error) {
	d, found := c.w.Dashboard(c.params["dashboard"])
	if !found || !c.w.CanView(c.me.AccountID, d) {
		return d, refuse(http.StatusNotFound, noDashboard)
	}
	return d, nil
}

func (c dashboardCall) getDashboard() (answer, error) {
	if !isNumber(c.params["dashboard"]) {
		return answer{}, badRequest("The dashboard id '%s' is not a number.", c.params["dashboard"])
	}
	d, err := c.dashboard()
	if err != nil {
		return answer{}, err
	}
	return ok(c.dashboardBean(d))
}

func isNumber(s string) bool {
	return s != "" && len(s) < 19 && strings.Trim(s, "0123456789") == ""
}

func (c dashboardCall) beans(list []world.Dashboard) []dashboardBean {
	out := make([]dashboardBean, 0, len(list))
	for _, d := range list {
		out = append(out, c.dashboardBean(d))
	}
	return out
}

func (c dashboardCall) listDashboards() (answer, error) {
	startAt, maxResults, err := c.page(20, 1000)
	if err != nil {
		return answer{}, err
	}
	list := c.visible()
	switch filter := c.query.Get("filter"); filter {
	case "":
	case "my":
		list = slices.DeleteFunc(list, func(d world.Dashboard) bool { return d.System || d.OwnerID != c.me.AccountID })
	case "favourite":
		list = nil
	default:
		return answer{}, badRequest("The filter '%s' is not valid: it must be 'my' or 'favourite'.", filter)
	}
	return ok(map[string]any{
		"startAt": startAt, "maxResults": maxResults, "total": len(list), "dashboards": c.beans(slice(list, startAt, maxResults)),
	})
}

func (c dashboardCall) searchDashboards() (answer, error) {
	startAt, maxResults, err := c.page(50, 100)
	if err != nil {
		return answer{}, err
	}
	name, owner := strings.ToLower(c.query.Get("dashboardName")), c.query.Get("accountId")
	list := slices.DeleteFunc(c.visible(), func(d world.Dashboard) bool {
		return !strings.Contains(strings.ToLower(d.Name), name) || owner != "" && (d.System || d.OwnerID != owner)
	})
	by, down := strings.CutPrefix(cmp.Or(c.query.Get("orderBy"), "name"), "-")
	var text func(world.Dashboard) string
	switch strings.TrimLeft(by, "+ ") {
	case "name":
		text = func(d world.Dashboard) string { return strings.ToLower(d.Name) }
	case "id":
		text = func(d world.Dashboard) string { return padded(int(idNumber(d.ID))) }
	case "owner":
		text = func(d world.Dashboard) string { p, _ := c.w.Person(d.OwnerID); return p.DisplayName }
	case "description", "favorite_count", "is_favorite":
		text = func(world.Dashboard) string { return "" }
	default:
		return answer{}, badRequest("The orderBy value '%s' is not valid.", by)
	}
	slices.SortStableFunc(list, func(a, b world.Dashboard) int {
		if down {
			a, b = b, a
		}
		return strings.Compare(text(a), text(b))
	})
	return ok(pageOf(c.call, c.beans(list), startAt, maxResults))
}

type gadgetBean struct {
	ID        int64    `json:"id"`
	ModuleKey string   `json:"moduleKey,omitempty"`
	URI       string   `json:"uri,omitempty"`
	Color     string   `json:"color"`
	Position  position `json:"position"`
	Title     string   `json:"title"`
}

type position struct {
	Row    int `json:"row"`
	Column int `json:"column"`
}

func (c dashboardCall) listGadgets() (answer, error) {
	d, err := c.dashboard()
	if err != nil {
		return answer{}, err
	}
	keys, ids, uris := c.query["moduleKey"], c.query["gadgetId"], c.query["uri"]
	out := []gadgetBean{}
	for _, it := range d.Items {
		all := len(keys)+len(ids)+len(uris) == 0
		if all || slices.Contains(keys, it.FullKey) || slices.Contains(ids, it.ID) || it.URI != "" && slices.Contains(uris, it.URI) {
			out = append(out, c.gadget(it))
		}
	}
	return ok(map[string]any{"gadgets": out})
}

// availableGadgets lists the modules that are on the dashboards.
func (c dashboardCall) availableGadgets() (answer, error) {
	type gadget struct {
		ModuleKey string `json:"moduleKey"`
		Title     string `json:"title"`
	}
	out := []gadget{}
	for _, d := range c.w.Dashboards() {
		for _, it := range d.Items {
			if g := (gadget{it.FullKey, it.Title}); !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	return ok(map[string]any{"gadgets": out})
}

// createDashboard makes a dashboard that the caller owns.
func (c dashboardCall) createDashboard() (answer, error) {
	var body struct {
		Name        string          `json:"name"`
		Description string          `json:"description"`
		Shares      *[]shareRequest `json:"sharePermissions"`
		Editors     *[]shareRequest `json:"editPermissions"`
	}
	if err := c.decodeLoosely(&body); err != nil {
		return answer{}, err
	}
	switch {
	case strings.TrimSpace(body.Name) == "" || len(body.Name) > 255:
		return answer{}, badField("name", "You must specify a name of at most 255 characters for the dashboard.")
	case body.Shares == nil || body.Editors == nil:
		return answer{}, badRequest("The members sharePermissions and editPermissions are required.")
	case slices.ContainsFunc(c.w.Dashboards(), func(d world.Dashboard) bool { return d.Name == body.Name && d.OwnerID == c.me.AccountID }):
		return answer{}, badField("name", "You already have a dashboard called '%s'.", body.Name)
	}
	d := world.Dashboard{Name: body.Name, Description: body.Description, OwnerID: c.me.AccountID}
	var err error
	if d.Shares, err = c.sharing().sharesOf(*body.Shares); err == nil {
		d.Editors, err = c.sharing().sharesOf(*body.Editors)
	}
	if err != nil {
		return answer{}, err
	}
	return ok(c.dashboardBean(c.w.CreateDashboard(d)))
}

// gadgetColors are those that a gadget's frame can have.
func gadgetColors() []string {
	return []string{"blue", "red", "yellow", "green", "cyan", "purple", "gray", "white"}
}

// addGadget puts one more gadget of a module that some dashboard has on a dashboard
// that the caller may change; others do not exist for them.
func (c dashboardCall) addGadget() (answer, error) {
	d, err := c.dashboard()
	if err != nil {
		return answer{}, err
	}
	if !c.w.CanEdit(c.me.AccountID, d) {
		return answer{}, refuse(http.StatusNotFound, noDashboard)
	}
	var body struct {
		ModuleKey string         `json:"moduleKey"`
		URI       string         `json:"uri"`
		Title     string         `json:"title"`
		Color     string         `json:"color"`
		Unchecked bool           `json:"ignoreUriAndModuleKeyValidation"`
		Position  map[string]int `json:"position"`
	}
	if err := c.decodeLoosely(&body); err != nil {
		return answer{}, err
	}
	item, known := c.moduleNamed(body.ModuleKey)
	switch {
	case (body.ModuleKey == "") == (body.URI == ""):
		return answer{}, badRequest("Specify either the moduleKey or the uri of the gadget.")
	case !known && !body.Unchecked:
		return answer{}, badRequest("The gadget '%s' does not exist.", cmp.Or(body.ModuleKey, body.URI))
	case body.Color != "" && !slices.Contains(gadgetColors(), body.Color):
		return answer{}, badRequest("The color '%s' is not valid.", body.Color)
	}
	item.FullKey, item.URI = body.ModuleKey, body.URI
	item.Title, item.Color = cmp.Or(body.Title, item.Title, "Gadget"), body.Color
	at, given := positionOf(body.Position)
	item.Row, item.Column = at.Row, at.Column
	placed, err := c.w.AddItem(d.ID, item, given)
	if err != nil {
		return answer{}, refuse(http.StatusNotFound, noDashboard)
	}
	return ok(c.gadget(placed))
}

// moduleNamed finds a gadget of the module on any dashboard.
func (c dashboardCall) moduleNamed(fullKey string) (world.DashboardItem, bool) {
	for _, d := range c.w.Dashboards() {
		for _, it := range d.Items {
			if fullKey != "" && it.FullKey == fullKey {
				return world.DashboardItem{Title: it.Title, AppKey: it.AppKey, ModuleKey: it.ModuleKey}, true
			}
		}
	}
	return world.DashboardItem{}, false
}

// positionOf reads a position; the specification has sentences in the place of the
// names that Jira uses.
func positionOf(members map[string]int) (at position, given bool) {
	for name, n := range members {
		switch {
		case strings.Contains(name, "row"):
			at.Row, given = n, true
		case strings.Contains(name, "column"):
			at.Column, given = n, true
		}
	}
	return at, given
}

func (c dashboardCall) gadget(it world.DashboardItem) gadgetBean {
	return gadgetBean{idNumber(it.ID), it.FullKey, it.URI, cmp.Or(it.Color, "blue"), position{it.Row, it.Column}, it.Title}
}
