package dcrest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// operation is a call of each operation that the administrator may make, in
// this order, on a fresh site.
type operation struct {
	name, method, path, body string
	anonymous                int  // the status for an anonymous caller
	experimental             bool // by the document
}

func operations(s *site) []operation {
	key := s.key(other)
	return []operation{
		{"getUser_1", "GET", "user?username=ytanabe", "", 401, false},
		{"createUser", "POST", "user", `{"name":"new","emailAddress":"n@example.com","displayName":"New"}`, 401, true},
		{"updateUser_1", "PUT", "user?username=new", `{"displayName":"Newer"}`, 401, true},
		{"changeUserPassword", "PUT", "user/password?username=new", `{"password":"correct horse"}`, 401, true},
		{"addUserToApplication_1", "POST", "user/application?username=new&applicationKey=jira-core", "", 401, true},
		{"removeUserFromApplication_1", "DELETE", "user/application?username=new&applicationKey=jira-core", "", 401, true},
		{"deleteSession", "DELETE", "user/session/new", "", 401, false},
		{"removeUser", "DELETE", "user?username=new", "", 401, true},
		{"getDuplicatedUsersCount", "GET", "user/duplicated/count", "", 401, true},
		{"getDuplicatedUsersMapping", "GET", "user/duplicated/list", "", 401, true},
		{"validateUserAnonymization", "GET", "user/anonymization?userKey=" + key, "", 403, false},
		{"scheduleUserAnonymization", "POST", "user/anonymization", `{"userKey":"` + s.key(outsider) + `"}`, 403, false},
		{"getProgress_1", "GET", "user/anonymization/progress", "", 403, false},
		{"validateUserAnonymizationRerun", "GET", "user/anonymization/rerun?oldUserKey=a&oldUserName=b&userKey=" + key, "", 403, false},
		{"findUsers", "GET", "user/search?username=.", "", 401, false},
		{"findAssignableUsers_1", "GET", "user/assignable/search?project=HARB", "", 401, false},
		{"findBulkAssignableUsers", "GET", "user/assignable/multiProjectSearch?projectKeys=HARB", "", 401, false},
		{"findUsersWithAllPermissions", "GET", "user/permission/search?permissions=BROWSE&projectKey=HARB", "", 401, false},
		{"findUsersWithBrowsePermission", "GET", "user/viewissue/search?projectKey=HARB&username=m", "", 401, false},
		{"findUsersForPicker", "GET", "user/picker?query=m", "", 401, false},
		{"getA11yPersonalSettings", "GET", "user/a11y/personal-settings", "", 401, false},
		{"getAllAvatars_1", "GET", "user/avatars?username=ytanabe", "", 401, false},
		{"updateUserAvatar_1", "PUT", "user/avatar?username=ytanabe", `{"id":"10335"}`, 401, false},
		{"defaultColumns", "GET", "user/columns?username=ytanabe", "", 401, false},
		{"resetColumns", "DELETE", "user/columns?username=ytanabe", "", 401, false},
		{"setProperty_5", "PUT", "user/properties/k?username=ytanabe", `1`, 401, false},
		{"getProperty_6", "GET", "user/properties/k?username=ytanabe", "", 401, false},
		{"getPropertiesKeys_4", "GET", "user/properties?username=ytanabe", "", 401, false},
		{"deleteProperty_6", "DELETE", "user/properties/k?username=ytanabe", "", 401, false},
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	for _, o := range operations(s) {
		if got := s.api.Operation(httptest.NewRequest(o.method, "/dc/rest/api/2/"+o.path, http.NoBody)); got != o.name {
			t.Errorf("%s %s: got %q, want %q", o.method, o.path, got, o.name)
		}
		s.Send(nobody, o.method, o.path, o.body, "X-ExperimentalApi", "true").Fails(o.anonymous, "authenticated")
		if o.experimental {
			s.Send(admin, o.method, o.path, o.body).Fails(400, "X-ExperimentalApi")
		}
		sign := map[bool]string{true: "&", false: "?"}[strings.Contains(o.path, "?")]
		s.Send(admin, o.method, o.path+sign+"zebra=1", o.body, "X-ExperimentalApi", "true").Fails(400, "zebra")
		if got := s.Send(admin, o.method, o.path, o.body, "X-ExperimentalApi", "true"); got.Status > 204 {
			t.Errorf("%s: got %d %s", o.name, got.Status, got.Body)
		}
	}
	for path, want := range map[string]string{
		"POST user/anonymization/rerun": "scheduleUserAnonymizationRerun", "DELETE user/anonymization/unlock": "unlockAnonymization",
		"POST user/avatar/temporary": "storeTemporaryAvatarUsingMultiPart_3", "POST user/avatar": "createAvatarFromTemporary_4",
		"DELETE user/avatar/7": "deleteAvatar_2", "PUT user/columns": "setColumnsUrlEncoded", "GET user/avatar/7": "",
	} {
		method, path, _ := strings.Cut(path, " ")
		if got := s.api.Operation(httptest.NewRequest(method, "/dc/rest/api/latest/"+path, http.NoBody)); got != want {
			t.Errorf("%s %s: got %q, want %q", method, path, got, want)
		}
	}
}

func TestNoOperation(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.Refuses([]refusal{
		{admin, "GET", "user/nothing", "", 404, "/dc/rest/api/2/user/nothing"},
		{admin, "GET", "/dc/rest/api/3/user", "", 404, ""},
		{admin, "GET", "/dc/secure/nothing", "", 404, ""},
		{admin, "PATCH", "user", "{}", 405, ""},
		{admin, "DELETE", "user/avatar/temporary", "", 405, ""},
		{admin, "PUT", "user/session/x", "{}", 405, ""},
	})
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	const me = "user/a11y/personal-settings"
	token := s.Person(lead).Token
	good := map[string]string{"bearer": "Bearer " + token, "any case": basic("MLINDQVIST", token)}
	for name, header := range good {
		if got := s.Send(nobody, "GET", me, "", "Authorization", header); got.Status != 200 {
			t.Errorf("%s: got %d %s", name, got.Status, got.Body)
		}
	}
	bad := map[string]string{
		"wrong": basic(lead, "x"), "none": basic(lead, ""), "unknown": basic("x", token), "inactive": basic(inactive, s.Person(inactive).Token),
		"not base64": "Basic %", "scheme": "JWT x", "bearer": "Bearer x", "empty": "Bearer ", "inactive's": "Bearer " + s.Person(inactive).Token,
	}
	for name, header := range bad {
		got := s.Send(nobody, "GET", me, "", "Authorization", header)
		if got.Fails(401, ""); t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	const me = "user/a11y/personal-settings"
	cookie := s.Get(lead, me).Header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "JSESSIONID=") || !strings.Contains(cookie, "Path=/dc") || !strings.Contains(cookie, "HttpOnly") {
		t.Fatalf("got %q", cookie)
	}
	if again := s.Get(lead, me).Header.Get("Set-Cookie"); again != cookie {
		t.Errorf("got another session %q", again)
	}
	cookie, _, _ = strings.Cut(cookie, ";")
	if got := s.Send(nobody, "GET", me, "", "Cookie", cookie); got.Status != 200 || got.Header.Get("Set-Cookie") != "" {
		t.Errorf("by cookie: got %d", got.Status)
	}
	var u struct{ LastLoginTime string }
	s.Get(lead, "user?username=mlindqvist").Into(200, &u)
	if u.LastLoginTime != "2026-03-10T16:30:00+0100" {
		t.Errorf("last login: got %q", u.LastLoginTime)
	}
	s.Refuses([]refusal{
		{lead, "DELETE", "user/session/mlindqvist", "", 403, ""},
		{admin, "DELETE", "user/session/nobody", "", 404, "nobody"},
		{nobody, "DELETE", "user/session/nobody", "", 401, ""},
	})
	s.Send(admin, "DELETE", "user/session/mlindqvist", "").Empty(200)
	s.Send(nobody, "GET", me, "", "Cookie", cookie).Fails(401, "")
	s.Send(nobody, "GET", me, "", "Cookie", "JSESSIONID=x").Fails(401, "")
}

func TestReset(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.Send(admin, "DELETE", "user?username=ytanabe", "").Empty(204)
	s.Get(admin, "user?username=ytanabe").Fails(404, "")
	s.api.Reset()
	if got := s.Get(admin, "user?username=ytanabe"); got.Status != 200 {
		t.Errorf("got %d", got.Status)
	}
}
