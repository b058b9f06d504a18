// Package handlers serves the app over HTTP. It builds the rooms, each with
// only what it may touch, and mounts their routes. The rooms do the rest:
//
//   - edge: the adapters, the one error exit, headers, the log line
//   - form: the configuration form of gadgets and rooms
//   - room: setting up a room, the same for both chats
//   - host: what Jira itself calls
//   - gadget, chat, slack: one door each
package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/chat"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/gadget"
	"github.com/sightline-go/sightline/handlers/gadget/timesheet"
	"github.com/sightline-go/sightline/handlers/host"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/handlers/slack"
	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/pageread"
	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// Config is everything the handlers need. Forge, Chat, Slack, Feed, Facts, Calendars,
// Signed, InPage, Served, Refused and Traced may be nil; everything else is required.
type Config struct {
	// BaseURL is the public address; the router is mounted under its path.
	BaseURL *url.URL
	// Dev shows why a request was refused on the page. Signed may then return
	// the canonical request behind a hash.
	Dev    bool
	Signed func(hash string) (canonical string, ok bool)
	// HostScript is the address of the host's all.js.
	HostScript string
	// Ancestors are the origins that may frame a page whose tenant is not
	// known, as sources of a content security policy.
	Ancestors []string

	// App is the Connect protocol: descriptor, lifecycle calls, verifier,
	// sessions. It is required even if Connect is off: the descriptor is the
	// source of all keys.
	App *connect.App
	// ConnectOff says that no Connect route answers.
	ConnectOff bool
	// Forge is the other way in; nil switches it off.
	Forge *Forge

	// Chat is the chat platform; nil switches it off.
	Chat *Chat
	// Slack is the second chat; nil switches it off.
	Slack *Slack
	// PushNow shows states while a person waits and says what failed, see
	// [glance.PushError]. It is set if a chat is.
	PushNow func(ctx context.Context, states ...glance.Key) error

	Store Store
	// Ready reports why the program should get no requests, within a second.
	Ready func(ctx context.Context) error
	// Jira returns a client for one tenant that acts as a person.
	Jira func(t *connect.Tenant, account connect.AccountID) (*jira.Client, error)
	// AsApp returns a client for one tenant that acts as the app while a person
	// waits.
	AsApp func(ctx context.Context, t *connect.Tenant) (*jira.Client, error)
	// Refusing is until when Jira takes no calls at a tenant because its limits are
	// reached, zero if it does; nil: it always does.
	Refusing func(id connect.TenantID) time.Time
	// InPage says of a tenant on Forge whether views are read in the viewers' own
	// pages; nil means that the server reads.
	InPage func(t *connect.Tenant) bool
	// Feed takes the facts of events; nil: none are kept.
	Feed *feed.Feed
	// Facts are kept at home for people's views; nil: none are.
	Facts viewer.Facts
	// Calendars reads calendars of absences; nil: none can be read.
	Calendars form.Calendars
	// Saved is called after Jira has saved a person's preferences; it may be nil.
	Saved func(ctx context.Context, id connect.TenantID, account connect.AccountID)
	// MaxAge is the age up to which what a person saw is shown; 0: ten minutes.
	MaxAge time.Duration
	// Wake tells the reconciler that a glance may have become due.
	Wake func()

	// Patience is how long people wait; zero means [DefaultPatience].
	Patience Patience

	// Served is called for every request with its route; it may be nil.
	Served func(method, route string, status int, took time.Duration)
	// Refused is called for every request that was refused or failed; it may be nil.
	Refused func(reason string)
	// Traced is called when a request begins, see [edge.Config]; it may be nil.
	Traced func(ctx context.Context, method string) (with context.Context, end func(Answered))
	// MaxPages is how many calls of pages are served at once; 0: 1,000. Shed is called
	// with the reason for each that was one too many; it may be nil.
	MaxPages int
	Shed     func(reason string)
	// Ignored is called for every verified event that changed nothing; it may be
	// nil.
	Ignored func(route, reason string)

	Log *slog.Logger
	Now func() time.Time
}

// What the rooms need of those who start them.
type (
	// Chat is what serving the chat platform needs.
	Chat = chat.Config
	// Slack is what serving Slack needs.
	Slack = slack.Config
	// Forge is how calls of Forge are verified, and the names of the manifest.
	Forge = edge.Forge
	// Answered is how a request has ended.
	Answered = edge.Answered
	// ForgeNames are the names of the manifest.
	ForgeNames = edge.ForgeNames
	// ForgeEndpoint is an endpoint of the manifest.
	ForgeEndpoint = edge.ForgeEndpoint
	// Patience is how long people wait for what makes an answer better.
	Patience = viewer.Patience
)

// DefaultPatience is the default waits.
func DefaultPatience() Patience { return viewer.DefaultPatience() }

// Store is the storage of the rooms that are always on. The chats' rooms bring
// their own.
type Store interface {
	gadget.Store
	form.Choices
	host.Store
}

// Server is the app as an http.Handler.
type Server struct {
	engine *gin.Engine
	views  *viewer.Views
	pages  *pageread.Readings
	// base is the base path, without a trailing slash.
	base string
}

