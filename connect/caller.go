package connect

// Caller is the tenant and person behind a verified request. Only a [Verifier]
// or [ForgeTenants] makes one, so a function that takes a *Caller cannot be called unverified.
type Caller struct {
	tenant  *Tenant
	account AccountID
	item    DashboardItem
	// invocation is there for Forge's calls.
	invocation *Invocation
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

// DashboardItem names one gadget on one dashboard.
type DashboardItem struct {
	// Dashboard is the dashboard's id.
	Dashboard string
	// Item is the id of the gadget on it.
	Item string
}

// IsZero reports whether no dashboard item is named.
func (d DashboardItem) IsZero() bool { return d == DashboardItem{} }
