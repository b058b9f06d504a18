package slack

import (
	"cmp"
	"strings"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/web"
)

// The limits of Slack that names and settings could exceed; texts in characters.
// Slack refuses a view or a list whole for one text that is too long. The fixed
// texts of internal/lang are within their own limits: a test looks.
//
// See https://docs.slack.dev/reference/block-kit/composition-objects/option-object,
// https://docs.slack.dev/reference/block-kit/composition-objects/option-group-object
// and https://docs.slack.dev/reference/block-kit/blocks/input-block
const (
	maxOptions = 100  // of a list
	maxChoice  = 75   // the text of an option, and the heading of a list
	maxValue   = 150  // the value of an option
	maxHint    = 2000 // the text under a field
)

// clip shortens a text to a limit. What was cut ends in "…".
func clip(text string, most int) string {
	if form.Shorten(text, most) == text {
		return text
	}
	return form.Shorten(text, most-1) + "…"
}

// named is a name with its key, which stays whole where the name is cut.
func named(name, key string) string {
	if suffix := " (" + key + ")"; len(suffix) < maxChoice/2 {
		return clip(name, maxChoice-len(suffix)) + suffix
	}
	return name + " (" + key + ")"
}

// choice is an option, with its value if it has no text.
func choice(value, text string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plain(clip(cmp.Or(strings.TrimSpace(text), value), maxChoice)), nil)
}

// choices are a form's options, all and selected, without those whose value is too
// long for Slack.
func choices(options []web.Option) (all, selected []*slack.OptionBlockObject) {
	for _, o := range options {
		if form.Shorten(o.Value, maxValue) != o.Value {
			continue
		}
		all = append(all, choice(o.Value, o.Label))
		if o.Selected {
			selected = append(selected, all[len(all)-1])
		}
	}
	return all, selected
}
