package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// Slack is what the handlers need for Slack; all fields are required.
type Slack struct {
	*slackapp.App
	Store SlackStore
}

// SlackStore keeps the workspaces that the app is in.
type SlackStore interface {
	slackWorkspaces
	slackPeople
	slackChannels
	Tenant(ctx context.Context, id connect.TenantID) (*connect.Tenant, error)
}

type slackWorkspaces interface {
	// SlackInstall returns the app in a workspace; connect.ErrNotFound when it
	// is not there.
	SlackInstall(ctx context.Context, team string) (slackapp.Install, error)
	// SlackTeams returns a tenant's workspaces, without their tokens.
	SlackTeams(ctx context.Context, tenant connect.TenantID) ([]slackapp.Install, error)
	// SaveSlackInstall returns slackapp.ErrTaken for a workspace that serves
	// another tenant.
	SaveSlackInstall(ctx context.Context, in slackapp.Install) error
	RemoveSlackInstall(ctx context.Context, team string) error
	// RevokeSlackToken stops a workspace until the app is installed again.
	RevokeSlackToken(ctx context.Context, team string) error
}

type slackPeople interface {
	// SlackPerson returns who somebody of a workspace is in Jira.
	SlackPerson(ctx context.Context, team, user string) (connect.AccountID, error)
	// SaveSlackPerson returns connect.ErrNotFound when the workspace does not
	// serve the tenant.
	SaveSlackPerson(ctx context.Context, tenant connect.TenantID, team, user string, account connect.AccountID) error
	// UseTicket records a ticket's use and reports whether it is the first.
	UseTicket(ctx context.Context, tenant connect.TenantID, id string) (fresh bool, err error)
}

type slackChannels interface {
	// StopConversation drops the work for a channel, and notes why, until
	// ResumeConversation or until it is set up again.
	StopConversation(ctx context.Context, surface glance.SurfaceName, site, id string, why glance.Reason) error
	ResumeConversation(ctx context.Context, surface glance.SurfaceName, site, id string) error
}

// schemeSlack is how Slack's requests authenticate.
const schemeSlack = "Slack"

// maxSlackBody bounds what is read of a request of Slack, in bytes. A view is
// at most 250 kB, which a form may treble.
const maxSlackBody = 1 << 20

type slackFunc func(r *edge.Request, caller *slackapp.Caller) error

// slack serves commands and interactions, which Slack sends once.
func (s *Server) slack(h slackFunc) edge.Endpoint {
	return s.slackEndpoint(func(r *http.Request, body []byte) (*slackapp.Caller, error) {
		return s.Slack.Verifier.VerifyOnce(r, body)
	}, h)
}

// slackEvent serves events, which come again when they were not taken.
func (s *Server) slackEvent(h slackFunc) edge.Endpoint {
	return s.slackEndpoint(func(r *http.Request, body []byte) (*slackapp.Caller, error) {
		return s.Slack.Verifier.Verify(r, body)
	}, h)
}

func (s *Server) slackEndpoint(verify func(*http.Request, []byte) (*slackapp.Caller, error), h slackFunc) edge.Endpoint {
	return s.edge.Endpoint(edge.AsProblem, schemeSlack, func(r *edge.Request) error {
		body, err := r.ReadBody(maxSlackBody)
		if err != nil {
			return err
		}
		caller, err := verify(r.Request, body)
		if err != nil {
			return err
		}
		return h(r, caller)
	})
}

// browser serves a page that a person opens outside of Jira and of the chat.
func (s *Server) browser(h edge.PublicFunc) edge.Endpoint {
	return s.edge.Endpoint(edge.AsPage, edge.SchemeJWT, func(r *edge.Request) error {
		r.Header("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		return h(r)
	})
}

// slackRoutes are the addresses that Slack and its people use.
func (s *Server) slackRoutes() []edge.Route {
	return []edge.Route{
		edge.Get("/slack/install", s.browser(s.slackInstall)),
		edge.Get("/slack/oauth", s.browser(s.slackInstalled)),
		edge.Get(connectPath, s.edge.Page(s.slackConnectPage)),
		edge.Post(connectPath, s.edge.API(s.slackConnect)),
		edge.Post("/slack/command", s.slack(s.slackCommand)),
		edge.Post("/slack/interactions", s.slack(s.slackInteraction)),
		edge.Post("/slack/options", s.slack(s.slackOptions)),
		edge.Post("/slack/events", s.slackEvent(s.slackEvents)),
	}
}

// connectPath is the page where a person of Slack becomes known to Jira; the
// descriptor has it among its general pages.
const connectPath = "/slack/connect"

// findConnectModule finds that page's key in the descriptor.
func (s *Server) findConnectModule() (string, error) {
	if s.Slack == nil {
		return "", nil
	}
	for _, page := range s.App.Descriptor.Modules.GeneralPages {
		if path, _, _ := strings.Cut(page.URL, "?"); path == connectPath {
			return page.Key, nil
		}
	}
	return "", errors.New("the descriptor has no page at " + connectPath)
}

// slackPlace is a channel of a workspace.
type slackPlace struct{ team, channel string }

// key names one of the two rows of a channel.
func (p slackPlace) key(kind glance.Kind, module string) glance.Key {
	return glance.Key{Surface: glance.SurfaceSlack, Site: p.team, Conversation: p.channel, Kind: kind, Module: module}
}

func (p slackPlace) glance() glance.Key { return p.key(glance.KindGlance, "glance") }

func (p slackPlace) configuration() glance.Key {
	return p.key(glance.KindConfiguration, "configuration")
}
