package jirarest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

type shownFilter struct {
	ID, Name, JQL, Description string
	Favourite                  *bool
	FavouritedCount            int
	IsWritable                 *bool
	Owner                      struct{ AccountID string }
	SharePermissions           []struct {
		Type    string
		Group   struct{ Name, GroupID string }
		Project struct{ Key string }
	}
}

func namesOf(list []shownFilter) string {
	var names []string
	for _, f := range list {
		names = append(names, f.Name)
	}
	return strings.Join(names, "; ")
}

func (s *site) filters(as, query string) (found struct {
	Values []shownFilter
	Total  int
	IsLast bool
},
) {
	s.Get(as, "/rest/api/3/filter/search?"+query).Into(200, &found)
	return found
}

func TestFilterSearch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct{ as, query, want string }{
		{lead, "", "Due this week; Harbour's sprint; Harbour, open; Lantern on call; Vault findings"},
		{other, "", "Due this week; Harbour's sprint; Harbour, open; Lantern on call; My own work; Vault findings"},
		{outsider, "", "Due this week; Harbour's sprint; Harbour, open; Lantern on call"},
		{nobody, "", "Due this week"},
		{lead, "filterName=harbour", "Harbour's sprint; Harbour, open"},
		{lead, "filterName=harbour+open", "Harbour, open"},
		{lead, "filterName=Harb", ""},
		{lead, "filterName=harb*", "Harbour's sprint; Harbour, open"},
		{lead, "filterName=arb&isSubstringMatch=true", "Harbour's sprint; Harbour, open"},
		{lead, "filterName=week+due", "Due this week"},
		{lead, "accountId=" + s.Account(admin), "Lantern on call"},
		{lead, "owner=" + s.Account(lead) + "&orderBy=-id", "Harbour's sprint; Vault findings; Due this week; Harbour, open"},
		{lead, "groupname=team-LANT", "Lantern on call"},
		{lead, "projectId=10002", "Vault findings"},
		{lead, "id=10200&id=10201", "Due this week; Harbour, open"},
		{lead, "orderBy=-favourite_count&maxResults=1", "Harbour, open"},
		{other, "orderBy=-is_favourite&maxResults=3", "Harbour, open; Due this week; My own work"},
		{lead, "orderBy=owner&maxResults=1", "Lantern on call"},
		{lead, "orderBy=description&startAt=4", "Harbour's sprint"},
		{other, "orderBy=is_shared&maxResults=1", "My own work"},
	} {
		if got := namesOf(s.filters(tt.as, tt.query).Values); got != tt.want {
			t.Errorf("%q as %s:\n got %s\nwant %s", tt.query, tt.as, got, tt.want)
		}
	}
	bare := s.filters(lead, "id=10200").Values[0]
	if bare.JQL != "" || bare.Owner.AccountID != "" || bare.SharePermissions != nil || bare.Favourite != nil {
		t.Errorf("without expand: %+v", bare)
	}
	all := s.filters(lead, "id=10203&expand=jql,owner,sharePermissions,isWritable,favourite,favouritedCount,viewUrl,searchUrl,subscriptions,editPermissions,description").Values[0]
	if !strings.Contains(all.JQL, "VALT") || all.Owner.AccountID != s.Account(lead) || !*all.IsWritable || *all.Favourite || all.SharePermissions[0].Project.Key != "VALT" {
		t.Errorf("with all expanded: %+v", all)
	}
	many := strings.Repeat("id=1&", 201)
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/filter/search?" + many, "", 400, "At most 200"},
		{lead, "GET", "/rest/api/3/filter/search?id=x", "", 400, "not a number"},
		{lead, "GET", "/rest/api/3/filter/search?accountId=a&owner=b", "", 400, "cannot be used together"},
		{lead, "GET", "/rest/api/3/filter/search?groupId=a&groupname=b", "", 400, "cannot be used together"},
		{lead, "GET", "/rest/api/3/filter/search?groupId=a", "", 400, "does not exist"},
		{lead, "GET", "/rest/api/3/filter/search?projectId=77", "", 400, "does not exist"},
		{outsider, "GET", "/rest/api/3/filter/search?projectId=10002", "", 400, "does not exist"},
		{lead, "GET", "/rest/api/3/filter/search?orderBy=colour", "", 400, "orderBy"},
		{lead, "GET", "/rest/api/3/filter/search?startAt=-1", "", 400, "negative"},
	})
}

