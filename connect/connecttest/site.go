package connecttest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/chatrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/confrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/dcrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/faults"
	"github.com/sightline-go/sightline/connect/connecttest/internal/forgerest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/host"
	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
	"github.com/sightline-go/sightline/connect/connecttest/internal/pages"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/slackrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Options are what a site is made from. The zero value is a site with the
// built-in sample.
type Options struct {
	// Large adds to the built-in sample a project with a team of eighty people.
	Large bool
	// Data is what to load instead of the built-in sample: a JSON object of
	// users, issues and worklogs.
	Data io.Reader
	// KeepDates leaves the dates of Data as they are; otherwise they are moved
	// by whole days so that the newest becomes today.
	KeepDates bool
	// Locale is that of everybody's Jira, such as de_DE; empty: each person has
	// their own.
	Locale string
	// Now is the site's clock; nil: time.Now.
	Now func() time.Time
	// Log gets errors inside the site; nil: nothing is logged.
	Log *slog.Logger
	// RetryDelay is how long a refused webhook waits for its next try; 0: one
	// second. (Jira waits for minutes.)
	RetryDelay time.Duration
	// Timeout is how long an app may take to answer; 0: ten seconds, and for
	// Forge apps as long as Forge waits.
	Timeout time.Duration
	// Dial opens the site's connections to apps; nil: over the machine's network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Security are security levels of issues, as [Site.SetSecurity] sets them.
	Security Security
	// MatchIndexed says that checks of issues against queries use the search index,
	// too, see SetIndexDelay. Jira does not say whether they do.
	MatchIndexed bool
	// Strict refuses query parameters and body members that an operation does
	// not have with 400, naming them. The real sites overlook most of them.
	Strict bool
	// Forge is another site whose key set and API address this one shares, as
	// all of Atlassian's do: one backend can serve both. Nil: it has its own.
	Forge *Site
	// Quota makes the site count points and enforce Jira's limits, for apps that call
	// from their backends. Sites that have the same one share it. Nil: there is no
	// limit.
	Quota *Quota
	// Check, if not nil, gets every answer of the APIs with its request before
	// the caller does, to compare both with a specification. It may keep the
	// bodies. It is called by several goroutines at once.
	Check func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte)
}

// Site is a small Atlassian Cloud site in memory: an http.Handler that is safe
// for concurrent use.
type Site struct {
	world   *world.World
	cloudID string
	key     sign.Key
	life    *lifetime
	quota   *Quota

	accounts accounts
	journal  *journal.Journal
	faults   *faults.List
	sender   *outbox.Sender
	patient  *outbox.Sender // of Forge, which has limits of its own
	outbox   *outbox.Queue
	gate     auth.Gate

	// The rooms. Each has what it may touch in its options.
	jira       *jirarest.API
	confluence *confrest.API
	dataCenter *dcrest.API
	host       *host.Server
	forge      *forgerest.Server
	chat       *chatrest.Server
	slack      *slackrest.Server

	guests  *http.ServeMux
	pages   http.Handler
	frames  http.Handler // the pages of Forge apps
	routes  http.Handler
	control http.Handler

	mu   sync.Mutex
	base *url.URL
}

// New makes a site. It does not listen: serve it, tell it its address with
// SetBaseURL, and close it.
func New(o Options) (*Site, error) {
	o = o.withDefaults()
	s := &Site{
		cloudID: sign.UUID(), quota: o.Quota, life: newLifetime(), guests: http.NewServeMux(), pages: pages.Handler(),
		base: &url.URL{Scheme: "http", Host: "127.0.0.1:2990"},
	}
	var err error
	if s.world, err = load(o); err != nil {
		return nil, err
	}
	if o.Locale != "" {
		s.world.SetLocale(o.Locale)
	}
	if s.key, err = sign.NewKey(); err != nil {
		return nil, err
	}
	s.journal = journal.New(journal.Options{Now: o.Now, Operation: s.operation, Check: o.Check, Signed: s.Signed})
	s.faults = faults.New(s.life.Done())
	s.sender = outbox.NewSender(s.journal, o.Timeout, o.Dial)
	s.patient = outbox.NewSender(s.journal, cmp.Or(o.Timeout, forgerest.MaxTime), o.Dial)
	s.outbox = outbox.NewQueue(outbox.Options{Life: s.life, Delay: o.RetryDelay})
	s.world.SetClock(o.Now)
	s.accounts.now = o.Now
	if err := s.SetSecurity(o.Security); err != nil {
		return nil, err
	}
	s.furnish(o)
	s.routes, s.control, s.frames = s.siteRoutes(), s.controlRoutes(), s.forge.Pages()
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.RetryDelay == 0 {
		o.RetryDelay = time.Second
	}
	return o
}

