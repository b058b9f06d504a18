package connect

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound says that something does not exist. Storage wraps it. Any other
// error is a failure and never means absence.
var ErrNotFound = errors.New("not found")

// UnavailableError says that storage cannot answer now, through no fault of the
// caller or of this program: it is locked, stopped or full. Answer it with 503:
// hosts call again.
type UnavailableError struct {
	// Reason is one word for the log.
	Reason string
	// RetryAfter is when another try may help; 0 if no wait helps.
	RetryAfter time.Duration
	// Err is the cause.
	Err error
}

// Error gives the reason and the cause.
func (e *UnavailableError) Error() string {
	return "storage is unavailable (" + e.Reason + "): " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *UnavailableError) Unwrap() error { return e.Err }

// TenantID is the app's own name for a tenant, chosen by storage. It never
// changes: keep everything that belongs to a tenant under it, never under a
// client key.
type TenantID string

// ClientKey is the host's opaque name for one installation, at most 255 bytes. A
// site import brings a new one.
type ClientKey string

// AccountID is an Atlassian account id. The empty one is an anonymous viewer.
type AccountID string

// CloudID is the id of an Atlassian site, shared by all its products.
type CloudID string

// Product is the product that an app is installed into, as productType names it.
type Product string

// The products that speak Connect.
const (
	ProductJira       Product = "jira"
	ProductConfluence Product = "confluence"
)

// State says whether a tenant's requests are served.
type State string

// The states of a tenant: only an active one is served. Uninstalled wins over
// disabled or enabled calls that arrive late; only an install ends it.
const (
	StateActive      State = "active"
	StateDisabled    State = "disabled"
	StateUninstalled State = "uninstalled"
)

// Tenant is one site with the app on it.
type Tenant struct {
	ID      TenantID
	Product Product
	// CloudID is empty until the app has looked it up, see [LookupCloudID].
	CloudID CloudID
	// BaseURL is where the REST API answers, without a trailing slash.
	BaseURL string
	// DisplayURL is the address that people see, without a trailing slash. It
	// differs from BaseURL for a site with a domain of its own.
	DisplayURL string
	State      State

	// What a Connect installation has; all empty without one.
	ClientKey      ClientKey
	AppKey         string
	SharedSecret   Secret
	OAuthClientID  string
	InstallationID string
	// What a Forge installation has, of several the newest; empty without one.
	// APIBaseURL is where the REST API answers to Forge's tokens, without a
	// slash at the end. Environment is [EnvironmentProduction] for a tenant
	// that has only a Connect installation; EnvironmentID is Forge's own id, an
	// ARI or a UUID.
	ForgeInstallation ForgeInstallationID
	APIBaseURL        string
	Environment       string
	EnvironmentID     string
	// Generation goes up by one with every install and uninstall. Sessions,
	// tokens and caches that were made under an older one no longer count.
	Generation int64

	// The times that storage keeps; zero where it keeps none.
	InstalledAt   time.Time
	UpdatedAt     time.Time
	UninstalledAt time.Time
}

// Install is the body of a lifecycle call. Only installed carries a shared
// secret. Members that it does not name are ignored.
// See https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/#lifecycle
type Install struct {
	Key               string    `json:"key"`
	ClientKey         ClientKey `json:"clientKey"`
	SharedSecret      Secret    `json:"sharedSecret"`
	OAuthClientID     string    `json:"oauthClientId"`
	BaseURL           string    `json:"baseUrl"`
	DisplayURL        string    `json:"displayUrl"`
	ProductType       Product   `json:"productType"`
	Description       string    `json:"description"`
	EntitlementID     string    `json:"entitlementId"`
	EntitlementNumber string    `json:"entitlementNumber"`
	InstallationID    string    `json:"installationId"`
	EventType         string    `json:"eventType"`
	// IssuedAt is when the host issued the call, as its token says.
	IssuedAt time.Time `json:"-"`
	// Dropped says, in words for a log, what of the body was not taken; empty if
	// all was.
	Dropped string `json:"-"`
}

// TenantFinder finds the tenant of a token's issuer.
type TenantFinder interface {
	// TenantByClientKey returns the tenant in whatever state it is, with its
	// secret in the clear. An unknown client key is an error that wraps
	// [ErrNotFound].
	TenantByClientKey(ctx context.Context, key ClientKey) (*Tenant, error)
}

// Installations is the storage of an app: where its tenants are kept. [Memory] is
// one for tests and first steps.
type Installations interface {
	TenantFinder
	// SaveInstall creates a tenant, or gives a known one its new secret and
	// addresses, in one transaction. The tenant becomes active, its generation
	// goes up by one, and all its data stays. An install that was issued before
	// the newest install or uninstall known of the client key changes nothing and
	// is [ErrOldEvent].
	SaveInstall(ctx context.Context, in Install) (*Tenant, error)
	// SetState changes the state of a tenant and returns the tenant as it is
	// then. Uninstalled blanks the secret and raises the generation; after it,
	// active and disabled change nothing. An unknown client key is an error that
	// wraps [ErrNotFound]. told is when the host issued the call, zero if that is
	// not known: an uninstall from before the newest install, and an enabled or
	// disabled from before the newest of these two, change nothing and are an
	// error that wraps [ErrOldEvent]. The two pairs are not compared with each
	// other: different servers issue them.
	SetState(ctx context.Context, key ClientKey, state State, told time.Time) (*Tenant, error)
}