func TestOneFilter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var f shownFilter
	s.Get(outsider, "/rest/api/3/filter/10204").Into(200, &f)
	if f.JQL != "filter = 10200 AND sprint in openSprints()" || f.Description == "" || f.FavouritedCount != 1 || *f.Favourite || f.SharePermissions[0].Type != "loggedin" {
		t.Errorf("got %+v", f)
	}
	s.Get(lead, "/rest/api/2/filter/10205").Into(200, &f)
	if f.SharePermissions[0].Group.Name != "team-LANT" || f.SharePermissions[0].Group.GroupID == "" {
		t.Errorf("got %+v", f)
	}
	var list []shownFilter
	s.Get(lead, "/rest/api/3/filter/favourite").Into(200, &list)
	if got := namesOf(list); got != "Harbour, open; Harbour's sprint" {
		t.Errorf("favourites: %s", got)
	}
	s.Get(nobody, "/rest/api/3/filter/favourite").Into(200, &list)
	if len(list) != 0 {
		t.Errorf("nobody's favourites: %v", list)
	}
	s.Get(other, "/rest/api/3/filter/my").Into(200, &list)
	if got := namesOf(list); got != "My own work" {
		t.Errorf("own: %s", got)
	}
	s.Get(other, "/rest/api/3/filter/my?includeFavourites=true").Into(200, &list)
	if got := namesOf(list); got != "Harbour, open; Due this week; My own work" {
		t.Errorf("own and favourites: %s", got)
	}
	s.Get(admin, "/rest/api/3/filter/10202?overrideSharePermissions=true").Into(200, &f)
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/filter/99", "", 400, "not available"},
		{lead, "GET", "/rest/api/3/filter/x", "", 400, "not available"},
		{lead, "GET", "/rest/api/3/filter/10202", "", 400, "not available"},
		{lead, "GET", "/rest/api/3/filter/10202?overrideSharePermissions=true", "", 400, "not available"},
		{outsider, "GET", "/rest/api/3/filter/10203", "", 400, "not available"},
	})
}

