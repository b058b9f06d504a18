package web

import "testing"

// stateScenarios are pages that begin without a view.
func stateScenarios(t *testing.T) map[string]scenario {
	down := Message{Kind: MessageWarning, Title: "Down", Text: "No answer.", Retry: 1, Action: "Now", ActionCall: ActionView}
	pause := Message{Kind: MessageWarning, Title: "Pause", Text: "Too much.", Retry: 3600}
	return map[string]scenario{
		"no view, looks again by itself": {
			shell:   gadget(MessageView(down)),
			answers: []answer{fragment(t, 502, MessageView(down)), fragment(t, 200, titled("Back", false))},
			act:     func(b *tab, _ *site) { b.Until(isWorkload) },
			calls:   []string{"GET /view?x=1&fresh=1 JWT session", "GET /view?x=1&fresh=1 JWT session"},
		},
		"another reason takes the first one's place": {
			shell:   gadget(MessageView(down)),
			answers: []answer{fragment(t, 429, MessageView(pause))},
			act: func(b *tab, _ *site) {
				b.Click("[data-action=view]")
				b.Until(`document.querySelector("h2").textContent === "Pause"`)
				b.want(says, "")
			},
			calls: []string{"GET /view?x=1&fresh=1 JWT session"},
		},
		"a view stays, with a word": {
			shell:   gadget(titled("Old", true)),
			answers: []answer{fragment(t, 429, MessageView(pause))},
			act: func(b *tab, _ *site) {
				b.Until(says + ` !== ""`)
				b.want(says, "Could not update the numbers. Too much.")
				b.want(isWorkload, "true")
			},
			calls: []string{"GET /view?x=1&fresh=1 JWT session"},
		},
	}
}
