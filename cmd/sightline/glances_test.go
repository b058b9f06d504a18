package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

// settled is a program with one room set up, and the room's keys.
func settled(t *testing.T) (r *running, room connecttest.Conversation, shows, setup glance.Key) {
	t.Helper()
	r = startProgram(t, connecttest.NewSite(t))
	app := r.install(t)
	room = r.site.Objects().Conversations[0]
	r.setUpRoom(t, app.Key, room, r.site.Objects().Projects[0].Key)
	r.rested(t, room.ID)
	shows = glance.Key{Surface: glance.SurfaceChat, Site: r.site.CloudID(), Conversation: room.ID, Kind: glance.KindGlance, Module: "workload"}
	setup = shows
	setup.Kind, setup.Module = glance.KindConfiguration, "setup"
	return r, room, shows, setup
}

// open counts, as the site's admin, the open issues of a project that are
// assigned to one of the people, or to nobody.
func (r *running) openOf(t *testing.T, project string, people []string) int {
	t.Helper()
	jql := workload.Scope{Projects: []string{project}, Team: people}.Open(workload.Everyone())
	return r.count(t, r.site.Objects().Dashboards[0].Owner, jql)
}

// members are the people of a project role.
func (r *running) members(t *testing.T, project, role string) (people []string) {
	t.Helper()
	var found struct {
		Actors []struct{ ActorUser struct{ AccountID string } }
	}
	r.rest(t, r.site.Objects().Dashboards[0].Owner, http.MethodGet, "/rest/api/3/project/"+project+"/role/"+role, nil, &found)
	for _, a := range found.Actors {
		people = append(people, a.ActorUser.AccountID)
	}
	return people
}

// matches are the people that a structured query finds.
func (r *running) matches(t *testing.T, query string) (people []string) {
	t.Helper()
	var found struct{ Values []struct{ AccountID string } }
	r.rest(t, r.site.Objects().Dashboards[0].Owner, http.MethodGet, "/rest/api/3/user/search/query?maxResults=1000&query="+url.QueryEscape(query), nil, &found)
	for _, u := range found.Values {
		people = append(people, u.AccountID)
	}
	return people
}

// TestGlanceCountsWhoIsChosen: a role's members, those who meet a query, or
// everybody where the app may not see who that is.
func TestGlanceCountsWhoIsChosen(t *testing.T) {
	t.Parallel()
	r, room, shows, setup := settled(t)
	project := r.site.Objects().Projects[0].Key
	all := r.openOf(t, project, nil)
	role := r.openOf(t, project, r.members(t, project, "10002"))
	query := fmt.Sprintf("is reporter of (%s-1, %s-2, %s-3)", project, project, project)
	some := r.openOf(t, project, r.matches(t, query))
	if all == role || all == some || some == role {
		t.Fatalf("all %d, role %d, query %d: the sample tells nothing", all, role, some)
	}
	for _, tc := range []struct {
		name        string
		role, query string
		want        int
	}{
		{"role", "10002", "", role},
		{"query", "", query, some},
		{"a role that is not there", "19999", "", all},
		{"everybody", "", "", all},
	} {
		c := glance.Config{Projects: []string{project}, Role: tc.role, Query: tc.query, Window: 14, Zone: "UTC", Parts: []glance.Part{glance.PartOpen}}
		if err := r.store.Conversations.Configure(t.Context(), shows, setup, c, time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := r.app.Reconciler().PushNow(t.Context(), shows, setup); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got, want := r.shown(t, room.ID).label, fmt.Sprintf("%d open", tc.want); got != want {
			t.Errorf("%s: got %q, want %q", tc.name, got, want)
		}
	}
}

// TestGlanceShowsAllParts: the numbers are those of the workload, heavy people
// among them.
func TestGlanceShowsAllParts(t *testing.T) {
	t.Parallel()
	r, room, shows, setup := settled(t)
	project := r.site.Objects().Projects[0].Key
	c := glance.Config{Projects: []string{project}, Window: 14, Zone: "UTC", Parts: glance.AllParts()}
	if err := r.store.Conversations.Configure(t.Context(), shows, setup, c, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := r.app.Reconciler().PushNow(t.Context(), shows); err != nil {
		t.Fatal(err)
	}
	label := r.shown(t, room.ID).label
	row, err := r.store.Glances.Glance(t.Context(), shows)
	if err != nil {
		t.Fatal(err)
	}
	scope, today := workload.Scope{Projects: []string{project}}, workload.DateOf(time.Now(), time.UTC)
	owner := r.site.Objects().Dashboards[0].Owner
	want := glance.Numbers{
		Open:       r.count(t, owner, scope.Open(workload.Everyone())),
		Overdue:    r.count(t, owner, scope.Overdue(workload.Everyone(), today)),
		DueSoon:    r.count(t, owner, scope.DueSoon(workload.Everyone(), today)),
		Unassigned: r.count(t, owner, scope.Open(workload.Unassigned())),
		Heavy:      row.Desired.Numbers.Heavy,
	}
	if row.Desired.Numbers != want || label != glance.Label(glance.English(), glance.AllParts(), want) {
		t.Errorf("got %+v as %q, want %+v", row.Desired.Numbers, label, want)
	}
	if want.Heavy == 0 || !strings.Contains(label, "heavy") {
		t.Errorf("nobody is heavy in %q: the sample tells nothing", label)
	}
}

// TestGlanceOfHiddenProjects: a room whose projects the app may not see keeps
// its label and says why.
func TestGlanceOfHiddenProjects(t *testing.T) {
	t.Parallel()
	r, room, shows, setup := settled(t)
	before := r.shown(t, room.ID).label
	c := glance.Config{Projects: []string{"NOWHERE"}, Window: 14, Zone: "UTC"}
	if err := r.store.Conversations.Configure(t.Context(), shows, setup, c, time.Now()); err != nil {
		t.Fatal(err)
	}
	err := r.app.Reconciler().PushNow(t.Context(), shows)
	if !errors.Is(err, glance.ErrHidden) {
		t.Errorf("got %v, want %v", err, glance.ErrHidden)
	}
	if got := r.shown(t, room.ID).label; got != before {
		t.Errorf("the label became %q", got)
	}
}