func TestChangeFilter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	group, _ := s.World.Group("team-HARB")
	body := fmt.Sprintf(`{"name":"Now","description":"d","jql":"project = LANT","favourite":false,"sharePermissions":[{"type":"group","group":{"groupId":%q}},
		{"type":"project","project":{"id":"10001"}},{"type":"user","user":{"accountId":%q}},{"type":"authenticated"}]}`, group.ID, s.Account(other))
	var f shownFilter
	s.Send(lead, "PUT", "/rest/api/3/filter/10200", body).Into(200, &f)
	kept, _ := s.World.Filter("10200")
	want := world.Filter{
		ID: "10200", Name: "Now", Description: "d", OwnerID: s.Account(lead), JQL: "project = LANT", Favourites: []string{s.Account(other)},
		Shares: []world.Share{{Kind: "group", With: group.ID}, {Kind: "project", With: "LANT"}, {Kind: "user", With: s.Account(other)}, {Kind: "loggedin"}},
	}
	if diff := cmp.Diff(want, kept); diff != "" || len(f.SharePermissions) != 4 {
		t.Error(diff, f)
	}
	s.Send(lead, "PUT", "/rest/api/3/filter/10200", `{"name":"Now","favourite":true,"sharePermissions":[]}`).Into(200, &f)
	if f.JQL != "project = LANT" || !*f.Favourite || len(f.SharePermissions) != 0 {
		t.Errorf("a change of little: %+v", f)
	}
	s.Refuses([]refusal{
		{lead, "PUT", "/rest/api/3/filter/10200", `{"name":" "}`, 400, "name"},
		{lead, "PUT", "/rest/api/3/filter/10200", `{"name":"Due this week"}`, 400, "already exists"},
		{lead, "PUT", "/rest/api/3/filter/10200", `{"name":"n","jql":"project = NOPE"}`, 400, "The value 'NOPE' does not exist for the field 'project'."},
		{lead, "PUT", "/rest/api/3/filter/10200", `{"name":"n","jql":"project ="}`, 400, "Error in the JQL Query"},
		{lead, "PUT", "/rest/api/3/filter/10200", `{"name":"n","sharePermissions":[{"type":"planet"}]}`, 400, "not valid"},
		{lead, "PUT", "/rest/api/3/filter/10200", `{"name":"n","sharePermissions":[{"type":"group","group":{"name":"none"}}]}`, 400, "does not exist"},
		{lead, "PUT", "/rest/api/3/filter/10200", `[`, 400, "payload"},
		{other, "PUT", "/rest/api/3/filter/10201", `{"name":"n"}`, 400, "permission"},
		{outsider, "PUT", "/rest/api/3/filter/10200", `{"name":"n"}`, 400, "not available"},
		{other, "DELETE", "/rest/api/3/filter/10201", "", 400, "permission"},
		{lead, "DELETE", "/rest/api/3/filter/99", "", 400, "not available"},
	})
	s.Send(lead, "DELETE", "/rest/api/3/filter/10200", "").Empty(204)
	s.Get(lead, "/rest/api/3/filter/10200").Fails(400, "")
	s.World.Reset()
	if f, found := s.World.Filter("10200"); !found || f.Name != "Harbour, open" {
		t.Errorf("after a reset: %+v", f)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	type picked struct {
		Header string
		Total  int
		Groups []struct {
			Name, HTML, GroupID string
			Labels              []struct{ Type string }
		}
	}
	pick := func(as, query string) (p picked) {
		s.Get(as, "/rest/api/3/groups/picker?"+query).Into(200, &p)
		return p
	}
	all := pick(lead, "")
	if all.Total != 6 || len(all.Groups) != 6 || all.Groups[2].Name != "site-admins" || all.Groups[2].Labels[0].Type != "ADMIN" {
		t.Errorf("got %+v", all)
	}
	if p := pick(lead, "query=eam-H&maxResults=1"); p.Header != "Showing 1 of 1 matching groups" || p.Groups[0].HTML != "t<b>eam-H</b>ARB" {
		t.Errorf("got %+v", p)
	}
	if p := pick(lead, "query=TEAM"); p.Total != 0 {
		t.Errorf("in another case: %+v", p)
	}
	if p := pick(lead, "query=TEAM-h&caseInsensitive=true"); p.Total != 1 || p.Groups[0].HTML != "<b>team-H</b>ARB" {
		t.Errorf("in any case: %+v", p)
	}
	if p := pick(lead, "query=team&exclude=team-HARB&excludeId="+all.Groups[4].GroupID); p.Total != 1 || p.Groups[0].Name != "team-VALT" {
		t.Errorf("without two: %+v", p)
	}
	if p := pick(lead, "query=team&accountId="+s.Account(outsider)); p.Total != 2 {
		t.Errorf("of one person: %+v", p)
	}
	for _, as := range []string{"tfaleolo", nobody} {
		if p := pick(as, ""); p.Total != 0 {
			t.Errorf("%s may not browse groups: %+v", as, p)
		}
	}
	var bulk struct {
		Values []struct{ Name, GroupID string }
	}
	for query, want := range map[string]int{"": 6, "groupName=team-HARB&groupId=" + all.Groups[0].GroupID: 2, "accessType=site-admin": 1, "accessType=user&maxResults=2": 2, "groupName=none": 0} {
		s.Get(lead, "/rest/api/3/group/bulk?"+query).Into(200, &bulk)
		if len(bulk.Values) != want {
			t.Errorf("%s: got %+v", query, bulk)
		}
	}
	var members struct {
		Total  int
		Values []struct{ AccountID string }
	}
	s.Get(lead, "/rest/api/3/group/member?groupname=team-HARB").Into(200, &members)
	active := members.Total
	s.Get(lead, "/rest/api/3/group/member?includeInactiveUsers=true&groupId="+all.Groups[3].GroupID).Into(200, &members)
	gone := slices.IndexFunc(members.Values, func(v struct{ AccountID string }) bool { return v.AccountID == s.Account(inactive) })
	if members.Total != active+1 || gone < 0 {
		t.Errorf("got %d active members of %+v", active, members)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/groups/picker?maxResults=x", "", 400, "not a number"},
		{lead, "GET", "/rest/api/3/groups/picker?maxResults=-1", "", 400, "negative"},
		{lead, "GET", "/rest/api/3/group/bulk?accessType=all", "", 400, "accessType"},
		{"tfaleolo", "GET", "/rest/api/3/group/bulk", "", 403, "browse"},
		{nobody, "GET", "/rest/api/3/group/bulk", "", 401, ""},
		{lead, "GET", "/rest/api/3/group/member", "", 400, "either"},
		{lead, "GET", "/rest/api/3/group/member?groupname=a&groupId=b", "", 400, "either"},
		{lead, "GET", "/rest/api/3/group/member?groupname=none", "", 404, "does not exist"},
		{lead, "GET", "/rest/api/3/group/member?groupId=team-HARB", "", 404, "does not exist"},
		{"tfaleolo", "GET", "/rest/api/3/group/member?groupname=team-HARB", "", 403, "browse"},
	})
	s.Send(lead, http.MethodGet, "/rest/api/3/group/member?groupname=team-HARB", "", "Scopes", "READ").Fails(403, "needs ADMIN")
}
