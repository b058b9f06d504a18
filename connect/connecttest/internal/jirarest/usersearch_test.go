package jirarest_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The person of the sample who may not browse users.
const blind = "tfaleolo"

// names lists the display names that a search finds.
func (s *site) names(as, path string) string {
	s.Helper()
	var list []user
	s.Get(as, "/rest/api/3/"+path).Into(200, &list)
	return displayNames(list)
}

func displayNames(list []user) string {
	var names []string
	for _, u := range list {
		names = append(names, u.DisplayName)
	}
	return strings.Join(names, ", ")
}

// putProperty sets a user property of someone.
func (s *site) putProperty(username, key, value string) {
	s.Helper()
	path := "/rest/api/3/user/properties/" + key + "?accountId=" + url.QueryEscape(s.Account(username))
	if got := s.Send(admin, "PUT", path, value); got.Status != 201 {
		s.Fatalf("property %s: got %d %s", key, got.Status, got.Body)
	}
}

func TestUserSearches(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.putProperty(lead, "place", `{"office":{"city":"Lund","floor":3,"open":true},"tags":["a","b"]}`)
	s.putProperty(admin, "place", `{"office":{"city":"Lund"}}`)
	id := url.QueryEscape(s.Account(admin))
	tests := []struct{ as, path, want string }{
		{lead, "user/search?property=place.office.city%3DLund", "Mara Lindqvist, Idris Okonjo"},
		{lead, "user/search?property=place.office.city%3DLund&query=idris", "Idris Okonjo"},
		{lead, "user/search?property=place.office.city%3DLund&accountId=" + id, "Idris Okonjo"},
		{lead, "user/search?property=place.office.floor%3D3", "Mara Lindqvist"},
		{lead, "user/search?property=place.office.open%3Dtrue", "Mara Lindqvist"},
		{lead, "user/search?property=place.tags%3Db", "Mara Lindqvist"},
		{lead, "user/search?property=place.office%3DLund", ""},
		{lead, "user/search?property=place.office.city.part%3DLund", ""},
		{lead, "user/search?property=other.office%3DLund", ""},
		{lead, "user/search?query=praghu", "Priya Raghunathan"}, // her address is not hidden
		{lead, "user/search?query=iokon", ""},                   // his is
		{admin, "user/search?query=creyes%40", "Callum Reyes"},
		{lead, "user/search?query=de%20vries", "Anneke de Vries-Oosterhout"},
		{lead, "user/search?query=SOF%C3%8DA", "Sofía Beltrán"},
		{lead, "user/search?query=indqvist", ""},
		{blind, "user/search?query=m", ""},

		{lead, "user/assignable/search?project=HARB&query=m", "Mara Lindqvist"},
		{lead, "user/assignable/search?project=HARB&maxResults=2", "Mara Lindqvist, Idris Okonjo"}, // as programs ask it
		{lead, "user/assignable/search?project=10000&accountId=" + id, "Idris Okonjo"},
		{lead, "user/assignable/search?issueId=20001&query=ca&actionDescriptorId=11", "Callum Reyes"},
		{lead, "user/assignable/search?project=HARB&query=&accountType=app", ""},
		{lead, "user/assignable/search?project=HARB&query=m&accountType=customer,atlassian", "Mara Lindqvist"},
		{blind, "user/assignable/search?project=HARB&query=", ""}, // neither browses users nor assigns here
		{blind, "user/assignable/search?project=LANT&query=mara", "Mara Lindqvist"},

		{lead, "user/assignable/multiProjectSearch?projectKeys=HARB,LANT&query=", "Mara Lindqvist, Idris Okonjo, Yuki Tanabe, Priya Raghunathan, Jonas Ahlgrim"},
		{lead, "user/assignable/multiProjectSearch?projectKeys=HARB,LANT,VALT&query=", "Mara Lindqvist, Idris Okonjo"},
		{lead, "user/assignable/multiProjectSearch?projectKeys=HARB&accountId=" + id, "Idris Okonjo"},
		{lead, "user/assignable/multiProjectSearch?projectKeys=HARB&query=&startAt=3&maxResults=1", "Priya Raghunathan"},

		{lead, "user/permission/search?permissions=ADMINISTER_PROJECTS&projectKey=HARB&query=", "Mara Lindqvist, Idris Okonjo"},
		{lead, "user/permission/search?permissions=PROJECT_ADMIN,ADMINISTER&issueKey=HARB-1&query=", "Idris Okonjo"},
		{lead, "user/permission/search?permissions=BROWSE&projectKey=VALT&query=rowan", ""},
		{admin, "user/permission/search?permissions=BROWSE&projectKey=VALT&accountId=" + id, "Idris Okonjo"},

		{lead, "user/viewissue/search?projectKey=VALT&query=rowan", ""},
		{lead, "user/viewissue/search?issueKey=HARB-1&query=rowan", "Rowan Petrie"},
		{lead, "user/viewissue/search?projectKey=HARB&query=wren", ""},
		{blind, "user/viewissue/search?projectKey=HARB&query=", ""},
		{nobody, "user/viewissue/search?projectKey=HARB&query=", ""},
	}
	for _, tt := range tests {
		if got := s.names(tt.as, tt.path); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.path, tt.as, got, tt.want)
		}
	}
}

func TestUserSearchRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const api = "/rest/api/3/user/"
	rows := []refusal{
		{lead, "GET", api + "search?property=place", "", 400, "property"},
		{lead, "GET", api + "search?property=place..x%3D1", "", 400, "property"},
		{lead, "GET", api + "search?property=%3D1", "", 400, "property"},
		{nobody, "GET", api + "assignable/search?project=HARB&query=", "", 401, ""},
		{lead, "GET", api + "assignable/search?issueId=x&query=", "", 400, "issue id"},
		{lead, "GET", api + "assignable/search?issueKey=HARB-99999&query=", "", 404, ""},
		{lead, "GET", api + "assignable/search?issueKey=HARB-1&query=&actionDescriptorId=7", "", 404, "transition"},
		{lead, "GET", api + "assignable/multiProjectSearch?query=", "", 400, "projectKeys"},
		{lead, "GET", api + "assignable/multiProjectSearch?query=&projectKeys=HARB,harb", "", 404, "harb"},
		{outsider, "GET", api + "assignable/multiProjectSearch?query=&projectKeys=VALT", "", 404, "VALT"},
		{nobody, "GET", api + "assignable/multiProjectSearch?query=&projectKeys=HARB", "", 404, "HARB"},
		{lead, "GET", api + "permission/search?query=&projectKey=HARB", "", 400, "permissions"},
		{lead, "GET", api + "permission/search?query=&projectKey=HARB&permissions=FLY", "", 400, "FLY"},
		{lead, "GET", api + "permission/search?query=&permissions=BROWSE", "", 400, "issueKey"},
		{lead, "GET", api + "permission/search?query=&permissions=BROWSE&projectKey=NOPE", "", 404, "NOPE"},
		{other, "GET", api + "permission/search?query=&permissions=BROWSE&projectKey=HARB", "", 403, "administer"},
		{nobody, "GET", api + "permission/search?query=&permissions=BROWSE&projectKey=HARB", "", 401, ""},
		{lead, "GET", api + "viewissue/search?query=", "", 400, "projectKey"},
		{lead, "GET", api + "viewissue/search?query=&issueKey=HARB-99999", "", 404, ""},
		{outsider, "GET", api + "viewissue/search?query=&projectKey=VALT", "", 404, ""},
		{blind, "GET", "/rest/api/3/users/search", "", 403, "browse users"},
		{blind, "GET", "/rest/api/3/user?accountId=x", "", 403, "browse users"},
	}
	for _, path := range []string{
		"search?", "assignable/search?project=HARB&", "assignable/multiProjectSearch?projectKeys=HARB&",
		"permission/search?permissions=BROWSE&projectKey=HARB&", "viewissue/search?projectKey=HARB&",
	} {
		if !strings.HasPrefix(path, "assignable/search") {
			rows = append(rows, refusal{lead, "GET", api + path, "", 400, "accountId"})
		}
		rows = append(rows,
			refusal{lead, "GET", api + path + "query=&accountId=x", "", 400, "Only one"},
			refusal{lead, "GET", api + path + "username=mara", "", 400, "GDPR"},
			refusal{lead, "GET", api + path + "accountId=" + strings.Repeat("x", 129), "", 400, "128"},
			refusal{lead, "GET", api + path + "query=&startAt=-1", "", 400, "negative"},
		)
	}
	s.Refuses(rows)
}

// crowd is a site of more people than searches look at; every hundredth is
// named Zoe.
func crowd(t *testing.T) *site {
	t.Helper()
	var users []string
	for i := range 1050 {
		name := "Ann"
		if i%100 == 99 || i >= 1040 {
			name = "Zoe"
		}
		users = append(users, fmt.Sprintf(`{"name":"u%d","displayName":"%s %d","active":true}`, i, name, i))
	}
	data := `{"users":[` + strings.Join(users, ",") + `],"projects":[{"key":"AB"}],"issues":[
	 {"key":"AB-1","id":"1","project":"AB","status":"Open","statusCategory":"new","assignee":"u199"}]}`
	w, err := world.Load(strings.NewReader(data), clock(), true)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, w)
}

func TestSearchesLookAtTheFirstThousand(t *testing.T) {
	t.Parallel()
	s := crowd(t)
	for path, want := range map[string]string{
		"user/search?query=zoe&startAt=8":                                     "Zoe 899, Zoe 999",
		"user/search?query=zoe&startAt=10":                                    "",
		"user/viewissue/search?projectKey=AB&query=zoe":                       "",
		"user/viewissue/search?projectKey=AB&query=zoe&startAt=50":            "Zoe 99",
		"user/viewissue/search?projectKey=AB&query=zoe&startAt=950":           "Zoe 999",
		"user/viewissue/search?projectKey=AB&query=zoe&startAt=1000":          "",
		"user/viewissue/search?projectKey=AB&query=zoe&maxResults=300":        "Zoe 99, Zoe 199, Zoe 299",
		"user/assignable/search?project=AB&query=&startAt=150":                "Zoe 199",
		"user/assignable/multiProjectSearch?projectKeys=AB&query=&startAt=99": "",
		"users/search?startAt=1049":                                           "Zoe 1049",
	} {
		if got := s.names("u199", path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	var found struct {
		Total  int
		Header string
		Users  []user
	}
	s.Get("u199", "/rest/api/3/user/picker?query=zoe&maxResults=250").Into(200, &found)
	if found.Total != 10 || len(found.Users) != 2 || found.Header != "Showing 2 of 10 matching users" {
		t.Errorf("picker: got %+v", found)
	}
}
