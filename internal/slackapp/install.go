package slackapp

import (
	"errors"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

// ErrTaken says that a workspace serves another tenant.
var ErrTaken = errors.New("the workspace serves another tenant")

// Install is the app in one workspace, which serves one tenant.
type Install struct {
	// Team is the workspace's id and TeamName what its people call it.
	Team, TeamName string
	// Tenant owns the projects that the workspace's channels may show.
	Tenant connect.TenantID
	// Token is the bot token, only ever sent to Slack; empty if Slack has
	// revoked it.
	Token connect.Secret
	// Refresh renews Token, once; empty if it cannot be renewed. It is only ever
	// sent to Slack.
	Refresh connect.Secret
	// Ends is when Token ends; zero if it does not, or if that is not known.
	// RenewAt is when it is renewed; zero if only once Slack says that it has
	// ended.
	Ends, RenewAt time.Time
	// Unrenewed says that Slack has refused to renew Token, which works until Ends and
	// no longer: storage sets it.
	Unrenewed bool
	// BotUser is the id of the app's user there.
	BotUser string
	// Scopes are those that the workspace granted.
	Scopes []string
	// Stopped is why the app can do nothing there: ReasonRevoked without a token,
	// or with one that has ended and cannot be renewed; ReasonNone if it can.
	Stopped glance.Reason
	// InstalledBy is the id of the Slack user who added the app.
	InstalledBy string
	// AppID is Slack's own id of the app; empty for a workspace that was stored
	// before it was kept.
	AppID string
	// NamesPeople says that an admin of Jira lets the workspace's channels name people to
	// everybody in them.
	NamesPeople bool
	// PlainUntil is until when the workspace gets no tables, because it has refused one.
	PlainUntil time.Time
	// InstalledAt is when the app was added last: storage sets it.
	InstalledAt time.Time
}

// TellsLinks reports whether the workspace tells the app of links and lets it say what
// is behind them: those that were added before the app asked for that do not.
func (in Install) TellsLinks() bool { return in.has(scopeLinksRead) && in.has(scopeLinksWrite) }

func (in Install) has(scope string) bool { return slices.Contains(in.Scopes, scope) }

// Ended reports whether the token has ended.
func (in Install) Ended(now time.Time) bool { return !in.Ends.IsZero() && !now.Before(in.Ends) }

// due reports whether the token is to be renewed.
func (in Install) due(now time.Time) bool {
	return !in.Refresh.IsZero() && !in.RenewAt.IsZero() && !now.Before(in.RenewAt)
}
