package web

import (
	"testing"

	"github.com/sightline-go/sightline/internal/lang"
)

func form(kind FormKind) ConfigForm {
	l := english()
	f := ConfigForm{
		L: l, Kind: kind, Save: "/base/save?item=1",
		Projects: ProjectPicker{
			URL: "/call/projects?item=1", Max: 20, Chosen: []Project{{Key: "DEF", Name: "Delta"}, {Key: "OLD", Hidden: true}},
			Found: Projects{L: l, Found: []Project{{Key: "ABC", Name: "Alpha"}}},
		},
		Windows: []Option{{"7", "7 days", false}, {"14", "14 days", true}},
	}
	if kind == FormChat {
		f.Chat = chatForm()
		return f
	}
	f.Team = &TeamField{
		Choice: TeamRole, Query: "is assignee of ABC", PeopleURL: "/call/people?item=1", People: People{L: l},
		Roles: RoleField{L: l, URL: "/call/roles?item=1", Roles: []Option{{"", "Choose a role", true}, {"10002", "Developers", false}}},
	}
	f.Units, f.UnitHelp = []Option{{"hours", "Hours", true}}, "8 hours a day"
	f.Refreshes = []Option{{"15", "Every 15 minutes", true}}
	f.Title, f.DefaultTitle, f.Cancel = "My team", "Team workload", true
	return f
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
				`<input type="hidden" name="projects" value="DEF">.*Delta \(DEF\).*aria-label="Remove Delta \(DEF\)"`,
				`class="pick pick-hidden">.*value="OLD">.*<em>not visible to you</em>`,
				`role="combobox"[^>]* aria-expanded="false" aria-controls="sl-found"[^>]* data-live="/call/projects\?item=1" data-into="sl-found" aria-describedby="sl-count"`,
				`<div class="found" id="sl-found" role="listbox"[^>]*>.*role="option" id="sl-option-ABC"[^>]*>.*<template>.*value="ABC"`,
				`<output data-count>2</output>/20`,
				`(?s)name="projects".*name="team".*name="role".*name="query".*name="window".*name="unit".*name="title".*name="refresh".*>Save<.*name="cancel".*>Cancel<`,
				`id="sl-team-role" name="team" value="role" checked>`,
				`data-follows data-live="/call/roles\?item=1" data-into="sl-roles"`,
				`<select id="sl-role" name="role" aria-label="A project role">`,
				`data-live="/call/people\?item=1" data-into="sl-people">is assignee of ABC</textarea>`,
				`<option value="14" selected>14 days</option>`,
				`aria-describedby="sl-unit-help".*id="sl-unit-help">8 hours a day<`,
				`name="title" value="My team" placeholder="Team workload" maxlength="80"`,
			},
			no: []string{`name="zone"`, "Now shows", "aria-invalid", `<p class="error" id`, ` style=`},
		}},
		"chat": {form(FormChat), wanted{
			yes: []string{`role="combobox"`, `name="zone"`, `<option value="Europe/Berlin" selected>`, `12 open · 3 overdue`},
			no:  []string{`name="unit"`, `name="title"`, `name="team"`, `name="refresh"`, `type="submit"`},
		}},
		"German":     {with(func(f *ConfigForm) { f.L = lang.New().Of("de") }), wanted{yes: []string{"Projekte suchen", ">Speichern<"}, no: []string{">Save<"}}},
		"first time": {with(func(f *ConfigForm) { f.Cancel, f.Title = false, "" }), wanted{no: []string{"Cancel", "data-title"}}},
		"nothing found": {
			with(func(f *ConfigForm) { f.Projects.Found.Found = nil }),
			wanted{yes: []string{`role="option" aria-selected="false" aria-disabled="true">No project found`}},
		},
		"more to find":  {with(func(f *ConfigForm) { f.Projects.Found.More = true }), wanted{yes: []string{`There are more`}}},
		"search failed": {with(func(f *ConfigForm) { f.Projects.Found = Projects{L: f.L, Problem: "Not now."} }), wanted{yes: []string{`>Not now.<`}, no: []string{"No project found"}}},
		"people": {
			with(func(f *ConfigForm) {
				f.Team.People.Count, f.Team.People.First = "Finds 2 people", []Person{{"Ann", "https://a/b", "A"}, {"Bob", "", "B"}}
			}),
			wanted{yes: []string{`id="sl-people" role="status" data-fragment="people"><p class="help">Finds 2 people</p>`, `<img src="https://a/b" alt=""`, `<span>Bob</span>`}},
		},
		"errors": {
			with(func(f *ConfigForm) {
				f.Problem = "Jira did not answer."
				f.Errors = map[string]string{
					FieldProjects: "Choose one.", FieldTeam: "Choose whose.", FieldRole: "No such role.", FieldQuery: "No query.",
					FieldTitle: "Too long.", FieldRefresh: "When?", "odd": "x",
				}
			}),
			wanted{yes: []string{
				`role="alert">Jira did not answer.`,
				`data-into="sl-found" aria-describedby="sl-count sl-projects-error" aria-invalid="true"`,
				`id="sl-projects-error">Choose one.`,
				`role="radiogroup" aria-describedby="sl-team-help sl-team-error" aria-invalid="true"`,
				`name="role" aria-label="A project role" aria-describedby="sl-role-error" aria-invalid="true"`,
				`aria-describedby="sl-query-help sl-people"[^>]* aria-invalid="true">is assignee`,
				`id="sl-query-error">No query.`,
				`maxlength="80" aria-describedby="sl-title-error" aria-invalid="true"`,
				`name="refresh" aria-describedby="sl-refresh-error" aria-invalid="true"`,
			}, no: []string{"sl-odd", "sl-window-error"}},
		},
		"escaped": {
			with(func(f *ConfigForm) {
				f.Title, f.Problem = nasty, nasty
				f.Projects.Chosen, f.Projects.Found.Found = []Project{{Key: nasty, Name: nasty}}, []Project{{Key: nasty, Name: nasty}}
				f.Projects.Typed, f.Projects.Found.Typed, f.Projects.URL = nasty, nasty, nasty
				f.Team.Query, f.Team.Roles.Roles, f.Team.Roles.Note = nasty, []Option{{nasty, nasty, true}}, nasty
				f.Team.People = People{L: f.L, Count: nasty, First: []Person{{nasty, nasty, nasty}}}
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
