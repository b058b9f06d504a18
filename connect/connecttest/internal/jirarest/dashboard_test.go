package jirarest_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

type dashboard struct {
	ID, Name, View, Self string
	Owner                *user
	IsWritable           bool
	SystemDashboard      bool
	SharePermissions     []struct{ Type string }
}

func TestDashboard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var d dashboard
	s.Get(lead, "/rest/api/3/dashboard/10000").Into(200, &d)
	if d.Owner.AccountID != s.Account(lead) || !d.IsWritable || d.SharePermissions[0].Type != "loggedin" || d.View == "" {
		t.Errorf("own: got %+v", d)
	}
	if owner := d.Owner; owner.DisplayName == "" || owner.AccountType != "" || owner.EmailAddress != "" {
		t.Errorf("owner: got %+v", owner)
	}
	s.Get(other, "/rest/api/3/dashboard/10000").Into(200, &d)
	if d.IsWritable {
		t.Errorf("someone else's: got %+v", d)
	}
	var system dashboard
	s.Get(nobody, "/rest/api/3/dashboard/10002").Into(200, &system)
	if system.Owner != nil || system.IsWritable || !system.SystemDashboard || system.SharePermissions[0].Type != "global" {
		t.Errorf("system: got %+v", system)
	}
	s.Get(admin, "/rest/api/3/dashboard/10002").Into(200, &system)
	if !system.IsWritable {
		t.Error("administrators own the system dashboard")
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/dashboard/10001", "", 404, "either does not exist"},
		{admin, "GET", "/rest/api/3/dashboard/10001", "", 404, "either does not exist"},
		{nobody, "GET", "/rest/api/3/dashboard/10000", "", 404, ""},
		{lead, "GET", "/rest/api/3/dashboard/999", "", 404, ""},
		{lead, "GET", "/rest/api/3/dashboard/x", "", 400, ""},
	})
}

func TestDashboardLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tests := []struct{ as, path, want string }{
		{lead, "dashboard", "10000 10002"},
		{other, "dashboard", "10000 10001 10002"},
		{nobody, "dashboard", "10002"},
		{lead, "dashboard?filter=my", "10000"},
		{lead, "dashboard?filter=favourite", ""},
		{other, "dashboard?startAt=1&maxResults=1", "10001"},
		{other, "dashboard/search", "10000 10001 10002"},
		{other, "dashboard/search?orderBy=-id&maxResults=2", "10002 10001"},
		{other, "dashboard/search?dashboardName=OWN", "10001"},
		{other, "dashboard/search?orderBy=owner", "10002 10000 10001"},
	}
	for _, tt := range tests {
		var p struct{ Dashboards, Values []dashboard }
		s.Get(tt.as, "/rest/api/3/"+tt.path).Into(200, &p)
		var ids []string
		for _, d := range append(p.Dashboards, p.Values...) {
			ids = append(ids, d.ID)
		}
		if got := strings.Join(ids, " "); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.path, tt.as, got, tt.want)
		}
	}
	var owned struct{ Values []dashboard }
	s.Get(other, "/rest/api/3/dashboard/search?accountId="+url.QueryEscape(s.Account(other))).Into(200, &owned)
	if len(owned.Values) != 1 {
		t.Errorf("owned: got %+v", owned)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/dashboard?filter=x", "", 400, "filter"},
		{lead, "GET", "/rest/api/3/dashboard/search?orderBy=x", "", 400, "orderBy"},
		{lead, "GET", "/rest/api/3/dashboard?startAt=x", "", 400, ""},
	})
}

