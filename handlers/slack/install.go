package slack

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/web"
)

// Section is the part of the admins' page about Slack; nil when the viewer is
// not an admin.
func (s *Slack) Section(r *edge.Request, caller *connect.Caller) (templ.Component, error) {
	ctx := r.Request.Context()
	if caller.Account() == "" || !edge.CanActAsPeople(caller) {
		return nil, nil
	}
	admin, err := s.isAdmin(ctx, caller)
	if err != nil || !admin {
		return nil, err
	}
	teams, err := s.Store.SlackTeams(ctx, caller.Tenant().ID)
	if err != nil {
		return nil, err
	}
	state, err := s.Tickets.Issue(slackapp.Ticket{
		Use: slackapp.UseInstall, Tenant: caller.Tenant().ID, Generation: caller.Tenant().Generation,
	})
	if err != nil {
		return nil, err
	}
	view := web.SlackInstall{L: r.Language(), Link: s.Edge.Absolute("/slack/install") + "?" + url.Values{"state": {state}}.Encode()}
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
func (s *Slack) isAdmin(ctx context.Context, caller *connect.Caller) (bool, error) {
	const administer = "ADMINISTER"
	j, err := s.Views.Jira(edge.PersonOf(caller))
	if err != nil {
		return false, err
	}
	mine, err := j.Permissions.Mine(ctx, jira.MyPermissionsOptions{Permissions: []string{administer}})
	return mine[administer].HavePermission, err
}

// install sends an admin from Jira to Slack.
func (s *Slack) install(r *edge.Request) error {
	if _, _, err := s.installTicket(r); err != nil {
		return err
	}
	to, err := s.AuthorizeAddress(r.Query("state"), s.Edge.Absolute("/slack/oauth"))
	if err != nil {
		return err
	}
	r.Redirect(http.StatusFound, to)
	return nil
}

// installTicket is the ticket in the state, and the tenant it was made for, as
// currently installed.
func (s *Slack) installTicket(r *edge.Request) (slackapp.Ticket, *connect.Tenant, error) {
	ticket, err := s.Tickets.Open(slackapp.UseInstall, r.Query("state"))
	if refused := new(connect.AuthError); errors.As(err, &refused) {
		return ticket, nil, edge.Because(lang.ProblemSlackState, refused)
	}
	if err != nil {
		return ticket, nil, err
	}
	tenant, err := s.Store.Tenant(r.Request.Context(), ticket.Tenant)
	if room.IsAbsent(err) || err == nil && (tenant.State != connect.StateActive || tenant.Generation != ticket.Generation) {
		return ticket, nil, edge.Because(lang.ProblemSlackState, &connect.AuthError{Code: connect.CodeSession, Detail: "the tenant is not what it was"})
	}
	return ticket, tenant, err
}

// installed is where Slack sends the admin back to.
func (s *Slack) installed(r *edge.Request) error {
	ctx := r.Request.Context()
	if r.Query("error") != "" {
		return edge.Refuse(lang.ProblemSlackDenied)
	}
	ticket, tenant, err := s.installTicket(r)
	if err != nil {
		return err
	}
	fresh, err := s.Store.UseTicket(ctx, tenant.ID, ticket.ID)
	if err != nil {
		return err
	}
	if !fresh || r.Query("code") == "" {
		return edge.Because(lang.ProblemSlackState, &connect.AuthError{Code: slackapp.RefusedTicket, Detail: "used before, or without a code"})
	}
	r.IsOf(tenant.ID)
	in, err := s.Exchange(ctx, r.Query("code"), s.Edge.Absolute("/slack/oauth"))
	if err != nil {
		return edge.Because(lang.ProblemSlackExchange, err)
	}
	in.Tenant = tenant.ID
	err = s.Store.SaveSlackInstall(ctx, in)
	if errors.Is(err, slackapp.ErrTaken) {
		return edge.Because(lang.ProblemSlackTaken, err)
	}
	if err != nil {
		return err
	}
	s.Wake()
	l := r.Language()
	shell := s.Edge.Shell(l, edge.Product, web.MessageView(web.Message{
		Kind: web.MessageInfo, Title: l.Slack.Installed, Text: l.Say(l.Slack.InstalledText, in.TeamName, hostOf(tenant.DisplayURL)),
	}))
	shell.HostScript = "" // there is no host around this page
	r.RenderPage(http.StatusOK, shell)
	return nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
