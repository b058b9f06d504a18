package faults

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// worked is a program with a gadget and a room, whose clock jumps.
type worked struct {
	moved
	board  harness.Board
	room   connecttest.Conversation
	viewer string
	open   int
}

func startWorked(t *testing.T, database string) *worked {
	t.Helper()
	w := &worked{moved: startMoved(t, harness.On(database))}
	w.Install(t)
	w.board, w.viewer, w.room = harness.NewBoard(t, w.Running, "HARB"), w.Person(2), w.Site.Objects().Conversations[0]
	w.open = w.Count(t, w.viewer, workload.OpenIssues("HARB"))
	w.SetUpRoom(t, harness.AppKey, w.room, "HARB")
	w.WaitForLabel(t, w.room.ID, openOf(w.open))
	w.Rested(t, w.room.ID)
	looksAt(t, w.board, w.viewer, w.open)
	return w
}

// session opens the gadget and returns its session.
func (w *worked) session(t *testing.T) string {
	t.Helper()
	return harness.Attribute(t, w.board.Look(t, w.viewer).Body, "data-session")
}

// status is the answer to a call with a session.
func (w *worked) status(t *testing.T, session string) int {
	t.Helper()
	return w.board.Call(t, w.board.Address("/gadget/workload/view"), session).Status
}

// tokens counts the calls of both token endpoints.
func (w *worked) tokens() (person, chat int) {
	return w.asked("/oauth2/token"), w.asked("/oauth/token")
}

// finish finishes an issue of the room.
func (w *worked) finish(t *testing.T) {
	t.Helper()
	w.FinishOneIssue(t, w.Site.Objects().Dashboards[0].Owner, "HARB")
	w.open--
}

// follows waits until gadget and room show how many issues are open, and the
// room's work is done.
func (w *worked) follows(t *testing.T, when string) {
	t.Helper()
	harness.Eventually(t, when+": the gadget follows", func() bool {
		got := w.board.Look(t, w.viewer)
		return got.Status == http.StatusOK && harness.Total(t, got.Body) == w.open
	})
	w.WaitForLabel(t, w.room.ID, openOf(w.open))
	w.Rested(t, w.room.ID)
}

// TestClockForward: the clock jumps while a state is on its way. Sessions and
// tokens have ended, the state arrives and the work goes on.
func TestClockForward(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{time.Hour, 24 * time.Hour} {
		t.Run(fmt.Sprint(jump), func(t *testing.T) {
			t.Parallel()
			harness.OnEachDatabase(t, func(t *testing.T, database string) {
				w := startWorked(t, database)
				before, session := w.Work(t), w.session(t)
				if got := w.status(t, session); got != http.StatusOK {
					t.Fatalf("a fresh session: status %d", got)
				}
				w.Fault(t, connecttest.Fault{Method: http.MethodPut, Path: "/site/*", DelayMs: 500, Times: 1})
				seen := w.Seen()
				w.finish(t)
				w.WorksOn(t, seen)
				person, chat := w.tokens()
				w.later(jump)
				if got := w.status(t, session); got != http.StatusUnauthorized {
					t.Errorf("a session of before: status %d, want 401", got)
				}
				w.follows(t, "after the jump")
				w.finish(t)
				w.follows(t, "later")
				if p, c := w.tokens(); p == person || c == chat {
					t.Errorf("tokens were not renewed: %d and %d calls, then %d and %d", person, chat, p, c)
				}
				if got := w.status(t, w.session(t)); got != http.StatusOK {
					t.Errorf("a new session: status %d", got)
				}
				w.Rests(t, before)
				w.LeaksNothing(t)
			})
		})
	}
}

// TestClockBack: the clock is set back an hour while a state is on its way.
// Sessions from the future end; views and rooms follow at once, and when the
// clock is again where it was, nothing is shown twice.
func TestClockBack(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		w := startWorked(t, database)
		before, session := w.Work(t), w.session(t)
		w.Fault(t, connecttest.Fault{Method: http.MethodPut, Path: "/site/*", DelayMs: 500, Times: 1})
		seen := w.Seen()
		w.finish(t)
		w.WorksOn(t, seen)
		w.later(-time.Hour)
		if got := w.status(t, session); got != http.StatusUnauthorized {
			t.Errorf("a session of the future: status %d, want 401", got)
		}
		w.WaitForLabel(t, w.room.ID, openOf(w.open)) // it was on its way
		w.finish(t)
		w.follows(t, "set back")
		pushes := w.Shown(t, w.room.ID).Pushes
		w.later(time.Hour)
		w.later(time.Minute)
		w.finish(t)
		w.follows(t, "an hour later")
		if got := w.Shown(t, w.room.ID); got.Pushes != pushes+1 || !strings.HasPrefix(got.Label, openOf(w.open)) {
			t.Errorf("%d pushes, then %d as %q: want one more", pushes, got.Pushes, got.Label)
		}
		w.Rests(t, before)
		w.LeaksNothing(t)
	})
}
