package surfaces

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/internal/glance"
)

// Access is what the app may do in one Slack workspace.
type Access struct {
	// Token is the bot token. It is only ever sent to Slack.
	Token  string
	Scopes []string
}

func (a Access) has(scope string) bool { return slices.Contains(a.Scopes, scope) }

// Slack is a Slack workspace as a surface: the glance is one message of a
// channel that is kept up to date and, where the scope for it was granted, a
// bookmark in the channel's header. There is no configuration state. All
// fields but Now and Sleep are set before the first use. It is safe for concurrent use.
type Slack struct {
	// Access finds what the app may do in a workspace; ErrGone when it is not
	// installed there.
	Access func(ctx context.Context, team string) (Access, error)
	// Link is the address behind a glance.
	Link func(ctx context.Context, at glance.Place) (string, error)
	// APIURL is where the methods are, with a trailing slash.
	APIURL string
	// Client makes the calls.
	Client *http.Client
	// Now is the clock, time.Now when nil.
	Now func() time.Time
	// Sleep waits for a call's turn; nil waits by the machine's clock.
	Sleep func(ctx context.Context, d time.Duration) error

	pacer pacer
}

// slackCalls is how many calls a channel's glance may cost in a minute.
const slackCalls = 20

// slackHandle is where a channel shows its glance.
type slackHandle struct {
	// TS is the id of the message.
	TS string `json:"ts"`
	// Bookmark is the id of the bookmark; empty when there is none.
	Bookmark string `json:"bookmark,omitempty"`
}

// Abilities implements [glance.Surface].
func (s *Slack) Abilities() glance.Abilities { return glance.Abilities{CallsAMinute: slackCalls} }

// PutConfigured implements [glance.Surface].
func (s *Slack) PutConfigured(context.Context, glance.Place, bool) error {
	return glance.ErrUnsupported
}

// PutGlance implements [glance.Surface]. A message that was written anew is
// never put at risk for the sake of its bookmark: without its handle the next
// attempt would write it twice. The bookmark comes with the next state then.
func (s *Slack) PutGlance(ctx context.Context, at glance.Place, state glance.State) (string, error) {
	in, err := s.enter(ctx, at.Site)
	if err != nil {
		return "", err
	}
	link, err := s.Link(ctx, at)
	if err != nil {
		return "", err
	}
	h := parseHandle(at.Handle)
	ts, err := in.message(ctx, at.Conversation, h.TS, state.Label, link)
	if err != nil {
		return "", err
	}
	fresh := ts != h.TS
	h.TS = ts
	if h.Bookmark, err = in.bookmark(ctx, at.Conversation, h.Bookmark, state.Label, link); err != nil && !fresh {
		return "", err
	}
	text, err := json.Marshal(h)
	return string(text), err
}

// parseHandle reads what was kept; what is empty or not ours is shown anew.
func parseHandle(text string) slackHandle {
	var h slackHandle
	if json.Unmarshal([]byte(text), &h) != nil {
		return slackHandle{}
	}
	return h
}

// Withdraw takes a glance out of its channel. What is gone already is no
// error.
func (s *Slack) Withdraw(ctx context.Context, at glance.Place) error {
	in, err := s.enter(ctx, at.Site)
	if err != nil {
		return err
	}
	h := parseHandle(at.Handle)
	if h.Bookmark != "" {
		err = in.call(ctx, "bookmarks.remove", "", func() error {
			return in.client.RemoveBookmarkContext(ctx, at.Conversation, h.Bookmark)
		})
	}
	if h.TS == "" {
		return unlessGone(err)
	}
	return errors.Join(unlessGone(err), unlessGone(in.call(ctx, "chat.delete", "", func() error {
		_, _, err := in.client.DeleteMessageContext(ctx, at.Conversation, h.TS)
		return err
	})))
}

func unlessGone(err error) error {
	if errors.Is(err, glance.ErrGone) || isCode(err, "message_not_found", "not_found", "missing_scope") {
		return nil
	}
	return err
}

// workspace is a client for one team.
type workspace struct {
	*Slack
	team   string
	access Access
	client *slack.Client
}

// enter finds the token of a team and makes a client of it.
func (s *Slack) enter(ctx context.Context, team string) (*workspace, error) {
	access, err := s.Access(ctx, team)
	if err != nil {
		return nil, err
	}
	client := slack.New(access.Token, slack.OptionHTTPClient(s.Client), slack.OptionAPIURL(s.APIURL))
	return &workspace{Slack: s, team: team, access: access, client: client}, nil
}

// call makes a call when the method's tier allows it, and says what an error
// means. Of a method that is counted by channel, channel names it.
func (w *workspace) call(ctx context.Context, method, channel string, do func() error) error {
	place := strings.Join([]string{w.team, method, channel}, "/")
	if err := w.turn(ctx, place, tierOf(method)); err != nil {
		return fmt.Errorf("slack %s: %w", method, err)
	}
	err := do()
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		w.pacer.pause(clock(w.Now)(), place, limited.RetryAfter, tierOf(method))
	}
	return slackError(method, err)
}
