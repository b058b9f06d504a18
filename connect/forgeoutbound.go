package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/internal/kept"
	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	// maxTokenLife is how long a token from a call is used at most.
	maxTokenLife = 4 * time.Hour
	// renewForge is how long before its expiry one of Forge's tokens is no
	// longer used.
	renewForge = 30 * time.Second
	// refusedPause is the shortest time between two counted refusals of a
	// tenant.
	refusedPause = 10 * time.Minute
)

var (
	// ErrNoConsent says that Forge gives no token of the person: they have not
	// allowed the app to act for them. It is an [ErrImpersonation]. While Forge
	// cannot say so, the error is [ErrTokenUnavailable] or a [*TokenError].
	ErrNoConsent = fmt.Errorf("%w: no token of the person", ErrImpersonation)
	// ErrNoAppToken says that there is no system token: the last one expired
	// and Forge's hourly call has not brought a new one.
	ErrNoAppToken = errors.New("no system token of the installation")
)

// ForgeOutbound makes the transports that carry Forge's tokens to a tenant's
// REST API. They refuse every address that is not below the tenant's
// APIBaseURL, and a body on GET and HEAD. Errors name the tenant and hold no
// token.
//
// It keeps tokens; make one and share it. All fields are set before the first
// use.
type ForgeOutbound struct {
	// Store has the system tokens.
	Store ForgeInstallations
	// UserAgent is sent by calls that set none.
	UserAgent string
	// Base carries the calls; nil means http.DefaultTransport.
	Base http.RoundTripper
	// GraphQLURL is where a person's token is requested if no call brought one,
	// such as https://api.atlassian.com/graphql; empty: it is not requested. If
	// the installation does not grant it, the person's calls fail with
	// ErrNoConsent; if Forge gives no plain answer, with ErrTokenUnavailable or a
	// *TokenError, and without the app's own token with ErrNoAppToken.
	GraphQLURL string
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	people  kept.Values[forgePerson, *userToken]
	systems kept.Values[forgePerson, *userToken] // keys without an account
	// denied holds the installations that grant no people's tokens, refused
	// the tenants whose refusal was just counted.
	denied, refused kept.Values[forgePerson, bool]

	mu sync.Mutex
	// asked is when people's tokens were last requested, oldest the place of the
	// first of those times.
	asked  []time.Time
	oldest int
}

// forgePerson is a person of a tenant's installation, or the app itself
// without an account. The generation makes a reinstallation forget.
type forgePerson struct {
	tenant       TenantID
	installation ForgeInstallationID
	generation   int64
	account      AccountID
}

func forgePersonOf(t *Tenant, account AccountID) forgePerson {
	return forgePerson{t.ID, t.ForgeInstallation, t.Generation, account}
}

// App returns the transport of calls that the app makes as itself, with the
// stored token of the tenant's newest installation. Without a valid one the
// error is ErrNoAppToken.
func (o *ForgeOutbound) App(t *Tenant) http.RoundTripper {
	return &forgeTransport{out: o, tenant: *t}
}

// User returns the transport of calls that the app makes as a person, with the
// token from their last call, or one that Forge gives for them. If it gives
// none, the error is ErrNoConsent; see ForgeOutbound.GraphQLURL. See
// https://developer.atlassian.com/platform/forge/remote/calling-product-apis/
func (o *ForgeOutbound) User(t *Tenant, account AccountID) http.RoundTripper {
	return &forgeTransport{out: o, tenant: *t, account: account, person: true}
}

// Knows reports whether it has a token of the person.
func (o *ForgeOutbound) Knows(t *Tenant, account AccountID) bool {
	_, ok := o.people.Peek(clock(o.Now)(), forgePersonOf(t, account))
	return ok
}

// Forget drops all tokens of a tenant.
func (o *ForgeOutbound) Forget(id TenantID) {
	match := func(p forgePerson) bool { return p.tenant == id }
	o.people.Drop(match)
	o.systems.Drop(match)
	o.denied.Drop(match)
	o.refused.Drop(match)
}

// keep remembers the tokens that came with a call. One that expires sooner than
// the kept one changes nothing.
func (o *ForgeOutbound) keep(t *Tenant, i *Invocation) {
	if i.Account() != "" {
		o.keepOne(&o.people, forgePersonOf(t, i.Account()), i.UserToken())
	}
	if t.ForgeInstallation == i.Installation() {
		o.keepOne(&o.systems, forgePersonOf(t, ""), i.SystemToken())
	}
}

func (o *ForgeOutbound) keepOne(in *kept.Values[forgePerson, *userToken], key forgePerson, token Secret) {
	now := clock(o.Now)()
	expires, ok := TokenExpiry(token)
	if !ok {
		return
	}
	if before, ok := in.Peek(now, key); ok {
		if known, _ := TokenExpiry(before.text); expires.Before(known) {
			return
		}
	}
	in.Put(now, key, &userToken{token}, o.until(expires))
}

// until is when a token is no longer used.
func (o *ForgeOutbound) until(expires time.Time) time.Time {
	if most := clock(o.Now)().Add(maxTokenLife); expires.After(most) {
		expires = most
	}
	return expires.Add(-renewForge)
}

func (o *ForgeOutbound) base() http.RoundTripper {
	if o.Base != nil {
		return o.Base
	}
	return http.DefaultTransport
}

