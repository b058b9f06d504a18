package dcrest_test

import (
	"strings"
	"testing"
)

func (s *site) names(as, path string) string {
	s.Helper()
	var list []user
	s.Get(as, path).Into(200, &list)
	var names []string
	for _, u := range list {
		names = append(names, u.Name)
	}
	return strings.Join(names, " ")
}

func TestSearches(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.Send(admin, "POST", "user", `{"name":"aaron","emailAddress":"a@example.com","displayName":"Aaron"}`)
	tests := []struct{ as, path, want string }{
		{lead, "user/search?username=MA", "mlindqvist"},
		{lead, "user/search?username=ytan", "ytanabe"},
		{lead, "user/search?username=haddad", "nhaddad"},
		{lead, "user/search?username=jahlgrim@ex", "jahlgrim"},
		{lead, "user/search?username=.&maxResults=3", "aaron adevries creyes"},
		{lead, "user/search?username=.&maxResults=2&startAt=1", "adevries creyes"},
		{lead, "user/search?username=.&startAt=99", ""},
		{lead, "user/search?username=wren", ""},
		{lead, "user/search?username=wren&includeInactive=true", "wcastellane"},
		{lead, "user/search?username=.&includeInactive=true&includeActive=false", "wcastellane"},
		{lead, "user/search?username=.&includeActive=false", ""},
		{hermit, "user/search?username=.", ""},

		{lead, "user/assignable/search?project=VALT", "adevries creyes iokonjo mlindqvist nhaddad"},
		{lead, "user/assignable/search?issueKey=VALT-1&username=ma&actionDescriptorId=4", "mlindqvist"},
		{lead, "user/assignable/search?project=VALT&maxResults=2", "adevries creyes"},
		{lead, "user/assignable/multiProjectSearch?projectKeys=VALT,HARB", "creyes iokonjo mlindqvist"},
		{lead, "user/assignable/multiProjectSearch?projectKeys=VALT,HARB&username=c&maxResults=500", "creyes"},

		{admin, "user/permission/search?projectKey=VALT&permissions=ADMINISTER_PROJECTS", "iokonjo mlindqvist"},
		{lead, "user/permission/search?issueKey=VALT-1&permissions=BROWSE,EDIT_ISSUES&startAt=1&maxResults=2", "creyes iokonjo"},
		{lead, "user/permission/search?issueKey=VALT-1&permissions=BROWSE&username=pri", "praghunathan"},

		{lead, "user/viewissue/search?issueKey=VALT-1&username=.", "adevries creyes iokonjo mlindqvist nhaddad praghunathan"},
		{lead, "user/viewissue/search?projectKey=VALT&username=ma", "mlindqvist"},
		{lead, "user/viewissue/search?projectKey=VALT&username=rowan", ""},
		{lead, "user/viewissue/search?projectKey=VALT", ""},
		{hermit, "user/viewissue/search?projectKey=HARB&username=.", ""},
	}
	for _, tt := range tests {
		if got := s.names(tt.as, tt.path); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.path, tt.as, got, tt.want)
		}
	}
}

func TestSearchesRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.Refuses([]refusal{
		{lead, "GET", "user/search", "", 400, "username"},
		{lead, "GET", "user/search?username=a&startAt=-1", "", 400, "startAt"},
		{lead, "GET", "user/search?username=a&maxResults=x", "", 400, "maxResults"},
		{lead, "GET", "user/search?username=a&includeActive=x", "", 400, "includeActive"},
		{lead, "GET", "user/search?username=a&includeInactive=x", "", 400, "includeInactive"},
		{lead, "GET", "user/assignable/search", "", 404, "project"},
		{lead, "GET", "user/assignable/search?project=NOPE", "", 404, "NOPE"},
		{lead, "GET", "user/assignable/search?issueKey=NOPE-1", "", 404, "Issue"},
		{outsider, "GET", "user/assignable/search?project=VALT", "", 404, "VALT"},
		{lead, "GET", "user/assignable/search?project=HARB&actionDescriptorId=x", "", 400, "actionDescriptorId"},
		{lead, "GET", "user/assignable/search?project=HARB&maxResults=-1", "", 400, "maxResults"},
		{lead, "GET", "user/assignable/multiProjectSearch", "", 404, "projectKeys"},
		{lead, "GET", "user/assignable/multiProjectSearch?projectKeys=HARB,NOPE", "", 404, "NOPE"},
		{lead, "GET", "user/assignable/multiProjectSearch?projectKeys=HARB&maxResults=x", "", 400, "maxResults"},
		{outsider, "GET", "user/assignable/multiProjectSearch?projectKeys=HARB,VALT", "", 403, "VALT"},
		{lead, "GET", "user/permission/search?projectKey=VALT", "", 400, "permissions"},
		{lead, "GET", "user/permission/search?permissions=BROWSE", "", 400, "project key"},
		{lead, "GET", "user/permission/search?permissions=FLY&projectKey=VALT", "", 400, "FLY"},
		{lead, "GET", "user/permission/search?permissions=BROWSE&projectKey=VALT&startAt=x", "", 400, "startAt"},
		{lead, "GET", "user/permission/search?permissions=BROWSE&projectKey=NOPE", "", 404, "NOPE"},
		{lead, "GET", "user/permission/search?permissions=BROWSE&issueKey=NOPE-1", "", 404, "Issue"},
		{other, "GET", "user/permission/search?permissions=BROWSE&projectKey=HARB", "", 403, "administer"},
		{lead, "GET", "user/viewissue/search?username=m", "", 400, "project key"},
		{lead, "GET", "user/viewissue/search?username=m&projectKey=NOPE", "", 404, "NOPE"},
		{lead, "GET", "user/viewissue/search?username=m&issueKey=NOPE-1", "", 404, "Issue"},
		{lead, "GET", "user/viewissue/search?username=m&projectKey=HARB&maxResults=x", "", 400, "maxResults"},
		{lead, "GET", "user/picker?query=m&maxResults=x", "", 400, "maxResults"},
		{lead, "GET", "user/picker?query=m&showAvatar=x", "", 400, "showAvatar"},
	})
}

func TestPicker(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	type result struct {
		Total  int
		Header string
		Users  []struct{ Name, Key, HTML, DisplayName, AvatarURL string }
	}
	pick := func(as, query string) (r result) {
		s.Get(as, "user/picker?"+query).Into(200, &r)
		return r
	}
	r := pick(lead, "query=ta&showAvatar=true")
	const want = "Yuki <strong>Ta</strong>nabe - ytanabe@example.com (ytanabe)"
	if len(r.Users) != 1 || r.Users[0].HTML != want || r.Users[0].AvatarURL == "" || r.Users[0].Key != s.key(other) || r.Header != "Showing 1 of 1 matching users" {
		t.Errorf("got %+v", r)
	}
	if r = pick(lead, "query=.&maxResults=2&exclude=adevries,creyes&exclude=iokonjo"); len(r.Users) != 2 || r.Total != 9 || r.Users[0].Name != "jahlgrim" || r.Users[0].AvatarURL != "" {
		t.Errorf("got %+v", r)
	}
	if r = pick(hermit, "query=ytan"); r.Total != 0 || r.Users == nil {
		t.Errorf("hermit: got %+v", r)
	}
	if r = pick(hermit, "query=ytanabe"); r.Total != 1 {
		t.Errorf("hermit, exactly: got %+v", r)
	}
	if r = pick(lead, ""); r.Total != 0 {
		t.Errorf("nothing: got %+v", r)
	}
	s.Send(admin, "POST", "user", `{"name":"amp","emailAddress":"a@example.com","displayName":"Q&A \"team\""}`)
	if r = pick(lead, "query=q%26"); len(r.Users) != 1 || !strings.HasPrefix(r.Users[0].HTML, "<strong>Q&amp;</strong>A &#34;team&#34; - ") {
		t.Errorf("got %+v", r)
	}
}
