package slackapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

// Surface makes the calls into workspaces. As a [glance.Surface] it shows a
// glance as one message in a channel, which it keeps up to date, and as a
// bookmark in the channel's header if the scope for it was granted. Slack has
// no configuration state. It is safe for concurrent use.
type Surface struct {
	find     func(ctx context.Context, team string) (Install, error)
	link     func(ctx context.Context, at glance.Place) (string, error)
	renewals Renewals
	plain    func(ctx context.Context, team string) error
	log      *slog.Logger
	apiURL   string
	http     *http.Client
	now      func() time.Time
	wait     func(ctx context.Context, d time.Duration) error

	clientID     string
	clientSecret connect.Secret

	pacer pacer
}

// channelCalls is how many calls a channel's glance may cost in a minute.
const channelCalls = 20

// handle is where a channel shows its glance.
type handle struct {
	// TS is the id of the message.
	TS string `json:"ts"`
	// Bookmark is the id of the bookmark; empty when there is none.
	Bookmark string `json:"bookmark,omitempty"`
}

// Abilities implements [glance.Surface].
func (s *Surface) Abilities() glance.Abilities { return glance.Abilities{CallsAMinute: channelCalls} }

// PutConfigured implements [glance.Surface].
func (s *Surface) PutConfigured(context.Context, glance.Place, bool) error {
	return glance.ErrUnsupported
}

// PutGlance implements [glance.Surface]. A failed bookmark does not fail a
// newly written message: without its handle the next attempt would write it
// twice. The bookmark then comes with the next state.
func (s *Surface) PutGlance(ctx context.Context, at glance.Place, state glance.State) (string, error) {
	in, err := s.enter(ctx, at.Site)
	if err != nil {
		return "", err
	}
	link, err := s.link(ctx, at)
	if err != nil {
		return "", ownError{err}
	}
	h := parseHandle(at.Handle)
	ts, err := in.message(ctx, at.Conversation, h.TS, shown{state.Label, state.Note, link})
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

// parseHandle reads a stored handle; if it is empty or not ours, the glance is
// shown anew.
func parseHandle(text string) handle {
	var h handle
	if json.Unmarshal([]byte(text), &h) != nil {
		return handle{}
	}
	return h
}

// Withdraw removes a glance from its channel. It is not an error if parts are
// already gone.
func (s *Surface) Withdraw(ctx context.Context, at glance.Place) error {
	in, err := s.enter(ctx, at.Site)
	if err != nil {
		return err
	}
	h := parseHandle(at.Handle)
	if h.Bookmark != "" {
		err = in.call(ctx, "bookmarks.remove", "", func() error {
			return in.slack.RemoveBookmarkContext(ctx, at.Conversation, h.Bookmark)
		})
	}
	if h.TS == "" {
		return unlessGone(err)
	}
	return errors.Join(unlessGone(err), unlessGone(in.call(ctx, "chat.delete", "", func() error {
		_, _, err := in.slack.DeleteMessageContext(ctx, at.Conversation, h.TS)
		return err
	})))
}

func unlessGone(err error) error {
	if errors.Is(err, glance.ErrGone) || IsCode(err, CodeMessageNotFound, CodeNotFound, CodeMissingScope) {
		return nil
	}
	return err
}

// workspace is a client for one team.
type workspace struct {
	*Surface
	install Install
	slack   *slack.Client
}

// enter finds a team's token and makes a client with it. A workspace without
// the app, or without a token, is out of reach.
func (s *Surface) enter(ctx context.Context, team string) (*workspace, error) {
	in, err := s.fresh(ctx, team)
	switch {
	case errors.Is(err, connect.ErrNotFound):
		return nil, &Error{"access", codeNotInstalled}
	case err != nil:
		return nil, err
	case in.Token.IsZero():
		return nil, &Error{"access", CodeTokenRevoked}
	case in.Ended(s.now()):
		return nil, &Error{"access", CodeTokenExpired}
	}
	return &workspace{Surface: s, install: in, slack: s.client(in)}, nil
}

func (s *Surface) client(in Install) *slack.Client {
	return slack.New(in.Token.Reveal(), slack.OptionHTTPClient(s.http), slack.OptionAPIURL(s.apiURL))
}

// call makes a call when the method's tier allows it, and says what an error
// means. channel is set for a method that is counted by channel.
func (w *workspace) call(ctx context.Context, method, channel string, do func() error) error {
	at := place{w.install.Team, method, channel}
	if err := w.turn(ctx, at); err != nil {
		return fmt.Errorf("slack %s: %w", method, err)
	}
	err := do()
	if IsCode(callError(ctx, method, err), CodeTokenExpired) && w.again(ctx) {
		err = do()
	}
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		w.pacer.pause(w.now(), at, limited.RetryAfter)
	}
	return callError(ctx, method, err)
}