func TestGadgets(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	item, err := s.World.PlaceItem("10000", "acme", "load", "Load")
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		"": 1, "?moduleKey=" + url.QueryEscape(item.FullKey): 1, "?gadgetId=" + item.ID: 1, "?gadgetId=1": 0, "?uri=x": 0,
	} {
		var list struct {
			Gadgets []struct {
				ID               int64
				ModuleKey, Title string
			}
		}
		s.Get(other, "/rest/api/3/dashboard/10000/gadget"+query).Into(200, &list)
		if len(list.Gadgets) != want || want == 1 && strconv.FormatInt(list.Gadgets[0].ID, 10) != item.ID {
			t.Errorf("%s: got %+v", query, list)
		}
	}
	var available struct{ Gadgets []struct{ ModuleKey string } }
	s.Get(other, "/rest/api/3/dashboard/gadgets").Into(200, &available)
	if len(available.Gadgets) != 1 || available.Gadgets[0].ModuleKey != item.FullKey {
		t.Errorf("available: got %+v", available)
	}
	s.Get(lead, "/rest/api/3/dashboard/10001/gadget").Fails(404, "")
	s.Get(nobody, "/rest/api/3/dashboard/gadgets").Fails(401, "")
}

type property struct {
	Key   string
	Value any
}

type keys struct{ Keys []struct{ Key, Self string } }

func TestDashboardItemProperties(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	item, err := s.World.PlaceItem("10000", "acme", "load", "Load")
	if err != nil {
		t.Fatal(err)
	}
	base := "/rest/api/3/dashboard/10000/items/" + item.ID + "/properties"
	path := base + "/sightline.config"
	s.Get(lead, path).Fails(404, "")
	s.Send(lead, "PUT", path, `{"window":14}`).Empty(201)
	s.Send(lead, "PUT", path, `{"window":7}`).Empty(200)
	s.Send(lead, "PUT", base+"/a%2Fb", `null`).Empty(201)
	var p property
	s.Get(other, path).Into(200, &p)
	if p.Key != "sightline.config" || p.Value.(map[string]any)["window"] != 7.0 {
		t.Errorf("got %+v", p)
	}
	var list keys
	s.Get(other, base).Into(200, &list)
	if len(list.Keys) != 2 || list.Keys[0].Key != "a/b" {
		t.Fatalf("got %+v", list)
	}
	if got := s.Get(lead, strings.TrimPrefix(list.Keys[0].Self, s.URL)); got.Status != 200 {
		t.Errorf("self: got %d", got.Status)
	}
	s.Send(lead, "PUT", base+"/"+strings.Repeat("k", 255), `1`).Empty(201)
	s.Send(lead, "PUT", base+"/long", `"`+strings.Repeat("é", 32766)+`"`).Empty(201)
	s.Send(lead, "DELETE", path, "").Empty(204)
	s.Send(lead, "DELETE", path, "").Fails(404, "")
}

func TestDashboardItemPropertiesRefuse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	shared, _ := s.World.PlaceItem("10000", "acme", "load", "Load")
	private, _ := s.World.PlaceItem("10001", "acme", "load", "Load")
	system, _ := s.World.PlaceItem("10002", "acme", "load", "Load")
	path := "/rest/api/3/dashboard/10000/items/" + shared.ID + "/properties/k"
	hidden := "/rest/api/3/dashboard/10001/items/" + private.ID + "/properties/k"
	every := "/rest/api/3/dashboard/10002/items/" + system.ID + "/properties/k"
	s.Refuses([]refusal{
		{other, "PUT", path, `1`, 403, "owner"},
		{other, "DELETE", path, "", 403, "owner"},
		{nobody, "PUT", path, `1`, 404, ""},
		{lead, "GET", hidden, "", 404, "either does not exist"},
		{lead, "PUT", hidden, `1`, 404, "either does not exist"},
		{lead, "DELETE", hidden, "", 404, "either does not exist"},
		{lead, "GET", strings.TrimSuffix(hidden, "/k"), "", 404, "either does not exist"},
		{lead, "GET", "/rest/api/3/dashboard/10000/items/1/properties/k", "", 404, "item"},
		{lead, "PUT", "/rest/api/3/dashboard/10000/items/1/properties/k", `1`, 404, "item"},
		{lead, "PUT", "/rest/api/3/dashboard/10000/items/" + private.ID + "/properties/k", `1`, 404, "item"},
		{lead, "GET", "/rest/api/3/dashboard/x/items/1/properties/k", "", 404, ""},
		{lead, "PUT", "/rest/api/3/dashboard/x/items/1/properties/k", `1`, 400, "number"},
		{lead, "DELETE", "/rest/api/3/dashboard/10000/items/x/properties/k", "", 400, "number"},
		{lead, "PUT", path, "", 400, "JSON"},
		{lead, "PUT", path, `{"a":`, 400, "JSON"},
		{lead, "PUT", path, `{"a":1} x`, 400, "JSON"},
		{lead, "PUT", path, `"` + strings.Repeat("é", 32767) + `"`, 400, "32768"},
		{lead, "PUT", path + strings.Repeat("k", 255), `1`, 400, "255"},
		{lead, "PUT", every, `1`, 403, "owner"},
		{nobody, "PUT", every, `1`, 401, ""},
		{lead, "POST", path, `1`, 405, ""},
	})
	s.Send(admin, "PUT", every, `1`).Empty(201)
	if got := s.Get(nobody, every); got.Status != 200 {
		t.Errorf("system: got %d", got.Status)
	}
}

