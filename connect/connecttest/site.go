package connecttest

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/confrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/dcrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/pages"
	"github.com/sightline-go/sightline/connect/connecttest/internal/slackrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Options is what a site is made from. The zero value is a site with the
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
	// Now is the site's clock; nil: time.Now.
	Now func() time.Time
	// Log gets what goes wrong inside the site; nil: nothing is logged.
	Log *slog.Logger
	// RetryDelay is how long a refused webhook waits for its next try; 0: one
	// second. (Jira waits for minutes.)
	RetryDelay time.Duration
	// Timeout is how long an app may take to answer; 0: ten seconds.
	Timeout time.Duration
	// Strict refuses query parameters and body members that an operation does
	// not have with 400, naming them. The real sites overlook most of them.
	Strict bool
	// Check, if not nil, is shown every answer of the APIs with its request
	// before the caller gets it: to hold both against a specification. The
	// bodies are its own. It is called by several goroutines at once.
	Check func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte)
}

// Site is a little Atlassian Cloud site in memory: an http.Handler that is
// safe for concurrent use.
type Site struct {
	world      *world.World
	rest       *jirarest.API
	confluence *confrest.API
	dataCenter *dcrest.API
	log        *slog.Logger
	now        func() time.Time
	cloudID    string
	routes     http.Handler
	guests     *http.ServeMux
	pages      http.Handler
	control    http.Handler
	toApps     *http.Client
	life       *lifetime
	retryDelay time.Duration
	strict     bool
	check      func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte)

	key      installKey
	tokens   tokens
	faults   faults
	requests requests
	events   broker
	outbox   outbox
	signed   signedRequests
	chat     *chat
	slack    *slackrest.Server
	// installing makes the life of apps one thing at a time.
	installing sync.Mutex

	mu         sync.Mutex
	base       *url.URL
	apps       map[string]*app
	pending    map[string]*app
	clientKeys map[string]string
}

// New makes a site. It does not listen: serve it, tell it its address with
// SetBaseURL, and close it.
func New(o Options) (*Site, error) {
	s := &Site{
		log: o.Log, now: o.Now, cloudID: newUUID(), pages: pages.Handler(), life: newLifetime(),
		guests: http.NewServeMux(),
		base:   &url.URL{Scheme: "http", Host: "127.0.0.1:2990"}, retryDelay: o.RetryDelay,
		strict: o.Strict, check: o.Check,
		apps: map[string]*app{}, pending: map[string]*app{}, clientKeys: map[string]string{},
		outbox: outbox{queues: map[string][]delivery{}, running: map[string]bool{}},
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.retryDelay == 0 {
		s.retryDelay = time.Second
	}
	if err := s.load(o); err != nil {
		return nil, err
	}
	var err error
	if s.key, err = newInstallKey(); err != nil {
		return nil, err
	}
	s.toApps = appClient(o.Timeout)
	s.rest = jirarest.New(jirarest.Options{
		World: s.world, BaseURL: s.URL, CloudID: s.cloudID, Now: s.now, Changed: s.changed,
		Strict: o.Strict,
	})
	s.newProducts()
	s.chat = newChat(s.humans(), s.now())
	s.slack = s.newSlack()
	s.routes, s.control = s.siteRoutes(), s.controlRoutes()
	return s, nil
}

func (s *Site) load(o Options) (err error) {
	switch {
	case o.Data != nil && o.Large:
		return errors.New("load data: the large sample and data of one's own exclude each other")
	case o.Large:
		s.world = world.LargeSample(s.now())
		return nil
	case o.Data == nil:
		s.world = world.Sample(s.now())
		return nil
	}
	if s.world, err = world.Load(o.Data, s.now(), o.KeepDates); err != nil {
		return fmt.Errorf("load data: %w", err)
	}
	return nil
}

// appClient follows no redirect, as the hosts do not.
func appClient(timeout time.Duration) *http.Client {
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 8},
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// SetBaseURL tells the site under which address it is reached. A trailing
// slash is dropped; a path is not supported.
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

func (s *Site) baseURL() url.URL {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.base
}

// URL is the site's address, without a trailing slash.
func (s *Site) URL() string {
	u := s.baseURL()
	return u.String()
}

// CloudID is the site's cloud id.
func (s *Site) CloudID() string { return s.cloudID }

// Close ends what the site does by itself: webhooks on their way are dropped,
// streams end.
func (s *Site) Close() {
	s.life.end()
	s.toApps.CloseIdleConnections()
}

// Reset puts the data back as loaded: issues, worklogs, properties, rooms,
// channels and their messages, Confluence and Data Center; faults end. Apps stay installed, and so do their dashboard
// items and what they last pushed to the chat.
func (s *Site) Reset() {
	s.world.Reset()
	s.confluence.Reset()
	s.dataCenter.Reset()
	s.ClearFaults()
	s.chat.reset(s.humans(), s.now())
	s.slack.Reset()
}

// Handle puts a page or a call of the caller's own on the site's origin, where
// it goes before what the site has there: another host page for an app's
// iframes, say, which only this origin may frame. The pattern is a ServeMux's,
// and two of the same are a mistake that panics.
func (s *Site) Handle(pattern string, h http.Handler) { s.guests.Handle(pattern, h) }

// ServeHTTP answers like the site would. Calls of the REST APIs and of the
// token endpoints go into the log of requests.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, guest := s.guests.Handler(r)
	switch {
	case guest != "":
		s.guests.ServeHTTP(w, r)
	case strings.HasPrefix(r.URL.Path, "/-/"):
		s.serveControl(w, r)
	case isAPI(r.URL.Path):
		s.record(w, r, endClient, s.serveAPI)
	case strings.HasPrefix(r.URL.Path, "/avatar/"):
		s.rest.Serve(w, r, jirarest.Principal{Via: "anonymous"})
	default:
		s.pages.ServeHTTP(w, r)
	}
}

