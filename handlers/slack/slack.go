// Package slack is Slack's door: installing the app into a workspace,
// connecting Slack users to Jira accounts, the command and the modal that set
// up a channel, and events.
//
// It knows neither the chat platform, nor gadgets, nor a database: what it keeps
// goes through [Store].
package slack

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/descriptor"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/viewer"
)

// Config is what serving Slack needs. All fields are required.
type Config struct {
	*slackapp.App
	Store Store
	// Team counts a channel's people as the app.
	Team func(ctx context.Context, tenant string, c glance.Config) (glance.Team, error)
}

// Store keeps the workspaces that the app is in, their people and channels.
type Store interface {
	room.Store
	workspaces
	people
	Tenant(ctx context.Context, id connect.TenantID) (*connect.Tenant, error)
}

type workspaces interface {
	// SlackInstall returns the app in a workspace; connect.ErrNotFound when it
	// is not there.
	SlackInstall(ctx context.Context, team string) (slackapp.Install, error)
	// SlackTeams returns a tenant's workspaces, without their tokens.
	SlackTeams(ctx context.Context, tenant connect.TenantID) ([]slackapp.Install, error)
	// SaveSlackInstall returns slackapp.ErrTaken for a workspace that serves
	// another tenant.
	SaveSlackInstall(ctx context.Context, in slackapp.Install) error
	// SlackTeam is SlackInstall without the token.
	SlackTeam(ctx context.Context, team string) (slackapp.Install, error)
	// RemoveSlackInstall forgets a workspace that the app has left. told is when
	// Slack sent the event: for both, one from before the newest install is
	// connect.ErrOldEvent.
	RemoveSlackInstall(ctx context.Context, team string, told time.Time) error
	// RevokeSlackToken stops a workspace until the app is installed again.
	RevokeSlackToken(ctx context.Context, team string, told time.Time) error
}

type people interface {
	// SlackPerson returns the Jira account of a workspace's user.
	SlackPerson(ctx context.Context, team, user string) (connect.AccountID, error)
	// SaveSlackPerson returns connect.ErrNotFound when the workspace does not
	// serve the tenant.
	SaveSlackPerson(ctx context.Context, tenant connect.TenantID, team, user string, account connect.AccountID) error
	// SlackUnasked reports whether a user does not want to be asked for their Jira account
	// now, and LeaveSlackUnasked keeps until when.
	SlackUnasked(ctx context.Context, team, user string) (bool, error)
	LeaveSlackUnasked(ctx context.Context, team, user string, until time.Time) error
	// UseTicket records a ticket's use and reports whether it is the first.
	UseTicket(ctx context.Context, tenant connect.TenantID, id string) (fresh bool, err error)
}

// Slack serves Slack and its people. All exported fields are required; make it
// with [New].
type Slack struct {
	Config
	Edge     *edge.Edge
	Views    *viewer.Views
	Rooms    *room.Rooms
	Sessions *connect.Sessions
	Printer  Printer
	// Wake tells the reconciler that a channel may have become due.
	Wake func()

	// connectModule is the key of the page where Slack users connect their Jira
	// account.
	connectModule string
	workloads     *viewer.Workloads[struct{}]
	teams         *swr.Cache[string, glance.Team]
}

// Printer prints a person's view of work as the gadgets do, so that equal numbers
// read alike.
type Printer interface {
	// Notes says what a workload leaves out, and why, a sentence each.
	Notes(w viewer.Workload) []string
	// Amount prints a time in the unit of its view, without the unit's name.
	Amount(v viewer.View, d time.Duration) string
}

// New finds in the app's own descriptor the page where Slack users connect
// their Jira account.
func New(s Slack, d *descriptor.Descriptor) (*Slack, error) {
	var err error
	s.connectModule, err = connectModule(d)
	s.teams = &swr.Cache[string, glance.Team]{Fresh: time.Minute, Keep: time.Minute, Timeout: teamTime, Now: s.Edge.Now}
	s.workloads = viewer.NewWorkloads[struct{}](s.Views)
	return &s, err
}

func connectModule(d *descriptor.Descriptor) (key string, err error) {
	for _, page := range d.Modules.GeneralPages {
		if path, _, _ := strings.Cut(page.URL, "?"); path == connectPath {
			return page.Key, nil
		}
	}
	return "", errors.New("the descriptor has no page at " + connectPath)
}

// teamTime bounds the counting of a channel's people.
const teamTime = 20 * time.Second

// scheme is how Slack's requests authenticate.
const scheme = "Slack"

// maxBody bounds the body of a Slack request, in bytes. A view is at most 250
// kB, which form encoding may treble.
const maxBody = 1 << 20

type callerFunc func(r *edge.Request, caller *slackapp.Caller) error

// call serves commands and interactions, which Slack sends once.
func (s *Slack) call(h callerFunc) edge.Endpoint {
	return s.endpoint(func(r *http.Request, body []byte) (*slackapp.Caller, error) {
		return s.Verifier.VerifyOnce(r, body)
	}, h)
}

func (s *Slack) endpoint(verify func(*http.Request, []byte) (*slackapp.Caller, error), h callerFunc) edge.Endpoint {
	return s.Edge.Endpoint(edge.AsProblem, scheme, func(r *edge.Request) error {
		body, err := r.ReadBody(maxBody)
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

// browser serves a page that a person opens outside Jira and the chat.
func (s *Slack) browser(h edge.PublicFunc) edge.Endpoint {
	return s.Edge.Endpoint(edge.AsPage, edge.SchemeJWT, func(r *edge.Request) error {
		r.Header("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		return h(r)
	})
}

// Routes are the addresses that Slack and its people use.
func (s *Slack) Routes() []edge.Route {
	return []edge.Route{
		edge.Get("/slack/install", s.browser(s.install)),
		edge.Get("/slack/oauth", s.browser(s.installed)),
		edge.Post("/slack/command", s.call(s.command)),
		edge.Post("/slack/interactions", s.call(s.interaction)),
		edge.Post("/slack/options", s.call(s.options)),
		edge.Post("/slack/events", s.event(s.events)),
	}
}

// ConnectRoutes are the calls of the page in Jira where Slack users connect
// their account.
func (s *Slack) ConnectRoutes() []edge.Route {
	return []edge.Route{
		edge.Get(connectPath, s.Edge.Page(s.connectPage)),
		edge.Post(connectPath, s.Edge.API(s.connect)),
	}
}

// ForgeRoutes are the calls of that page on Forge.
func (s *Slack) ForgeRoutes() []edge.Route {
	names := s.Edge.Forge.Names
	module := connect.ForgeModule{Type: edge.ForgeGlobalPage, Key: names.Page(s.connectModule)}
	return []edge.Route{
		edge.Get(s.forgePage(), s.Edge.ForgePage(s.connectPage, module)),
		edge.Post(s.forgePage(), s.Edge.ForgePage(s.connect, module)),
	}
}

// connectPath is the page where a Slack user connects their Jira account; the
// descriptor lists it among its general pages.
const connectPath = "/slack/connect"

// channel is a channel of a workspace.
type channel struct{ team, channel string }

// key names one of the two rows of a channel.
func (p channel) key(kind glance.Kind, module string) glance.Key {
	return glance.Key{Surface: glance.SurfaceSlack, Site: p.team, Conversation: p.channel, Kind: kind, Module: module}
}

func (p channel) glance() glance.Key { return p.key(glance.KindGlance, "glance") }

func (p channel) configuration() glance.Key {
	return p.key(glance.KindConfiguration, "configuration")
}
