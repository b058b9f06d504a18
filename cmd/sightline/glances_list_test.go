package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/store"
)

// glancesRun runs the command on a database.
func glancesRun(t *testing.T, database string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	env := map[string]string{"SIGHTLINE_DATABASE_URL": database, "SIGHTLINE_SECRET_KEYS": testKeys()}
	code := run(t.Context(), append([]string{"glances"}, args...), console{
		stdout: &out, stderr: &errs, env: func(n string) (string, bool) { v, ok := env[n]; return v, ok },
	})
	if code != 0 || errs.Len() > 0 {
		t.Fatalf("%v: exit %d: %s", args, code, errs.String())
	}
	if strings.Contains(out.String(), "the-shared-secret") {
		t.Errorf("%v prints a secret", args)
	}
	return out.String()
}

// chatKeys are the two states of a room.
func chatKeys(room string) (shows, setup glance.Key) {
	shows = glance.Key{Surface: glance.SurfaceChat, Site: "cloud", Conversation: room, Kind: glance.KindGlance, Module: "workload"}
	setup = shows
	setup.Kind, setup.Module = glance.KindConfiguration, "setup"
	return shows, setup
}

// inStates makes rooms named after the state of their glance.
func inStates(t *testing.T, st *store.Store) {
	t.Helper()
	now := time.Now()
	for _, room := range []string{"ok", "due", "retrying", "refused", "archived", "bare"} {
		shows, setup := chatKeys(room)
		if err := st.Conversations.Begin(t.Context(), glance.Conversation{Site: "cloud", ID: room}, shows, setup, now); err != nil {
			t.Fatal(err)
		}
		if room == "bare" {
			continue
		}
		if err := st.Conversations.Configure(t.Context(), shows, setup, glance.Config{Projects: []string{"A"}, Zone: "UTC"}, now); err != nil {
			t.Fatal(err)
		}
		row := taken(t, st, shows)
		failed := map[string]glance.Failed{
			"retrying": {Reason: glance.ReasonUnreachable, Detail: "push state: \x1b[31m502\nsaid\tthe platform " + strings.Repeat("x", 500), Next: now.Add(time.Hour)},
			"refused":  {Reason: glance.ReasonAbsent, Detail: "push state: conversation is gone"},
		}
		var err error
		switch f, fails := failed[room]; {
		case room == "due":
			err = st.Glances.Release(t.Context(), row)
		case fails:
			err = st.Glances.Fail(t.Context(), row, f)
		default:
			row, err = st.Glances.Desire(t.Context(), row, glance.Desired{State: glance.State{Label: "7 open"}, At: now.Add(-90 * time.Second), Changed: true, PushUntil: now.Add(time.Minute)})
			if err == nil {
				err = st.Glances.Deliver(t.Context(), row)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Conversations.StopConversation(t.Context(), glance.SurfaceChat, "cloud", "archived", glance.ReasonArchived, time.Time{}); err != nil {
		t.Fatal(err)
	}
}

// taken claims one row.
func taken(t *testing.T, st *store.Store, k glance.Key) glance.Row {
	t.Helper()
	now := time.Now()
	row, ok, err := st.Glances.ClaimKey(t.Context(), k, glance.Claim{
		Now: now, ComputeUntil: now.Add(time.Minute), PushUntil: now.Add(time.Minute),
		Paces: []glance.Pace{{Surface: k.Surface, Kind: k.Kind, Every: time.Second, Burst: 10}},
	})
	if err != nil || !ok {
		t.Fatalf("claim: %v, %v", ok, err)
	}
	return row
}

func TestGlancesList(t *testing.T) {
	t.Parallel()
	database := "sqlite://" + filepath.Join(t.TempDir(), "sightline.db")
	st := openStore(t, database)
	_, err := st.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: appKey, ClientKey: "client-1", SharedSecret: connect.NewSecret("the-shared-secret"),
		BaseURL: "https://a.atlassian.net", ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := glancesRun(t, database); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "SURFACE") {
		t.Errorf("nothing there: got %q", got)
	}
	inStates(t, st)
	list := glancesRun(t, database)
	for _, want := range []string{
		`(?m)^chat +cloud +ok +workload +7 open +1m3\ds +ok *$`,
		`(?m)^chat +cloud +due +workload +Not set up +- +due *$`,
		`(?m)^chat +cloud +retrying +workload +Not set up +- +retrying at 20[-0-9T:]+Z +The chat did not answer: push state:  \[31m502 said the platform x+…$`,
		`(?m)^chat +cloud +refused +workload +Not set up +- +stopped +Sightline is no longer in the conversation: push state: conversation is gone$`,
		`(?m)^chat +cloud +archived +workload +7 open +1m3\ds +stopped +The conversation is archived$`,
		`(?m)^chat +cloud +archived +setup +set up +\d+s +stopped +The conversation is archived$`,
		`(?m)^chat +cloud +bare +setup +not set up +- +due *$`,
	} {
		if !regexp.MustCompile(want).MatchString(list) {
			t.Errorf("%s is missing in\n%s", want, list)
		}
	}
	if n := strings.Count(list, "\n"); n != 13 {
		t.Errorf("%d lines, want one per state and the heading:\n%s", n, list)
	}
	if got := glancesRun(t, database, "--retry"); got != "4 states are due now\n" {
		t.Errorf("retry: got %q", got)
	}
	if list := glancesRun(t, database); strings.Contains(list, "stopped") || strings.Contains(list, "retrying at") {
		t.Errorf("after the retry:\n%s", list)
	}
	if got := glancesRun(t, database, "--retry"); got != "0 states are due now\n" {
		t.Errorf("again: got %q", got)
	}
}
