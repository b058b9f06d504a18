package gadget

import (
	"strings"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
)

// isItemID reports whether a text has the form of Jira's ids of dashboards and
// their items.
func isItemID(id string) bool {
	return id != "" && len(id) <= 19 && !strings.ContainsFunc(id, func(c rune) bool { return c < '0' || c > '9' })
}

// itemOf reads the dashboard item from the query, where the descriptor puts it.
func itemOf(r *edge.Request) (connect.DashboardItem, error) {
	item := connect.DashboardItem{Dashboard: r.Query("dashboardId"), Item: r.Query("dashboardItemId")}
	if !isItemID(item.Dashboard) {
		return item, edge.Invalid("dashboardId", lang.ProblemNoDashboard)
	}
	if !isItemID(item.Item) {
		return item, edge.Invalid("dashboardItemId", lang.ProblemNoGadget)
	}
	return item, nil
}

// apiItem is the item of a later call, and whether the caller's token names
// it. A session serves no other item than its own.
func apiItem(r *edge.Request, caller *connect.Caller) (item connect.DashboardItem, vouched bool, err error) {
	if caller.Account() == "" {
		return item, false, edge.Refuse(lang.ProblemLogInToJira)
	}
	item, err = itemOf(r)
	if err != nil || caller.Item().IsZero() {
		return item, false, err
	}
	if caller.Item() != item {
		return item, false, edge.Refuse(lang.ProblemForbidden)
	}
	return item, true, nil
}

// item is a dashboard item that a person looks at.
type item struct {
	board.At
	gadget Gadget
	id     connect.DashboardItem
	// notes are set for a gadget that weighs.
	notes *itemNotes
	// forge is set for a Forge gadget, whose configuration comes with the call.
	forge *forgeItem
}

// call serves a later call of a dashboard item.
func (s *Gadgets) call(g Gadget, h itemFunc) edge.Endpoint {
	return s.Edge.API(func(r *edge.Request, caller *connect.Caller) error {
		id, vouched, err := apiItem(r, caller)
		if err != nil {
			return err
		}
		return h(r, s.item(g, caller, id, vouched, r.Query("fresh") == "1"))
	})
}

// item is the item that a caller looks at. vouched says that the host's
// signature or our session names the item; otherwise only Jira's answer tells
// whether this person may see it. With fresh the configuration is the one that
// Jira has now.
func (s *Gadgets) item(g Gadget, caller *connect.Caller, id connect.DashboardItem, vouched, fresh bool) item {
	person := edge.PersonOf(caller)
	place := viewer.Place{
		Person: person, Name: placeName(id, vouched),
		Config: s.itemConfig(person.Tenant.ID, id, vouched && !fresh && s.Views.People.Known(person)),
	}
	noted := s.notesOf(g, person.Tenant.ID, id)
	place.Roster, place.Found = noted.reader(), s.found(person.Tenant.ID, id)
	if vouched {
		place.Thought = s.thought(person.Tenant, id)
	}
	return item{
		At:     board.At{Place: place, Address: edge.Address{Base: s.bases[g.Key()], Query: query(id)}},
		gadget: g, id: id, notes: noted,
	}
}

// PlaceName names an item in the caches; the names of all its views begin with it, see
// [viewer.Views.ForgetPlace].
func PlaceName(item connect.DashboardItem) string { return "item/" + item.Dashboard + "/" + item.Item }

// placeName names the views of an item. Those that nobody vouched for are kept
// separately.
func placeName(item connect.DashboardItem, vouched bool) string {
	name := PlaceName(item)
	if !vouched {
		name += "/unvouched"
	}
	return name
}

// query is the part of an address that names an item. Ids are digits.
func query(item connect.DashboardItem) string {
	return "?dashboardId=" + item.Dashboard + "&dashboardItemId=" + item.Item
}
