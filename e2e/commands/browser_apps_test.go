package commands

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// TestDevUpgradesInFrontOfYou: an admin moves the Connect app of `sightline dev`
// to the hybrid stage, to Forge and off the site, with the mouse. The second
// dashboard shows the same numbers in the same places all along.
func TestDevUpgradesInFrontOfYou(t *testing.T) {
	t.Parallel()
	harness.Long(t)
	browser := browsertest.Start(t)
	site := startDev(t)
	var people []connecttest.Person
	decode(t, site+"/-/people", &people)
	admin := people[slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Admin && p.Active })]
	board := secondDashboard(t, site)
	numbers := onConnect(t, browser, site, board)

	tab := browser.Open(t, site+"/plugins/servlet/upm?as="+admin.AccountID, 1000, 900)
	card := func(kind string) string { return `.app[data-product="jira"][data-kind="` + kind + `"]` }
	button := func(kind, action string) string { return card(kind) + ` [data-action="` + action + `"]` }
	tab.Until(`document.querySelectorAll(".app").length === 3`) // on Connect, on Forge, in the chat
	tab.Shot("apps-connect")
	tab.Mouse(button("connect", "hybrid"), nil)
	tab.Until(`document.querySelector(".flag-success")?.innerText.includes("Sightline is hybrid now")`)
	tab.Until(`document.querySelector('` + card("connect") + `') === null`)
	tab.Shot("apps-hybrid")
	onForge(t, browser, site, board, numbers)

	tab.Mouse(button("hybrid", "tick"), nil)
	tab.Until(`[...document.querySelectorAll(".flag-success")].some((flag) => flag.innerText.includes("The tick was sent"))`)
	tab.Mouse(button("hybrid", "forge"), nil)
	tab.Until(`document.querySelector('` + card("forge") + `') !== null && document.querySelector('` + card("hybrid") + `') === null`)
	tab.Shot("apps-forge")
	onForge(t, browser, site, board, numbers)

	tab.Mouse(button("forge", "uninstall"), nil)
	tab.Until(`document.querySelector('` + card("forge") + `').innerText.includes("Uninstall Sightline?")`)
	tab.Mouse(button("forge", "yes"), nil)
	tab.Until(`document.querySelectorAll(".app").length === 1`)
	if left := secondDashboard(t, site); len(left.Items) > 0 {
		t.Errorf("after the uninstall the dashboard has %+v", left.Items)
	}
	if got := tab.Problems(); len(got) > 0 {
		t.Errorf("the console complains: %q", got)
	}
}

// TestDevAppsAreForAdmins: others see a sentence instead.
func TestDevAppsAreForAdmins(t *testing.T) {
	t.Parallel()
	harness.Long(t)
	browser := browsertest.Start(t)
	site := startDev(t)
	tab := browser.Open(t, site+"/plugins/servlet/upm?as=anonymous", 1000, 700)
	tab.Until(`document.querySelector("main").innerText.includes("does not administer this site")`)
	if browsertest.Eval[int](tab, `document.querySelectorAll(".app, main form").length`) > 0 {
		t.Error("the apps are listed")
	}
}

func secondDashboard(t *testing.T, site string) connecttest.Dashboard {
	t.Helper()
	var objects connecttest.Objects
	decode(t, site+"/-/objects", &objects)
	return objects.Dashboards[1]
}

// onConnect reads the numbers of the workload gadget on the Connect dashboard.
func onConnect(t *testing.T, browser *browsertest.Browser, site string, board connecttest.Dashboard) string {
	t.Helper()
	tab := browser.Open(t, site+"/jira/dashboards/"+board.ID, 1400, 900)
	item := board.Items[slices.IndexFunc(board.Items, func(i connecttest.DashboardItem) bool { return i.Module == "workload" })]
	defer tab.Shot("dashboard-on-connect")
	return totals(tab.Frame("dashboardItemId=" + item.ID))
}

// onForge looks whether the same items are now gadgets of Forge that show the
// same numbers.
func onForge(t *testing.T, browser *browsertest.Browser, site string, was connecttest.Dashboard, numbers string) {
	t.Helper()
	now := secondDashboard(t, site)
	want := slices.Clone(was.Items)
	for i := range want {
		want[i].App, want[i].Module = now.Items[0].App, forge.GadgetKey(want[i].Module)
	}
	if diff := cmp.Diff(want, now.Items); diff != "" || strings.HasPrefix(now.Items[0].App, "app.") {
		t.Errorf("the items on Forge:\n%s", diff)
	}
	tab := browser.Open(t, site+"/jira/dashboards/"+now.ID, 1400, 900)
	i := slices.IndexFunc(now.Items, func(i connecttest.DashboardItem) bool { return i.Module == forge.GadgetKey("workload") })
	if got := totals(tab.FrameAt(`.gadget[data-item="` + now.Items[i].ID + `"] .forge-iframe`)); got != numbers {
		t.Errorf("the gadget says %q, want %q", got, numbers)
	}
	tab.Shot("dashboard-on-forge")
}

// totals are the numbers of a gadget that has them.
func totals(frame *browsertest.Frame) string {
	frame.Until(`document.querySelector(".totals") !== null`)
	return browsertest.FrameEval[string](frame, `document.querySelector(".totals").innerText`)
}
