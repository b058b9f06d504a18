package confrest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/confrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The people of the sample that tests are about: the first administers the
// spaces, the second the site, the third reads all, the outsider not the
// restricted space.
const (
	lead     = "mlindqvist"
	admin    = "iokonjo"
	other    = "ytanabe"
	outsider = "rpetrie"
	inactive = "wcastellane"
	nobody   = ""
)

func clock() time.Time { return time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC) }

// site is an API that listens, over the sample.
type site struct {
	*testing.T
	world *world.World
	api   *confrest.API
	url   string
}

func newSite(t *testing.T, strict bool) *site {
	t.Helper()
	s := &site{T: t, world: world.Sample(clock())}
	s.api = confrest.New(confrest.Options{World: s.world, BaseURL: func() string { return s.url }, Now: clock, Strict: strict})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := confrest.Principal{Account: r.Header.Get("As"), App: r.Header.Get("App")}
		if scopes := r.Header.Get("Scopes"); scopes != "" {
			p.Scopes = strings.Fields(scopes)
		}
		s.api.Serve(w, r, p)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// account is the account id of a user name; what is none stays.
func (s *site) account(username string) string {
	for _, p := range s.world.People() {
		if p.Username == username {
			return p.AccountID
		}
	}
	return username
}

type reply struct {
	*site
	status int
	header http.Header
	body   string
}

// send calls below /wiki/rest/api/; {name} in the path is that user's account
// id, headers are pairs.
func (s *site) send(as, method, path, body string, headers ...string) reply {
	s.Helper()
	for _, name := range []string{lead, admin, other, outsider, inactive} {
		path = strings.ReplaceAll(path, "{"+name+"}", s.account(name))
	}
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+"/wiki/rest/api/"+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("As", s.account(as))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		s.Fatal(err)
	}
	return reply{s, got.StatusCode, got.Header, string(raw)}
}

func (s *site) get(as, path string) reply {
	s.Helper()
	return s.send(as, http.MethodGet, path, "")
}

func (r reply) into(v any) {
	r.Helper()
	if r.status != http.StatusOK {
		r.Fatalf("got %d %s", r.status, r.body)
	}
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		r.Fatalf("read %s: %v", r.body, err)
	}
}

func (r reply) empty(status int) {
	r.Helper()
	if r.status != status || r.body != "" {
		r.Errorf("got %d %q, want %d and nothing", r.status, r.body, status)
	}
}

// fails checks a refusal: its status, its shape, and a part of its text.
func (r reply) fails(status int, part string) {
	r.Helper()
	var e struct {
		StatusCode int
		Message    string
		Data       *struct{ Authorized, Valid, Successful bool }
	}
	if r.status != status || json.Unmarshal([]byte(r.body), &e) != nil || e.StatusCode != status || e.Data == nil {
		r.Errorf("got %d %s, want %d and Confluence's shape of errors", r.status, r.body, status)
	}
	if !strings.Contains(e.Message, part) {
		r.Errorf("got %q, want it to have %q", e.Message, part)
	}
	if status == http.StatusUnauthorized && r.header.Get("WWW-Authenticate") == "" {
		r.Error("401 without WWW-Authenticate")
	}
}
