package dcrest_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func basic(name, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+secret))
}

type user struct {
	Self, Key, Name, EmailAddress, DisplayName, TimeZone, Locale, Expand string
	Active, Deleted                                                      bool
	AvatarURLs                                                           map[string]string
	Groups, ApplicationRoles                                             *struct{ Size int }
	ApplicationKeys                                                      []string
	Password                                                             *string
}

func TestGetUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var u user
	s.Get(lead, "user?username=YTanabe").Into(200, &u)
	if u.Key != s.key(other) || u.Name != other || u.EmailAddress == "" || !u.Active || u.Deleted || len(u.AvatarURLs) != 4 ||
		u.Groups.Size != 1 || u.ApplicationRoles.Size != 1 || u.TimeZone != "Asia/Tokyo" || u.Self != s.URL+"/dc/rest/api/2/user?username=ytanabe" {
		t.Errorf("got %+v", u)
	}
	s.Get(lead, "user?key="+s.key(admin)).Into(200, &u)
	if u.Name != admin || u.Groups.Size != 2 {
		t.Errorf("got %+v", u)
	}
	s.Get(hermit, "user?username="+hermit).Into(200, &u)
	s.Refuses([]refusal{
		{lead, "GET", "user", "", 404, "username"},
		{lead, "GET", "user?username=nobody", "", 404, "nobody"},
		{lead, "GET", "user?key=nobody", "", 404, "nobody"},
		{lead, "GET", "user?username=ytanabe&key=" + s.key(admin), "", 404, ""},
		{lead, "GET", "user?username=ytanabe&includeDeleted=true", "", 403, ""},
		{lead, "GET", "user?username=ytanabe&includeDeleted=x", "", 400, "includeDeleted"},
		{hermit, "GET", "user?username=ytanabe", "", 403, "browse"},
		{nobody, "GET", "user?username=ytanabe", "", 401, ""},
	})
}

func TestCreateUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var u user
	body := `{"name":"Fred","emailAddress":"fred@example.com","displayName":"Fred F. User","password":"abracadabra","applicationKeys":["jira-core"],"notification":"false"}`
	s.Send(admin, "POST", "user", body).Into(201, &u)
	if u.Name != "fred" || !strings.HasPrefix(u.Key, "JIRAUSER") || u.Password != nil || !cmp.Equal(u.ApplicationKeys, []string{"jira-core"}) {
		t.Errorf("got %+v", u)
	}
	if got := s.Send(nobody, "GET", "user?username=fred", "", "Authorization", basic("fred", "abracadabra")); got.Status != 200 {
		t.Errorf("the new one: got %d %s", got.Status, got.Body)
	}
	var again user
	s.Get(lead, strings.TrimPrefix(u.Self, s.URL+"/dc/rest/api/2/")).Into(200, &again)
	if again.Key != u.Key || again.DisplayName != "Fred F. User" {
		t.Errorf("got %+v", again)
	}
	valid := func(change string) string {
		return `{"name":"n","emailAddress":"n@example.com","displayName":"N",` + change + `}`
	}
	s.Refuses([]refusal{
		{lead, "POST", "user", body, 403, ""},
		{nobody, "POST", "user", body, 401, ""},
		{admin, "POST", "user", body, 400, "already exists"},
		{admin, "POST", "user", "", 400, "JSON"},
		{admin, "POST", "user", "{}", 400, "emailAddress"},
		{admin, "POST", "user", `{"name":"x","displayName":"X"}`, 400, "emailAddress"},
		{admin, "POST", "user", valid(`"name":"a b"`), 400, "spaces"},
		{admin, "POST", "user", valid(`"name":" "`), 400, "username"},
		{admin, "POST", "user", valid(`"name":7`), 400, "name"},
		{admin, "POST", "user", valid(`"displayName":"<b>"`), 400, "displayName"},
		{admin, "POST", "user", valid(`"displayName":""`), 400, "displayName"},
		{admin, "POST", "user", valid(`"emailAddress":"x"`), 400, "emailAddress"},
		{admin, "POST", "user", valid(`"emailAddress":""`), 400, "emailAddress"},
		{admin, "POST", "user", valid(`"password":"short"`), 400, "password"},
		{admin, "POST", "user", valid(`"password":""`), 400, "password"},
		{admin, "POST", "user", valid(`"applicationKeys":["nope"]`), 400, "nope"},
		{admin, "POST", "user", valid(`"colour":"red"`), 400, "colour"},
	})
	s.Send(admin, "POST", "user", "x", "Content-Type", "text/plain").Fails(415, "")
	s.Get(admin, "user?username=n").Fails(404, "") // nothing was saved
}

func TestUpdateUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var u user
	s.Send(admin, "PUT", "user?username=ytanabe", `{"displayName":"Yuki T.","emailAddress":"y@example.org"}`).Into(200, &u)
	if u.DisplayName != "Yuki T." || u.EmailAddress != "y@example.org" || u.Name != other || !u.Active {
		t.Errorf("got %+v", u)
	}
	s.Send(admin, "PUT", "user?key="+s.key(other), `{"name":"yuki","active":false}`).Into(200, &u)
	if u.Name != "yuki" || u.Active || u.DisplayName != "Yuki T." {
		t.Errorf("got %+v", u)
	}
	s.Get(admin, "user?username=ytanabe").Fails(404, "")
	s.Send(nobody, "GET", "user/avatars", "", "Authorization", basic("yuki", s.Person(other).Token)).Fails(401, "")
	s.Refuses([]refusal{
		{lead, "PUT", "user?username=yuki", "{}", 403, ""},
		{lead, "PUT", "user?username=unknown", "{}", 403, ""},
		{nobody, "PUT", "user?username=yuki", "{}", 401, ""},
		{admin, "PUT", "user", "{}", 400, "username"},
		{admin, "PUT", "user?username=unknown", "{}", 404, "unknown"},
		{admin, "PUT", "user?username=yuki", "[]", 400, ""},
		{admin, "PUT", "user?username=yuki", `{"name":"mlindqvist","displayName":"X"}`, 400, "already exists"},
		{admin, "PUT", "user?username=iokonjo", `{"active":false}`, 400, "yourself"},
	})
	s.Get(admin, "user?username=yuki").Into(200, &u)
	if u.DisplayName != "Yuki T." {
		t.Errorf("a part of a refused change was kept: %+v", u)
	}
}

func TestRemoveUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.Send(admin, "PUT", "user/properties/k?username=ytanabe", "1").Empty(201)
	s.Refuses([]refusal{
		{lead, "DELETE", "user?username=ytanabe", "", 403, ""},
		{nobody, "DELETE", "user?username=ytanabe", "", 401, ""},
		{admin, "DELETE", "user", "", 400, ""},
		{admin, "DELETE", "user?username=iokonjo", "", 400, "logged in"},
		{admin, "DELETE", "user?key=unknown", "", 404, "unknown"},
	})
	s.Send(admin, "DELETE", "user?username=ytanabe", "").Empty(204)
	s.Send(admin, "DELETE", "user?username=ytanabe", "").Fails(404, "")
	s.Get(admin, "user?username=ytanabe").Fails(404, "")
	s.Get(other, "user/avatars").Fails(401, "")
	for _, path := range []string{"user?includeDeleted=true&username=ytanabe", "user?includeDeleted=true&key=" + s.key(other)} {
		var u user
		s.Get(admin, path).Into(200, &u)
		if !u.Deleted || u.Active || u.Name != other {
			t.Errorf("%s: got %+v", path, u)
		}
	}
	s.Get(admin, "user?includeDeleted=true&username=x").Fails(404, "")
	s.Send(admin, "POST", "user", `{"name":"ytanabe","emailAddress":"n@example.com","displayName":"N"}`)
	s.Get(admin, "user/properties/k?username=ytanabe").Fails(404, "")
}

func TestPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	try := func(secret string) int {
		return s.Send(nobody, "GET", "user/avatars", "", "Authorization", basic(other, secret)).Status
	}
	s.Send(admin, "PUT", "user/password?username=ytanabe", `{"password":"new password"}`).Empty(204)
	if try("new password") != 200 || try(s.Person(other).Token) != 200 {
		t.Error("password or token does not work")
	}
	s.Send(other, "PUT", "user/password?key="+s.key(other), `{"password":"third one","currentPassword":"new password"}`).Empty(204)
	if try("third one") != 200 || try("new password") != 401 {
		t.Error("the old password works, or the new one does not")
	}
	s.Send(admin, "PUT", "user/password?username=iokonjo", `{"password":"for myself"}`).Empty(204)
	s.Refuses([]refusal{
		{other, "PUT", "user/password?username=ytanabe", `{"password":"new password","currentPassword":"wrong"}`, 400, "currentPassword"},
		{other, "PUT", "user/password?username=ytanabe", `{"password":"new password"}`, 400, "currentPassword"},
		{admin, "PUT", "user/password?username=iokonjo", `{"password":"new password","currentPassword":"wrong"}`, 400, "currentPassword"},
		{admin, "PUT", "user/password?username=ytanabe", `{}`, 400, "password"},
		{admin, "PUT", "user/password?username=ytanabe", `{"password":"short"}`, 400, "password"},
		{admin, "PUT", "user/password?username=ytanabe", `{"password":"xYTANABEx"}`, 400, "similar"},
		{admin, "PUT", "user/password?username=ytanabe", `{"secret":"new password"}`, 400, "secret"},
		{admin, "PUT", "user/password?username=ytanabe", ``, 400, ""},
		{admin, "PUT", "user/password", `{"password":"new password"}`, 400, "username"},
		{admin, "PUT", "user/password?username=unknown", `{"password":"new password"}`, 404, "unknown"},
		{other, "PUT", "user/password?username=mlindqvist", `{"password":"new password"}`, 403, ""},
		{other, "PUT", "user/password", `{"password":"new password"}`, 403, ""},
		{nobody, "PUT", "user/password?username=ytanabe", `{"password":"new password"}`, 401, ""},
	})
}

func TestApplicationAccess(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	path := func(name, application string) string {
		return "user/application?" + url.Values{"username": {name}, "applicationKey": {application}}.Encode()
	}
	roles := func() int {
		var u user
		s.Get(lead, "user?username=ytanabe").Into(200, &u)
		return u.ApplicationRoles.Size
	}
	s.Send(admin, "POST", path(other, "jira-core"), "").Empty(200)
	s.Send(admin, "POST", path(other, "jira-core"), "").Empty(200)
	if got := roles(); got != 2 {
		t.Errorf("got %d roles", got)
	}
	s.Send(admin, "DELETE", path(other, "jira-core"), "").Empty(204)
	if got := roles(); got != 1 {
		t.Errorf("got %d roles", got)
	}
	s.Send(admin, "DELETE", path(other, "jira-core"), "").Fails(400, "no access")
	for _, method := range []string{"POST", "DELETE"} {
		s.Refuses([]refusal{
			{admin, method, path(other, "nope"), "", 400, "nope"},
			{admin, method, path("unknown", "jira-core"), "", 400, "unknown"},
			{admin, method, path("", "jira-core"), "", 400, "username"},
			{admin, method, path(other, ""), "", 400, "applicationKey"},
			{lead, method, path(lead, "jira-core"), "", 403, ""},
			{nobody, method, path(lead, "jira-core"), "", 401, ""},
		})
	}
}

func TestAccessibility(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var list []struct {
		Key     string
		Enabled *bool
	}
	s.Get(lead, "user/a11y/personal-settings").Into(200, &list)
	if len(list) == 0 || list[0].Key == "" || list[0].Enabled == nil {
		t.Errorf("got %+v", list)
	}
}