func TestUserProperties(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	own := "?accountId=" + url.QueryEscape(s.Account(other))
	const base = "/rest/api/3/user/properties"
	s.Send(other, "PUT", base+"/sightline.preferences"+own, `{"compact":true}`).Empty(201)
	s.Send(admin, "PUT", base+"/sightline.preferences"+own, `{"compact":false}`).Empty(200)
	var list keys
	for _, path := range []string{base + own, base + "/" + own} {
		s.Get(other, path).Into(200, &list)
		if len(list.Keys) != 1 {
			t.Errorf("%s: got %+v", path, list)
		}
	}
	var p property
	s.Get(admin, strings.TrimPrefix(list.Keys[0].Self, s.URL)).Into(200, &p)
	if p.Value.(map[string]any)["compact"] != false {
		t.Errorf("got %+v", p)
	}
	s.Refuses([]refusal{
		{other, "GET", base, "", 400, "accountId"},
		{other, "GET", base + "/k", "", 400, "accountId"},
		{other, "PUT", base + "/k", "1", 400, "accountId"},
		{other, "GET", base + "/k" + own, "", 404, "k"},
		{lead, "GET", base + own, "", 403, ""},
		{lead, "PUT", base + "/k" + own, "1", 403, ""},
		{lead, "DELETE", base + "/k" + own, "", 403, ""},
		{lead, "GET", base + "?accountId=x", "", 403, ""},
		{admin, "GET", base + "?accountId=x", "", 404, ""},
		{nobody, "GET", base + own, "", 401, ""},
		{other, "PUT", base + own, "1", 405, ""},
		{other, "PUT", base + "/" + own, "1", 405, ""},
		{other, "DELETE", base + own, "", 405, ""},
		{other, "PUT", base + "/k" + own, "{", 400, "JSON"},
	})
	s.Send(other, "DELETE", base+"/sightline.preferences"+own, "").Empty(204)
}

func TestIssueProperties(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const base = "/rest/api/3/issue/HARB-1/properties"
	s.Send(lead, "PUT", base+"/k", `[1]`).Empty(201)
	var list keys
	s.Get(outsider, base).Into(200, &list)
	var p property
	s.Get(outsider, strings.TrimPrefix(list.Keys[0].Self, s.URL)).Into(200, &p)
	s.Send(lead, "DELETE", base+"/k", "").Empty(204)
	s.Refuses([]refusal{
		{outsider, "PUT", "/rest/api/3/issue/LANT-1/properties/k", `1`, 403, ""},
		{outsider, "GET", "/rest/api/3/issue/VALT-1/properties", "", 404, ""},
		{lead, "GET", base + "/k", "", 404, ""},
	})
}

