package chat

import (
	"context"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// setupForm offers the projects and people that this person may see in Jira.
func (c *Chat) setupForm(ctx context.Context, at room.Setup, d room.Draft) (web.ConfigForm, error) {
	filled, err := c.Forms.Filled(ctx, at.Language, at.Jira, c.dialogOf(at.Person), d.Form)
	c.forRoom(&filled, at, d)
	return filled, err
}

// refilledSetup is the form with as much as Jira returns in time.
func (c *Chat) refilledSetup(ctx context.Context, at room.Setup, d room.Draft) web.ConfigForm {
	filled := c.Forms.Refilled(ctx, at.Language, at.Jira, c.dialogOf(at.Person), d.Form)
	c.forRoom(&filled, at, d)
	return filled
}

// plainSetup is the form without anything that needs a question to Jira.
func (c *Chat) plainSetup(at room.Setup, d room.Draft) web.ConfigForm {
	filled := form.Plain(at.Language, c.dialogOf(at.Person), d.Form)
	c.forRoom(&filled, at, d)
	return filled
}

// dialogOf is a person using the dialog. Everybody in a room may set it up.
func (c *Chat) dialogOf(p viewer.Person) form.For {
	return form.For{Person: p, Address: edge.Address{Base: c.Edge.Path("/chat/setup")}, Within: true}
}

// forRoom turns a gadget's form into the dialog's.
func (c *Chat) forRoom(f *web.ConfigForm, at room.Setup, d room.Draft) {
	f.Kind, f.Save = web.FormChat, c.Edge.Path("/chat/setup")
	f.Chat = c.fields(at, d.Config)
}

// fields fills in the fields that only the dialog has.
func (c *Chat) fields(at room.Setup, config glance.Config) *web.ChatForm {
	f := &web.ChatForm{
		L: at.Language, Parts: room.PartOptions(at.Language, config.Parts), Zones: room.ZoneOptions(c.Edge.Now(), at.Zone, config.Zone),
		ZoneHelp:  room.ZoneHelp(at.Language, config),
		QuietFrom: config.QuietFrom, QuietTo: config.QuietTo,
		LabelURL: c.Edge.Path("/chat/setup/label"), Label: web.LabelPreview{L: at.Language, Problem: at.Language.Chat.PreviewEmpty},
	}
	if len(at.Row.Config.Projects) > 0 {
		f.Shown = room.Pulled(at.Language, at.Row)
		f.Label = web.LabelPreview{L: at.Language, Label: f.Shown}
	}
	return f
}
