package connect

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Caller is the tenant and person behind a verified request. Only a [Verifier]
// or [ForgeTenants] makes one, so a function that takes a *Caller cannot be called unverified.
type Caller struct {
	tenant  *Tenant
	account AccountID
	item    DashboardItem
	// invocation is there for Forge's calls.
	invocation *Invocation
	// api is there for callers that an App or a ForgeApp hands to a Handler.
	api func() (*http.Client, string)
}

// Tenant is the installation that the request came from. Treat it as read-only.
func (c *Caller) Tenant() *Tenant { return c.tenant }

// Account is the person who acts; empty if nobody is logged in.
func (c *Caller) Account() AccountID { return c.account }

// Item is the dashboard item that a session token or an invocation token is
// bound to; zero for every other kind of token.
func (c *Caller) Item() DashboardItem { return c.item }

// Invocation is the call of Forge that was verified, nil for one of Connect.
func (c *Caller) Invocation() *Invocation { return c.invocation }

// API returns a client that calls the site's REST API as the person, and the address
// that comes before the paths of the API: jira.New(c.API()) makes a typed client of
// it. The same code so works on Connect and on Forge. For nobody, and where the person
// gave no consent, its calls fail with [ErrImpersonation]. A caller that no
// [App] and no [ForgeApp] handed to a [Handler] has a client whose every call fails.
func (c *Caller) API() (*http.Client, string) {
	if c.api == nil {
		return &http.Client{Transport: noAPI{}}, c.tenant.BaseURL
	}
	return c.api()
}

var errNoAPI = errors.New("the caller was verified without an App, which has its client")

// noAPI refuses all calls.
type noAPI struct{}

// RoundTrip fails.
func (noAPI) RoundTrip(*http.Request) (*http.Response, error) { return nil, errNoAPI }

// DashboardItem names one gadget on one dashboard.
type DashboardItem struct {
	// Dashboard is the dashboard's id.
	Dashboard string
	// Item is the id of the gadget on it.
	Item string
}

// IsZero reports whether no dashboard item is named.
func (d DashboardItem) IsZero() bool { return d == DashboardItem{} }

// Handler serves a verified request. If it returns an error, that is logged and the
// request is answered 500 with a constant text; what it wrote before stays.
type Handler func(w http.ResponseWriter, r *http.Request, c *Caller) error

// door is what an [App] and a [ForgeApp] do with requests that are refused or fail.
type door struct{ log *slog.Logger }

func (d door) logger() *slog.Logger {
	if d.log != nil {
		return d.log
	}
	return slog.Default()
}

// answer runs a handler.
func (d door) answer(w http.ResponseWriter, r *http.Request, c *Caller, h Handler) {
	if err := h(w, r, c); err != nil {
		d.logger().ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "tenant", c.tenant.name(), "error", err)
		http.Error(w, "the request could not be answered", http.StatusInternalServerError)
	}
}

// refuse answers a refusal with 401, a valid token for another place with 403, what
// cannot be known now with 503, and a failure with 500, and says no more. The log
// says which check failed, and what was signed where something else was due.
func (d door) refuse(w http.ResponseWriter, r *http.Request, err error) {
	attributes := []any{"method", r.Method, "path", r.URL.Path, "error", err}
	if refused := (*AuthError)(nil); errors.As(err, &refused) && refused.Code == CodeQSHMismatch {
		attributes = append(attributes, "signed hash", refused.Got, "due", refused.Want)
	}
	d.logger().WarnContext(r.Context(), "request refused", attributes...)
	status, text, wait := refusal(err)
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	http.Error(w, text, status)
}

func refusal(err error) (status int, text string, wait time.Duration) {
	var (
		refused     *AuthError
		denied      *DeniedError
		body        *BodyError
		unavailable *UnavailableError
	)
	switch {
	case errors.As(err, &refused), errors.As(err, &body):
		return http.StatusUnauthorized, "the request could not be verified", 0
	case errors.As(err, &denied):
		return http.StatusForbidden, "the request is not for this place", 0
	case errors.As(err, &unavailable):
		return http.StatusServiceUnavailable, "the request cannot be checked now", unavailable.RetryAfter
	case errors.Is(err, ErrKeysUnavailable), errors.Is(err, ErrLinkUnavailable):
		return http.StatusServiceUnavailable, "the request cannot be checked now", 10 * time.Second
	}
	return http.StatusInternalServerError, "the request could not be checked", 0
}

// secure sets the headers of a page: only the tenant's own site may frame it, under
// both of its names, and nobody a refusal.
func secure(h http.Header, t *Tenant) {
	ancestors := ""
	if t != nil {
		for _, address := range []string{t.BaseURL, t.DisplayURL} {
			if u, err := url.Parse(address); err == nil && u.Host != "" {
				ancestors += " " + u.Scheme + "://" + u.Host
			}
		}
	}
	if ancestors == "" {
		ancestors = " 'none'"
	}
	h.Set("Content-Security-Policy", "frame-ancestors"+ancestors)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
}

// loopbackHost is the host of an address if it is this machine, as a local site is.
func loopbackHost(address string) HostPatterns {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil
	}
	patterns, _ := ParseHostPatterns([]string{u.Host}) // one that is no pattern is not allowed
	return patterns
}