// furnish makes the rooms and the gate in front of Cloud's REST APIs. A new way
// of authenticating is a new line in the gate.
func (s *Site) furnish(o Options) {
	s.jira = jirarest.New(jirarest.Options{
		World: s.world, BaseURL: s.URL, CloudID: s.cloudID, Now: o.Now, Strict: o.Strict, MatchIndexed: o.MatchIndexed,
		Changed: func(c jirarest.Change) { s.host.Changed(c) },
	})
	s.confluence = confrest.New(confrest.Options{World: s.world, BaseURL: s.URL, Now: o.Now, Strict: o.Strict})
	s.dataCenter = dcrest.New(dcrest.Options{World: s.world, BaseURL: s.URL, Now: o.Now, Strict: o.Strict, Shared: s.shared(o)})
	grants := &auth.Tokens{}
	s.host = host.New(host.Options{
		World: s.world, Jira: s.jira, CloudID: s.cloudID, URL: s.URL, Now: o.Now, Life: s.life, Strict: o.Strict,
		Key: s.key, Tokens: grants, Journal: s.journal, Sender: s.sender, Outbox: s.outbox, Serve: s.serveKnown,
		Forge: s.forgeSide(),
	})
	s.forge = forgerest.New(forgerest.Options{
		World: s.world, Jira: s.jira, CloudID: s.cloudID, URL: s.URL, Now: o.Now, Life: s.life,
		Journal: s.journal, Serve: s.serveKnown, Metered: s.metered, Sender: s.patient, Outbox: s.outbox, Connect: s.connectSide(),
		Hub: o.Forge.forgeHub(),
	})
	s.chat = chatrest.New(chatrest.Options{
		World: s.world, CloudID: s.cloudID, URL: s.URL, Now: o.Now, Log: o.Log, Life: s.life, Strict: o.Strict,
		Journal: s.journal, Sender: s.sender, Outbox: s.outbox,
	})
	s.slack = slackrest.New(slackrest.Options{
		URL: s.URL, Now: o.Now, Send: s.sendSlack,
		Changed: func(channel string) { s.journal.Events.Send("slack", slackEvent{channel}) },
	})
	s.gate = auth.Gate{
		auth.AppToken(s.host, o.Now),
		auth.Impersonation(grants, s.world, o.Now),
		auth.Password(s.world),
	}
}

// CloseIdleConnections closes the connections to apps that no call uses. A test that
// starts an app again at its old address calls it in between, or the first call may
// still go to the app that has ended.
func (s *Site) CloseIdleConnections() {
	s.sender.Close()
	s.patient.Close()
}

// shared is what Data Center has in common with Cloud: one world, and the same events
// of what is done to it.
func (s *Site) shared(o Options) dcrest.Shared {
	jira := jirarest.New(jirarest.Options{
		World: s.world, BaseURL: func() string { return s.URL() + dcrest.ContextPath }, CloudID: s.cloudID, Now: o.Now, Unbounded: true,
		Changed: func(c jirarest.Change) { s.host.Changed(c) },
	})
	return func(w http.ResponseWriter, r *http.Request, account string) {
		jira.Serve(w, r, jirarest.Principal{Account: account})
	}
}

func load(o Options) (*world.World, error) {
	switch {
	case o.Data != nil && o.Large:
		return nil, errors.New("load data: the large sample and other data exclude each other")
	case o.Large:
		return world.LargeSample(o.Now()), nil
	case o.Data == nil:
		return world.Sample(o.Now()), nil
	}
	w, err := world.Load(o.Data, o.Now(), o.KeepDates)
	if err != nil {
		return nil, fmt.Errorf("load data: %w", err)
	}
	return w, nil
}

