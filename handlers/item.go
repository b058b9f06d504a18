package handlers

import (
	"net/url"
	"regexp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
)

// itemID is what Jira uses for dashboards and their items.
var itemID = regexp.MustCompile(`^[0-9]{1,19}$`)

// itemOf reads the dashboard item out of the query, where the descriptor
// puts it.
func itemOf(r *edge.Request) (connect.DashboardItem, error) {
	item := connect.DashboardItem{Dashboard: r.Query("dashboardId"), Item: r.Query("dashboardItemId")}
	if !itemID.MatchString(item.Dashboard) {
		return item, edge.Invalid("dashboardId", lang.ProblemNoDashboard)
	}
	if !itemID.MatchString(item.Item) {
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

// query is the part of an address that names an item.
func query(item connect.DashboardItem) string {
	return "?" + url.Values{"dashboardId": {item.Dashboard}, "dashboardItemId": {item.Item}}.Encode()
}
