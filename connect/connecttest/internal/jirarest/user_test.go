package jirarest_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

type user struct {
	Self, AccountID, AccountType, EmailAddress, DisplayName, TimeZone, Locale string
	Active                                                                    bool
	AvatarURLs                                                                map[string]string
}

func TestMyself(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var me user
	s.Get(lead, "/rest/api/3/myself").Into(200, &me)
	if me.AccountID != s.Account(lead) || me.TimeZone != "Europe/Stockholm" || me.EmailAddress == "" || me.AccountType != "atlassian" || !me.Active {
		t.Errorf("got %+v", me)
	}
	if got := s.Get(nobody, strings.TrimPrefix(me.AvatarURLs["48x48"], s.URL)); got.Status != 200 {
		t.Errorf("avatar: got %d", got.Status)
	}
	var again user
	s.Get(admin, strings.TrimPrefix(me.Self, s.URL)).Into(200, &again)
	if again.AccountID != me.AccountID {
		t.Errorf("self: got %+v", again)
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var u user
	s.Get(other, "/rest/api/3/user?accountId="+url.QueryEscape(s.Account(admin))).Into(200, &u)
	if u.EmailAddress != "" || u.DisplayName != "Idris Okonjo" {
		t.Errorf("someone else: got %+v", u)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/user", "", 400, "accountId"},
		{lead, "GET", "/rest/api/3/user?accountId=x", "", 404, ""},
		{nobody, "GET", "/rest/api/3/user?accountId=x", "", 401, ""},
		{lead, "GET", "/rest/api/3/user/search", "", 400, ""},
		{lead, "GET", "/rest/api/3/user/search?query=a&startAt=x", "", 400, "startAt"},
		{lead, "GET", "/rest/api/3/user/assignable/search?query=a", "", 400, "project"},
		{lead, "GET", "/rest/api/3/user/assignable/search?query=a&accountId=b&project=HARB", "", 400, ""},
		{outsider, "GET", "/rest/api/3/user/assignable/search?query=&project=VALT", "", 404, ""},
		{nobody, "GET", "/rest/api/3/users/search", "", 401, ""},
	})
	tests := []struct {
		as, path, want string
	}{
		{lead, "user/search?query=ma", "Mara Lindqvist"},
		{lead, "user/search?query=HADD", "Nadia Haddad"},
		{lead, "user/search?query=wren", ""},
		{lead, "user/search?accountId=" + url.QueryEscape(s.Account(admin)), "Idris Okonjo"},
		{lead, "user/search?query=&startAt=1&maxResults=2", "Idris Okonjo, Yuki Tanabe"},
		{nobody, "user/search?query=ma", ""},
		{lead, "user/assignable/search?project=VALT&query=", "Mara Lindqvist, Idris Okonjo, Callum Reyes, Anneke de Vries-Oosterhout, Nadia Haddad"},
		{lead, "user/assignable/search?issueKey=VALT-1&query=&maxResults=2", "Mara Lindqvist, Idris Okonjo"},
		{lead, "user/assignable/search?issueKey=VALT-1&query=&startAt=2&maxResults=2", ""},
		{lead, "users/search?startAt=11&maxResults=1", "Wren Castellane"},
		{lead, "users/search?startAt=999", ""},
	}
	for _, tt := range tests {
		var list []user
		s.Get(tt.as, "/rest/api/3/"+tt.path).Into(200, &list)
		var names []string
		for _, u := range list {
			names = append(names, u.DisplayName)
		}
		if got := strings.Join(names, ", "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.path, got, tt.want)
		}
	}
}

type projectPage struct {
	Values []struct{ Key, Name, Description, ID, Self string }
	page
}

type page struct {
	StartAt, MaxResults, Total int
	IsLast                     bool
	Self, NextPage             string
}

func (p projectPage) keys() string {
	var out []string
	for _, v := range p.Values {
		out = append(out, v.Key)
	}
	return strings.Join(out, " ")
}

func TestSearchProjects(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tests := []struct{ as, query, want string }{
		{lead, "", "HARB LANT VALT"},
		{outsider, "", "HARB LANT"},
		{nobody, "", ""},
		{admin, "orderBy=-key", "VALT LANT HARB"},
		{lead, "orderBy=issueCount", "VALT LANT HARB"},
		{lead, "orderBy=%2Bname", "HARB LANT VALT"},
		{lead, "orderBy=-category", "LANT VALT HARB"},
		{lead, "orderBy=owner&expand=insight,lead,issueTypes,projectKeys", "HARB LANT VALT"},
		{lead, "orderBy=lastIssueUpdatedTime&keys=VALT", "VALT"},
		{lead, "query=an", "LANT"},
		{lead, "query=VAULT", "VALT"},
		{lead, "keys=HARB&keys=VALT", "HARB VALT"},
		{lead, "keys=NOPE", ""},
		{lead, "id=10001", "LANT"},
		{lead, "typeKey=business", ""},
		{lead, "typeKey=software,business&status=live", "HARB LANT VALT"},
		{lead, "status=archived", ""},
		{outsider, "action=create", "HARB"},
		{outsider, "action=browse", "HARB LANT"},
		{outsider, "action=edit", ""},
		{lead, "action=edit", "HARB LANT VALT"},
	}
	for _, tt := range tests {
		var p projectPage
		s.Get(tt.as, "/rest/api/3/project/search?"+tt.query).Into(200, &p)
		if got := p.keys(); got != tt.want || p.Total != len(p.Values) || !p.IsLast || p.MaxResults != 50 {
			t.Errorf("%s as %s: got %q, %+v, want %q", tt.query, tt.as, got, p.page, tt.want)
		}
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/project/search?orderBy=size", "", 400, "orderBy"},
		{lead, "GET", "/rest/api/3/project/search?action=delete", "", 400, "action"},
		{lead, "GET", "/rest/api/3/project/search?startAt=-1", "", 400, ""},
		{lead, "GET", "/rest/api/3/project/search?" + strings.Repeat("keys=A&", 51), "", 400, ""},
	})
}

func TestProjectPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var got []string
	for next := "/rest/api/3/project/search?maxResults=1&expand=description"; next != ""; {
		var p projectPage
		s.Get(lead, strings.TrimPrefix(next, s.URL)).Into(200, &p)
		if p.Values[0].Description == "" || p.Total != 3 {
			t.Errorf("got %+v", p)
		}
		got = append(got, p.keys())
		next = p.NextPage
		if p.IsLast != (next == "") {
			t.Errorf("isLast %v, next %q", p.IsLast, next)
		}
	}
	if want := []string{"HARB", "LANT", "VALT"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPageLinksHaveNoToken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var p projectPage
	s.Get(lead, "/rest/api/3/project/search?maxResults=1&jwt=secret").Into(200, &p)
	if p.NextPage == "" || strings.Contains(p.Self+p.NextPage, "secret") {
		t.Errorf("got %+v", p.page)
	}
}

func TestProject(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var p struct {
		ID, Key, Name, Description string
		Lead                       user
		Roles                      map[string]string
		IssueTypes                 []struct{ Name string }
	}
	s.Get(lead, "/rest/api/3/project/10000").Into(200, &p)
	if p.Key != "HARB" || p.Lead.AccountID != s.Account(lead) || len(p.Roles) != 4 || len(p.IssueTypes) == 0 || p.Description == "" {
		t.Errorf("got %+v", p)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/project/harb", "", 404, "No project could be found with key 'harb'."},
		{outsider, "GET", "/rest/api/3/project/VALT", "", 404, "No project could be found"},
		{nobody, "GET", "/rest/api/3/project/HARB", "", 404, ""},
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.World.AddApp("acme", "Acme")
	var links map[string]string
	s.Get(lead, "/rest/api/3/project/HARB/role").Into(200, &links)
	var role struct {
		ID     int64
		Name   string
		Actors []struct {
			DisplayName, Type string
			ActorUser         struct{ AccountID string }
		}
	}
	s.Get(lead, strings.TrimPrefix(links["Developers"], s.URL)).Into(200, &role)
	if role.ID != 10000 || len(role.Actors) != 8 || role.Actors[0].DisplayName != "Callum Reyes" || role.Actors[0].ActorUser.AccountID != s.Account("creyes") {
		t.Errorf("got %+v", role)
	}
	s.Get(lead, "/rest/api/3/project/HARB/role/10000?excludeInactiveUsers=true").Into(200, &role)
	if len(role.Actors) != 7 {
		t.Errorf("active: got %d", len(role.Actors))
	}
	s.Get(admin, links["atlassian-addons-project-access"][len(s.URL):]).Into(200, &role)
	if len(role.Actors) != 1 || role.Actors[0].DisplayName != "Acme" {
		t.Errorf("apps: got %+v", role)
	}
	var details []struct{ Name, Type string }
	for query, want := range map[string]int{"": 4, "currentMember=true": 2, "excludeConnectAddons=true": 3} {
		s.Get(lead, "/rest/api/3/project/HARB/roledetails?"+query).Into(200, &details)
		if len(details) != want {
			t.Errorf("details %s: got %+v", query, details)
		}
	}
	for version, want := range map[string]string{"2": "", "3": "DEFAULT"} {
		details = nil
		s.Get(lead, "/rest/api/"+version+"/project/HARB/roledetails?excludeOtherServiceRoles=true").Into(200, &details)
		if len(details) != 4 || details[0].Type != want {
			t.Errorf("version %s: got %+v, want type %q", version, details, want)
		}
	}
	s.Refuses([]refusal{
		{other, "GET", "/rest/api/3/project/HARB/role", "", 404, ""},
		{other, "GET", "/rest/api/3/project/HARB/role/10000", "", 404, ""},
		{other, "GET", "/rest/api/3/project/HARB/roledetails", "", 404, ""},
		{lead, "GET", "/rest/api/3/project/HARB/role/77", "", 404, "77"},
		{lead, "GET", "/rest/api/3/project/NOPE/role", "", 404, ""},
		{nobody, "GET", "/rest/api/3/project/HARB/role", "", 404, ""},
	})
}
