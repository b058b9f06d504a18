package slackapp

import (
	"context"

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
