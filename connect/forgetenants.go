package connect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/sightline-go/sightline/connect/internal/kept"
	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	// clientKeyProperty is Atlassian's reserved app property that tells a Forge
	// app its former client key on Connect. It ends with Connect's support. See
	// https://developer.atlassian.com/platform/adopting-forge-from-connect/
	clientKeyProperty = "connect_client_key_019cdff3-8bfb-71fe-9628-875b700aebb8"
	// linkTime bounds the question about the Connect tenant: Forge is to be
	// answered within a second, and calls again.
	linkTime    = 900 * time.Millisecond
	maxLinkBody = 64 << 10
	// seenEvery is how often an active installation is saved if nothing about
	// it is new.
	seenEvery = time.Hour
	// grantTime is how long after an install Jira may still refuse the app: on
	// large sites permissions take minutes. A refusal that lasts longer is final.
	grantTime = 10 * time.Minute
	// unsavedTime is how long pages are served from what is known after a call
	// could not be stored.
	unsavedTime = 5 * time.Second
	// lateCall is how long after an uninstall a page's call may still have been
	// under way.
	lateCall = time.Minute
)

// ErrLinkUnavailable says that Jira cannot tell now whether an installation
// takes over a Connect tenant. Nothing was stored; answer 503, and the next
// call asks again.
var ErrLinkUnavailable = errors.New("the connect tenant of the installation is not known yet")

// ForgeTenants finds the tenant of a verified call and keeps what the call
// brings: the installation, its licence, its system token, the person's token.
// All fields are set before the first use. It is safe for concurrent use.
type ForgeTenants struct {
	Store ForgeInstallations
	// Outbound gets the tokens that come with calls.
	Outbound *ForgeOutbound
	// ConnectKey is the key of the Connect app whose tenants Forge takes over;
	// empty if there was none.
	ConnectKey string
	// ConnectOver says that Connect is switched off: the next hourly call of a
	// tenant, which shows that it lives on Forge, ends its Connect installation.
	ConnectOver bool
	// Changed is called after a tenant was made, revived or uninstalled, to drop
	// caches. It may be nil.
	Changed func(t *Tenant)
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	known kept.Values[ForgeInstallationID, *knownForge]
	links singleflight.Group
	// refused is when Jira first refused to say whether an installation takes
	// over a Connect tenant.
	refused kept.Values[ForgeInstallationID, time.Time]
}

// knownForge is what is stored of an installation.
type knownForge struct {
	tenant  Tenant
	version string
	expires time.Time // of the stored token
	seen    time.Time
	used    bool // a page's or the hourly call is stored
}

// ForgeEvent says what kind of call a route takes.
type ForgeEvent int

// The kinds of call.
const (
	// ForgePage is a call of a page, by a person or nobody.
	ForgePage ForgeEvent = iota
	// ForgeInstalled is avi:forge:installed:app or an upgrade.
	ForgeInstalled
	// ForgeTick is the scheduled trigger.
	ForgeTick
	// ForgeTrigger is any other event of the product.
	ForgeTrigger
)

// Caller returns the tenant and person of a call, and stores what is new. An
// uninstalled tenant is an [*AuthError], unless the call shows that the app was
// installed again; an installation of another site is a [*DeniedError]. Any
// other error, including [ErrLinkUnavailable], means that the answer is not
// known.
func (f *ForgeTenants) Caller(ctx context.Context, i *Invocation, event ForgeEvent) (*Caller, error) {
	now := clock(f.Now)()
	known, ok := f.known.Peek(now, i.Installation())
	if !ok || event == ForgeInstalled || event == ForgeTick || known.isNew(i, now) || event == ForgePage && !known.used {
		var err error
		if known, err = f.save(ctx, i, event); err != nil {
			return nil, err
		}
	}
	t := known.tenant
	switch {
	case t.CloudID != i.Cloud() || t.Environment != i.Environment().Name():
		return nil, &DeniedError{CodeOtherSite, "the installation belongs to another site"}
	case t.State != StateActive:
		return nil, refuse(CodeInactiveTenant, "tenant is "+string(t.State))
	}
	f.Outbound.keep(&t, i)
	return &Caller{tenant: &t, account: i.Account(), item: i.DashboardItem(), invocation: i}, nil
}