// forgeTransport calls with a token of the app or of a person.
type forgeTransport struct {
	out     *ForgeOutbound
	tenant  Tenant
	account AccountID
	person  bool
}

// RoundTrip sends a copy of the request, and once more with another token if
// the API refuses the first and there is one.
func (f *forgeTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	call, err := f.outgoing(req)
	if err != nil {
		return nil, refuseCall(req, &f.tenant, err)
	}
	token, err := f.authorize(call)
	if err != nil {
		return nil, refuseCall(req, &f.tenant, err)
	}
	resp, err := f.send(call)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || wire.LacksScope(resp) {
		return resp, err
	}
	f.drop(token)
	return f.again(call, resp, token)
}

// again repeats a refused call if there is another token and the body can be
// sent a second time. A person without another token has none any more, or none
// can be had; otherwise the refusal stands.
func (f *forgeTransport) again(call *http.Request, refused *http.Response, last *userToken) (*http.Response, error) {
	body, err := wire.Rewind(call)
	if err != nil {
		return refused, nil //nolint:nilerr // the first answer stands
	}
	call = call.Clone(call.Context())
	call.Body = body
	token, err := f.authorize(call)
	if f.person && err != nil {
		// The only token has ended, or the person has taken their consent back, or
		// that cannot be known now.
		wire.CloseBody(call)
		wire.Drain(refused.Body)
		_ = refused.Body.Close()
		return nil, refuseCall(call, &f.tenant, err)
	}
	if err != nil || token.text.Reveal() == last.text.Reveal() {
		wire.CloseBody(call)
		return refused, nil //nolint:nilerr // the first answer stands
	}
	wire.Drain(refused.Body)
	_ = refused.Body.Close()
	return f.send(call)
}

func (f *forgeTransport) outgoing(req *http.Request) (*http.Request, error) {
	if err := below(req, f.tenant.APIBaseURL); err != nil {
		return nil, err
	}
	if wire.HasBody(req) && (req.Method == "" || req.Method == http.MethodGet || req.Method == http.MethodHead) {
		return nil, errBodyOnGet
	}
	call := req.Clone(req.Context())
	setDefault(call.Header, "User-Agent", f.out.UserAgent)
	setDefault(call.Header, "Accept", "application/json")
	return call, nil
}

func setDefault(h http.Header, name, value string) {
	if value != "" && len(h.Values(name)) == 0 {
		h.Set(name, value)
	}
}

// below refuses an address that is not below a base. All sites share one
// origin, so the path counts too, as the server may read it.
func below(req *http.Request, base string) error {
	if base == "" || wire.CheckOrigin(req, base) != nil {
		return ErrForeignOrigin
	}
	home, err := url.Parse(base)
	if err != nil {
		return ErrForeignOrigin
	}
	for _, p := range []string{req.URL.Path, path.Clean(req.URL.Path)} {
		if !strings.HasPrefix(p, home.Path+"/") {
			return ErrForeignOrigin
		}
	}
	return nil
}

func (f *forgeTransport) send(call *http.Request) (*http.Response, error) {
	resp, err := f.out.base().RoundTrip(call)
	if err != nil {
		return nil, fmt.Errorf("call tenant %s: %w", f.tenant.name(), err)
	}
	if !f.person && !wire.LacksScope(resp) {
		f.noteRefusal(call.Context(), resp.StatusCode)
	}
	return resp, nil
}

// noteRefusal counts that Jira does not know the app: storage concludes from it
// that an installation is gone. A failure to count does not fail the call.
func (f *forgeTransport) noteRefusal(ctx context.Context, status int) {
	if status != http.StatusUnauthorized && status != http.StatusForbidden && status != http.StatusNotFound {
		return
	}
	now, key := clock(f.out.Now)(), forgePersonOf(&f.tenant, "")
	if _, ok := f.out.refused.Peek(now, key); ok {
		return
	}
	f.out.refused.Put(now, key, true, now.Add(refusedPause))
	_ = f.out.Store.ForgeRefused(ctx, f.tenant.ID)
}

func (f *forgeTransport) authorize(call *http.Request) (*userToken, error) {
	token, err := f.token(call.Context())
	if err != nil {
		return nil, err
	}
	call.Header.Set("Authorization", "Bearer "+token.text.Reveal())
	return token, nil
}

func (f *forgeTransport) token(ctx context.Context) (*userToken, error) {
	key, now := forgePersonOf(&f.tenant, f.account), clock(f.out.Now)
	switch {
	case !f.person:
		return f.out.systems.Get(ctx, now, key, f.stored)
	case f.account == "":
		return nil, ErrNoConsent
	}
	return f.out.people.Get(ctx, now, key, f.offline)
}

func (f *forgeTransport) drop(token *userToken) {
	key := forgePersonOf(&f.tenant, f.account)
	if f.person {
		f.out.people.DropValue(key, token)
	} else {
		f.out.systems.DropValue(key, token)
	}
}

// stored reads the system token that storage has.
func (f *forgeTransport) stored(ctx context.Context) (*userToken, time.Time, error) {
	token, expires, err := f.out.Store.ForgeToken(ctx, f.tenant.ID)
	until := f.out.until(expires)
	switch {
	case errors.Is(err, ErrNotFound), err == nil && !clock(f.out.Now)().Before(until):
		return nil, time.Time{}, ErrNoAppToken
	case err != nil:
		return nil, time.Time{}, err
	}
	return &userToken{token}, until, nil
}
