package store

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/glance"
)

// TestStoredReasons reads what every version may have left in a row.
func TestStoredReasons(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.begun(t, "site", "room")
		key := glanceKey("site", "room")
		for _, tt := range []struct {
			code, text string
			want       glance.Reason
		}{
			{"", "", glance.ReasonNone},
			{"absent", "", glance.ReasonNone}, // delivered since
			{"absent", "push state: conversation is gone", glance.ReasonAbsent},
			{"revoked", "push state: slack chat.update: is_archived", glance.ReasonRevoked},
			{"of_next_year", "push state: slack chat.update: is_archived", glance.ReasonUnknown},
			// The text alone, of a program that knows no codes.
			{"", "push state: slack chat.update: is_archived", glance.ReasonArchived},
			{"", "push state: slack chat.postMessage: not_in_channel", glance.ReasonAbsent},
			{"", "push state: slack access: token_revoked", glance.ReasonRevoked},
			{"", "push state: slack chat.update: missing_scope", glance.ReasonForbidden},
			{"", "push state: slack chat.update: of_next_year", glance.ReasonUnknown},
			{"", "push state: slack chat.update: rate limited for 1s", glance.ReasonUnknown},
			{"", "push state: conversation is gone: PUT /site/x: 403", glance.ReasonAbsent},
			{"", "push state: 502 PUT /site/x", glance.ReasonUnknown},
			{"", "compute state: 503 GET /rest/api/3/search", glance.ReasonJira},
			{"", "interrupted", glance.ReasonUnknown},
		} {
			check(t, w.db.Exec("UPDATE glances SET failed_for = ?, last_error = ?", tt.code, tt.text).Error)
			if got := w.row(t, key); got.FailedFor != tt.want || got.LastError != tt.text || got.Reason() != tt.want {
				t.Errorf("%q, %q: got %q, want %q", tt.code, tt.text, got.FailedFor, tt.want)
			}
		}
	})
}

func TestStoredStops(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.begun(t, "site", "room")
		key := glanceKey("site", "room")
		for stored, want := range map[string]glance.Reason{
			"archived": glance.ReasonArchived, "empty": glance.ReasonEmpty, "absent": glance.ReasonAbsent, "revoked": glance.ReasonRevoked,
			"of_next_year": glance.ReasonUnknown,
			// The texts of a program that knows no codes.
			"nobody is in it": glance.ReasonEmpty, "the app is not in it any more": glance.ReasonAbsent,
			"Slack revoked the app's access": glance.ReasonRevoked, "stopped": glance.ReasonUnknown,
		} {
			check(t, w.db.Exec("UPDATE conversations SET state = 'stopped', stopped_for = ?", stored).Error)
			if got := w.row(t, key); !got.Stopped || got.StoppedFor != want || got.Reason() != want {
				t.Errorf("%q: got %q, want %q", stored, got.StoppedFor, want)
			}
		}
		check(t, w.StopConversation(t.Context(), glance.SurfaceChat, "site", "room", glance.ReasonNone, time.Time{}))
		if got := w.row(t, key).StoppedFor; got != glance.ReasonUnknown {
			t.Errorf("without a reason: got %q, want %q", got, glance.ReasonUnknown)
		}
	})
}

// TestFailureWithoutText is a failure all the same.
func TestFailureWithoutText(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.begun(t, "site", "room")
		row := w.claim(t)[0]
		check(t, w.Fail(t.Context(), row, glance.Failed{Reason: glance.ReasonBusy, Next: w.clock.Now()}))
		if got := w.row(t, row.Key); got.Reason() != glance.ReasonBusy || got.LastError == "" {
			t.Errorf("got %q, %q", got.Reason(), got.LastError)
		}
	})
}
