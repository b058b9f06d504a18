package viewer_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// property is the address of people's preferences in Jira.
const property = "/rest/api/3/user/properties/*"

// change parses a change of a person's preferences as the form posts it.
func change(t testing.TB, name, value string) workload.Change {
	t.Helper()
	c, err := workload.NewPreferences().ParseChange(name, value)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// held is what Jira holds of a person's preferences.
func (w *world) held(p viewer.Person) workload.Preferences {
	w.t.Helper()
	j, err := w.views.Jira(p)
	if err != nil {
		w.t.Fatal(err)
	}
	value, err := jira.GetUserProperty[json.RawMessage](w.t.Context(), j, string(p.Account), workload.PreferencesProperty)
	if err != nil {
		w.t.Fatal(err)
	}
	return workload.ParsePreferences(value)
}

// TestChoiceGoesOnTopOfWhatJiraHolds: a change keeps what another window has
// written meanwhile.
func TestChoiceGoesOnTopOfWhatJiraHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, patient())
	p := w.person(lead)
	if got := w.views.Preferences.Get(t.Context(), p); got.Compact || len(got.Pins) > 0 {
		t.Fatalf("at first %+v", got)
	}
	j, err := w.views.Jira(p)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := workload.NewPreferences()
	elsewhere.Pins = []string{"bob"}
	if _, err := j.UserProperties.SetProperty(t.Context(), string(p.Account), workload.PreferencesProperty, elsewhere); err != nil {
		t.Fatal(err)
	}
	if !w.views.Preferences.Change(t.Context(), p, []workload.Change{change(t, "compact", "on")}) {
		t.Fatal("the change was not taken")
	}
	for where, got := range map[string]workload.Preferences{"in Jira": w.held(p), "here": w.views.Preferences.Get(t.Context(), p).Preferences} {
		if !got.Compact || !slices.Equal(got.Pins, []string{"bob"}) {
			t.Errorf("%s: %+v", where, got)
		}
	}
	if got := w.views.Preferences.Get(t.Context(), w.person(outsider)); got.Compact || len(got.Pins) > 0 {
		t.Errorf("another person has %+v", got)
	}
}

// TestChoiceIsTriedAgain: a choice that Jira does not take at once applies
// here, is marked as unsaved, and reaches Jira in the end.
func TestChoiceIsTriedAgain(t *testing.T) {
	t.Parallel()
	patience := patient()
	patience.Preferences = 20 * time.Millisecond
	w := newWorld(t, patience)
	p := w.person(lead)
	w.fault(connecttest.Fault{Method: "PUT", Path: property, Status: 503, Times: 1})
	if !w.views.Preferences.Change(t.Context(), p, []workload.Change{change(t, "compact", "on")}) {
		t.Fatal("the change was not taken")
	}
	if got := w.views.Preferences.Get(t.Context(), p); !got.Compact || !got.Unsaved || got.Refused {
		t.Errorf("before it is saved: %+v", got)
	}
	eventually(t, "saved", func() bool { return !w.views.Preferences.Get(t.Context(), p).Unsaved })
	if !w.held(p).Compact {
		t.Error("Jira does not hold it")
	}
}

// TestRefusedChoiceHoldsHere: a choice that Jira refuses applies while the
// process lasts, and goes with its tenant.
func TestRefusedChoiceHoldsHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, patient())
	p := w.person(lead)
	w.fault(connecttest.Fault{Method: "PUT", Path: property, Status: 403})
	if !w.views.Preferences.Change(t.Context(), p, []workload.Change{change(t, "compact", "on")}) {
		t.Fatal("the change was not taken")
	}
	if got := w.views.Preferences.Get(t.Context(), p); !got.Compact || !got.Refused || got.Unsaved {
		t.Errorf("refused: %+v", got)
	}
	w.views.Forget(w.tenant.ID)
	if got := w.views.Preferences.Get(t.Context(), p); got.Compact || got.Refused {
		t.Errorf("after its tenant: %+v", got)
	}
}
