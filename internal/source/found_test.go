package source_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

const queryPath = "/rest/api/3/user/search/query"

// A query finds the people that Jira finds, even those with nothing open.
func TestFound(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p := site.named(lead)
	const query = "is reporter of HARB OR is assignee of LANT"
	var page struct {
		Values []struct{ AccountID, DisplayName string }
	}
	site.get(p, "/rest/api/2/user/search/query", url.Values{"query": {query}, "maxResults": {"1000"}}, &page)
	want := map[string]string{}
	for _, user := range page.Values {
		want[user.AccountID] = user.DisplayName
	}
	got, err := site.reader(p).Team(t.Context(), source.Choice{Query: query})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, names(got)); diff != "" || len(want) < 2 {
		t.Errorf("%d people: (-want +got)\n%s", len(want), diff)
	}
	if got.Refused != "" || got.More || got.Missing != nil {
		t.Errorf("got %+v", got)
	}
}

// Projects that the reader may not browse contribute nobody.
func TestFoundSeesNoMoreThanTheReader(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for who, some := range map[string]bool{lead: true, outsider: false} {
		got, err := site.reader(site.named(who)).Team(t.Context(), source.Choice{Query: "is assignee of VALT"})
		if err != nil || got.Refused != "" || (len(got.Members) > 0) != some {
			t.Errorf("%s: got %+v, %v", who, got, err)
		}
		if got.Members == nil {
			t.Errorf("%s: nobody must not look like everybody", who)
		}
	}
}

// Jira may give pages that are smaller than asked for, and short.
func TestFoundWalksThePages(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	people := func(from, n int) string {
		list := make([]map[string]string, n)
		for i := range list {
			list[i] = map[string]string{"accountId": fmt.Sprint("a", from+i), "displayName": "P"}
		}
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for i, n := range []int{90, 0, 100, 60} {
		site.fault(connecttest.Fault{
			Path: queryPath, Status: http.StatusOK, Times: 1, Headers: map[string]string{"Content-Type": "application/json"},
			Body: fmt.Sprintf(`{"startAt":%d,"maxResults":100,"total":400,"isLast":%t,"values":%s}`, 100*i, i == 3, people(100*i, n)),
		})
	}
	got, err := site.reader(site.named(lead)).Team(t.Context(), source.Choice{Query: "is assignee of HARB"})
	if err != nil || len(got.Members) != source.MaxPeople || !got.More {
		t.Errorf("got %d people, more %t, %v, want the first %d and more", len(got.Members), got.More, err, source.MaxPeople)
	}
	if last := got.Members[len(got.Members)-1].AccountID; last != "a309" {
		t.Errorf("the last is %s, want a309", last)
	}
}

// A query that Jira does not run makes the team unknown; it is not an error.
func TestFoundRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query string
		status      int
		want        source.Refusal
	}{
		{"no query", "everybody", 0, source.RefusedQuery},
		{"400", "is assignee of HARB", 400, source.RefusedQuery},
		{"401", "is assignee of HARB", 401, source.RefusedRight},
		{"403", "is assignee of HARB", 403, source.RefusedRight},
		{"408", "is assignee of HARB", 408, source.RefusedSlow},
	} {
		site := newSite(t)
		if tt.status != 0 {
			site.fault(connecttest.Fault{Path: queryPath, Status: tt.status})
		}
		got, err := site.reader(site.named(lead)).Team(t.Context(), source.Choice{Query: tt.query})
		if diff := cmp.Diff(source.Team{Unknown: true, Refused: tt.want}, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", tt.name, err, diff)
		}
	}
	for status, want := range map[int]error{404: rest.ErrNotFound, 429: rest.ErrRateLimited, 500: rest.ErrServer} {
		site := newSite(t)
		site.fault(connecttest.Fault{Path: queryPath, Status: status})
		got, err := site.reader(site.named(lead)).Team(t.Context(), source.Choice{Query: "is assignee of HARB"})
		if !errors.Is(err, want) || got.Members != nil || got.Refused != "" {
			t.Errorf("%d: got %+v, %v, want %v", status, got, err, want)
		}
	}
}

