package connect

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound says that what was asked for does not exist. Storage wraps it;
// any other error is a failure and never means absence.
var ErrNotFound = errors.New("not found")

// TenantID is the app's own name of a tenant. Everything that belongs to a
// tenant hangs on it, never on a client key.
type TenantID string

// ClientKey is the host's name of one installation, opaque. A site import
// brings a new one.
type ClientKey string

// AccountID is an Atlassian account id. The empty value is an anonymous viewer.
type AccountID string

// CloudID is the id of an Atlassian site, shared by all its products.
type CloudID string

// Product is what an app is installed into, as productType names it.
type Product string

// The products that speak Connect.
const (
	ProductJira       Product = "jira"
	ProductConfluence Product = "confluence"
)

// State is where a tenant is in its life.
type State string

// The states of a tenant. Uninstalled wins over a late disabled or enabled;
// only an install ends it.
const (
	StateActive      State = "active"
	StateDisabled    State = "disabled"
	StateUninstalled State = "uninstalled"
)

// Tenant is one installation of the app, as the rest of the program knows it.
type Tenant struct {
	ID      TenantID
	Product Product
	// CloudID is empty until it has been looked up.
	CloudID CloudID
	// BaseURL is where the REST API answers, without a trailing slash.
	BaseURL string
	// DisplayURL is what people see in the address bar; BaseURL without a
	// custom domain.
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
	// that has only a Connect installation.
	ForgeInstallation ForgeInstallationID
	APIBaseURL        string
	Environment       string
	// Generation goes up by one with every install and uninstall. Whatever
	// was made under an older one (sessions, tokens, caches) is dead.
	Generation int64

	InstalledAt   time.Time
	UpdatedAt     time.Time
	UninstalledAt time.Time
}

// Install is the payload of the installed and the other lifecycle calls.
// Unknown members are ignored.
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
}

// TenantFinder finds the tenant of a token's issuer.
type TenantFinder interface {
	// TenantByClientKey returns the tenant, its secret opened, in whatever
	// state it is, or an error that wraps ErrNotFound.
	TenantByClientKey(ctx context.Context, key ClientKey) (*Tenant, error)
}

// Installations is what the lifecycle needs from storage.
type Installations interface {
	TenantFinder
	// SaveInstall creates the tenant or rotates the secret and addresses of a
	// known one, in one transaction: state active, generation up by one, all
	// data of the tenant kept.
	SaveInstall(ctx context.Context, in Install) (*Tenant, error)
	// SetState moves a tenant and returns it as it is afterwards. Uninstalled
	// blanks the secret and raises the generation, and stays against enabled
	// and disabled. An unknown client key is an error that wraps ErrNotFound.
	SetState(ctx context.Context, key ClientKey, state State) (*Tenant, error)
}
