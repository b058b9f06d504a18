package slackrest

import (
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// codeLife is how long an authorization code is valid.
const codeLife = 10 * time.Minute

// authorizeText is the page on which a person approves the app.
//
//go:embed authorize.html
var authorizeText string

type authorizeView struct {
	App, Team, Wrong string
	Scopes           []string
	Query            url.Values
	People           []option
}

type option struct{ ID, Name string }

// serveAuthorize asks a person and sends them back with a code, or with
// access_denied.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form could not be read", http.StatusBadRequest)
		return
	}
	view := authorizeView{App: "an app", Query: r.Form, Scopes: splitScopes(r.Form.Get("scope"))}
	s.mu.Lock()
	defer s.mu.Unlock()
	view.Team = s.team.name
	if s.app != nil {
		view.App = s.app.Name
	}
	for _, p := range s.team.people {
		view.People = append(view.People, option{p.id, p.realName})
	}
	if view.Wrong = s.wrongRequest(r.Form); view.Wrong == "" && r.Method == http.MethodPost {
		http.Redirect(w, r, s.decide(r.Form), http.StatusFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	if view.Wrong != "" {
		w.WriteHeader(http.StatusBadRequest)
	}
	page := template.Must(template.New("authorize").Parse(authorizeText)) // the page is ours: it parses or the tests fail
	_ = page.Execute(w, view)
}

// wrongRequest says what an authorization request lacks; it needs the lock.
func (s *Server) wrongRequest(q url.Values) string {
	switch {
	case s.app == nil || q.Get("client_id") != s.app.ClientID:
		return "invalid_client_id: no app of that client id is registered here"
	case q.Get("scope") == "":
		return "invalid_scope: no scope is asked for"
	case !strings.HasPrefix(q.Get("redirect_uri"), s.app.RedirectURL):
		return "bad_redirect_uri: the app has not registered that address"
	}
	return ""
}

// decide returns where the person is sent; it needs the lock.
func (s *Server) decide(q url.Values) string {
	back, _ := url.Parse(q.Get("redirect_uri")) // it begins with a checked one
	out := back.Query()
	out.Set("state", q.Get("state"))
	if _, ok := s.team.person(q.Get("user")); q.Get("answer") != "allow" || !ok {
		out.Set("error", "access_denied")
	} else {
		key := rand.Text()
		s.codes[key] = code{
			user: q.Get("user"), redirect: q.Get("redirect_uri"),
			scopes: splitScopes(q.Get("scope")), expires: s.Now().Add(codeLife),
		}
		out.Set("code", key)
	}
	back.RawQuery = out.Encode()
	return back.String()
}

func splitScopes(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

func joinScopes(list []string) string { return strings.Join(list, ",") }

// oauthAccess exchanges a code, or a refresh token, for the bot token.
// See https://docs.slack.dev/reference/methods/oauth.v2.access
func (s webAPI) oauthAccess(r *http.Request, a arguments) (map[string]any, *failure) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = a["client_id"], a["client_secret"]
	}
	c, known := s.codes[a["code"]]
	switch {
	case s.app == nil || id != s.app.ClientID:
		return nil, fail("invalid_client_id")
	case subtle.ConstantTimeCompare([]byte(secret), []byte(s.app.ClientSecret)) != 1:
		return nil, fail("bad_client_secret")
	case a["grant_type"] == "refresh_token":
		return s.renew(a["refresh_token"])
	case !known || !s.Now().Before(c.expires):
		return nil, fail("invalid_code")
	case c.used:
		return nil, fail("code_already_used")
	case c.redirect != a["redirect_uri"]:
		return nil, fail("bad_redirect_uri")
	}
	c.used = true
	s.codes[a["code"]] = c
	return s.granted(c.user, s.put(c.scopes)), nil
}
