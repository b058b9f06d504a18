package slackrest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Suggest asks the app for the options of an external select, as a person who
// types does.
func (s *Server) Suggest(ctx context.Context, user, block, typed string) ([]Option, error) {
	s.mu.Lock()
	v, app, err := s.modal(user)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	action := v.action(block)
	payload := s.interaction("block_suggestion", user, v, nil)
	payload["block_id"], payload["action_id"], payload["value"] = block, action, typed
	s.mu.Unlock()
	reply, err := s.sendPayload(ctx, app, "slack.options", app.OptionsURL, user, payload)
	if err != nil {
		return nil, fmt.Errorf("options: %w", err)
	}
	var out offer
	if json.Unmarshal(reply.Body, &out) != nil || !out.valid() || !fits(reply.Body) {
		return nil, errors.New("options: the app's answer is not a list of at most 100 options, or of groups of them")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range out.groups() {
		v.offered[action] = append(v.offered[action], g.Options...)
	}
	return out.options(), nil
}

// offer is the app's answer: options, or groups of them.
type offer struct {
	Options []choice `json:"options"`
	Groups  []group  `json:"option_groups"`
}

type group struct {
	Label   text     `json:"label"`
	Options []choice `json:"options"`
}

func (o offer) groups() []group { return append([]group{{Options: o.Options}}, o.Groups...) }

func (o offer) valid() bool {
	for i, g := range o.groups() {
		if i > 0 && (g.Label.Text == "" || len(g.Options) == 0) || !validChoices(g.Options) {
			return false
		}
	}
	return true
}

func (o offer) options() []Option {
	out := []Option{}
	for _, g := range o.groups() {
		for _, c := range g.Options {
			out = append(out, Option{c.Value, c.Text.Text, g.Label.Text})
		}
	}
	return out
}

func (v *view) action(id string) string {
	for _, b := range v.body.Blocks {
		if b.BlockID == id && b.Element != nil {
			return b.Element.ActionID
		}
	}
	return ""
}

// Click presses a button of the modal that a person has open.
func (s *Server) Click(ctx context.Context, user, action string) error {
	s.mu.Lock()
	v, app, err := s.modal(user)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	pressed, ok := v.button(action)
	if !ok {
		s.mu.Unlock()
		return fmt.Errorf("button %q: %w", action, ErrNotFound)
	}
	payload := s.interaction("block_actions", user, v, nil)
	payload["actions"] = []map[string]any{pressed}
	s.mu.Unlock()
	if _, err = s.sendPayload(ctx, app, "slack.click", app.InteractionsURL, user, payload); err != nil {
		return fmt.Errorf("click: %w", err)
	}
	return nil
}

func (v *view) button(action string) (map[string]any, bool) {
	for _, b := range v.body.Blocks {
		for _, e := range b.all() {
			if e.ActionID == action && e.Type == "button" {
				return map[string]any{"type": "button", "action_id": action, "block_id": b.BlockID, "value": e.Value}, true
			}
		}
	}
	return nil, false
}
