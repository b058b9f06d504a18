package slackrest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// inputError is a field that the person must correct before the app is asked:
// Slack's own client checks it.
type inputError struct{ block, text string }

func (e *inputError) Error() string { return e.block + ": " + e.text }

// values makes the state of a view from what a person entered: by block, a
// text, a list of texts, or nothing, which leaves the field as it was opened.
func (v *view) values(entered map[string]json.RawMessage) (map[string]any, error) {
	for name := range entered {
		if !slices.ContainsFunc(v.body.Blocks, func(b block) bool { return b.BlockID == name && b.Element != nil }) {
			return nil, fmt.Errorf("values: the view has no field %q", name)
		}
	}
	out := map[string]any{}
	for _, b := range v.body.Blocks {
		if b.Type != "input" {
			continue
		}
		value, err := v.value(b, entered[b.BlockID])
		if err != nil {
			return nil, err
		}
		out[b.BlockID] = map[string]any{b.Element.ActionID: value}
	}
	return out, nil
}

func (v *view) value(b block, raw json.RawMessage) (map[string]any, error) {
	texts, err := b.Element.entered(raw)
	if err != nil {
		return nil, fmt.Errorf("values: %s: %w", b.BlockID, err)
	}
	if len(texts) == 0 && !b.Optional {
		return nil, &inputError{b.BlockID, "Please complete this required field."}
	}
	out := map[string]any{"type": b.Element.Type}
	switch b.Element.Type {
	case "plain_text_input":
		out["value"] = first(texts)
		return out, nil
	case "timepicker":
		out["selected_time"] = first(texts)
		return out, nil
	}
	chosen, err := v.choose(b, texts)
	if err != nil {
		return nil, err
	}
	if b.Element.many() {
		out["selected_options"] = chosen
	} else {
		out["selected_option"] = first(chosen)
	}
	return out, nil
}

// choose finds the options of values; the app must have offered them.
func (v *view) choose(b block, values []string) ([]choice, error) {
	chosen := []choice{}
	for _, value := range values {
		i := slices.IndexFunc(v.offered[b.Element.ActionID], func(c choice) bool { return c.Value == value })
		if i < 0 {
			return nil, fmt.Errorf("values: %s: the app has not offered %q", b.BlockID, value)
		}
		chosen = append(chosen, v.offered[b.Element.ActionID][i])
	}
	if most := b.Element.MaxSelected; most > 0 && len(chosen) > most {
		return nil, &inputError{b.BlockID, fmt.Sprintf("Choose at most %d.", most)}
	}
	return chosen, nil
}

func (e element) many() bool {
	return strings.HasPrefix(e.Type, "multi_") || e.Type == "checkboxes"
}

// entered is what the person entered, or what the field was opened with.
func (e element) entered(raw json.RawMessage) ([]string, error) {
	if raw == nil {
		return e.initial(), nil
	}
	var list []string
	var one string
	switch {
	case json.Unmarshal(raw, &one) == nil:
		if one == "" {
			return nil, nil
		}
		return []string{one}, nil
	case e.many() && json.Unmarshal(raw, &list) == nil:
		return list, nil
	}
	return nil, errors.New("must be a text, or a list of texts for a field with several values")
}

func (e element) initial() []string {
	var list []string
	for _, c := range e.InitialOptions {
		list = append(list, c.Value)
	}
	if e.InitialOption != nil {
		list = append(list, e.InitialOption.Value)
	}
	for _, text := range []string{e.InitialValue, e.InitialTime} {
		if text != "" {
			list = append(list, text)
		}
	}
	return list
}

// first is nil if the list is empty, which becomes null as in Slack.
func first[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}
