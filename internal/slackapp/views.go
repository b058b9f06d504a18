package slackapp

import (
	"context"

	"github.com/slack-go/slack"
)

// OpenView opens a modal for the person behind a trigger, which is good for
// three seconds and once.
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

// UpdateView puts another view in the place of an open one.
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
