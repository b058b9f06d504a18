package slackrest

import "encoding/json"

// fits reports whether the texts and lists of a view, of blocks or of options are
// within Slack's limits: one that is not has the whole refused.
//
// See https://docs.slack.dev/reference/block-kit and
// https://docs.slack.dev/reference/views/modal-views
func fits(raw []byte) bool {
	var all any
	return json.Unmarshal(raw, &all) == nil && fit{}.in(all)
}

// fit looks into a member of a value: in is the type of the object around it, or the
// member in which it is if it has no type.
type fit struct{ around, member string }

func (f fit) in(value any) bool {
	switch value := value.(type) {
	case string:
		return len([]rune(value)) <= f.mostInString()
	case []any:
		return len(value) <= f.mostInList() && all(value, f.in)
	case map[string]any:
		if text, ok := value["text"].(string); ok {
			return within(text, f.mostInText())
		}
		kind, ok := value["type"].(string)
		if !ok {
			kind = f.member
		}
		for name, inner := range value {
			if !(fit{kind, name}).in(inner) {
				return false
			}
		}
	}
	return true
}

func all(list []any, ok func(any) bool) bool {
	for _, value := range list {
		if !ok(value) {
			return false
		}
	}
	return true
}

// mostInText is how many characters a text object may have; at least one.
func (f fit) mostInText() int {
	switch f.around + "." + f.member {
	case "modal.title", "modal.submit", "modal.close":
		return maxTitle
	case "confirm.confirm", "confirm.deny":
		return 30
	case "options.text", "initial_option.text", "initial_options.text", "option_groups.label", "button.text":
		return maxOptionText
	case "confirm.title":
		return 100
	case "confirm.text":
		return 300
	case "input.label", "input.hint":
		return 2000
	}
	if f.member == "placeholder" {
		return 150
	}
	return 3000
}

func (f fit) mostInString() int {
	switch f.around + "." + f.member {
	case "options.value", "initial_option.value", "initial_options.value":
		return maxOptionSize
	case "button.value":
		return 2000
	case "modal.private_metadata", "plain_text_input.initial_value":
		return maxMetadata
	}
	if f.member == "block_id" || f.member == "action_id" || f.member == "callback_id" {
		return 255
	}
	return maxView
}

func (f fit) mostInList() int {
	switch f.around + "." + f.member {
	case "checkboxes.options", "context.elements", "section.fields":
		return 10
	case "actions.elements":
		return 25
	}
	return maxOptions // also the blocks of a view
}
