package gadget

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
)

// crew is a role of some of the sample's people.
const crew, crewName = "10002", "Administrators"

// roleReaders counts, by account, who asked the site for roles and their members.
func roleReaders(r *harness.Running) map[string]int {
	asked := map[string]int{}
	for _, q := range r.Site.Requests(0) {
		if strings.HasPrefix(q.Path, "/rest/api/3/project/") && strings.Contains(q.Path, "/role") {
			asked[q.Caller]++
		}
	}
	return asked
}

// TestRoleOfSomebodyWhoIsNoAdmin: the owner of a dashboard who administers no
// project chooses a role and sees everybody, told so; an admin sees its members.
// When Jira hides the names as well, the choice stays by its name. Nobody but
// these two ever reads a role, least of all the app.
func TestRoleOfSomebodyWhoIsNoAdmin(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	said, admin := lang.New().English(), r.Person(0)
	dashboard := r.Site.Objects().Dashboards[1]
	b := harness.Board{Running: r, Dashboard: dashboard, Item: dashboard.Items[0].ID}
	b.Configure(t, workload.GadgetConfig{Projects: []string{"HARB"}, Window: workload.Fortnight, Unit: workload.UnitHours})
	everybody := harness.ReadTeam(t, b.Look(t, dashboard.Owner).Body)
	session := boardSession(t, b, dashboard.Owner)

	roles := pick(t, b, "roles", session, url.Values{"projects": {"HARB"}})
	if !strings.Contains(roles.Body, ">"+crewName+"<") || !strings.Contains(html.UnescapeString(roles.Body), said.Say(said.Form.RoleMembersHidden, "HARB")) {
		t.Fatalf("roles: %d\n%s", roles.Status, roles.Body)
	}
	form := whole()
	form["projects"], form["team"], form["query"] = []string{"HARB"}, []string{"role"}, nil
	form["role"], form["window"] = []string{crew}, []string{"14"}
	status, view := r.Save(t, session, dashboard.ID, b.Item, form)
	if got := saved(t, b); status != http.StatusOK || got.Role != crew || got.RoleName != crewName {
		t.Fatalf("save: %d, %+v\n%s", status, got, view)
	}
	seesEverybody(t, b, everybody)
	shared := harness.NewBoard(t, r)
	shared.Configure(t, saved(t, b))
	members := harness.ReadTeam(t, shared.Look(t, admin).Body)
	if len(members.Rows) == 0 || len(members.Rows) >= len(everybody.Rows) {
		t.Errorf("an admin sees %d rows, everybody is %d", len(members.Rows), len(everybody.Rows))
	}

	asked := roleReaders(r)
	for account := range asked {
		if !slices.Contains([]string{dashboard.Owner, admin}, account) {
			t.Errorf("%q reads roles: %v", account, asked)
		}
	}
	if asked[dashboard.Owner] == 0 || asked[admin] == 0 {
		t.Errorf("roles are read by %v", asked)
	}

	r.Fault(t, connecttest.Fault{Path: "/rest/api/3/project/HARB", Status: 404})
	r.Fault(t, connecttest.Fault{Path: "/rest/api/3/project/HARB/role", Status: 404})
	opened := html.UnescapeString(b.Call(t, b.Address("/gadget/workload/form"), session).Body)
	if !strings.Contains(opened, `value="10002" selected>`+crewName+"<") || strings.Count(opened, said.Form.RolesHidden) != 1 {
		t.Errorf("form without names:\n%s", opened)
	}
	form["window"], form["roleName"] = []string{"30"}, []string{crewName}
	status, _ = r.Save(t, session, dashboard.ID, b.Item, form)
	if got := saved(t, b); status != http.StatusOK || got.Role != crew || got.RoleName != crewName || got.Window != workload.Month {
		t.Errorf("save without names: %d, %+v", status, got)
	}
}

// seesEverybody checks that the owner of a dashboard sees the rows of everybody,
// and reads why.
func seesEverybody(t *testing.T, b harness.Board, want harness.ShownTeam) {
	t.Helper()
	page := b.Look(t, b.Dashboard.Owner).Body
	if got := harness.ReadTeam(t, page); len(got.Rows) != len(want.Rows) || got.Totals.Open != want.Totals.Open {
		t.Errorf("the owner sees %d rows and %d open, want %d and %d", len(got.Rows), got.Totals.Open, len(want.Rows), want.Totals.Open)
	}
	if !strings.Contains(html.UnescapeString(page), lang.New().English().Workload.RoleUnseen) {
		t.Errorf("the owner is not told:\n%s", page)
	}
}
