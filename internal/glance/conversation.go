package glance

import "time"

// Conversation is one room of the chat that the app was put into.
type Conversation struct {
	// Surface is the chat that the room is in; empty is [SurfaceChat].
	Surface SurfaceName
	// Site is the chat's cloud id, or the id of a Slack workspace.
	Site string
	ID   string
	// Tenant is our own id of the Jira tenant on the same site; empty while
	// there is none.
	Tenant string
	// InstalledBy is the account id of the person who installed the app there.
	InstalledBy string
	// Since is when the app was put there, by the chat's own clock; zero if the
	// chat does not say. Events from before it are late.
	Since time.Time
}
