package slackapp

import (
	"context"
	"net/url"

	"github.com/slack-go/slack"
)

// OpenView opens a modal for the person behind a trigger, which works once
// within three seconds.
func (s *Surface) OpenView(ctx context.Context, team, trigger string, view slack.ModalViewRequest) error {
	in, err := s.enter(ctx, team)
	if err != nil {
		return err
	}
	return in.call(ctx, "views.open", "", func() error {
		_, err := in.slack.OpenViewContext(ctx, trigger, view)
		return err
	})
}

// UpdateView replaces an open view with another.
func (s *Surface) UpdateView(ctx context.Context, team, id string, view slack.ModalViewRequest) error {
	in, err := s.enter(ctx, team)
	if err != nil {
		return err
	}
	return in.call(ctx, "views.update", "", func() error {
		_, err := in.slack.UpdateViewContext(ctx, view, "", "", id)
		return err
	})
}

// Describe asks Slack what a workspace is called and which host is its own, such
// as harbour.slack.com. It needs no scope.
// See https://docs.slack.dev/reference/methods/auth.test
func (s *Surface) Describe(ctx context.Context, team string) (name, host string, err error) {
	in, err := s.enter(ctx, team)
	if err != nil {
		return "", "", err
	}
	err = in.call(ctx, "auth.test", "", func() error {
		got, err := in.slack.AuthTestContext(ctx)
		if err != nil {
			return err
		}
		at, err := url.Parse(got.URL)
		if err != nil || at.Host == "" || got.TeamID != team {
			return slack.SlackErrorResponse{Err: string(codeNotInstalled)}
		}
		name, host = got.Team, at.Host
		return nil
	})
	return name, host, err
}
