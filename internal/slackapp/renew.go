package slackapp

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// Renewals keeps tokens that are renewed. A renewal is a lease that one program
// of all on a database holds.
type Renewals interface {
	// BeginSlackRenewal takes the lease until then; false if another program has
	// it, or if the token is no longer the one in in.
	BeginSlackRenewal(ctx context.Context, in Install, until time.Time) (begun bool, err error)
	// SaveSlackRenewal stores new tokens and ends the lease; false if the workspace
	// was installed again or left meanwhile.
	SaveSlackRenewal(ctx context.Context, in Install, until time.Time) (saved bool, err error)
	// EndSlackRenewal forgets a refresh token that Slack does not take.
	EndSlackRenewal(ctx context.Context, team string, until time.Time) error
}

const (
	// renewalLease outlasts a call to Slack and every try to store its answer. A
	// renewal whose answer was lost is tried again after it.
	renewalLease = 40 * time.Second
	// saveTries is how often new tokens are stored: the refresh token before them
	// works no more.
	saveTries = 4
	// savePause is how long to wait between them.
	savePause = 2 * time.Second
)

// Renew renews a workspace's token if that is due. It does nothing if another
// program does so.
func (s *Surface) Renew(ctx context.Context, team string) error {
	in, err := s.stored(ctx, team)
	if errors.Is(err, connect.ErrNotFound) || err == nil && !in.due(s.now()) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.renew(ctx, in)
	return err
}

// stored is what the database has of a workspace; that the app is not there is not
// the database's fault.
func (s *Surface) stored(ctx context.Context, team string) (Install, error) {
	in, err := s.find(ctx, team)
	if err != nil && !errors.Is(err, connect.ErrNotFound) {
		err = ownError{err}
	}
	return in, err
}

func sameToken(a, b Install) bool { return a.Token.Reveal() == b.Token.Reveal() }

// fresh is a workspace whose token is renewed if that is due. While the old one
// lasts, it does for a call when renewing failed.
func (s *Surface) fresh(ctx context.Context, team string) (Install, error) {
	in, err := s.stored(ctx, team)
	if err != nil || in.Token.IsZero() || !in.due(s.now()) {
		return in, err
	}
	next, err := s.renew(ctx, in)
	if err != nil && !in.Ended(s.now()) {
		return in, nil
	}
	return next, err
}

// renew asks Slack for new tokens and stores them before anybody uses them. If
// another program does, or did, it returns what is stored.
func (s *Surface) renew(ctx context.Context, in Install) (Install, error) {
	until := s.now().Add(renewalLease)
	begun, err := s.renewals.BeginSlackRenewal(ctx, in, until)
	if err != nil {
		return in, ownError{err}
	}
	if !begun {
		return s.renewed(ctx, in)
	}
	// The refresh token works once: what has begun is carried through, even if
	// nobody waits for it any more.
	ctx = context.WithoutCancel(ctx)
	g, err := s.grant(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {in.Refresh.Reveal()}})
	if err == nil && (!g.isBot() || g.Team.ID != in.Team) {
		err = &Error{grantMethod, codeNoBotToken}
	}
	if err != nil {
		return in, s.notRenewed(ctx, in, until, err)
	}
	next := in
	got := g.install(s.now())
	next.Token, next.Refresh, next.Ends, next.RenewAt = got.Token, got.Refresh, got.Ends, got.RenewAt
	return s.store(ctx, next, until)
}

// renewed is a workspace whose token another program renews.
func (s *Surface) renewed(ctx context.Context, in Install) (Install, error) {
	next, err := s.stored(ctx, in.Team)
	if err == nil && sameToken(next, in) && in.Ended(s.now()) && !next.Refresh.IsZero() {
		return in, fmt.Errorf("slack %s: another renewal is under way: %w", grantMethod, &waitError{savePause})
	}
	return next, err
}

// notRenewed ends the use of a refresh token that Slack refuses. After any other
// failure it is tried again when the lease has ended.
func (s *Surface) notRenewed(ctx context.Context, in Install, until time.Time, err error) error {
	if !IsCode(err, CodeInvalidRefreshToken, CodeTokenRevoked, CodeTokenExpired, CodeAccountInactive, CodeTeamNotFound) {
		return fmt.Errorf("renew the token of slack workspace %q: %w", in.Team, err)
	}
	s.log.ErrorContext(ctx, "a slack workspace's token cannot be renewed: its refresh token was used before and the answer to that was lost,"+
		" or access was taken away. Add the app again, from its Configure page in Jira",
		"team", in.Team, "workspace", in.TeamName, "ends", in.Ends, "error", err)
	if failed := s.renewals.EndSlackRenewal(ctx, in.Team, until); failed != nil {
		return ownError{failed}
	}
	return err
}

// store keeps new tokens, and tries again: no one else knows them.
func (s *Surface) store(ctx context.Context, in Install, until time.Time) (Install, error) {
	var err error
	for try := range saveTries {
		if try > 0 {
			_ = s.sleep(ctx, savePause) // the context does not end
		}
		var saved bool
		saved, err = s.renewals.SaveSlackRenewal(ctx, in, until)
		if err == nil && !saved {
			return s.stored(ctx, in.Team) // installed again, or left
		}
		if err == nil {
			s.log.InfoContext(ctx, "renewed a slack workspace's token", "team", in.Team, "ends", in.Ends)
			return in, nil
		}
	}
	s.log.ErrorContext(ctx, "a slack workspace's new token could not be stored: add the app again, from its Configure page in Jira,"+
		" once the database takes writes", "team", in.Team, "error", err)
	return in, ownError{err}
}

// again renews a token of which Slack says that it has ended, and reports whether
// there is another one now.
func (w *workspace) again(ctx context.Context) bool {
	if w.install.Refresh.IsZero() {
		return false
	}
	next, err := w.renew(ctx, w.install)
	if err != nil || next.Token.IsZero() || sameToken(next, w.install) {
		return false
	}
	w.install, w.slack = next, w.client(next)
	return true
}