func isAPI(path string) bool {
	for _, prefix := range []string{
		"/rest/", "/site/", "/scim/", "/app/module/", "/oauth/", "/oauth2/",
		"/install-keys/", "/_edge/", "/wiki/", "/dc/", slackAPI, slackOAuth,
	} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return path == "/me"
}

// serveAPI lets a fault go first.
func (s *Site) serveAPI(w http.ResponseWriter, r *http.Request) {
	if s.fail(w, r) {
		return
	}
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/rest/api/"), strings.HasPrefix(path, connectAPI):
		s.serveJira(w, r)
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
	mux.HandleFunc("POST /oauth2/token", s.serveImpersonation)
	mux.HandleFunc("POST /oauth/token", s.serveChatToken)
	mux.HandleFunc("GET /install-keys/{kid}", s.serveInstallKey)
	mux.HandleFunc("GET /_edge/tenant_info", s.serveTenantInfo)
	s.chatRoutes(mux)
	return withProblems(mux)
}

// withProblems answers what no route takes, 404 or 405, as a problem.
func withProblems(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		refused := newMemory()
		h.ServeHTTP(refused, r)
		if allow := refused.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
		}
		problem(w, refused.status, "the site has nothing here for "+r.Method)
	})
}

// ownOperation names what is not Jira's REST API.
func ownOperation(method, path string) string {
	switch {
	case path == "/oauth2/token":
		return "impersonation.token"
	case path == "/oauth/token":
		return "chat.token"
	case path == "/_edge/tenant_info":
		return "tenantInfo"
	case strings.HasPrefix(path, "/install-keys/"):
		return "installKey"
	case strings.HasPrefix(path, connectAPI):
		return "connect." + strings.ToLower(method)
	case strings.HasPrefix(path, slackrest.Prefix):
		return slackrest.Operation(path)
	}
	return chatOperation(method, path)
}

func (s *Site) serveTenantInfo(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"cloudId": s.cloudID})
}
