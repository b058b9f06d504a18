package handlers

import (
	"net/url"
	"regexp"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
)

// itemID is what Jira uses for dashboards and their items.
var itemID = regexp.MustCompile(`^[0-9]{1,19}$`)

// itemOf reads the dashboard item out of the query, where the descriptor
// puts it.
func itemOf(c *gin.Context) (connect.DashboardItem, error) {
	item := connect.DashboardItem{Dashboard: c.Query("dashboardId"), Item: c.Query("dashboardItemId")}
	if !itemID.MatchString(item.Dashboard) {
		return item, invalid("dashboardId", saysNoDashboard)
	}
	if !itemID.MatchString(item.Item) {
		return item, invalid("dashboardItemId", saysNoGadget)
	}
	return item, nil
}

// apiItem is the item of a later call, and whether the caller's token names
// it. A session serves no other item than its own.
func apiItem(c *gin.Context, caller *connect.Caller) (item connect.DashboardItem, vouched bool, err error) {
	if caller.Account() == "" {
		return item, false, forbidden(saysLogInToJira)
	}
	item, err = itemOf(c)
	if err != nil || caller.Item().IsZero() {
		return item, false, err
	}
	if caller.Item() != item {
		return item, false, forbidden(saysForbidden)
	}
	return item, true, nil
}

// query is the part of an address that names an item.
func query(item connect.DashboardItem) string {
	return "?" + url.Values{"dashboardId": {item.Dashboard}, "dashboardItemId": {item.Item}}.Encode()
}
