package slackrest

import (
	"strings"
	"testing"
)

// TestFits: each limit holds exactly what Slack documents.
func TestFits(t *testing.T) {
	t.Parallel()
	text := func(n int) string { return `{"type":"plain_text","text":"` + strings.Repeat("ü", n) + `"}` }
	list := func(n int, item string) string { return "[" + strings.Repeat(item+",", n-1) + item + "]" }
	option := func(texts, values int) string {
		return `{"text":` + text(texts) + `,"value":"` + strings.Repeat("v", values) + `"}`
	}
	for name, limit := range map[string]struct {
		most int
		of   func(n int) string
	}{
		"title":        {24, func(n int) string { return `{"type":"modal","title":` + text(n) + `}` }},
		"close":        {24, func(n int) string { return `{"type":"modal","close":` + text(n) + `}` }},
		"metadata":     {3000, func(n int) string { return `{"type":"modal","private_metadata":"` + strings.Repeat("m", n) + `"}` }},
		"section":      {3000, func(n int) string { return `[{"type":"section","text":` + text(n) + `}]` }},
		"context":      {3000, func(n int) string { return `[{"type":"context","elements":[` + text(n) + `]}]` }},
		"context list": {10, func(n int) string { return `[{"type":"context","elements":` + list(n, text(1)) + `}]` }},
		"label":        {2000, func(n int) string { return `[{"type":"input","label":` + text(n) + `}]` }},
		"hint":         {2000, func(n int) string { return `[{"type":"input","hint":` + text(n) + `}]` }},
		"placeholder": {150, func(n int) string {
			return `[{"type":"input","element":{"type":"external_select","placeholder":` + text(n) + `}}]`
		}},
		"option":  {75, func(n int) string { return `{"options":[` + option(n, 1) + `]}` }},
		"value":   {150, func(n int) string { return `{"options":[` + option(1, n) + `]}` }},
		"options": {100, func(n int) string { return `{"options":` + list(n, option(1, 1)) + `}` }},
		"initial": {75, func(n int) string {
			return `[{"type":"input","element":{"type":"static_select","initial_option":` + option(n, 1) + `}}]`
		}},
		"initials": {150, func(n int) string {
			return `[{"type":"input","element":{"type":"checkboxes","initial_options":[` + option(1, n) + `]}}]`
		}},
		"checkboxes": {10, func(n int) string {
			return `[{"type":"input","element":{"type":"checkboxes","options":` + list(n, option(1, 1)) + `}}]`
		}},
		"heading": {75, func(n int) string {
			return `{"option_groups":[{"label":` + text(n) + `,"options":[` + option(1, 1) + `]}]}`
		}},
		"in a group": {75, func(n int) string {
			return `{"option_groups":[{"label":` + text(1) + `,"options":[` + option(n, 1) + `]}]}`
		}},
		"group": {100, func(n int) string {
			return `{"option_groups":[{"label":` + text(1) + `,"options":` + list(n, option(1, 1)) + `}]}`
		}},
		"button": {75, func(n int) string {
			return `[{"type":"actions","elements":[{"type":"button","text":` + text(n) + `}]}]`
		}},
		"question":   {100, func(n int) string { return `[{"type":"button","confirm":{"title":` + text(n) + `}}]` }},
		"question's": {300, func(n int) string { return `[{"type":"button","confirm":{"text":` + text(n) + `}}]` }},
		"yes":        {30, func(n int) string { return `[{"type":"button","confirm":{"confirm":` + text(n) + `}}]` }},
		"no":         {30, func(n int) string { return `[{"type":"button","confirm":{"deny":` + text(n) + `}}]` }},
		"id":         {255, func(n int) string { return `[{"type":"input","block_id":"` + strings.Repeat("b", n) + `"}]` }},
	} {
		if !fits([]byte(limit.of(1))) || !fits([]byte(limit.of(limit.most))) || fits([]byte(limit.of(limit.most+1))) {
			t.Errorf("%s: up to %d fit, and no more: %v %v %v", name, limit.most,
				fits([]byte(limit.of(1))), fits([]byte(limit.of(limit.most))), fits([]byte(limit.of(limit.most+1))))
		}
	}
	for _, empty := range []string{`[{"type":"section","text":` + text(0) + `}]`, `{"options":[` + option(0, 1) + `]}`, "not JSON"} {
		if fits([]byte(empty)) {
			t.Errorf("%s fits", empty)
		}
	}
}

// TestSuggestionsUnderAHeading: options in groups are offered like others, with the
// heading of their group; what Slack would refuse is not.
func TestSuggestionsUnderAHeading(t *testing.T) {
	t.Parallel()
	s := opened(t)
	body := func(heading, value string) string {
		return `{"option_groups":[{"label":{"type":"plain_text","text":"` + heading + `"},
			"options":[{"text":{"type":"plain_text","text":"A"},"value":"` + value + `"}]}]}`
	}
	for _, test := range []struct {
		body string
		want bool
	}{
		{body("The first 100", "A"), true},
		{body(strings.Repeat("x", 76), "A"), false},
		{body("", "A"), false},
		{body("x", ""), false},
		{`{"option_groups":[{"label":{"type":"plain_text","text":"x"},"options":[]}]}`, false},
	} {
		s.reply = func(Call) (Reply, error) { return Reply{Status: 200, Body: []byte(test.body)}, nil }
		list, err := s.Suggest(t.Context(), ann, "p", "")
		if (err == nil) != test.want || test.want && (len(list) != 1 || list[0] != Option{Value: "A", Text: "A", Heading: "The first 100"}) {
			t.Errorf("%s: got %+v, %v", test.body, list, err)
		}
	}
	if wrong, err := s.Submit(t.Context(), ann, raw(map[string]any{"p": []string{"A"}})); err == nil && len(wrong) > 0 {
		t.Errorf("an option of a group cannot be chosen: %v", wrong)
	}
}
