package forgerest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// How long a backend may take, as
// https://developer.atlassian.com/platform/forge/remote/essentials/ says.
const (
	eventTime     = 5 * time.Second
	uninstallTime = 55 * time.Second
	invokeTime    = 25 * time.Second
)

// MaxTime is the longest that the site waits for a backend.
const MaxTime = uninstallTime

// endpointModule is the type of module in the tokens of triggers.
const endpointModule = "core:endpoint"

var (
	errNoModule error = install.ErrNoModule
	errNotFound       = world.ErrNotFound
)

// appAccount is the account id of an app's own user.
func appAccount(a *app) string { return world.AppAccount(a.key()) }

// apiBaseURL is what paths of the REST API are put behind.
func (s *Server) apiBaseURL() string { return s.hub().URL() + APIRoot + s.CloudID }

// trip is one call to a backend.
type trip struct {
	operation string
	method    string
	target    *url.URL
	auth      tokenAuth
	claims    object
	account   string // "" is nobody
	header    http.Header
	body      []byte
	limit     time.Duration
}

// send makes the call with its tokens.
func (s *Server) send(ctx context.Context, a *app, t trip) (outbox.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	token, err := s.Sign(t.claims)
	if err != nil {
		return outbox.Answer{}, err
	}
	header, err := s.headers(a, t)
	if err != nil {
		return outbox.Answer{}, err
	}
	return s.Sender.Send(ctx, outbox.Call{
		Method: t.method, Operation: t.operation, Target: t.target, To: a.key(), Account: t.account,
		Scheme: "Bearer", Token: token, Header: header, Body: t.body,
	})
}

// headers adds the OAuth tokens that the endpoint asks for, and a trace.
func (s *Server) headers(a *app, t trip) (http.Header, error) {
	header := t.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	trace := sign.RandomText()
	header.Set("X-B3-Traceid", trace[:32])
	header.Set("X-B3-Spanid", trace[32:48])
	if t.auth.System.Enabled && a.may("read:app-system-token") {
		token, _, err := s.tokens.issue(grant{installation: a.id}, s.Now())
		if err != nil {
			return nil, err
		}
		header.Set("X-Forge-Oauth-System", token)
	}
	if t.auth.User.Enabled && t.account != "" && a.may("read:app-user-token") && !s.tokens.withoutConsent(t.account) {
		token, _, err := s.tokens.issue(grant{installation: a.id, account: t.account}, s.Now())
		if err != nil {
			return nil, err
		}
		header.Set("X-Forge-Oauth-User", token)
	}
	return header, nil
}

// trigger is a call that Forge makes by itself, to an endpoint with a route.
func (s *Server) trigger(a *app, endpoint, operation string, body []byte, limit time.Duration) (trip, error) {
	e, ok := a.manifest.endpoint(endpoint)
	if !ok {
		return trip{}, fmt.Errorf("endpoint %q: %w", endpoint, errNoModule)
	}
	target, err := a.manifest.address(e, e.Route.Path)
	if err != nil {
		return trip{}, err
	}
	auth := e.Auth
	auth.User.Enabled = false // nobody is there
	return trip{
		operation: operation, method: http.MethodPost, target: target, auth: auth,
		claims: s.claims(a, endpointModule, e.Key), body: body, limit: limit,
	}, nil
}

func good(a outbox.Answer) bool { return a.Status >= 200 && a.Status < 300 }

// maxRetries is how often a trigger is sent again.
const maxRetries = 3

// post is a trigger for the queue: it is sent until the backend takes it, while
// the installation is there. The token is made anew each time.
func (s *Server) post(a *app, endpoint, operation string, body []byte, retries int) outbox.Delivery {
	return outbox.Delivery{App: a.id, Retries: retries, Attempt: func(ctx context.Context, _ int) bool {
		if !s.living(a.id) {
			return false
		}
		got, err := s.attempt(ctx, a, endpoint, operation, body)
		return err != nil || !good(got)
	}}
}

// first sends a trigger once and gives the status, 0 when no answer came. When
// the backend does not take it, the other three tries are queued.
func (s *Server) first(ctx context.Context, a *app, endpoint, operation string, body []byte) int {
	got, err := s.attempt(ctx, a, endpoint, operation, body)
	if err != nil || !good(got) {
		s.Outbox.EnqueueLater(s.post(a, endpoint, operation, body, maxRetries-1))
	}
	return got.Status
}

// attempt sends a trigger once.
func (s *Server) attempt(ctx context.Context, a *app, endpoint, operation string, body []byte) (outbox.Answer, error) {
	t, err := s.trigger(a, endpoint, operation, body, eventTime)
	if err != nil {
		return outbox.Answer{}, err
	}
	return s.send(ctx, a, t)
}

// Tick sends every scheduled trigger of an app, or of all apps when name is
// empty, once and without a body, and returns to how many endpoints. The error
// names the first that did not take it.
func (s *Server) Tick(ctx context.Context, name string) (int, error) {
	apps := s.installed()
	if name != "" {
		a, err := s.app(name)
		if err != nil {
			return 0, err
		}
		apps = []*app{a}
	}
	sent := 0
	var refused error
	for _, a := range apps {
		for _, mod := range a.manifest.of(kindScheduled) {
			if mod.Endpoint == "" {
				continue
			}
			sent++
			refused = errors.Join(refused, s.tick(ctx, a, mod))
		}
	}
	return sent, refused
}

func (s *Server) tick(ctx context.Context, a *app, mod module) error {
	t, err := s.trigger(a, mod.Endpoint, "forge.tick", nil, eventTime)
	if err != nil {
		return err
	}
	got, err := s.send(ctx, a, t)
	switch {
	case err != nil:
		return fmt.Errorf("send tick %s: %w", mod.Key, err)
	case !good(got):
		return fmt.Errorf("send tick %s: the backend answered %d", mod.Key, got.Status)
	}
	return nil
}
