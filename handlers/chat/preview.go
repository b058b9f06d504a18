package chat

import (
	"context"
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// A preview shows how the label would read, and nobody else sees that somebody
// asked. The label itself is counted as the app. If the preview were too, a
// member of the room could try out projects, roles and people one by one and
// learn how many issues Jira hides from them: those in projects they may not
// browse, and those behind a security level. So it is counted as the person who
// asks, and tells them nothing that Jira's own search would not. If Jira hides
// nothing from the person, the preview is exactly the label; otherwise the
// numbers in the room may be higher, and the dialog says so. The whole room
// sees the label itself, and who changed it is known.

// setupLabel answers how the label would read as the form stands.
func (c *Chat) setupLabel(r *edge.Request, caller *connect.ChatCaller) error {
	at, err := c.atSetup(r, caller)
	if errors.Is(err, room.ErrNoTenant) {
		return edge.Refuse(lang.ProblemNoTenant)
	}
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, web.LabelView(c.previewed(r, at)))
	return nil
}

// previewed counts and words a label. Errors in the form show next to its
// fields when it is saved.
func (c *Chat) previewed(r *edge.Request, at room.Setup) web.LabelPreview {
	ctx := r.Request.Context()
	d, wrong := room.Read(r.Request.URL.Query())
	preview := web.LabelPreview{L: at.Language, Problem: at.Language.Chat.PreviewEmpty}
	if len(d.Projects) == 0 {
		return preview
	}
	delete(wrong, web.FieldQuiet) // changes no label
	preview.Problem = at.Language.Chat.PreviewFailed
	if len(wrong) > 0 {
		return preview
	}
	d.By(at)
	err := c.Rooms.TakePoints(ctx, at, &d, wrong)
	if len(wrong) > 0 {
		return preview
	}
	var n glance.Numbers
	if err == nil {
		n, err = c.count(ctx, at, d.Config)
	}
	if err != nil {
		c.Edge.Log.WarnContext(ctx, "preview label", "tenant", string(at.Tenant.ID), "error", err)
		return preview
	}
	preview = web.LabelPreview{L: at.Language, Label: glance.Label(glance.WordsIn(at.Language), d.Parts, n)}
	if n.Partial() {
		preview.Note = at.Language.Gaps.Label
	}
	return preview
}

// count counts as the person. The answer is kept for a while, however the label
// uses its numbers.
func (c *Chat) count(ctx context.Context, at room.Setup, config glance.Config) (glance.Numbers, error) {
	load := func(ctx context.Context) (glance.Numbers, error) {
		return c.Numbers(ctx, c.Views.Source(at.Person, at.Jira), config)
	}
	place := viewer.Place{Person: at.Person, Name: previewPlace(config)}
	seen, err := c.previews.Get(ctx, place, false, load)
	if err == nil && seen.Stale {
		seen, err = c.previews.Get(ctx, place, true, load)
	}
	return seen.View, err
}

// previewPlace names what the numbers of a preview depend on.
func previewPlace(c glance.Config) string { return "preview/" + c.Counted() }
