package store

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// rotating is a workspace whose token ends in an hour.
func (w *world) rotating(t *testing.T) slackapp.Install {
	t.Helper()
	in := workspace(w.installed(t, "k", "").ID)
	in.Refresh = connect.NewSecret("xoxe-1-the-refresh-token")
	in.Ends, in.RenewAt = w.clock.Now().Add(time.Hour), w.clock.Now().Add(45*time.Minute)
	check(t, w.SaveSlackInstall(t.Context(), in))
	return must(w.SlackInstall(t.Context(), in.Team))(t)
}

// inFuture is when a lease ends.
func (w *world) inFuture(d time.Duration) time.Time { return w.clock.Now().Add(d) }

func TestSlackRefreshTokenIsSealedAndRekeyed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.rotating(t)
		if in.Refresh.Reveal() != "xoxe-1-the-refresh-token" || in.Ends.Sub(w.clock.Now()).Round(time.Minute) != time.Hour || in.RenewAt.IsZero() {
			t.Errorf("got %+v", in)
		}
		if strings.Contains(w.dump(t), "the-refresh-token") {
			t.Error("the dump has the refresh token")
		}
		both := w.again(t, keyTwo+","+keyOne)
		if n := must(both.Rekey(t.Context()))(t); n != 3 {
			t.Errorf("rekey: got %d, want the shared secret and two tokens", n)
		}
		if got := must(w.again(t, keyTwo).Slack.SlackInstall(t.Context(), "T1"))(t); got.Refresh.Reveal() != in.Refresh.Reveal() {
			t.Errorf("got %+v", got)
		}
	})
}

// TestOneRenewsOfMany: of two programs with several callers each, one renews, and
// after it nobody with the token before.
func TestOneRenewsOfMany(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.rotating(t)
		other := w.again(t, keyOne)
		until := w.inFuture(time.Minute)
		var begun atomic.Int32
		var done sync.WaitGroup
		for i := range 8 {
			st := []*Store{w.Store, other}[i%2]
			done.Go(func() {
				if must(st.Slack.BeginSlackRenewal(t.Context(), in, until))(t) {
					begun.Add(1)
				}
			})
		}
		done.Wait()
		if got := begun.Load(); got != 1 {
			t.Fatalf("%d begin, want 1", got)
		}
		next := in
		next.Token, next.Refresh = connect.NewSecret("xoxb-next"), connect.NewSecret("xoxe-next")
		next.Ends, next.RenewAt = w.inFuture(3*time.Hour), w.inFuture(2*time.Hour)
		if must(other.Slack.SaveSlackRenewal(t.Context(), next, until.Add(time.Second)))(t) {
			t.Error("saved under another lease")
		}
		if !must(w.SaveSlackRenewal(t.Context(), next, until))(t) {
			t.Error("not saved")
		}
		if must(other.Slack.BeginSlackRenewal(t.Context(), in, until))(t) {
			t.Error("begun with the token before")
		}
		if got := must(other.Slack.SlackInstall(t.Context(), "T1"))(t); got.Token.Reveal() != "xoxb-next" || got.Refresh.Reveal() != "xoxe-next" || !got.Ends.After(in.Ends) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestRenewalThatIsOvertaken(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.rotating(t)
		until := w.inFuture(time.Minute)
		must(w.BeginSlackRenewal(t.Context(), in, until))(t)
		// The process ended; its lease does.
		w.clock.forward(time.Minute)
		later := w.inFuture(time.Minute)
		if !must(w.BeginSlackRenewal(t.Context(), in, later))(t) {
			t.Error("not begun after the lease")
		}
		if must(w.SaveSlackRenewal(t.Context(), in, until))(t) {
			t.Error("saved after the lease")
		}
		// Installed again meanwhile.
		check(t, w.SaveSlackInstall(t.Context(), workspace(in.Tenant)))
		if must(w.SaveSlackRenewal(t.Context(), in, later))(t) {
			t.Error("saved over a new install")
		}
		if got := must(w.SlackInstall(t.Context(), "T1"))(t); !got.Refresh.IsZero() || !got.Ends.IsZero() {
			t.Errorf("got %+v, want nothing of the install before", got)
		}
		check(t, w.EndSlackRenewal(t.Context(), "T1", later)) // not its holder: nothing
	})
}

