// Package slackrest is a small Slack in memory: one workspace with people and
// channels, the Web API's methods that a status app needs, an authorization
// page, and the signed calls that Slack makes to an app. Logical errors are
// answered inside HTTP 200, as Slack does.
//
// See https://docs.slack.dev/apis/web-api/
package slackrest

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Prefix is where all of it lies on the site.
const Prefix = "/slack/"

// Options is what a server is made from; all fields are required.
type Options struct {
	// URL is the site's own address, without a trailing slash.
	URL func() string
	// Now is the clock.
	Now func() time.Time
	// Send makes a call to an app.
	Send func(ctx context.Context, call Call) (Reply, error)
	// Changed is called with a channel that looks different now.
	Changed func(channel string)
}

// Call is one signed call to an app.
type Call struct {
	Operation, URL, User string
	Header               http.Header
	Body                 []byte
}

// Reply is what the app answered.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// Server is the workspace. It is safe for concurrent use.
type Server struct {
	Options

	mu        sync.Mutex
	seq       int
	team      team
	app       *App
	installed *install
	codes     map[string]code
	tokens    map[string]tokenState
	// ends is when a token that rotates ends.
	ends     map[string]time.Time
	rotation bool
	orgWide  bool
	triggers map[string]trigger
	// responses are the addresses for answers to clicks.
	responses map[string]response
	// plain refuses tables.
	plain   bool
	windows map[string]*window
}

// New makes the workspace as it is after a Reset, without an app.
func New(o Options) *Server {
	s := &Server{
		Options: o, codes: map[string]code{}, tokens: map[string]tokenState{}, ends: map[string]time.Time{},
		triggers: map[string]trigger{}, responses: map[string]response{}, windows: map[string]*window{},
	}
	s.team = sampleTeam(o.Now())
	return s
}

// Reset puts people, channels and messages back. The app stays registered and
// installed, and its bot stays where it was.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.team
	s.team = sampleTeam(s.Now())
	for _, c := range old.channels {
		if fresh := s.team.channel(c.id); fresh != nil {
			fresh.bot = c.bot
		}
	}
	s.triggers, s.windows, s.responses = map[string]trigger{}, map[string]*window{}, map[string]response{}
}

// Serve answers the API and the authorization page; the caller has already
// played faults.
func (s *Server) Serve(w http.ResponseWriter, r *http.Request) {
	switch path := strings.TrimPrefix(r.URL.Path, Prefix); {
	case strings.HasPrefix(path, "api/"):
		webAPI{s}.serveMethod(w, r, strings.TrimPrefix(path, "api/"))
	case strings.HasPrefix(path, responsePath):
		s.serveResponse(w, r, strings.TrimPrefix(path, responsePath))
	case path == "oauth/v2/authorize":
		s.serveAuthorize(w, r)
	default:
		http.NotFound(w, r)
	}
}

// Operation names a call for a log.
func Operation(path string) string {
	if method, ok := strings.CutPrefix(path, Prefix+"api/"); ok {
		return "slack." + method
	}
	if strings.HasPrefix(path, Prefix+responsePath) {
		return "slack.response"
	}
	return "slack.authorize"
}

// SetTables says whether the workspace takes tables in messages, as it does at first.
func (s *Server) SetTables(takes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plain = !takes
}

// id makes the next id of a kind; it needs the lock.
func (s *Server) id(kind string) string {
	s.seq++
	return kind + encode(s.seq)
}

// encode writes a number in the alphabet of Slack's ids, ten characters wide.
func encode(n int) string {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	out := []byte("0SL0000000")
	for i := len(out) - 1; n > 0 && i > 2; i-- {
		out[i] = alphabet[n%len(alphabet)]
		n /= len(alphabet)
	}
	return string(out)
}
