package slackapp

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

// callTimeout is how long one call to Slack may take.
const callTimeout = 10 * time.Second

// scopes are what the app asks a workspace for: the command, its message,
// joining a public channel where it is set up, the bookmark, and events about
// channels, and links in messages.
const scopes = "commands,chat:write,channels:join,channels:read,groups:read,bookmarks:read,bookmarks:write," + scopeLinksRead + "," + scopeLinksWrite

// The scopes with which a workspace tells the app of links, and lets it say what is
// behind them.
const (
	scopeLinksRead  = "links:read"
	scopeLinksWrite = "links:write"
)

// Config is what [New] needs. Log, Network, Now and Sleep may be nil.
type Config struct {
	// ClientID, ClientSecret and SigningSecret are those of the Slack app.
	// ClientSecret is only sent to APIURL.
	ClientID                    string
	ClientSecret, SigningSecret connect.Secret
	// TicketKeys have 32 bytes each. The first signs tickets, all verify.
	TicketKeys [][]byte
	// APIURL is where the Web API's methods are, with a trailing slash, and
	// AuthorizeURL the page where people approve the app.
	APIURL, AuthorizeURL string
	// Find returns the app in a workspace, with an empty token if Slack has
	// revoked it; connect.ErrNotFound if it is not installed there.
	Find func(ctx context.Context, team string) (Install, error)
	// Plain keeps that a workspace takes no tables; nil: it is tried each time.
	Plain func(ctx context.Context, team string) error
	// Renewals keeps tokens that end.
	Renewals Renewals
	// First records a request's signature, for all programs that serve the app, and
	// reports whether it is the first; see [Verifier].
	First func(ctx context.Context, signature string) (bool, error)
	// Link returns the address behind a glance.
	Link func(ctx context.Context, at glance.Place) (string, error)
	// Log says what became of tokens; nil is silent.
	Log *slog.Logger
	// Network makes the calls; nil is http.DefaultTransport.
	Network http.RoundTripper
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Sleep waits for a call's turn; nil uses the machine's clock.
	Sleep func(ctx context.Context, d time.Duration) error
}

// App is the app on Slack. It is safe for concurrent use.
type App struct {
	// Verifier checks what Slack sends.
	Verifier *Verifier
	// Tickets signs and opens what travels through a person's browser.
	Tickets *Tickets
	// Surface makes the calls into workspaces.
	Surface *Surface

	clientID     string
	authorizeURL string
}

// New wires the parts. It makes no request.
func New(c Config) *App {
	return &App{
		Verifier: &Verifier{SigningSecret: c.SigningSecret, First: c.First, Now: c.Now},
		Tickets:  &Tickets{Keys: c.TicketKeys, Now: c.Now},
		Surface: &Surface{
			find: c.Find, link: c.Link, renewals: c.Renewals, plain: c.Plain, log: logger(c.Log), apiURL: c.APIURL, now: clock(c.Now), wait: c.Sleep,
			http:     &http.Client{Transport: transport{c.Network, clock(c.Now)}, Timeout: callTimeout, CheckRedirect: noRedirect},
			clientID: c.ClientID, clientSecret: c.ClientSecret,
		},
		clientID: c.ClientID, authorizeURL: c.AuthorizeURL,
	}
}

func logger(l *slog.Logger) *slog.Logger {
	if l == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l
}

// noRedirect hands a redirect back as the answer: following it would take the
// token elsewhere.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// AuthorizeAddress is Slack's page where a person approves adding the app to a
// workspace. Slack sends them back to redirect, with the state and either a
// code for [App.Exchange] or an error. See
// https://docs.slack.dev/authentication/installing-with-oauth
func (a *App) AuthorizeAddress(state, redirect string) (string, error) {
	to, err := url.Parse(a.authorizeURL)
	if err != nil {
		return "", err
	}
	to.RawQuery = url.Values{
		"client_id": {a.clientID}, "scope": {scopes}, "redirect_uri": {redirect}, "state": {state},
	}.Encode()
	return to.String(), nil
}

// Exchange turns the code that a person brought back to redirect into the app
// in their workspace. The caller sets its Tenant. Slack's refusal is an
// [*Error]; an answer that is of no use wraps [ErrEnterprise] or
// [ErrNotRenewable].
func (a *App) Exchange(ctx context.Context, code, redirect string) (Install, error) {
	return a.Surface.exchange(ctx, code, redirect)
}

func clock(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now
	}
	return now
}
