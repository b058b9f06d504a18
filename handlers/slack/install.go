package slack

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/viewer"
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
	view := web.SlackInstall{L: r.Language()}
	if view.Link, err = s.installLink(caller, false); err != nil {
		return nil, err
	}
	if view.NamesLink, err = s.installLink(caller, true); err != nil {
		return nil, err
	}
	for _, team := range teams {
		switch {
		case team.Stopped == glance.ReasonRevoked:
			view.Revoked = append(view.Revoked, team.TeamName)
		case team.Unrenewed:
			until := s.moment(ctx, view.L, edge.PersonOf(caller), team.Ends)
			view.Unrenewed = append(view.Unrenewed, web.SlackUnrenewed{Workspace: team.TeamName, Until: until})
		case team.Ended(s.Edge.Now()):
			view.Ended = append(view.Ended, team.TeamName)
		default:
			view.Workspaces = append(view.Workspaces, team.TeamName)
		}
		if team.NamesPeople {
			view.Named = append(view.Named, team.TeamName)
		}
	}
	return web.SlackInstallView(view), nil
}

// installLink is the address that starts an installation, with what the admin allows.
func (s *Slack) installLink(caller *connect.Caller, names bool) (string, error) {
	state, err := s.Tickets.Issue(slackapp.Ticket{
		Use: slackapp.UseInstall, Tenant: caller.Tenant().ID, Generation: caller.Tenant().Generation, NamesPeople: names,
	})
	return s.Edge.Absolute("/slack/install") + "?" + url.Values{"state": {state}}.Encode(), err
}

// moment writes a time in the person's own zone, or in UTC if Jira does not tell it
// in time; "" for no time.
func (s *Slack) moment(ctx context.Context, l *lang.Language, person viewer.Person, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	zone := time.UTC
	if user, err := s.inJira(ctx, person); err == nil {
		zone, _ = viewer.ZoneOf(user)
	}
	return l.Moment(at.In(zone)) + " (" + zone.String() + ")"
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

// install names the Jira site that the admin is about to connect, and leads on to
// Slack. It opens in a tab of its own, where cookies are the app's own: in Jira's
// frame browsers block them.
func (s *Slack) install(r *edge.Request) error {
	ticket, tenant, err := s.installTicket(r)
	if err != nil {
		return err
	}
	to, err := s.AuthorizeAddress(r.Query("state"), s.Edge.Absolute("/slack/oauth"))
	if err != nil {
		return err
	}
	http.SetCookie(r.Writer, s.browserCookie(ticket))
	s.showOutside(r, web.SlackSiteView(web.SlackSite{L: r.Language(), Site: hostOf(tenant.DisplayURL), Link: to, Names: ticket.NamesPeople}))
	return nil
}

// showOutside shows a page that no host frames.
func (s *Slack) showOutside(r *edge.Request, view templ.Component) {
	shell := s.Edge.Shell(r.Language(), edge.Product, view)
	shell.HostScript = ""
	r.RenderPage(http.StatusOK, shell)
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

// browserCookie marks the browser in which an installation began. A ticket lasts
// as long. Slack leads back from another site, so it is not strict.
func (s *Slack) browserCookie(ticket slackapp.Ticket) *http.Cookie {
	cookie := &http.Cookie{
		Name: "sightline-slack", Value: ticket.ID, Path: "/", MaxAge: int(slackapp.TicketTime.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if strings.HasPrefix(s.Edge.Absolute("/"), "https:") { // else it is this machine, in development
		cookie.Name, cookie.Secure = "__Host-"+cookie.Name, true
	}
	return cookie
}

// isSameBrowser refuses an installation that began in another browser: somebody
// would approve for their workspace what another admin began.
func (s *Slack) isSameBrowser(r *edge.Request, ticket slackapp.Ticket) error {
	want := s.browserCookie(ticket)
	got, err := r.Request.Cookie(want.Name)
	if err != nil {
		return edge.Because(lang.ProblemSlackBrowser, &connect.AuthError{Code: slackapp.RefusedTicket, Detail: "no cookie of a browser in which it began"})
	}
	if subtle.ConstantTimeCompare([]byte(got.Value), []byte(want.Value)) != 1 {
		return edge.Because(lang.ProblemSlackBrowser, &connect.AuthError{Code: slackapp.RefusedTicket, Detail: "begun in another browser"})
	}
	return nil
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
	if err := s.isSameBrowser(r, ticket); err != nil {
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
		return notGranted(err)
	}
	in.Tenant, in.NamesPeople = tenant.ID, ticket.NamesPeople
	err = s.Store.SaveSlackInstall(ctx, in)
	if errors.Is(err, slackapp.ErrTaken) {
		return edge.Because(lang.ProblemSlackTaken, err)
	}
	if err != nil {
		return err
	}
	s.Wake()
	l := r.Language()
	s.showOutside(r, web.MessageView(web.Message{
		Kind: web.MessageInfo, Title: l.Slack.Installed, Text: l.Say(l.Slack.InstalledText, in.TeamName, hostOf(tenant.DisplayURL)),
	}))
	return nil
}

// notGranted says why an answer of Slack gave no access that is of use.
func notGranted(err error) error {
	switch {
	case errors.Is(err, slackapp.ErrEnterprise):
		return edge.Because(lang.ProblemSlackOrgWide, err)
	case errors.Is(err, slackapp.ErrNotRenewable):
		return edge.Because(lang.ProblemSlackEnds, err)
	}
	return edge.Because(lang.ProblemSlackExchange, err)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
