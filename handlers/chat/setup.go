package chat

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// person is the person behind a chat call, in the same site's Jira: both use
// one Atlassian account.
func (c *Chat) person(r *edge.Request, caller *connect.ChatCaller) (viewer.Person, error) {
	if caller.Account() == "" {
		return viewer.Person{}, edge.Refuse(lang.ProblemLogInFirst)
	}
	tenant, err := c.Store.TenantByCloudID(r.Request.Context(), caller.Cloud())
	if room.IsAbsent(err) {
		return viewer.Person{}, room.ErrNoTenant
	}
	if err != nil {
		return viewer.Person{}, err
	}
	person := viewer.Person{Tenant: tenant, Account: caller.Account()}
	r.IsFrom(person)
	return person, nil
}

// shell is a page of the chat. It uses the gadget's fragments.
func (c *Chat) shell(l *lang.Language, kind web.Kind, body templ.Component) web.Shell {
	shell := c.Edge.Shell(l, l.Product.Workload, body)
	shell.Kind = kind
	shell.Calls = web.Calls{View: c.Edge.Path("/chat/sidebar/view")}
	return shell
}

// atSetup finds out who uses the dialog of which room. The error is
// room.ErrNoTenant if the site's Jira does not have the app.
func (c *Chat) atSetup(r *edge.Request, caller *connect.ChatCaller) (room.Setup, error) {
	row, err := c.row(r, caller, c.glance)
	if err != nil {
		return room.Setup{}, err
	}
	person, err := c.person(r, caller)
	if err != nil {
		return room.Setup{}, err
	}
	j, err := c.Views.Jira(person)
	if err != nil {
		return room.Setup{}, err
	}
	user, err := c.Views.People.Get(r.Request.Context(), person, j)
	if err != nil {
		return room.Setup{}, err
	}
	return room.Setup{Person: person, Row: row, Jira: j, Language: c.Edge.Languages.Of(user.Locale), Zone: user.TimeZone, FirstDay: lang.FirstDay(user.Locale)}, nil
}

// setupPage is the configuration dialog of a conversation.
func (c *Chat) setupPage(r *edge.Request, caller *connect.ChatCaller) error {
	at, err := c.atSetup(r, caller)
	if errors.Is(err, room.ErrNoTenant) {
		l := r.Language()
		r.RenderPage(http.StatusOK, c.shell(l, web.KindChatDialog, room.NoTenant(l, caller.Cloud())))
		return nil
	}
	if err != nil {
		return err
	}
	form, err := c.setupForm(r.Request.Context(), at, at.Offered())
	if err != nil {
		return err
	}
	r.RenderPage(http.StatusOK, c.shell(at.Language, web.KindChatDialog, web.ConfigView(form)))
	return nil
}

// setupSave saves what the room is to show, and answers once the room shows it.
func (c *Chat) setupSave(r *edge.Request, caller *connect.ChatCaller) error {
	ctx := r.Request.Context()
	at, err := c.atSetup(r, caller)
	if errors.Is(err, room.ErrNoTenant) {
		return edge.Refuse(lang.ProblemNoTenant)
	}
	if err != nil {
		return err
	}
	d, wrong, err := room.Posted(r, at)
	if err != nil {
		return err
	}
	if err := c.Rooms.Check(ctx, at, &d, wrong); err != nil {
		return c.failSetup(r, at, d, c.Edge.Explain(err))
	}
	if len(wrong) > 0 {
		return c.refuseSetup(r, at, d, wrong)
	}
	configuration := in(c.setup, caller.Cloud(), caller.Conversation())
	if err := c.Store.Configure(ctx, at.Row.Key, configuration, d.Config, c.Edge.Now()); err != nil {
		return err
	}
	c.Views.ForgetPlace(at.Tenant.ID, PlaceName(caller.Conversation()))
	if err := c.Rooms.Show(ctx, configuration, at.Row.Key); err != nil {
		return c.failSetup(r, at, d, room.NotShown(err))
	}
	r.Render(http.StatusOK, web.MessageView(web.Message{Kind: web.MessageInfo, Title: at.Language.State.Saved, Text: at.Language.State.RoomSavedText}))
	return nil
}

// refuseSetup returns the form with what was typed and what is wrong.
func (c *Chat) refuseSetup(r *edge.Request, at room.Setup, d room.Draft, wrong workload.FieldErrors) error {
	form := c.refilledSetup(r.Request.Context(), at, d)
	form.Errors = room.Texts(at.Language, wrong)
	r.Render(http.StatusUnprocessableEntity, web.ConfigView(form))
	return nil
}

// failSetup returns the form with what was typed and what failed.
func (c *Chat) failSetup(r *edge.Request, at room.Setup, d room.Draft, why *edge.Problem) error {
	form := c.plainSetup(at, d)
	if why.Status() != http.StatusTooManyRequests { // on 429 Jira wants no more questions
		form = c.refilledSetup(r.Request.Context(), at, d)
	}
	form.Problem = at.Language.Problem(why.Code)
	r.Failed(why, why)
	r.Render(why.Status(), web.ConfigView(form))
	return nil
}
