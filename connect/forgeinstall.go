package connect

import (
	"context"
	"errors"
	"time"
)

// ErrOtherSite says that an installation is known on a different site than a
// call claims. Nothing was changed.
var ErrOtherSite = errors.New("the installation belongs to another site")

// ForgeInstall is what one verified call says about its installation, for
// storage.
type ForgeInstall struct {
	ID ForgeInstallationID
	// Cloud and Environment name the tenant, see [ForgeEnvironment.Name].
	Cloud       CloudID
	Environment string
	// EnvironmentID is Forge's own id of the environment.
	EnvironmentID string
	// APIBaseURL is where the REST API answers. SiteURL is the address in a
	// browser, empty if the call did not say.
	APIBaseURL, SiteURL string
	Version             string
	// License is nil if the call brought none; a stored one then stays.
	License *ForgeLicense
	// SystemToken is empty if the call brought none; a stored one then stays,
	// and so does one that expires later.
	SystemToken   Secret
	SystemExpires time.Time
	// ClientKey is that of the Connect tenant that this installation takes
	// over, empty if there is none. Linked says that this is known.
	ClientKey ClientKey
	Linked    bool
	// Revives says that the call proves that the app is installed, so that an
	// uninstalled tenant becomes active again.
	Revives bool
	// Tick says that this was the hourly call.
	Tick bool
	// InUse says that only an installation that is there now makes such a call:
	// a page's or the hourly one. Events may come late, after a reinstallation.
	InUse bool
	// ConnectOver says that the tenant's Connect installation is used no more: its
	// secret is to be forgotten.
	ConnectOver bool
	// InstalledAt is when Forge issued the call, if it told of an install or an
	// upgrade; else zero.
	InstalledAt time.Time
}

// ForgeStatus is what is known about an installation.
type ForgeStatus struct {
	ID      ForgeInstallationID
	Tenant  TenantID
	Version string
	License *ForgeLicense
	// CreatedAt is the first verified call, or a later one that showed that this
	// installation and not a newer one is in use, zero after its end; SeenAt is
	// the last call, LastTick the last hourly one, zero when there was none.
	CreatedAt, SeenAt, LastTick time.Time
	// Refusals counts how often Jira refused the app since SeenAt, RefusedAt is
	// the first of them.
	Refusals  int
	RefusedAt time.Time
	Linked    bool
}

const (
	// silentAfter is how long after the last hourly call an installation counts
	// as silent.
	silentAfter = 3 * time.Hour
	// goneRefusals over at least goneAfter mean that a silent installation is
	// gone.
	goneRefusals = 3
	goneAfter    = time.Hour
)

// Silent reports whether the hourly call has not come for three hours.
func (s ForgeStatus) Silent(now time.Time) bool {
	last := s.LastTick
	if last.IsZero() {
		last = s.CreatedAt
	}
	return now.Sub(last) >= silentAfter
}

// Gone reports whether Jira refused the app at least three times over an hour
// while no call came: Forge does not report an uninstall afterwards. A verified
// call ends it.
func (s ForgeStatus) Gone(now time.Time) bool {
	return s.Silent(now) && s.Refusals >= goneRefusals && now.Sub(s.RefusedAt) >= goneAfter
}

// Name is what tells a site's tenants apart: the type of the one production
// environment, the id of any other.
func (e ForgeEnvironment) Name() string {
	if e.Type == EnvironmentProduction || e.ID == "" {
		return e.Type
	}
	return e.ID
}

// EnvironmentProduction is the type of an app's one production environment.
const EnvironmentProduction = "PRODUCTION"

// ForgeInstallations is what Forge's calls need from storage.
type ForgeInstallations interface {
	// ForgeTenant returns the tenant of an installation and what is known about
	// it, or an error that wraps ErrNotFound.
	ForgeTenant(ctx context.Context, id ForgeInstallationID) (*Tenant, ForgeStatus, error)
	// HasForgeTenant reports whether a site and environment have a tenant.
	HasForgeTenant(ctx context.Context, cloud CloudID, environment string) (bool, error)
	// SaveForgeInstall finds or makes the tenant of a call and stores what it
	// says, in one transaction: by the installation, by the site and
	// environment, by the Connect client key. A reinstalled app keeps its
	// tenant. An error that wraps ErrOtherSite changes nothing.
	SaveForgeInstall(ctx context.Context, in ForgeInstall) (*Tenant, error)
	// UninstallForge forgets an installation's token. The tenant is uninstalled
	// if it has no newer installation, and no other one that called lately while
	// this one was never in use; it is returned in its new state. told is
	// when Forge issued the call: one from before the newest install or upgrade of
	// the installation changes nothing and is an error that wraps ErrOldEvent.
	UninstallForge(ctx context.Context, id ForgeInstallationID, told time.Time) (*Tenant, error)
	// ForgeToken returns the system token of a tenant's newest installation and
	// when it ends, or an error that wraps ErrNotFound.
	ForgeToken(ctx context.Context, id TenantID) (Secret, time.Time, error)
	// ForgeRefused counts that Jira refused the app with 401, 403 or 404.
	ForgeRefused(ctx context.Context, id TenantID) error
}
