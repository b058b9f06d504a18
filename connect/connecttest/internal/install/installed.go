package install

import "time"

// The kinds of an installed app.
const (
	KindConnect = "connect"
	KindHybrid  = "hybrid" // a Forge app that still has Connect modules
	KindForge   = "forge"
)

// Installed is an app as administrators see it.
type Installed struct {
	// Key names the app in the site's own calls and among dashboard items.
	Key  string `json:"key"`
	Name string `json:"name"`
	// Product is jira or chat.
	Product string `json:"product"`
	// Kind is connect, hybrid or forge.
	Kind    string   `json:"kind"`
	BaseURL string   `json:"baseUrl"`
	CloudID string   `json:"cloudId"`
	Scopes  []string `json:"scopes"`
	// ConnectKey and ClientKey are the names that the app has, or had, on
	// Connect; empty: it has none.
	ConnectKey string `json:"connectKey,omitempty"`
	ClientKey  string `json:"clientKey,omitempty"`
	// The names that an app has on Forge; empty: it is not there.
	AppID          string `json:"appId,omitempty"`
	InstallationID string `json:"installationId,omitempty"`
	Environment    string `json:"environment,omitempty"`
	Version        string `json:"version,omitempty"`
	// Conversations are the rooms of the chat that the app is in, by id.
	Conversations []string `json:"conversations,omitempty"`
	// Pages are those that Jira's menus have for the app.
	Pages []Page `json:"pages"`
	// Lifecycle is what the app answered last to each lifecycle call, in the order of
	// the calls.
	Lifecycle []Answered `json:"lifecycle"`
	// Upgrades are the stages that the app can move on to now: hybrid, forge.
	Upgrades []string `json:"upgrades"`
}

// Answered is what an app answered to a lifecycle call.
type Answered struct {
	// Event is installed, uninstalled, enabled or disabled; of a Forge app the
	// event's own name.
	Event string `json:"event"`
	// Status is 0 if no answer came; Reason then says why.
	Status int       `json:"status"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

// Page is a page of an app that a menu leads to.
type Page struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	// Kind is connect or forge: a hybrid app has pages of both.
	Kind string `json:"kind"`
	// Path is the page's address on the site.
	Path string `json:"path"`
	// Admin says that only administrators get there.
	Admin bool `json:"admin"`
}
