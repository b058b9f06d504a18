package web

import (
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/browsertest"
)

const (
	isForm     = `document.querySelector("[data-fragment=config]") !== null`
	isWorkload = `document.querySelector("[data-fragment=workload]") !== null`
	says       = `document.querySelector("[data-status]").textContent`
)

func gadget(body templ.Component) Shell {
	return Shell{
		L: english(), Title: "Workload", Kind: KindGadget, Session: "session", Body: body,
		Calls: Calls{View: "/call/view?x=1", Form: "/call/form"},
	}
}

func titled(title string, stale bool) templ.Component {
	w := workload()
	w.Title, w.Stale = title, stale
	for i := range w.Rows {
		w.Rows[i].AvatarURL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
	}
	w.Unassigned.AvatarURL = ""
	return WorkloadView(w)
}

func callForm(errors map[string]string) templ.Component {
	f := form(FormGadget)
	f.Save, f.Errors = "/call/save", errors
	return ConfigView(f)
}

// scenario is one page, the app's answers in turn, and what a person does.
type scenario struct {
	shell   Shell
	host    string // "" is one that works
	answers []answer
	act     func(b *tab, s *site)
	calls   []string // all the calls made
}

func TestScripts(t *testing.T) {
	t.Parallel()
	chromium := browsertest.Start(t)
	for _, scenarios := range []map[string]scenario{
		gadgetScenarios(t), hostScenarios(t), saveScenarios(t), sessionScenarios(t), refreshScenarios(t), chatScenarios(t),
		choiceScenarios(t), issueScenarios(t), stateScenarios(t), takeScenarios(t),
	} {
		for name, tt := range scenarios {
			t.Run(name, func(t *testing.T) { tt.play(t, chromium) })
		}
	}
}

func (tt scenario) play(t *testing.T, chromium *browsertest.Browser) {
	host := tt.host
	if host == "" {
		host = hostScript
	}
	s := newSite(t, tt.shell, host, tt.answers...)
	b := open(t, chromium, s)
	tt.act(b, s)
	if diff := cmp.Diff(tt.calls, s.asked()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	b.want(`broken.join("; ")`, "")
}

func gadgetScenarios(t *testing.T) map[string]scenario {
	return map[string]scenario{
		"first paint": {
			shell: gadget(titled("My team", false)),
			act: func(b *tab, _ *site) {
				b.Until(`asked.includes("theme")`)
				b.want(`asked.join()`, "theme,title My team,resize")
			},
		},
		"show all, without a call": {
			shell: gadget(titled("My team", false)),
			act: func(b *tab, _ *site) {
				b.Until(`asked.includes("resize")`)
				b.want(`getComputedStyle(document.querySelector(".extra")).display`, "none")
				b.Do(`asked = []; document.querySelector("#sl-all").click()`)
				b.want(`getComputedStyle(document.querySelector(".extra")).display`, "table-row")
				b.want(`asked.join()`, "resize")
			},
		},
		"edit twice, then cancel": {
			shell:   gadget(titled("My team", false)),
			answers: []answer{fragment(t, 200, callForm(nil))},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`edit()`)
				b.Until(isForm)
				b.want(`document.activeElement.id`, "sl-search")
				b.Do(`edit()`)
				b.Click("[data-action=cancel]")
				b.Until(isWorkload)
				b.want(`document.activeElement.dataset.fragment`, "workload")
			},
			calls: []string{"GET /form JWT session"},
		},
	}
}

func hostScenarios(t *testing.T) map[string]scenario {
	return map[string]scenario{
		"outside a host": {
			shell:   gadget(MessageView(Message{Action: "Choose", ActionCall: ActionEdit})),
			host:    `window.broken = []`,
			answers: []answer{fragment(t, 200, callForm(nil)), {status: 401}},
			act:     editThenRefused,
			calls:   []string{"GET /form JWT session", "POST /save JWT session"},
		},
		"host that throws": {
			shell:   gadget(MessageView(Message{Action: "Choose", ActionCall: ActionEdit})),
			host:    brokenHost,
			answers: []answer{fragment(t, 200, callForm(nil)), {status: 401}},
			act:     editThenRefused,
			calls:   []string{"GET /form JWT session", "POST /save JWT session"},
		},
	}
}

