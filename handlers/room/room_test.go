package room

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

func TestNotShownSaysWhy(t *testing.T) {
	t.Parallel()
	failed := func(err error) error {
		return &glance.PushError{Failures: []glance.Failure{{Err: err}}}
	}
	at := func(s glance.Stage, err error) error { return failed(&glance.StageError{Stage: s, Err: err}) }
	secret := errors.New("SELECT password FROM upstream")
	for name, tc := range map[string]struct {
		err    error
		status int
		want   lang.Problem
	}{
		"gone":         {at(glance.StagePush, fmt.Errorf("%w: %w", glance.ErrGone, rest.ErrForbidden)), 502, lang.ProblemRoomGone},
		"stopped":      {failed(glance.ErrStopped), 502, lang.ProblemRoomStopped},
		"busy":         {failed(glance.ErrBusy), 429, lang.ProblemRoomBusy},
		"slow":         {at(glance.StageCompute, context.DeadlineExceeded), 504, lang.ProblemRoomSlow},
		"jira":         {at(glance.StageCompute, secret), 502, lang.ProblemRoomUncounted},
		"the chat":     {at(glance.StagePush, secret), 502, lang.ProblemRoomNotShown},
		"the database": {failed(secret), 502, lang.ProblemRoomNotShown},
	} {
		if p := NotShown(tc.err); p.Status() != tc.status || p.Code != tc.want {
			t.Errorf("%s: %d %s, want %d %s", name, p.Status(), p.Code, tc.status, tc.want)
		}
	}
}

// A stored zone that is none is offered as what it counts as, with a sentence.
func TestZoneThatIsNone(t *testing.T) {
	t.Parallel()
	l := lang.New().English()
	for zone, want := range map[string]string{"Europe/Berlin": "Europe/Berlin", "": "UTC", "localtime": "UTC"} {
		var chosen []string
		for _, o := range ZoneOptions(time.Now(), "Europe/Berlin", zone) {
			if o.Selected {
				chosen = append(chosen, o.Value)
			}
		}
		if !slices.Equal(chosen, []string{want}) {
			t.Errorf("%q: got %v, want %s", zone, chosen, want)
		}
		if help := ZoneHelp(l, glance.Config{Zone: zone}); strings.Contains(help, "localtime") != (zone == "localtime") {
			t.Errorf("%q: got %q", zone, help)
		}
	}
}

func TestZoneOptions(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC)
	list := ZoneOptions(now, "America/Argentina/Ushuaia", "Pacific/Chatham")
	for i, want := range map[string]string{
		"Pacific/Chatham": "Pacific/Chatham (UTC+12:45)", "America/Argentina/Ushuaia": "America/Argentina/Ushuaia (UTC-03:00)",
		"Europe/Berlin": "Europe/Berlin (UTC+02:00)", "America/New_York": "America/New York (UTC-04:00)", "UTC": "UTC (UTC+00:00)",
	} {
		at := slices.IndexFunc(list, func(o web.Option) bool { return o.Value == i })
		if at < 0 || list[at].Label != want || list[at].Selected != (i == "Pacific/Chatham") {
			t.Errorf("%s is at %d of %+v", i, at, list)
		}
	}
	if n := len(ZoneOptions(now, "UTC", "no/such")); n != len(strings.Fields(zones)) {
		t.Errorf("%d zones, want the %d that are always there", n, len(strings.Fields(zones)))
	}
	for _, name := range strings.Fields(zones) {
		if _, err := time.LoadLocation(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
