package web

import (
	"testing"

	"github.com/sightline-go/sightline/internal/lang"
)

func chatForm() *ChatForm {
	english := lang.New().English()
	return &ChatForm{
		L:         english,
		Parts:     []Option{{"open", "Open issues", true}, {"heavy", "People with a heavy load", false}},
		Zones:     []Option{{"Europe/Berlin", "Berlin", true}, {"UTC", "UTC", false}},
		QuietFrom: "22:00", QuietTo: "07:00",
		Label: LabelPreview{L: english, Label: "12 open · 3 overdue"}, LabelURL: "/base/label", Shown: "11 open",
	}
}

func TestChatFields(t *testing.T) {
	t.Parallel()
	with := func(change func(*ConfigForm, *ChatForm)) ConfigForm {
		f := form(FormChat)
		change(&f, f.Chat)
		return f
	}
	for name, tt := range map[string]struct {
		form ConfigForm
		want wanted
	}{
		"set up": {form(FormChat), wanted{
			yes: []string{
				`name="parts" value="open" checked>`, `name="parts" value="heavy">`,
				`(?s)name="parts".*name="zone".*name="quietFrom" value="22:00".*name="quietTo" value="07:00"`,
				`data-preview="/base/label"`, `data-fragment="label"`, `data-label>12 open · 3 overdue<`, "The room now shows: 11 open",
				`<label class="time" for="sl-quietFrom">`, `id="sl-quietFrom"`,
			},
			no: []string{"aria-invalid", ` style=`},
		}},
		"new": {with(func(_ *ConfigForm, c *ChatForm) {
			c.Shown, c.QuietFrom, c.QuietTo, c.Label.Label, c.Label.Problem = "", "", "", "", "Choose a project"
		}), wanted{
			yes: []string{`class="preview-none">Choose a project<`, `name="quietFrom" value=""`},
			no:  []string{"now shows", "data-label"},
		}},
		"errors": {with(func(f *ConfigForm, _ *ChatForm) {
			f.Errors = map[string]string{FieldQuiet: "Two times.", FieldParts: "Choose one.", FieldZone: "No zone."}
		}), wanted{yes: []string{
			`<fieldset class="field" aria-describedby="sl-parts-help sl-parts-error" aria-invalid="true">`, `id="sl-parts-error">Choose one.`,
			`<fieldset class="field" aria-describedby="sl-quiet-help sl-quiet-error" aria-invalid="true">`, `id="sl-quiet-error">Two times.`,
			`name="zone" aria-describedby="sl-zone-error" aria-invalid="true"`,
		}}},
		"escaped": {with(func(_ *ConfigForm, c *ChatForm) {
			c.Label.Label, c.Shown, c.QuietFrom, c.Zones = nasty, nasty, nasty, []Option{{nasty, nasty, true}}
		}), wanted{yes: []string{"&lt;script&gt;"}, no: []string{"<script"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.check(t, render(t, ConfigView(tt.form)))
		})
	}
}

func TestRoomUnset(t *testing.T) {
	t.Parallel()
	wanted{
		yes: []string{`data-fragment="message"`, `data-retry="10"`, `<button type="button" class="button primary" data-dialog="setup-dialog">Set up this room<`},
		no:  []string{` style=`},
	}.check(t, render(t, RoomUnset(lang.New().English(), "setup-dialog")))
	wanted{yes: []string{"Diesen Raum einrichten"}}.check(t, render(t, RoomUnset(lang.New().Of("de"), "setup-dialog")))
}
