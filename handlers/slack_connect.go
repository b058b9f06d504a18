package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/web"
)

// slackConnectPage asks a person in Jira whether somebody of Slack is them.
func (s *Server) slackConnectPage(c *gin.Context, caller *connect.Caller) error {
	if caller.Account() == "" {
		return slackForbidden(saysLogInToJira, nil)
	}
	ticket, err := s.personTicket(caller, c.Query("code"))
	if err != nil {
		return err
	}
	session, err := s.Sessions.Mint(caller, connect.DashboardItem{})
	if err != nil {
		return err
	}
	l := s.language(c)
	shell := s.shell(l, product, web.SlackPersonView(web.SlackPerson{
		L: l, User: ticket.UserName, Team: ticket.TeamName, Save: s.path(connectPath), Code: c.Query("code"),
	}))
	shell.Kind, shell.Session = web.KindGadget, session.Reveal()
	s.renderPage(c, http.StatusOK, shell)
	return nil
}

// slackConnect records the answer. A code is good once.
func (s *Server) slackConnect(c *gin.Context, caller *connect.Caller) error {
	ctx := c.Request.Context()
	if caller.Account() == "" || !caller.Item().IsZero() {
		return slackForbidden(saysForbidden, nil)
	}
	if err := c.Request.ParseForm(); err != nil {
		return &bodyReadError{err}
	}
	ticket, err := s.personTicket(caller, c.Request.PostForm.Get(web.FieldCode))
	if err != nil {
		return err
	}
	fresh, err := s.Slack.Store.UseTicket(ctx, caller.Tenant().ID, ticket.ID)
	if err != nil {
		return err
	}
	if !fresh {
		return slackCodeProblem(&connect.AuthError{Code: slackapp.RefusedTicket, Detail: "used before"})
	}
	err = s.Slack.Store.SaveSlackPerson(ctx, caller.Tenant().ID, ticket.Team, ticket.User, caller.Account())
	if isAbsent(err) {
		return slackCodeProblem(err)
	}
	if err != nil {
		return err
	}
	l := s.language(c)
	s.render(c, http.StatusOK, web.MessageView(web.Message{
		Kind: web.MessageInfo, Title: l.Slack.KnownNow, Text: l.Say(l.Slack.KnownText, ticket.TeamName),
	}))
	return nil
}

// personTicket is the ticket in a code; it must be of the caller's own tenant.
func (s *Server) personTicket(caller *connect.Caller, code string) (slackapp.Ticket, error) {
	ticket, err := s.Slack.Tickets.Open(slackapp.UsePerson, code)
	if refused := new(connect.AuthError); errors.As(err, &refused) {
		return ticket, slackCodeProblem(refused)
	}
	if err != nil {
		return ticket, err
	}
	if ticket.Tenant != caller.Tenant().ID || ticket.Generation != caller.Tenant().Generation {
		return ticket, slackCodeProblem(&connect.AuthError{Code: slackapp.RefusedTicket, Detail: "of another tenant"})
	}
	return ticket, nil
}

// connectLink is the address in Jira where the caller can say who they are.
func (s *Server) connectLink(in slackapp.Install, tenant *connect.Tenant, caller *slackapp.Caller) (string, error) {
	code, err := s.Slack.Tickets.Issue(slackapp.Ticket{
		Use: slackapp.UsePerson, Tenant: tenant.ID, Generation: tenant.Generation,
		Team: caller.Team(), TeamName: in.TeamName, User: caller.User(), UserName: caller.Form().Get("user_name"),
	})
	if err != nil {
		return "", err
	}
	return tenant.DisplayURL + "/plugins/servlet/ac/" + url.PathEscape(tenant.AppKey) + "/" + url.PathEscape(s.connectModule) +
		"?" + url.Values{"ac.code": {code}}.Encode(), nil
}