func TestMyPermissions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tests := []struct {
		as, query string
		want      bool
	}{
		{lead, "permissions=BROWSE_PROJECTS", true},
		{lead, "permissions=ADMINISTER", false},
		{admin, "permissions=ADMINISTER", true},
		{admin, "permissions=ADMINISTER&projectKey=HARB", true},
		{lead, "permissions=ADMINISTER_PROJECTS&projectKey=VALT", true},
		{outsider, "permissions=EDIT_ISSUES", true},
		{outsider, "permissions=EDIT_ISSUES&projectKey=LANT", false},
		{outsider, "permissions=EDIT_ISSUES&projectId=10000", true},
		{outsider, "permissions=EDIT_ISSUES&issueKey=LANT-1", false},
		{nobody, "permissions=BROWSE_PROJECTS", false},
	}
	for _, tt := range tests {
		var got struct {
			Permissions map[string]struct {
				ID, Key, Name, Type string
				HavePermission      bool
			}
		}
		s.Get(tt.as, "/rest/api/3/mypermissions?"+tt.query).Into(200, &got)
		for key, p := range got.Permissions {
			if p.HavePermission != tt.want || p.Key != key || p.ID == "" || p.Type == "" {
				t.Errorf("%s as %s: got %+v", tt.query, tt.as, p)
			}
		}
		if len(got.Permissions) != 1 {
			t.Errorf("%s: got %+v", tt.query, got)
		}
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/mypermissions", "", 400, "permissions"},
		{lead, "GET", "/rest/api/3/mypermissions?permissions=FLY", "", 400, "FLY"},
		{outsider, "GET", "/rest/api/3/mypermissions?permissions=EDIT_ISSUES&projectKey=VALT", "", 404, ""},
		{outsider, "GET", "/rest/api/3/mypermissions?permissions=EDIT_ISSUES&issueKey=VALT-1", "", 404, ""},
	})
}

func TestCheckPermissions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	app := s.World.AddApp("acme", "Acme").AccountID
	secret, _ := s.World.Issue("VALT-1")
	open, _ := s.World.Issue("HARB-1")
	ask := func(account string) string {
		return `{"accountId":"` + s.Account(account) + `","globalPermissions":["ADMINISTER","USER_PICKER"],"projectPermissions":[
		 {"permissions":["BROWSE_PROJECTS",""],"projects":[10000,10002,77,10000],"issues":[` + secret.ID + `,` + open.ID + `,1]}]}`
	}
	var got struct {
		Global  []string `json:"globalPermissions"`
		Project []struct {
			Permission       string
			Projects, Issues []int64
		} `json:"projectPermissions"`
	}
	s.Send(outsider, "POST", "/rest/api/3/permissions/check", ask(outsider)).Into(200, &got)
	if len(got.Global) != 1 || len(got.Project) != 1 || len(got.Project[0].Projects) != 1 || len(got.Project[0].Issues) != 1 {
		t.Errorf("own: got %+v", got)
	}
	s.Send(app, "POST", "/rest/api/3/permissions/check", ask(admin), "App", "acme", "Scopes", "READ").Into(200, &got)
	if len(got.Global) != 2 || len(got.Project[0].Projects) != 2 || len(got.Project[0].Issues) != 2 {
		t.Errorf("as an app: got %+v", got)
	}
	const path = "/rest/api/3/permissions/check"
	s.Refuses([]refusal{
		{outsider, "POST", path, ask(admin), 403, "Only Jira administrators can perform this operation."},
		{admin, "POST", path, `{"accountId":"nobody"}`, 400, "accountId"},
		{admin, "POST", path, `{"globalPermissions":["BROWSE_PROJECTS"]}`, 400, "Unrecognized permission"},
		{admin, "POST", path, `{"projectPermissions":[{"permissions":["ADMINISTER"]}]}`, 400, "Unrecognized permission"},
		{admin, "POST", path, `{"projectPermissions":[{"permissions":[]}]}`, 400, "At least one"},
		{admin, "POST", path, `{"projectPermissions":[{"permissions":["EDIT_ISSUES"],"issues":[` + strings.Repeat("1,", 1000) + `1]}]}`, 400, "1000"},
		{admin, "POST", path, `{"other":1}`, 400, "payload"},
	})
}
