package web

import (
	"testing"
)

func form(kind FormKind) ConfigForm {
	return ConfigForm{
		Kind: kind, Save: "/base/save?item=1",
		Projects: []Option{{"ABC", "Alpha", false}, {"DEF", "Delta", true}},
		Roles:    []Option{{"", "All assignees", true}, {"10002", "Developers", false}},
		Windows:  []Option{{"7", "7 days", false}, {"14", "14 days", true}},
		Units:    []Option{{"hours", "Hours", true}},
		Chat:     chatForm(),
		Title:    "My team", Cancel: true,
	}
}

func TestConfigView(t *testing.T) {
	t.Parallel()
	with := func(change func(*ConfigForm)) ConfigForm {
		f := form(FormGadget)
		change(&f)
		return f
	}
	tests := map[string]struct {
		form ConfigForm
		want wanted
	}{
		"gadget": {form(FormGadget), wanted{
			yes: []string{
				`<form\s+class="config"\s+method="post"\s+action="/base/save\?item=1"\s+data-fragment="config"\s+data-title="My team"`,
				`(?s)value="DEF" checked>.*value="ABC">`,
				`(?s)name="projects".*name="role".*name="window".*name="unit".*name="title".*>Save<.*>Cancel<`,
				`<label for="sl-role">Team</label>\s*<select id="sl-role" name="role" aria-describedby="sl-role-help">`,
				`<option value="14" selected>14 days</option>`,
				`name="title" value="My team" maxlength="80"`,
			},
			no: []string{`name="zone"`, "Reads now", "aria-invalid", `class="error"`, "No such project</p>x", ` style=`},
		}},
		"chat": {form(FormChat), wanted{
			yes: []string{`name="zone"`, `<option value="Europe/Berlin" selected>`, `12 open · 3 overdue`},
			no:  []string{`name="unit"`, `name="title"`, "<button"},
		}},
		"first time":  {with(func(f *ConfigForm) { f.Cancel, f.Title = false, "" }), wanted{no: []string{"Cancel", "data-title"}}},
		"no projects": {with(func(f *ConfigForm) { f.Projects = nil }), wanted{yes: []string{`data-none>No such project`}}},
		"errors": {
			with(func(f *ConfigForm) {
				f.Problem = "Jira did not answer."
				f.Errors = map[string]string{FieldProjects: "Choose one.", FieldRole: "No such role.", FieldTitle: "Too long.", "odd": "x"}
			}),
			wanted{yes: []string{
				`role="alert">Jira did not answer.`,
				`<fieldset class="field" aria-describedby="sl-projects-error" aria-invalid="true">`,
				`id="sl-projects-error">Choose one.`,
				`name="role" aria-describedby="sl-role-help sl-role-error" aria-invalid="true"`,
				`maxlength="80" aria-describedby="sl-title-error" aria-invalid="true"`,
			}, no: []string{"sl-odd", "sl-window-error"}},
		},
		"escaped": {
			with(func(f *ConfigForm) {
				f.Title, f.Problem = nasty, nasty
				f.Projects, f.Roles = []Option{{nasty, nasty, true}}, []Option{{nasty, nasty, true}}
				f.Errors = map[string]string{FieldTitle: nasty}
			}),
			wanted{yes: []string{"&lt;script&gt;"}, no: []string{"<script"}},
		},
		"address of another kind": {
			with(func(f *ConfigForm) { f.Save = "javascript:alert(1)" }),
			wanted{no: []string{"javascript:"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.check(t, render(t, ConfigView(tt.form)))
		})
	}
}

func TestConfigViewLeavesTheOptionsAlone(t *testing.T) {
	t.Parallel()
	f := form(FormGadget)
	render(t, ConfigView(f))
	if got, want := f.Projects[0].Value, "ABC"; got != want {
		t.Errorf("first project is %q after rendering, want %q", got, want)
	}
}
