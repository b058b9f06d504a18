package confrest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/confrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/resttest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The sample's people that tests are about: the first administers the spaces,
// the second the site; the third reads everything, the outsider everything
// except the restricted space.
const (
	lead     = "mlindqvist"
	admin    = "iokonjo"
	other    = "ytanabe"
	outsider = "rpetrie"
	inactive = "wcastellane"
	nobody   = ""
)

func clock() time.Time { return time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC) }

type reply = resttest.Reply

// site is an API that listens, over the sample.
type site struct {
	*resttest.Site
	api *confrest.API
}

func newSite(t *testing.T, strict bool) *site {
	t.Helper()
	s := &site{Site: &resttest.Site{T: t, World: world.Sample(clock()), Root: "/wiki/rest/api/", Refused: refused}}
	s.Sign = func(r *http.Request, as string) { r.Header.Set("As", s.Account(as)) }
	s.api = confrest.New(confrest.Options{World: s.World, BaseURL: func() string { return s.URL }, Now: clock, Strict: strict})
	s.Listen(func(w http.ResponseWriter, r *http.Request) {
		p := confrest.Principal{Account: r.Header.Get("As"), App: r.Header.Get("App")}
		if scopes := r.Header.Get("Scopes"); scopes != "" {
			p.Scopes = strings.Fields(scopes)
		}
		s.api.Serve(w, r, p)
	})
	return s
}

// Send calls the site; {name} in the path is that user's account id.
func (s *site) Send(as, method, path, body string, headers ...string) reply {
	s.Helper()
	for _, name := range []string{lead, admin, other, outsider, inactive} {
		path = strings.ReplaceAll(path, "{"+name+"}", s.Account(name))
	}
	return s.Site.Send(as, method, path, body, headers...)
}

// Get reads something.
func (s *site) Get(as, path string) reply {
	s.Helper()
	return s.Send(as, http.MethodGet, path, "")
}

// refused checks a refusal in Confluence's shape.
func refused(r reply, status int, part string) {
	r.Helper()
	var e struct {
		StatusCode int
		Message    string
		Data       *struct{ Authorized, Valid, Successful bool }
	}
	if r.Status != status || json.Unmarshal([]byte(r.Body), &e) != nil || e.StatusCode != status || e.Data == nil {
		r.Errorf("got %d %s, want %d and Confluence's shape of errors", r.Status, r.Body, status)
	}
	if !strings.Contains(e.Message, part) {
		r.Errorf("got %q, want it to have %q", e.Message, part)
	}
}
