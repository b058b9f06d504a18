package source_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/source"
)

// Roles of the site.
const (
	developers = "10000"
	admins     = "10002"
)

// members are the people of a role, each once, by account id.
func (s siteOf) members(p connecttest.Person, role string, projects ...string) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, project := range projects {
		var got struct {
			Actors []struct {
				DisplayName string
				ActorUser   struct{ AccountID string }
			}
		}
		s.get(p, "/rest/api/2/project/"+project+"/role/"+role, url.Values{}, &got)
		for _, a := range got.Actors {
			out[a.ActorUser.AccountID] = a.DisplayName
		}
	}
	return out
}

func names(team source.Team) map[string]string {
	out := map[string]string{}
	for _, m := range team.Members {
		out[m.AccountID] = m.Name
	}
	return out
}

func TestTeamIsTheRoleOfAllProjects(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p := site.named(lead)
	for role, name := range map[string]string{developers: "Developers", admins: "Administrators"} {
		got, err := site.reader(p).Team(t.Context(), source.Choice{Projects: site.keys(), Role: role})
		if err != nil {
			t.Fatal(err)
		}
		want := site.members(p, role, site.keys()...)
		if diff := cmp.Diff(want, names(got)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if len(got.Members) != len(want) {
			t.Errorf("%s: %d members, want each of %d once", name, len(got.Members), len(want))
		}
		if got.Name != name || got.Groups != nil || got.Missing != nil {
			t.Errorf("got %q, groups %v, missing %v", got.Name, got.Groups, got.Missing)
		}
	}
}

// A role that the reader may not read is reported as missing; it is not an
// error.
func TestTeamMissing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, who, role string
		fault           connecttest.Fault
		missing         []string
	}{
		{"no administrator", outsider, developers, connecttest.Fault{}, []string{"HARB", "LANT", "VALT"}},
		{"no such role", lead, "99999", connecttest.Fault{}, []string{"HARB", "LANT", "VALT"}},
		{"not in one project, 401", lead, developers, connecttest.Fault{Path: "*/project/LANT/*", Status: 401}, []string{"LANT"}},
		{"not in one project, 403", lead, developers, connecttest.Fault{Path: "*/project/LANT/*", Status: 403}, []string{"LANT"}},
		{"not in one project, 404", lead, developers, connecttest.Fault{Path: "*/project/VALT/*", Status: 404}, []string{"VALT"}},
	} {
		site := newSite(t)
		var readable []string
		for _, key := range site.keys() {
			if !slices.Contains(tt.missing, key) {
				readable = append(readable, key)
			}
		}
		want := site.members(site.named(lead), developers, readable...)
		if tt.fault.Path != "" {
			site.fault(tt.fault)
		}
		got, err := site.reader(site.named(tt.who)).Team(t.Context(), source.Choice{Projects: site.keys(), Role: tt.role})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.missing, got.Missing); diff != "" {
			t.Errorf("%s, missing: (-want +got)\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(want, names(got)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
		if got.Members == nil {
			t.Errorf("%s: nobody must not look like everybody", tt.name)
		}
	}
}

// Groups are named once and their members are not read; an actor of an unknown
// kind counts as nobody.
func TestTeamGroups(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for path, actors := range map[string]string{
		"/rest/api/3/project/HARB/role/10000": `
			{"type":"atlassian-group-role-actor","displayName":"crew","actorGroup":{"name":"crew","displayName":"The crew"}},
			{"type":"atlassian-user-role-actor","displayName":"Ann","avatarUrl":"https://a/","actorUser":{"accountId":"ann"}}`,
		"/rest/api/3/project/LANT/role/10000": `
			{"type":"atlassian-group-role-actor","displayName":"crew","actorGroup":{"name":"crew","displayName":"The crew"}},
			{"type":"atlassian-group-role-actor","displayName":"ann","actorGroup":{"name":"ann","displayName":"ann"}},
			{"type":"atlassian-user-role-actor","displayName":"Ann","actorUser":{"accountId":"ann"}},
			{"type":"something-new","displayName":"?"}`,
		"/rest/api/3/project/VALT/role/10000": "",
	} {
		site.fault(connecttest.Fault{
			Path: path, Status: http.StatusOK, Headers: map[string]string{"Content-Type": "application/json"},
			Body: `{"id":10000,"name":"Developers","actors":[` + actors + `]}`,
		})
	}
	got, err := site.reader(site.named(lead)).Team(t.Context(), source.Choice{Projects: site.keys(), Role: developers})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"The crew", "ann"}, got.Groups); diff != "" {
		t.Errorf("groups: (-want +got)\n%s", diff)
	}
	if len(got.Members) != 1 || got.Members[0].AccountID != "ann" || got.Members[0].AvatarURL != "https://a/" || got.Missing != nil {
		t.Errorf("got %+v, missing %v", got.Members, got.Missing)
	}
}

func TestTeamFailures(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{400: rest.ErrBadRequest, 429: rest.ErrRateLimited, 500: rest.ErrServer} {
		site := newSite(t)
		site.fault(connecttest.Fault{Path: "*/project/LANT/role/*", Status: status})
		got, err := site.reader(site.named(lead)).Team(t.Context(), source.Choice{Projects: site.keys(), Role: developers})
		if !errors.Is(err, want) || got.Members != nil || got.Missing != nil {
			t.Errorf("%d: got %+v, %v, want %v", status, got, err, want)
		}
	}
}

// Who is deactivated is marked, also with nothing to do: actors of a role do not tell. If
// Jira does not list the others, nobody is marked.
func TestRoleMarksWhoLeft(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	left := site.named("wcastellane").AccountID
	choice := source.Choice{Projects: []string{"HARB"}, Role: developers}
	marked := func(team source.Team) (list []string) {
		for _, m := range team.Members {
			if m.Inactive {
				list = append(list, m.AccountID)
			}
		}
		return list
	}
	got, err := site.reader(site.named(lead)).Team(t.Context(), choice)
	if err != nil || !slices.Equal(marked(got), []string{left}) {
		t.Errorf("marked are %q, %v", marked(got), err)
	}
	refusing := site.readerOver(site.named(lead), roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Has("excludeInactiveUsers") {
			r = r.Clone(r.Context())
			r.URL.Path += "0" // no such role
		}
		return site.Client().Transport.RoundTrip(r)
	}))
	got, err = refusing.Team(t.Context(), choice)
	if err != nil || len(got.Members) == 0 || marked(got) != nil {
		t.Errorf("of %d members these are marked: %q, %v", len(got.Members), marked(got), err)
	}
}
