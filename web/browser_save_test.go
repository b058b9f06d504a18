package web

import "testing"

func saveScenarios(t *testing.T) map[string]scenario {
	return map[string]scenario{
		"edit, wrong input, then save": {
			shell: gadget(MessageView(Message{Action: "Choose", ActionCall: ActionEdit})),
			answers: []answer{
				fragment(t, 200, callForm(nil)),
				fragment(t, 422, callForm(map[string]string{FieldTitle: "Too long."})),
				fragment(t, 200, titled("Saved", false)),
			},
			act:   editAndSave,
			calls: []string{"GET /form JWT session", "POST /save JWT session", "POST /save JWT session"},
		},
		"save fails in many ways and keeps the input": {
			shell: gadget(callForm(nil)),
			answers: []answer{
				problem(403, "You may not edit this dashboard."),
				{status: 502, kind: "application/problem+json", body: "not json"},
				{status: 403, kind: "text/plain", body: "upstream"},
				{status: 200, kind: "text/html", body: "<p>not a fragment</p>"},
				{status: 200, kind: "application/json", body: "{}"},
				fragment(t, 500, MessageView(Message{Title: "Oh", Text: "Our fault."})),
				fragment(t, 422, MessageView(Message{Text: "Not a form."})),
			},
			act: failToSave,
			calls: []string{
				"POST /save JWT session", "POST /save JWT session", "POST /save JWT session", "POST /save JWT session",
				"POST /save JWT session", "POST /save JWT session", "POST /save JWT session",
			},
		},
		"app gone": {
			shell: gadget(callForm(nil)),
			act: func(b *tab, s *site) {
				b.Until(`window.edit`)
				s.Close()
				b.Do(`document.querySelector("form").requestSubmit()`)
				b.Until(says + ` !== ""`)
				b.want(says, "Could not save. Sightline did not answer. Try again in a moment.")
				b.want(isForm, "true")
			},
		},
	}
}

func editAndSave(b *tab, s *site) {
	b.Until(`window.edit`)
	b.Click("[data-action=edit]")
	b.Until(isForm)
	b.Fill("[name=title]", "A & B")
	b.Click("[type=submit]")
	b.Until(`document.querySelector("#sl-title-error") !== null`)
	b.want(`document.activeElement.id`, "sl-title")
	b.Do(`document.querySelector("form").requestSubmit()`)
	b.Until(isWorkload)
	b.Until(`asked.includes("title Saved")`)
	b.want(`asked.includes("close")`, "false")
	got, want := s.call(1), call{
		"POST", "/save", "JWT session", "application/x-www-form-urlencoded;charset=UTF-8",
		"projects=DEF&projects=OLD&q=&team=role&role=&query=is+assignee+of+ABC&window=14&unit=hours&title=A+%26+B&refresh=15&cancel=1",
	}
	if got != want {
		b.t.Errorf("got %+v, want %+v", got, want)
	}
}

func failToSave(b *tab, _ *site) {
	b.Until(`window.edit`)
	b.Fill("[name=title]", "typed")
	for _, want := range []string{
		"You may not edit this dashboard.", "Something went wrong. Try again in a moment.",
		"You are not allowed to do this.", "Something went wrong. Try again in a moment.",
		"Something went wrong. Try again in a moment.", "Our fault.", "Not a form.",
	} {
		b.Do(`document.querySelector("[data-status]").textContent = ""`)
		b.Do(`document.querySelector("form").requestSubmit()`)
		b.Until(says + ` !== ""`)
		b.want(says, "Could not save. "+want)
	}
	b.want(`document.querySelector("[name=title]").value`, "typed")
}

func sessionScenarios(t *testing.T) map[string]scenario {
	return map[string]scenario{
		"no session": {
			shell: func() Shell {
				s := gadget(titled("Old", true))
				s.Session = ""
				return s
			}(),
			answers: []answer{fragment(t, 200, titled("New", false))},
			act:     func(b *tab, _ *site) { b.Until(`asked.includes("title New")`) },
			calls:   []string{"GET /view?x=1&fresh=1 JWT host-1"},
		},
		"session ended": {
			shell:   gadget(titled("My team", false)),
			answers: []answer{problem(401, "no"), fragment(t, 200, callForm(nil)), fragment(t, 200, titled("Saved", false))},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`edit()`)
				b.Until(isForm)
				b.Do(`document.querySelector("form").requestSubmit()`)
				b.Until(isWorkload)
			},
			calls: []string{"GET /form JWT session", "GET /form JWT host-1", "POST /save JWT host-1"},
		},
		"session ended for good": {
			shell:   gadget(titled("My team", false)),
			answers: []answer{{status: 401}, {status: 401}},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`edit()`)
				b.Until(says + ` !== ""`)
				b.want(says, "Could not open this. Your session has ended, or Sightline was removed from this site. Reload the page.")
				b.want(isWorkload, "true")
			},
			calls: []string{"GET /form JWT session", "GET /form JWT host-1"},
		},
	}
}