func TestSlackTeamsToRenew(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.rotating(t)
		due := func() []string { return must(w.SlackTeamsToRenew(t.Context()))(t) }
		if got := due(); len(got) != 0 {
			t.Errorf("at once: %v", got)
		}
		w.clock.forward(50 * time.Minute)
		if got := due(); len(got) != 1 || got[0] != "T1" || must(w.SlackTeam(t.Context(), "T1"))(t).Unrenewed {
			t.Errorf("before the end: %v", got)
		}
		until := w.inFuture(time.Minute)
		must(w.BeginSlackRenewal(t.Context(), in, until))(t)
		check(t, w.EndSlackRenewal(t.Context(), "T1", until))
		if got := must(w.SlackTeam(t.Context(), "T1"))(t); len(due()) != 0 || got.Stopped != glance.ReasonNone || !got.Unrenewed || !got.Ends.Equal(in.Ends) {
			t.Errorf("without a refresh token: %v, %+v", due(), got)
		}
		w.clock.forward(20 * time.Minute)
		if got := must(w.SlackTeam(t.Context(), "T1"))(t); got.Stopped != glance.ReasonRevoked {
			t.Errorf("after the end: %+v", got)
		}
	})
}

// TestSlackTokensThatAreNotRenewed: a token is unrenewed once Slack has refused, also
// one whose end is not known, and until the app is installed again; one that never
// ends is not.
func TestSlackTokensThatAreNotRenewed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.rotating(t)
		in.Ends = time.Time{}
		check(t, w.SaveSlackInstall(t.Context(), in))
		unrenewed := func(want bool) {
			t.Helper()
			for _, got := range must(w.SlackTeams(t.Context(), in.Tenant))(t) {
				if got.Unrenewed != want {
					t.Errorf("got %+v, want unrenewed: %t", got, want)
				}
			}
		}
		unrenewed(false)
		until := w.inFuture(time.Minute)
		must(w.BeginSlackRenewal(t.Context(), must(w.SlackInstall(t.Context(), "T1"))(t), until))(t)
		check(t, w.EndSlackRenewal(t.Context(), "T1", until))
		unrenewed(true)
		check(t, w.SaveSlackInstall(t.Context(), workspace(in.Tenant)))
		unrenewed(false)
	})
}

// TestSlackRefreshTokenIsBlanked: whatever ends the token ends what renews it.
func TestSlackRefreshTokenIsBlanked(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, w *world){
		"uninstalled from Slack": func(t *testing.T, w *world) {
			t.Helper()
			check(t, w.RemoveSlackInstall(t.Context(), "T1", w.inFuture(time.Minute)))
		},
		"revoked": func(t *testing.T, w *world) {
			t.Helper()
			check(t, w.RevokeSlackToken(t.Context(), "T1", w.inFuture(time.Minute)))
		},
		"uninstalled from Jira": func(t *testing.T, w *world) {
			t.Helper()
			must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				in := w.rotating(t)
				end(t, w)
				var left int
				check(t, w.db.Raw("SELECT count(*) FROM slack_installs WHERE bot_token IS NOT NULL OR refresh_token IS NOT NULL").Scan(&left).Error)
				if left != 0 || must(w.BeginSlackRenewal(t.Context(), in, w.inFuture(time.Minute)))(t) {
					t.Error("something is left to renew")
				}
			})
		})
	}
}

func TestSlackRequestIsSeenOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		other := w.again(t, keyOne)
		if !must(w.FirstSlackRequest(t.Context(), "v0=1"))(t) || must(other.Slack.FirstSlackRequest(t.Context(), "v0=1"))(t) {
			t.Error("not the first time, or the first time twice")
		}
		w.clock.forward(10 * time.Minute)
		check(t, w.ForgetSlackRequests(t.Context()))
		if must(w.FirstSlackRequest(t.Context(), "v0=1"))(t) {
			t.Error("forgotten while its timestamp may be accepted")
		}
		w.clock.forward(2 * time.Minute)
		check(t, w.ForgetSlackRequests(t.Context()))
		if !must(w.FirstSlackRequest(t.Context(), "v0=1"))(t) {
			t.Error("kept for ever")
		}
	})
}