// isNew reports whether a call says anything that is not stored yet.
func (k *knownForge) isNew(i *Invocation, now time.Time) bool {
	expires, _ := TokenExpiry(i.SystemToken())
	return k.version != i.Version() || expires.After(k.expires) || now.Sub(k.seen) >= seenEvery ||
		i.SiteURL() != "" && k.tenant.SharedSecret.IsZero() && i.SiteURL() != k.tenant.DisplayURL
}

// save stores a call and remembers what is stored for half a minute: another
// process may change it.
func (f *ForgeTenants) save(ctx context.Context, i *Invocation, event ForgeEvent) (*knownForge, error) {
	install, t, err := f.install(ctx, i, event)
	if err == nil {
		t, err = f.store(ctx, install, t)
	}
	if before, ok := f.known.Peek(clock(f.Now)(), i.Installation()); ok && err != nil && t == nil {
		t = &before.tenant
	}
	down := new(UnavailableError)
	switch {
	case errors.As(err, &down) && event == ForgePage && t != nil && t.State == StateActive:
		return f.unsaved(install, t), nil
	case errors.Is(err, ErrOtherSite):
		return nil, &DeniedError{CodeOtherSite, "the installation belongs to another site"}
	case err != nil:
		return nil, err
	}
	now := clock(f.Now)()
	known := &knownForge{tenant: *t, version: install.Version, expires: install.SystemExpires, seen: now, used: install.InUse}
	if before, ok := f.known.Peek(now, install.ID); ok {
		known.expires, known.used = later(before.expires, known.expires), known.used || before.used
		if before.tenant.Generation != t.Generation {
			f.changed(t)
		}
	}
	if t.State == StateActive {
		f.known.Put(now, install.ID, known, now.Add(tenantTime))
	}
	return known, nil
}

// store stores a call. If that fails it returns the tenant as it was found.
func (f *ForgeTenants) store(ctx context.Context, in ForgeInstall, found *Tenant) (*Tenant, error) {
	t, err := f.Store.SaveForgeInstall(ctx, in)
	if err != nil {
		return found, fmt.Errorf("save installation: %w", err)
	}
	return t, nil
}

// unsaved is what a page needs: its tenant is known and its tokens came with the
// call. What is new is stored by a later call, tried again in a moment.
func (f *ForgeTenants) unsaved(in ForgeInstall, t *Tenant) *knownForge {
	now := clock(f.Now)()
	known := &knownForge{tenant: *t, version: in.Version, expires: in.SystemExpires, seen: now}
	if t.State == StateActive {
		f.known.Put(now, in.ID, known, now.Add(unsavedTime))
	}
	return known
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// install is a call in the form for storage, and its tenant as it is known, nil
// if it is not. An unknown installation may take over a Connect tenant.
func (f *ForgeTenants) install(ctx context.Context, i *Invocation, event ForgeEvent) (ForgeInstall, *Tenant, error) {
	in := ForgeInstall{
		ID: i.Installation(), Cloud: i.Cloud(), Environment: i.Environment().Name(), EnvironmentID: i.Environment().ID, APIBaseURL: i.APIBaseURL(),
		SiteURL: i.SiteURL(), Version: i.Version(), License: i.License(), SystemToken: i.SystemToken(),
		Linked: true, Tick: event == ForgeTick, InUse: event == ForgeTick || event == ForgePage,
		ConnectOver: f.ConnectOver && event == ForgeTick,
	}
	if expires, ok := TokenExpiry(in.SystemToken); ok {
		in.SystemExpires = expires
	} else {
		in.SystemToken = Secret{} // of no use without its expiry
	}
	if event == ForgeInstalled {
		in.InstalledAt = i.issuedAt()
	}
	t, _, err := f.Store.ForgeTenant(ctx, in.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		in.Revives = true
		in.ClientKey, err = f.clientKey(ctx, i)
		return in, nil, err
	case err != nil:
		return in, nil, fmt.Errorf("find tenant: %w", err)
	}
	in.Revives = event == ForgeInstalled || t.State != StateUninstalled ||
		event == ForgePage && i.issuedAt().After(t.UninstalledAt.Add(lateCall))
	return in, t, nil
}

// clientKey asks Jira for the client key of the Connect tenant that a new
// installation takes over, once for all waiting callers. It does not ask if the
// site has a tenant or the app never was on Connect.
func (f *ForgeTenants) clientKey(ctx context.Context, i *Invocation) (ClientKey, error) {
	if f.ConnectKey == "" || i.Environment().Name() != EnvironmentProduction {
		return "", nil
	}
	has, err := f.Store.HasForgeTenant(ctx, i.Cloud(), EnvironmentProduction)
	if err != nil || has {
		return "", err
	}
	done := f.links.DoChan(string(i.Installation()), func() (any, error) {
		return f.askClientKey(context.WithoutCancel(ctx), i)
	})
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case result := <-done:
		key, _ := result.Val.(ClientKey)
		return key, result.Err
	}
}

