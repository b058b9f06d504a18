package confrest_test

import (
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
	s.get(lead, "user/current").into(&me)
	if me.Type != "known" || me.AccountID != s.account(lead) || me.Email == nil || *me.Email == "" || me.AccountType != "atlassian" ||
		me.Operations != nil || me.PersonalSpace != nil || me.TimeZone != "Europe/Stockholm" || me.Links["base"] != s.url+"/wiki" {
		t.Errorf("got %+v", me)
	}
	s.get(lead, "user/current?expand=operations,personalSpace,nonsense").into(&me)
	if len(me.Operations) != 2 || me.PersonalSpace == nil || !strings.HasPrefix(me.PersonalSpace.Key, "~") || me.PersonalSpace.Type != "personal" {
		t.Errorf("expanded: got %+v", me)
	}
	var boss user
	s.get(admin, "user/current?expand=operations&expand=personalSpace").into(&boss)
	if len(boss.Operations) != 3 || boss.PersonalSpace != nil {
		t.Errorf("admin: got %+v", boss)
	}
	newSite(t, true).get(lead, "user/current?expand=operations,nonsense").fails(400, "nonsense")
	newSite(t, true).get(lead, "user/bulk?accountId=a&expand=nonsense").fails(400, "nonsense")
}

func TestAnonymousUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	var u user
	s.get(lead, "user/anonymous").into(&u)
	if u.Type != "anonymous" || u.DisplayName == "" || u.ProfilePicture.Path == "" || u.Links == nil || u.Operations != nil {
		t.Errorf("got %+v", u)
	}
	s.get(lead, "user/anonymous?expand=operations").into(&u)
	if u.Operations == nil {
		t.Errorf("expanded: got %+v", u)
	}
	s.get(lead, "user/anonymous?expand=personalSpace").fails(400, "personalSpace")
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
	s.world.AddApp("acme", "Acme")
	var p page[user]
	s.get(other, "user/bulk?accountId={mlindqvist},{ytanabe}&accountId=addon_acme&accountId=unknown").into(&p)
	if p.Size != 3 || p.Start != 0 || p.Links == nil {
		t.Fatalf("got %+v", p)
	}
	if *p.Results[0].Email != "" || *p.Results[1].Email == "" || p.Results[2].AccountType != "app" {
		t.Errorf("got %+v", p.Results)
	}
	s.get(admin, "user/bulk?accountId={mlindqvist}").into(&p)
	if *p.Results[0].Email == "" {
		t.Error("an administrator sees no address")
	}
	s.get(lead, "user/bulk?accountId="+strings.Repeat("x,", 100)+"{ytanabe}").into(&p)
	if p.Size != 0 {
		t.Errorf("the 101st: got %+v", p)
	}
	s.get(lead, "user/bulk").fails(400, "accountId")
}

func TestMemberOf(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	type group struct{ Type, Name, ID string }
	var got []string
	for next := "user/memberof?limit=2&accountId={iokonjo}"; next != ""; {
		var p page[group]
		s.get(other, next).into(&p)
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
	s.get(lead, "user/memberof?start=99&accountId={iokonjo}").into(&p)
	if p.Limit != 200 || p.Size != 0 || p.Links["prev"] == "" || p.Links["next"] != "" {
		t.Errorf("got %+v", p)
	}
	s.get(lead, "user/memberof?accountId=shipbot").fails(404, "shipbot")
	s.get(lead, "user/memberof?accountId="+url.QueryEscape(s.account("shipbot"))).into(&p)
	if p.Size != 0 {
		t.Errorf("a bot: got %+v", p)
	}
	s.get(lead, "user/memberof").fails(400, "accountId")
	s.get(lead, "user/memberof?accountId={iokonjo}&start=-1").fails(400, "start")
	s.get(lead, "user/memberof?accountId={iokonjo}&limit=x").fails(400, "limit")
}

func TestEmail(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	ask := func(path string) reply {
		return s.send(lead, "GET", path, "", "Scopes", "read access_email_addresses", "App", "acme")
	}
	var one struct{ AccountID, Email string }
	ask("user/email?accountId={ytanabe}").into(&one)
	if one.AccountID != s.account(other) || one.Email != "ytanabe@example.com" {
		t.Errorf("got %+v", one)
	}
	var list []struct{ AccountID, Email string }
	ask("user/email/bulk?accountId={ytanabe},unknown,{mlindqvist}").into(&list)
	if len(list) != 2 {
		t.Errorf("got %+v", list)
	}
	ask("user/email").fails(400, "accountId")
	ask("user/email/bulk").fails(400, "accountId")
	ask("user/email?accountId=unknown").fails(404, "unknown")
	s.get(lead, "user/email?accountId={ytanabe}").fails(400, "approved")
	s.get(lead, "user/email/bulk?accountId={ytanabe}").fails(400, "approved")
	off := s.world.Settings()
	off.EmailsOff = true
	s.world.SetSettings(off)
	ask("user/email?accountId={ytanabe}").fails(501, "not currently enabled")
	ask("user/email/bulk?accountId={ytanabe}").fails(501, "not currently enabled")
	s.world.Reset()
	ask("user/email?accountId={ytanabe}").into(&one)
}
