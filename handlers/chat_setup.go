package handlers

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// Who may set a room up: whoever is in it. The platform has no right for it,
// and a room's members see the label anyhow. What a member may choose is what
// Jira shows to that member; projects that another member chose, and that this
// one may not browse, stay unless this one takes them away.

// isAbsent reports whether our own storage has no such thing.
func isAbsent(err error) bool { return errors.Is(err, connect.ErrNotFound) }

// errNoTenant is a chat on a site whose Jira does not have the app.
var errNoTenant = errors.New("no jira tenant on this site")

// chatPerson is the person of a chat call, on the Jira of the same site: one
// Atlassian account is both.
func (s *Server) chatPerson(r *edge.Request, caller *connect.ChatCaller) (viewer.Person, error) {
	if caller.Account() == "" {
		return viewer.Person{}, edge.Refuse(lang.ProblemLogInFirst)
	}
	tenant, err := s.Store.TenantByCloudID(r.Request.Context(), caller.Cloud())
	if isAbsent(err) {
		return viewer.Person{}, errNoTenant
	}
	if err != nil {
		return viewer.Person{}, err
	}
	person := viewer.Person{Tenant: tenant, Account: caller.Account()}
	r.IsFrom(person)
	return person, nil
}

// noTenant says what is to be installed where.
func noTenant(l *lang.Language, cloud connect.CloudID) templ.Component {
	return web.MessageView(web.Message{
		Kind: web.MessageWarning, Title: l.State.NoTenant, Text: l.Say(l.Chat.WhereToInstall, product, string(cloud)),
	})
}

// product is the app's name in every language.
const product = "Sightline"

// chatShell is a page of the chat. It shares the gadget's fragments.
func (s *Server) chatShell(l *lang.Language, kind web.Kind, body templ.Component) web.Shell {
	shell := s.edge.Shell(l, l.Product.Workload, body)
	shell.Kind = kind
	shell.Calls = web.Calls{View: s.edge.Path("/chat/sidebar/view")}
	return shell
}

// roomSetup is a person at the dialog of a room.
type roomSetup struct {
	viewer.Person
	row  glance.Row
	jira *jira.Client
	l    *lang.Language
	zone string // the person's own
}

// atSetup finds out who is at the dialog of which room. The error is
// errNoTenant when the Jira of the site does not have the app.
func (s *Server) atSetup(r *edge.Request, caller *connect.ChatCaller) (roomSetup, error) {
	row, err := s.row(r, caller, s.glance)
	if err != nil {
		return roomSetup{}, err
	}
	person, err := s.chatPerson(r, caller)
	if err != nil {
		return roomSetup{}, err
	}
	j, err := s.Jira(person.Tenant, person.Account)
	if err != nil {
		return roomSetup{}, err
	}
	user, err := s.views.People.Get(r.Request.Context(), person, j)
	if err != nil {
		return roomSetup{}, err
	}
	return roomSetup{Person: person, row: row, jira: j, l: s.texts.Of(user.Locale), zone: user.TimeZone}, nil
}

// setupPage is the configuration dialog of a conversation.
func (s *Server) setupPage(r *edge.Request, caller *connect.ChatCaller) error {
	at, err := s.atSetup(r, caller)
	if errors.Is(err, errNoTenant) {
		l := r.Language()
		r.RenderPage(http.StatusOK, s.chatShell(l, web.KindChatDialog, noTenant(l, caller.Cloud())))
		return nil
	}
	if err != nil {
		return err
	}
	form, err := s.setupForm(r.Request.Context(), at, at.offered())
	if err != nil {
		return err
	}
	r.RenderPage(http.StatusOK, s.chatShell(at.l, web.KindChatDialog, web.ConfigView(form)))
	return nil
}

// setupSave saves what the room shows, and answers when the room shows it.
func (s *Server) setupSave(r *edge.Request, caller *connect.ChatCaller) error {
	ctx := r.Request.Context()
	at, err := s.atSetup(r, caller)
	if errors.Is(err, errNoTenant) {
		return edge.Refuse(lang.ProblemNoTenant)
	}
	if err != nil {
		return err
	}
	d, wrong, err := postedSetup(r, at)
	if err != nil {
		return err
	}
	if err := checkSeen(ctx, at, d, wrong); err != nil {
		return s.failSetup(r, at, d, s.edge.Explain(err))
	}
	if len(wrong) > 0 {
		return s.refuseSetup(r, at, d, wrong)
	}
	configuration := in(s.setup, caller.Cloud(), caller.Conversation())
	if err := s.Store.Configure(ctx, at.row.Key, configuration, d.Config, s.Now()); err != nil {
		return err
	}
	s.views.ForgetPlace(at.Tenant.ID, chatPlace(caller.Conversation()))
	if err := s.show(ctx, configuration, at.row.Key); err != nil {
		return s.failSetup(r, at, d, notShown(err))
	}
	r.Render(http.StatusOK, web.MessageView(web.Message{Kind: web.MessageInfo, Title: at.l.State.Saved, Text: at.l.State.RoomSavedText}))
	return nil
}

// refuseSetup answers the form again with what was typed and what is wrong.
func (s *Server) refuseSetup(r *edge.Request, at roomSetup, d roomDraft, wrong workload.FieldErrors) error {
	form := s.refilledSetup(r.Request.Context(), at, d)
	form.Errors = setupTexts(at.l, wrong)
	r.Render(http.StatusUnprocessableEntity, web.ConfigView(form))
	return nil
}

// failSetup answers the form again with what was typed and what failed.
func (s *Server) failSetup(r *edge.Request, at roomSetup, d roomDraft, why *edge.Problem) error {
	form := s.plainSetup(at, d)
	if why.Status() != http.StatusTooManyRequests { // then Jira wants no more questions
		form = s.refilledSetup(r.Request.Context(), at, d)
	}
	form.Problem = at.l.Problem(why.Code)
	r.Failed(why, why)
	r.Render(why.Status(), web.ConfigView(form))
	return nil
}
