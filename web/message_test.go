package web

import (
	"testing"
)

func TestMessageView(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		message Message
		want    wanted
	}{
		"empty": {
			Message{Kind: MessageEmpty, Title: "Not set up", Text: "Choose projects.", Action: "Choose", ActionCall: ActionEdit},
			wanted{
				yes: []string{`class="message message-empty" data-fragment="message" role="note"`, `<h2>Not set up</h2>`, `data-action="edit">Choose</button>`},
				no:  []string{"<pre"},
			},
		},
		"error":   {Message{Kind: MessageError, Text: "No."}, wanted{yes: []string{`message-error`, `role="alert"`}, no: []string{"<h2>", "<button"}}},
		"warning": {Message{Kind: MessageWarning, Action: "Again", ActionCall: ActionView}, wanted{yes: []string{`message-warning`, `data-action="view"`}}},
		"unknown": {Message{Kind: `x" onload="`}, wanted{yes: []string{`message-info`}, no: []string{"onload"}}},
		"details": {Message{Details: []string{"GET&/a", "GET&/<b>"}}, wanted{yes: []string{`(?s)GET&amp;/a</pre>.*GET&amp;/&lt;b&gt;</pre>`}}},
		"escaped": {
			Message{Title: nasty, Text: nasty, Action: nasty, ActionCall: nasty},
			wanted{yes: []string{"&lt;script&gt;"}, no: []string{"<script"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.check(t, render(t, MessageView(tt.message)))
		})
	}
}
