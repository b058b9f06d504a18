package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/web"
)

// slackSection is the part of the admins' page about Slack; nil when Slack is
// off or the viewer is no admin.
func (s *Server) slackSection(ctx context.Context, l *lang.Language, caller *connect.Caller) (templ.Component, error) {
	if s.Slack == nil || caller.Account() == "" || caller.Tenant().OAuthClientID == "" {
		return nil, nil
	}
	admin, err := s.isAdmin(ctx, caller)
	if err != nil || !admin {
		return nil, err
	}
	teams, err := s.Slack.Store.SlackTeams(ctx, caller.Tenant().ID)
	if err != nil {
		return nil, err
	}
	state, err := s.Slack.Tickets.Issue(slackapp.Ticket{
		Use: slackapp.UseInstall, Tenant: caller.Tenant().ID, Generation: caller.Tenant().Generation,
	})
	if err != nil {
		return nil, err
	}
	view := web.SlackInstall{L: l, Link: s.absolute("/slack/install") + "?" + url.Values{"state": {state}}.Encode()}
	for _, team := range teams {
		if team.Stopped == glance.ReasonRevoked {
			view.Revoked = append(view.Revoked, team.TeamName)
		} else {
			view.Workspaces = append(view.Workspaces, team.TeamName)
		}
	}
	return web.SlackInstallView(view), nil
}

// isAdmin asks Jira, as the person.
func (s *Server) isAdmin(ctx context.Context, caller *connect.Caller) (bool, error) {
	const administer = "ADMINISTER"
	j, err := s.Jira(caller.Tenant(), caller.Account())
	if err != nil {
		return false, err
	}
	mine, err := j.Permissions.Mine(ctx, jira.MyPermissionsOptions{Permissions: []string{administer}})
	return mine[administer].HavePermission, err
}

// absolute is the public address of one of the app's own paths.
func (s *Server) absolute(path string) string {
	return strings.TrimSuffix(s.BaseURL.String(), "/") + path
}

// slackInstall sends an admin who comes from Jira to Slack.
func (s *Server) slackInstall(c *gin.Context) error {
	if _, _, err := s.installTicket(c); err != nil {
		return err
	}
	to, err := s.Slack.AuthorizeAddress(c.Query("state"), s.absolute("/slack/oauth"))
	if err != nil {
		return err
	}
	c.Redirect(http.StatusFound, to)
	return nil
}

// installTicket is the ticket in the state, and the tenant it was made for, as
// that is installed now.
func (s *Server) installTicket(c *gin.Context) (slackapp.Ticket, *connect.Tenant, error) {
	ticket, err := s.Slack.Tickets.Open(slackapp.UseInstall, c.Query("state"))
	if refused := new(connect.AuthError); errors.As(err, &refused) {
		return ticket, nil, slackStateProblem(refused)
	}
	if err != nil {
		return ticket, nil, err
	}
	tenant, err := s.Slack.Store.Tenant(c.Request.Context(), ticket.Tenant)
	if isAbsent(err) || err == nil && (tenant.State != connect.StateActive || tenant.Generation != ticket.Generation) {
		return ticket, nil, slackStateProblem(&connect.AuthError{Code: connect.CodeSession, Detail: "the tenant is not what it was"})
	}
	return ticket, tenant, err
}

// slackInstalled is where Slack sends the admin back to.
func (s *Server) slackInstalled(c *gin.Context) error {
	ctx := c.Request.Context()
	if c.Query("error") != "" {
		return slackDenied()
	}
	ticket, tenant, err := s.installTicket(c)
	if err != nil {
		return err
	}
	fresh, err := s.Slack.Store.UseTicket(ctx, tenant.ID, ticket.ID)
	if err != nil {
		return err
	}
	if !fresh || c.Query("code") == "" {
		return slackStateProblem(&connect.AuthError{Code: slackapp.RefusedTicket, Detail: "used before, or without a code"})
	}
	outcome(c).tenant = tenant.ID
	in, err := s.Slack.Exchange(ctx, c.Query("code"), s.absolute("/slack/oauth"))
	if err != nil {
		return slackExchangeProblem(err)
	}
	in.Tenant = tenant.ID
	err = s.Slack.Store.SaveSlackInstall(ctx, in)
	if errors.Is(err, slackapp.ErrTaken) {
		return slackTakenProblem(err)
	}
	if err != nil {
		return err
	}
	s.Wake()
	l := s.language(c)
	shell := s.shell(l, product, web.MessageView(web.Message{
		Kind: web.MessageInfo, Title: l.Slack.Installed, Text: l.Say(l.Slack.InstalledText, in.TeamName, hostOf(tenant.DisplayURL)),
	}))
	shell.HostScript = "" // there is no host around this page
	s.renderPage(c, http.StatusOK, shell)
	return nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