func refreshScenarios(t *testing.T) map[string]scenario {
	held := make(chan struct{})
	slow := fragment(t, 200, titled("Late", false))
	slow.wait = held
	return map[string]scenario{
		"stale, and still stale after": {
			shell:   gadget(titled("Old", true)),
			answers: []answer{fragment(t, 200, titled("New", true))},
			act: func(b *tab, _ *site) {
				b.Until(`asked.includes("title New")`)
			},
			calls: []string{"GET /view?x=1&fresh=1 JWT session"},
		},
		"focus and opened list outlive a refresh": {
			shell:   gadget(titled("Old", false)),
			answers: []answer{fragment(t, 200, titled("New", false))},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Click("#sl-all")
				b.Do(`document.querySelectorAll("tbody a")[6].focus()`)
				b.want(`document.activeElement.ariaLabel`, "4 To do, Ben")
				b.Do(`const again = document.createElement("button"); again.dataset.action = "view"; document.querySelector("[data-slot]").append(again); again.click();`)
				b.Until(`asked.includes("title New")`)
				b.want(`document.querySelector("#sl-all").checked`, "true")
				b.want(`document.activeElement.ariaLabel`, "4 Open, Ben")
			},
			calls: []string{"GET /view?x=1&fresh=1 JWT session"},
		},
		"stale answer that comes after the form": {
			shell:   gadget(titled("Old", true)),
			answers: []answer{slow, fragment(t, 200, callForm(nil)), fragment(t, 200, titled("New", false))},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`edit()`)
				b.Until(isForm)
				close(held)
				b.Click("[data-action=cancel]")
				b.Until(`asked.includes("title New")`)
				b.want(`asked.includes("title Late")`, "false")
			},
			calls: []string{"GET /view?x=1&fresh=1 JWT session", "GET /form JWT session", "GET /view?x=1&fresh=1 JWT session"},
		},
		"refresh fails": {
			shell:   gadget(titled("Old", true)),
			answers: []answer{problem(502, "Jira did not answer.")},
			act: func(b *tab, _ *site) {
				b.Until(says + ` !== ""`)
				b.want(says, "Could not update the numbers. Jira did not answer.")
				b.want(isWorkload, "true")
			},
			calls: []string{"GET /view?x=1&fresh=1 JWT session"},
		},
	}
}

func chatScenarios(t *testing.T) map[string]scenario {
	return map[string]scenario{
		"chat dialog": {
			shell: Shell{L: english(), Kind: KindChatDialog, Body: callForm(nil)},
			answers: []answer{
				fragment(t, 422, callForm(map[string]string{FieldProjects: "Choose one."})),
				{status: 204},
			},
			act: func(b *tab, _ *site) {
				b.Until(`window.actions?.save`)
				b.Do(`actions.save()`)
				b.Until(`document.querySelector("#sl-projects-error") !== null`)
				b.want(`document.activeElement.id`, "sl-search")
				b.want(`asked.includes("close")`, "false")
				b.Do(`actions.save()`)
				b.Until(`asked.includes("close")`)
			},
			calls: []string{"POST /save Bearer host-1", "POST /save Bearer host-1"},
		},
		"chat dialog cancelled": {
			shell: Shell{L: english(), Kind: KindChatDialog, Body: callForm(nil)},
			act: func(b *tab, _ *site) {
				b.Until(`window.actions?.cancel`)
				b.Do(`actions.cancel()`)
				b.Until(`asked.includes("close")`)
			},
		},
		"chat sidebar": {
			shell:   Shell{L: english(), Kind: KindChatSidebar, Session: "s", Body: titled("Old", true), Calls: Calls{View: "/call/view"}},
			answers: []answer{fragment(t, 200, titled("New", false))},
			act: func(b *tab, _ *site) {
				b.Until(`asked.includes("title New")`)
				b.want(`"save" in actions`, "false")
			},
			calls: []string{"GET /view?fresh=1 Bearer s"},
		},
	}
}

func editThenRefused(b *tab, _ *site) {
	b.Until(`document.readyState === "complete"`)
	b.Click("[data-action=edit]")
	b.Until(isForm)
	b.Do(`document.querySelector("form").requestSubmit()`)
	b.Until(says + ` !== ""`)
	b.want(says, "Could not save. Your session has ended, or Sightline was removed from this site. Reload the page.")
}
