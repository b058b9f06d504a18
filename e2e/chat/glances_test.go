package chat

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

// settled is a program with one room set up, and the room's keys.
func settled(t *testing.T) (r *harness.Running, room connecttest.Conversation, shows, setup glance.Key) {
	t.Helper()
	r = harness.Start(t, connecttest.NewSite(t))
	app := r.Install(t)
	room = r.Site.Objects().Conversations[0]
	r.SetUpRoom(t, app.Key, room, r.Site.Objects().Projects[0].Key)
	r.Rested(t, room.ID)
	shows = glance.Key{Surface: glance.SurfaceChat, Site: r.Site.CloudID(), Conversation: room.ID, Kind: glance.KindGlance, Module: "workload"}
	setup = shows
	setup.Kind, setup.Module = glance.KindConfiguration, "setup"
	return r, room, shows, setup
}

// members are the people of a project role.
func members(t *testing.T, r *harness.Running, project, role string) (people []string) {
	t.Helper()
	var found struct {
		Actors []struct{ ActorUser struct{ AccountID string } }
	}
	r.Rest(t, r.Site.Objects().Dashboards[0].Owner, http.MethodGet, "/rest/api/3/project/"+project+"/role/"+role, nil, &found)
	for _, a := range found.Actors {
		people = append(people, a.ActorUser.AccountID)
	}
	return people
}

// TestGlanceCountsTheTeam: a role's members, the people that a query finds, or
// everybody if the app may not see who they are.
func TestGlanceCountsTheTeam(t *testing.T) {
	t.Parallel()
	r, room, shows, setup := settled(t)
	project := r.Site.Objects().Projects[0].Key
	all := r.OpenOf(t, project, nil)
	role := r.OpenOf(t, project, members(t, r, project, "10002"))
	query := fmt.Sprintf("is reporter of (%s-1, %s-2, %s-3)", project, project, project)
	some := r.OpenOf(t, project, r.Matches(t, query))
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
		if err := r.Store.Conversations.Configure(t.Context(), shows, setup, c, time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := r.App.Reconciler().PushNow(t.Context(), shows, setup); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got, want := r.Shown(t, room.ID).Label, fmt.Sprintf("%d open", tc.want); got != want {
			t.Errorf("%s: got %q, want %q", tc.name, got, want)
		}
	}
}

// TestGlanceShowsAllParts: the numbers are those of the workload, including the
// number of heavy people.
func TestGlanceShowsAllParts(t *testing.T) {
	t.Parallel()
	r, room, shows, setup := settled(t)
	project := r.Site.Objects().Projects[0].Key
	c := glance.Config{Projects: []string{project}, Window: 14, Zone: "UTC", Parts: glance.AllParts()}
	if err := r.Store.Conversations.Configure(t.Context(), shows, setup, c, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := r.App.Reconciler().PushNow(t.Context(), shows); err != nil {
		t.Fatal(err)
	}
	label := r.Shown(t, room.ID).Label
	row, err := r.Store.Glances.Glance(t.Context(), shows)
	if err != nil {
		t.Fatal(err)
	}
	scope, today := workload.Scope{Projects: []string{project}}, workload.DateOf(time.Now(), time.UTC)
	owner := r.Site.Objects().Dashboards[0].Owner
	want := glance.Numbers{
		Open:       r.Count(t, owner, scope.Open(workload.Everyone())),
		Overdue:    r.Count(t, owner, scope.Overdue(workload.Everyone(), today)),
		DueSoon:    r.Count(t, owner, scope.DueSoon(workload.Everyone(), today)),
		Unassigned: r.Count(t, owner, scope.Open(workload.Unassigned())),
		Heavy:      row.Desired.Numbers.Heavy,
	}
	for _, l := range r.AllLogs(t, owner, project) {
		if day := workload.DateOf(l.Started, time.UTC); !l.App && today.AddDays(-14).Before(day) && !today.Before(day) {
			want.Logged += l.Seconds
		}
	}
	if row.Desired.Numbers != want || label != glance.Label(glance.English(), glance.AllParts(), want) {
		t.Errorf("got %+v as %q, want %+v", row.Desired.Numbers, label, want)
	}
	if want.Heavy == 0 || !strings.Contains(label, "heavy") {
		t.Errorf("nobody is heavy in %q: the sample tells nothing", label)
	}
}

// TestGlanceOfAHiddenFilter: a room whose filter is not shared with the app any more
// keeps its label and says why.
func TestGlanceOfAHiddenFilter(t *testing.T) {
	t.Parallel()
	r, room, shows, setup := settled(t)
	before := r.Shown(t, room.ID).Label
	c := glance.Config{Projects: []string{r.Site.Objects().Projects[0].Key}, Window: 14, Zone: "UTC"}
	c.Narrow.Filter = "10202" // somebody's own
	if err := r.Store.Conversations.Configure(t.Context(), shows, setup, c, time.Now()); err != nil {
		t.Fatal(err)
	}
	err := r.App.Reconciler().PushNow(t.Context(), shows)
	if row, _ := r.Store.Glances.Glance(t.Context(), shows); !errors.Is(err, glance.ErrNarrowed) || row.FailedFor != glance.ReasonNarrowed {
		t.Errorf("got %v, want %v", err, glance.ErrNarrowed)
	}
	if got := r.Shown(t, room.ID).Label; got != before {
		t.Errorf("the label became %q", got)
	}
}

// TestGlanceOfHiddenProjects: a room whose projects the app may not see keeps
// its label and says why.
func TestGlanceOfHiddenProjects(t *testing.T) {
	t.Parallel()
	r, room, shows, setup := settled(t)
	before := r.Shown(t, room.ID).Label
	c := glance.Config{Projects: []string{"NOWHERE"}, Window: 14, Zone: "UTC"}
	if err := r.Store.Conversations.Configure(t.Context(), shows, setup, c, time.Now()); err != nil {
		t.Fatal(err)
	}
	err := r.App.Reconciler().PushNow(t.Context(), shows)
	if !errors.Is(err, glance.ErrHidden) {
		t.Errorf("got %v, want %v", err, glance.ErrHidden)
	}
	if got := r.Shown(t, room.ID).Label; got != before {
		t.Errorf("the label became %q", got)
	}
}
