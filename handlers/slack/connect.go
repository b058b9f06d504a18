package slack

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/web"
)

// connectPage asks a person in Jira whether a Slack user is them.
func (s *Slack) connectPage(r *edge.Request, caller *connect.Caller) error {
	if caller.Account() == "" {
		return edge.Refuse(lang.ProblemLogInToJira)
	}
	ticket, err := s.personTicket(caller, r.Query("code"))
	if err != nil {
		return err
	}
	name, host, err := s.Surface.Describe(r.Request.Context(), ticket.Team)
	if err != nil {
		return edge.Because(lang.ProblemSlackSilent, err)
	}
	l := r.Language()
	shell := s.Edge.Shell(l, edge.Product, web.SlackPersonView(web.SlackPerson{
		L: l, User: ticket.UserName, UserID: ticket.User, Team: name, Host: host, Save: s.connectAddress(r), Code: r.Query("code"),
	}))
	shell.Kind = web.KindGadget
	if !r.IsForge() {
		session, err := s.Sessions.Mint(caller, connect.DashboardItem{})
		if err != nil {
			return err
		}
		shell.Session = session.Reveal()
	}
	r.RenderPage(http.StatusOK, shell)
	return nil
}

// connectAddress is where the page posts the answer.
func (s *Slack) connectAddress(r *edge.Request) string {
	if r.IsForge() {
		return s.forgePage()
	}
	return s.Edge.Path(connectPath)
}

// forgePage is the address of the page on Forge, without a base path: Forge
// prefixes the manifest's base URL.
func (s *Slack) forgePage() string {
	names := s.Edge.Forge.Names
	return names.Pages + names.Page(s.connectModule)
}

// connect records the answer. A code works once.
func (s *Slack) connect(r *edge.Request, caller *connect.Caller) error {
	ctx := r.Request.Context()
	if caller.Account() == "" || !caller.Item().IsZero() {
		return edge.Refuse(lang.ProblemSlackPerson)
	}
	if err := r.ParseForm(); err != nil {
		return err
	}
	ticket, err := s.personTicket(caller, r.Request.PostForm.Get(web.FieldCode))
	if err != nil {
		return err
	}
	fresh, err := s.Store.UseTicket(ctx, caller.Tenant().ID, ticket.ID)
	if err != nil {
		return err
	}
	if !fresh {
		return edge.Because(lang.ProblemSlackCode, &connect.AuthError{Code: slackapp.RefusedTicket, Detail: "used before"})
	}
	err = s.Store.SaveSlackPerson(ctx, caller.Tenant().ID, ticket.Team, ticket.User, caller.Account())
	if room.IsAbsent(err) {
		return edge.Because(lang.ProblemSlackCode, err)
	}
	if err != nil {
		return err
	}
	l := r.Language()
	r.Render(http.StatusOK, web.MessageView(web.Message{
		Kind: web.MessageInfo, Title: l.Slack.KnownNow, Text: l.Say(l.Slack.KnownText, ticket.TeamName),
	}))
	return nil
}

// personTicket is the ticket in a code; it must be of the caller's own tenant.
func (s *Slack) personTicket(caller *connect.Caller, code string) (slackapp.Ticket, error) {
	ticket, err := s.Tickets.Open(slackapp.UsePerson, code)
	if refused := new(connect.AuthError); errors.As(err, &refused) {
		return ticket, edge.Because(lang.ProblemSlackCode, refused)
	}
	if err != nil {
		return ticket, err
	}
	if ticket.Tenant != caller.Tenant().ID || ticket.Generation != caller.Tenant().Generation {
		return ticket, edge.Because(lang.ProblemSlackCode, &connect.AuthError{Code: slackapp.RefusedTicket, Detail: "of another tenant"})
	}
	return ticket, nil
}

// connectLink is the address in Jira where the caller can connect their
// account.
func (s *Slack) connectLink(in slackapp.Install, tenant *connect.Tenant, caller *slackapp.Caller) (string, error) {
	code, err := s.Tickets.Issue(slackapp.Ticket{
		Use: slackapp.UsePerson, Tenant: tenant.ID, Generation: tenant.Generation,
		Team: caller.Team(), TeamName: in.TeamName, User: caller.User(), UserName: caller.Form().Get("user_name"),
	})
	if err != nil {
		return "", err
	}
	if s.Edge.Forge != nil && tenant.ForgeInstallation != "" {
		return tenant.DisplayURL + s.Edge.Forge.GlobalPage(tenant) + "?" + url.Values{"code": {code}}.Encode(), nil
	}
	return tenant.DisplayURL + "/plugins/servlet/ac/" + url.PathEscape(tenant.AppKey) + "/" + url.PathEscape(s.connectModule) +
		"?" + url.Values{"ac.code": {code}}.Encode(), nil
}