// SetBaseURL tells the site its own address. A trailing slash is dropped; a
// path is not supported.
func (s *Site) SetBaseURL(address string) error {
	u, err := url.Parse(strings.TrimSuffix(address, "/"))
	if err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("set base URL of site: %q is not scheme and host", address)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = u
	return nil
}

// URL is the site's address, without a trailing slash.
func (s *Site) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.base.String()
}

// CloudID is the site's cloud id.
func (s *Site) CloudID() string { return s.cloudID }

// Close ends the site's own work: pending webhooks are dropped, streams end.
func (s *Site) Close() {
	s.life.end()
	s.CloseIdleConnections()
}

// Reset puts the data back as loaded: issues, worklogs, properties, rooms,
// channels and their messages, Confluence and Data Center; faults end. Apps stay installed, and so do their dashboard
// items and what they last pushed to the chat.
func (s *Site) Reset() {
	s.world.Reset()
	s.confluence.Reset()
	s.dataCenter.Reset()
	s.ClearFaults()
	s.chat.Reset()
	s.slack.Reset()
	s.forge.Reset()
	s.resetAccounts()
}

// Handle adds a page or a call to the site's origin. It takes precedence over
// what the site serves there. An example is another host page for an app's
// iframes, which only this origin may frame. The pattern is one of a ServeMux;
// registering the same one twice panics.
func (s *Site) Handle(pattern string, h http.Handler) { s.guests.Handle(pattern, h) }

// ServeHTTP answers like the site would. Calls of the REST APIs and of the
// token endpoints go into the log of requests.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, guest := s.guests.Handler(r)
	switch {
	case guest != "":
		s.guests.ServeHTTP(w, r)
	case strings.HasPrefix(r.URL.Path, "/-/"):
		s.control.ServeHTTP(w, r)
	case isAPI(r.URL.Path):
		s.journal.Record(w, r, journal.Client, s.serveAPI)
	case strings.HasPrefix(r.URL.Path, "/avatar/"):
		s.jira.Serve(w, r, jirarest.Principal{Via: "anonymous"})
	case strings.HasPrefix(r.URL.Path, "/forge/"):
		s.frames.ServeHTTP(w, r)
	default:
		s.pages.ServeHTTP(w, r)
	}
}

func isAPI(path string) bool {
	for _, prefix := range []string{
		"/rest/", "/site/", "/scim/", "/app/module/", "/oauth/", "/oauth2/",
		"/install-keys/", "/_edge/", "/wiki/", "/dc/", forgerest.APIRoot, slackAPI, slackOAuth, slackResponses,
	} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return isReport(path) || path == "/me" || path == forgerest.KeysPath || path == forgerest.GraphQLPath
}

// serveAPI lets a fault go first.
func (s *Site) serveAPI(w http.ResponseWriter, r *http.Request) {
	if s.faults.Fail(w, r) {
		return
	}
	switch path := r.URL.Path; {
	case isReport(path):
		s.serveReport(w, r)
	case strings.HasPrefix(path, "/rest/api/"), strings.HasPrefix(path, host.APIRoot):
		s.serveJira(w, r)
	case strings.HasPrefix(path, forgerest.APIRoot):
		s.forge.ServeAPI(w, r)
	case strings.HasPrefix(path, confluenceAPI):
		s.serveConfluence(w, r)
	case strings.HasPrefix(path, dataCenterPath):
		s.serveDataCenter(w, r)
	case strings.HasPrefix(path, slackrest.Prefix):
		s.slack.Serve(w, r)
	default:
		s.routes.ServeHTTP(w, r)
	}
}

func (s *Site) siteRoutes() http.Handler {
	mux := http.NewServeMux()
	s.host.Routes(mux)
	s.forge.Routes(mux)
	mux.HandleFunc("GET /_edge/tenant_info", s.serveTenantInfo)
	s.chat.Routes(mux)
	return reply.WithProblems(mux)
}

func (s *Site) serveTenantInfo(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]string{"cloudId": s.cloudID})
}