// Every count of a team gets the same people: a query wins over a role, and
// both an empty choice and an unknown team mean everybody.
func TestTeamOfAChoice(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	const query = "is assignee of HARB"
	members := site.members(site.named(lead), developers, site.keys()...)
	found, err := site.reader(site.named(lead)).Team(t.Context(), source.Choice{Query: query})
	if err != nil || len(found.Members) == 0 {
		t.Fatalf("got %+v, %v", found, err)
	}
	today := workload.DateOf(time.Now(), time.UTC)
	crew, busy := site.group(site.named(lead), "team-LANT", today)
	inGroup := func(id, name string) source.Choice {
		return source.Choice{Projects: site.keys(), Group: workload.Group{ID: id, Name: name}, Since: today}
	}
	for _, tt := range []struct {
		name   string
		who    string
		choice source.Choice
		want   int // people; -1 is everybody
	}{
		{"nobody chosen", lead, source.Choice{Projects: site.keys()}, -1},
		{"a role", lead, source.Choice{Projects: site.keys(), Role: developers}, len(members)},
		{"a role that is hidden", outsider, source.Choice{Projects: site.keys(), Role: developers}, -1},
		{"a query", lead, source.Choice{Query: query}, len(found.Members)},
		{"a group", lead, inGroup(crew, "renamed since"), len(busy)},
		{"a group of another id", lead, inGroup("no-such-id", "team-LANT"), len(busy)},
		{"a group that Jira does not know", lead, inGroup("no-such-id", "no such group"), -1},
		{"a query and a role", lead, source.Choice{Projects: site.keys(), Role: developers, Query: query}, len(found.Members)},
		{"a query that is refused", lead, source.Choice{Query: "everybody"}, -1},
		{"a query that finds nobody", outsider, source.Choice{Query: "is assignee of VALT"}, 0},
	} {
		team, err := site.reader(site.named(tt.who)).Team(t.Context(), tt.choice)
		got := len(team.People())
		if team.People() == nil {
			got = -1
		}
		if err != nil || got != tt.want {
			t.Errorf("%s: got %d people, %v, want %d", tt.name, got, err, tt.want)
		}
	}
}

// group is a group's id, and those of its members, as Jira lists them to an admin, who
// have an issue that is open or was changed since the day before.
func (s siteOf) group(admin connecttest.Person, name string, since workload.Date) (id string, busy map[string]bool) {
	s.t.Helper()
	var groups struct {
		Groups []struct{ GroupID, Name string }
	}
	s.get(admin, "/rest/api/2/groups/picker", url.Values{"query": {name}}, &groups)
	if len(groups.Groups) != 1 || groups.Groups[0].Name != name {
		s.t.Fatalf("groups: %+v", groups)
	}
	var members struct{ Values []struct{ AccountID string } }
	s.get(admin, "/rest/api/2/group/member", url.Values{"groupId": {groups.Groups[0].GroupID}, "includeInactiveUsers": {"true"}}, &members)
	inside := map[string]bool{}
	for _, m := range members.Values {
		inside[m.AccountID] = true
	}
	busy = map[string]bool{}
	for _, key := range s.keys() {
		for token := ""; ; {
			var page struct {
				Issues []struct {
					Fields struct {
						Assignee *struct{ AccountID string }
						Updated  string
						Status   struct{ StatusCategory struct{ Key string } }
					}
				}
				NextPageToken string
			}
			query := url.Values{"jql": {"project = " + key}, "fields": {"assignee,status,updated"}, "maxResults": {"100"}}
			if token != "" {
				query.Set("nextPageToken", token)
			}
			s.get(admin, "/rest/api/3/search/jql", query, &page)
			for _, i := range page.Issues {
				f := i.Fields
				if f.Assignee != nil && inside[f.Assignee.AccountID] && (f.Status.StatusCategory.Key != "done" || f.Updated >= since.AddDays(-1).String()) {
					busy[f.Assignee.AccountID] = true
				}
			}
			if token = page.NextPageToken; token == "" {
				break
			}
		}
	}
	if len(busy) < 3 || len(busy) > len(inside) {
		s.t.Fatalf("%d of %d members have issues", len(busy), len(inside))
	}
	return groups.Groups[0].GroupID, busy
}
