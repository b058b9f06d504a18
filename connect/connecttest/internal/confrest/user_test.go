package confrest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type user struct {
	Type, AccountID, AccountType, DisplayName, PublicName, TimeZone string
	Email                                                           *string
	Operations                                                      []struct{ Operation, TargetType string }
	PersonalSpace                                                   *struct{ Key, Type string }
	ProfilePicture                                                  struct{ Path string }
	Expandable                                                      map[string]string `json:"_expandable"`
	Links                                                           map[string]string `json:"_links"`
}

func TestCurrentUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var me user
	s.Get(lead, "user/current").Into(http.StatusOK, &me)
	if me.Type != "known" || me.AccountID != s.Account(lead) || me.Email == nil || *me.Email == "" || me.AccountType != "atlassian" ||
		me.Operations != nil || me.PersonalSpace != nil || me.TimeZone != "Europe/Stockholm" || me.Links["base"] != s.URL+"/wiki" {
		t.Errorf("got %+v", me)
	}
	s.Get(lead, "user/current?expand=operations,personalSpace,nonsense").Into(http.StatusOK, &me)
	if len(me.Operations) != 2 || me.PersonalSpace == nil || !strings.HasPrefix(me.PersonalSpace.Key, "~") || me.PersonalSpace.Type != "personal" {
		t.Errorf("expanded: got %+v", me)
	}
	var boss user
	s.Get(admin, "user/current?expand=operations&expand=personalSpace").Into(http.StatusOK, &boss)
	if len(boss.Operations) != 3 || boss.PersonalSpace != nil {
		t.Errorf("admin: got %+v", boss)
	}
	newSite(t, true).Get(lead, "user/current?expand=operations,nonsense").Fails(400, "nonsense")
	newSite(t, true).Get(lead, "user/bulk?accountId=a&expand=nonsense").Fails(400, "nonsense")
}

func TestAnonymousUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	var u user
	s.Get(lead, "user/anonymous").Into(http.StatusOK, &u)
	if u.Type != "anonymous" || u.DisplayName == "" || u.ProfilePicture.Path == "" || u.Links == nil || u.Operations != nil {
		t.Errorf("got %+v", u)
	}
	s.Get(lead, "user/anonymous?expand=operations").Into(http.StatusOK, &u)
	if u.Operations == nil {
		t.Errorf("expanded: got %+v", u)
	}
	s.Get(lead, "user/anonymous?expand=personalSpace").Fails(400, "personalSpace")
}

// TestOneUser: an account by its id, and what is said of those that there are not.
func TestOneUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var u user
	s.Get(lead, "user?accountId="+url.QueryEscape(s.Account(admin))+"&expand=personalSpace").Into(http.StatusOK, &u)
	if u.Type != "known" || u.AccountID != s.Account(admin) || u.DisplayName == "" {
		t.Errorf("got %+v", u)
	}
	s.Get(lead, "user").Fails(400, "accountId")
	s.Get(lead, "user?accountId=").Fails(400, "accountId")
	s.Get(lead, "user?accountId=nobody").Fails(404, "nobody")
	newSite(t, true).Get(lead, "user?accountId=nobody&expand=nonsense").Fails(400, "nonsense")
}

type page[T any] struct {
	Results            []T
	Start, Limit, Size int
	TotalSize          int
	Links              map[string]string `json:"_links"`
}

func TestBulkUsers(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.World.AddApp("acme", "Acme")
	var p page[user]
	s.Get(other, "user/bulk?accountId={mlindqvist},{ytanabe}&accountId=addon_acme&accountId=unknown").Into(http.StatusOK, &p)
	if p.Size != 3 || p.Start != 0 || p.Links == nil {
		t.Fatalf("got %+v", p)
	}
	if *p.Results[0].Email != "" || *p.Results[1].Email == "" || p.Results[2].AccountType != "app" {
		t.Errorf("got %+v", p.Results)
	}
	s.Get(admin, "user/bulk?accountId={mlindqvist}").Into(http.StatusOK, &p)
	if *p.Results[0].Email == "" {
		t.Error("an administrator sees no address")
	}
	s.Get(lead, "user/bulk?accountId="+strings.Repeat("x,", 100)+"{ytanabe}").Into(http.StatusOK, &p)
	if p.Size != 0 {
		t.Errorf("the 101st: got %+v", p)
	}
	s.Get(lead, "user/bulk").Fails(400, "accountId")
}

func TestMemberOf(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	type group struct{ Type, Name, ID string }
	var got []string
	for next := "user/memberof?limit=2&accountId={iokonjo}"; next != ""; {
		var p page[group]
		s.Get(other, next).Into(http.StatusOK, &p)
		if p.Limit != 2 || p.Size != len(p.Results) || p.TotalSize != 6 {
			t.Errorf("got %+v", p)
		}
		for _, g := range p.Results {
			if g.Type != "group" || g.ID == "" {
				t.Errorf("got %+v", g)
			}
			got = append(got, g.Name)
		}
		next = strings.TrimPrefix(p.Links["next"], "/rest/api/")
	}
	if diff := cmp.Diff([]string{"confluence-users", "jira-users", "site-admins", "team-HARB", "team-LANT", "team-VALT"}, got); diff != "" {
		t.Error(diff)
	}
	var p page[group]
	s.Get(lead, "user/memberof?start=99&accountId={iokonjo}").Into(http.StatusOK, &p)
	if p.Limit != 200 || p.Size != 0 || p.Links["prev"] == "" || p.Links["next"] != "" {
		t.Errorf("got %+v", p)
	}
	s.Get(lead, "user/memberof?accountId=shipbot").Fails(404, "shipbot")
	s.Get(lead, "user/memberof?accountId="+url.QueryEscape(s.Account("shipbot"))).Into(http.StatusOK, &p)
	if p.Size != 0 {
		t.Errorf("a bot: got %+v", p)
	}
	s.Get(lead, "user/memberof").Fails(400, "accountId")
	s.Get(lead, "user/memberof?accountId={iokonjo}&start=-1").Fails(400, "start")
	s.Get(lead, "user/memberof?accountId={iokonjo}&limit=x").Fails(400, "limit")
}

func TestEmail(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	ask := func(path string) reply {
		return s.Send(lead, "GET", path, "", "Scopes", "read access_email_addresses", "App", "acme")
	}
	var one struct{ AccountID, Email string }
	ask("user/email?accountId={ytanabe}").Into(http.StatusOK, &one)
	if one.AccountID != s.Account(other) || one.Email != "ytanabe@example.com" {
		t.Errorf("got %+v", one)
	}
	var list []struct{ AccountID, Email string }
	ask("user/email/bulk?accountId={ytanabe},unknown,{mlindqvist}").Into(http.StatusOK, &list)
	if len(list) != 2 {
		t.Errorf("got %+v", list)
	}
	ask("user/email").Fails(400, "accountId")
	ask("user/email/bulk").Fails(400, "accountId")
	ask("user/email?accountId=unknown").Fails(404, "unknown")
	s.Get(lead, "user/email?accountId={ytanabe}").Fails(400, "approved")
	s.Get(lead, "user/email/bulk?accountId={ytanabe}").Fails(400, "approved")
	off := s.World.Settings()
	off.EmailsOff = true
	s.World.SetSettings(off)
	ask("user/email?accountId={ytanabe}").Fails(501, "not currently enabled")
	ask("user/email/bulk?accountId={ytanabe}").Fails(501, "not currently enabled")
	s.World.Reset()
	ask("user/email?accountId={ytanabe}").Into(http.StatusOK, &one)
}