// New builds the server. Close it to let background refreshes end.
func New(c Config) (*Server, error) {
	prefix, static, err := web.Static()
	if err != nil {
		return nil, err
	}
	languages := lang.New()
	views := viewer.New(viewer.Config{Jira: c.Jira, Refusing: c.Refusing, Languages: languages, Facts: c.Facts, Calendars: c.Calendars, Saved: c.Saved, MaxAge: c.MaxAge, Patience: c.Patience, Log: c.Log, Now: c.Now})
	e := edge.New(edge.Config{
		BaseURL: c.BaseURL, Dev: c.Dev, Signed: c.Signed, HostScript: c.HostScript, Ancestors: c.Ancestors, Static: prefix,
		Verifier: c.App.Verifier, Forge: c.Forge, People: views.People, EventTime: views.Patience.Event, Languages: languages, Served: c.Served, Refused: c.Refused, MaxPages: c.MaxPages, Shed: c.Shed, Traced: c.Traced, Ignored: c.Ignored, Log: c.Log, Now: c.Now,
	})
	pages := pageread.New()
	routes, err := c.rooms(e, views, pages, static)
	if err != nil {
		return nil, err
	}
	s := &Server{views: views, pages: pages, base: strings.TrimSuffix(c.BaseURL.Path, "/"), engine: gin.New()}
	return s, s.mount(e, routes)
}

// rooms builds the enabled rooms and returns their routes.
func (c Config) rooms(e *edge.Edge, views *viewer.Views, pages *pageread.Readings, static http.Handler) ([]edge.Route, error) {
	workload := gadget.NewWorkload(e, views)
	forms := &form.Forms{Edge: e, Views: views, Choices: c.Store, Calendars: c.Calendars}
	rooms := &room.Rooms{PushNow: c.PushNow, AsApp: c.AsApp, Forms: forms}
	home := &host.Host{Edge: e, Views: views, App: c.App, Store: c.Store, Ready: c.Ready, Feed: c.Feed, Wake: c.Wake, Static: static, ConnectOff: c.ConnectOff}
	gadgets := gadget.New(gadget.Gadgets{
		Edge: e, Views: views, Forms: forms, Sessions: c.App.Sessions, Store: c.Store, AsApp: c.AsApp,
		Pages: pages, InPage: c.inPage,
		Kinds: []gadget.Gadget{
			workload,
			timesheet.NewTimelog(e, views),
		},
	})
	if err := gadgets.Check(c.App.Descriptor); err != nil {
		return nil, err
	}
	routes := c.open(gadgets, home)
	if c.Chat != nil {
		home.ChatDescriptor = chat.DescriptorPath
		room, err := chat.New(chat.Chat{Config: *c.Chat, Edge: e, Views: views, Forms: forms, Rooms: rooms, Workload: workload, Wake: c.Wake})
		if err != nil {
			return nil, err
		}
		routes = append(routes, room.Routes()...)
	}
	if c.Slack == nil {
		page, err := slack.NewOff(e, c.App.Descriptor)
		if err != nil {
			return nil, err
		}
		routes = append(routes, c.open(page)...)
	} else {
		room, err := slack.New(slack.Slack{Config: *c.Slack, Edge: e, Views: views, Rooms: rooms, Sessions: c.App.Sessions, Printer: gadget.Printer{}, Wake: c.Wake}, c.App.Descriptor)
		if err != nil {
			return nil, err
		}
		routes = append(routes, room.Routes()...)
		routes = append(routes, c.open(room)...)
		home.Sections = append(home.Sections, room.Section)
	}
	return append(routes, home.Routes()...), nil
}

// twoDoors is a room that Jira enters through Connect, Forge or both.
type twoDoors interface {
	ConnectRoutes() []edge.Route
	ForgeRoutes() []edge.Route
}

// open returns the routes of rooms through the enabled doors.
func (c Config) open(rooms ...twoDoors) []edge.Route {
	var routes []edge.Route
	for _, room := range rooms {
		if !c.ConnectOff {
			routes = append(routes, room.ConnectRoutes()...)
		}
		if c.Forge != nil {
			routes = append(routes, room.ForgeRoutes()...)
		}
	}
	return routes
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// Forget drops what is cached for a tenant that was installed again or removed.
func (s *Server) Forget(t *connect.Tenant) {
	s.pages.Forget(t.ID)
	s.views.Forget(t.ID)
}

// Outdated notes that an issue of a tenant or its work logs have changed, of which another
// program heard; without an id, any may have.
func (s *Server) Outdated(id connect.TenantID, issue string) { s.views.Changed(id, issue) }

// ForgetGadget drops what people saw at a dashboard item that is configured otherwise
// now.
func (s *Server) ForgetGadget(id connect.TenantID, item connect.DashboardItem) {
	s.views.ForgetPlace(id, gadget.PlaceName(item))
}

// ForgetPreferences drops the preferences of people of a tenant, which another program
// has saved.
func (s *Server) ForgetPreferences(id connect.TenantID, whose func(connect.AccountID) bool) {
	s.views.ForgetPreferences(id, whose)
}

// ForgetRoom drops what people saw in a conversation's sidebar that is configured
// otherwise now.
func (s *Server) ForgetRoom(id connect.TenantID, conversation string) {
	s.views.ForgetPlace(id, chat.PlaceName(conversation))
}

// Sweep lets go of the memory that nobody asks for any more. Call it now and
// then.
func (s *Server) Sweep() { s.views.Sweep() }

// Asked is what readers have found in the caches, by the name of each.
func (s *Server) Asked() map[string]swr.Asked { return s.views.Asked() }

// Close ends the background work of answered requests.
func (s *Server) Close() {
	s.pages.Close()
	s.views.Close()
}

func (c Config) inPage(t *connect.Tenant) bool { return c.InPage != nil && c.InPage(t) }