func (f *ForgeTenants) askClientKey(ctx context.Context, i *Invocation) (ClientKey, error) {
	ctx, cancel := context.WithTimeout(ctx, linkTime)
	defer cancel()
	if i.SystemToken().IsZero() {
		return "", fmt.Errorf("%w: the call has no system token", ErrLinkUnavailable)
	}
	address := i.APIBaseURL() + "/rest/atlassian-connect/1/addons/" + f.ConnectKey + "/properties/" + clientKeyProperty
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrLinkUnavailable, err)
	}
	req.Header.Set("Authorization", "Bearer "+i.SystemToken().Reveal())
	req.Header.Set("Accept", "application/json")
	resp, err := f.Outbound.base().RoundTrip(req) // follows no redirect
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrLinkUnavailable, err)
	}
	defer func() { _ = resp.Body.Close() }()
	switch resp.StatusCode {
	case http.StatusOK:
		return readClientKey(wire.Body(ctx, resp.Body))
	case http.StatusNotFound:
		return "", nil
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		if f.refusedForGood(i.Installation()) {
			return "", nil
		}
	}
	return "", fmt.Errorf("%w: status %d", ErrLinkUnavailable, resp.StatusCode)
}

// refusedForGood reports whether Jira has refused an installation for so long
// that it will not grant anything any more: the app was never on Connect there.
func (f *ForgeTenants) refusedForGood(id ForgeInstallationID) bool {
	now := clock(f.Now)()
	first, ok := f.refused.Peek(now, id)
	if !ok {
		f.refused.Put(now, id, now, now.Add(24*time.Hour))
		return false
	}
	return now.Sub(first) >= grantTime
}

// readClientKey reads a property whose value is the key. Its exact shape is not
// documented, so a plain string and an object that names it are accepted too.
func readClientKey(body io.Reader) (ClientKey, error) {
	data, err := io.ReadAll(io.LimitReader(body, maxLinkBody+1))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrLinkUnavailable, err)
	}
	if len(data) > maxLinkBody {
		return "", fmt.Errorf("%w: the answer is too long", ErrLinkUnavailable)
	}
	var property struct {
		Value json.RawMessage `json:"value"`
	}
	text := data
	if json.Unmarshal(data, &property) == nil && len(property.Value) > 0 {
		text = property.Value
	}
	var named struct {
		ClientKey ClientKey `json:"clientKey"`
	}
	if json.Unmarshal(text, &named.ClientKey) != nil && json.Unmarshal(text, &named) != nil || named.ClientKey == "" {
		return "", fmt.Errorf("%w: the answer holds no client key", ErrLinkUnavailable)
	}
	return named.ClientKey, nil
}

// Uninstall ends an installation, on the call before it is removed. An unknown
// one is already gone.
func (f *ForgeTenants) Uninstall(ctx context.Context, i *Invocation) error {
	known, _, err := f.Store.ForgeTenant(ctx, i.Installation())
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("find tenant: %w", err)
	case known.CloudID != i.Cloud() || known.Environment != i.Environment().Name():
		return &DeniedError{CodeOtherSite, "the installation belongs to another site"}
	}
	t, err := f.Store.UninstallForge(ctx, i.Installation(), i.issuedAt())
	if err != nil {
		return fmt.Errorf("uninstall: %w", err)
	}
	f.changed(t)
	return nil
}

// Forget drops what is cached about a tenant.
func (f *ForgeTenants) Forget(t *Tenant) {
	f.known.Drop(func(id ForgeInstallationID) bool { return id == t.ForgeInstallation })
	f.Outbound.Forget(t.ID)
}

func (f *ForgeTenants) changed(t *Tenant) {
	f.Forget(t)
	if f.Changed != nil {
		f.Changed(t)
	}
}
