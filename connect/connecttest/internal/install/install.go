// Package install is what the rooms that install apps have in common: the types
// for an installed app and for one that refused.
package install

import (
	"fmt"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// The products that an app is installed in.
const (
	ProductJira = "jira"
	ProductChat = "chat"
)

// The lifecycle calls.
const (
	EventInstalled   = "installed"
	EventUninstalled = "uninstalled"
	EventEnabled     = "enabled"
	EventDisabled    = "disabled"
)

// ErrNotInstalled is wrapped when an app is named that the site does not have.
var ErrNotInstalled error = reply.Absent("app is not installed")

// ErrNoModule says that a descriptor has no page of that name.
var ErrNoModule error = reply.Absent("the descriptor has no such page")

// App is an app as the site has it installed.
type App struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Product string `json:"product"`
	BaseURL string `json:"baseUrl"`
	// ClientKey is the tenant's name in Connect tokens; empty for chat.
	ClientKey string `json:"clientKey,omitempty"`
	// OAuthClientID is for impersonation; for chat it is the app's own client.
	OAuthClientID string `json:"oauthClientId"`
	// Conversation is where a chat app was put.
	Conversation string `json:"conversation,omitempty"`
	// Status and Answer are what the app answered to the lifecycle call.
	Status int    `json:"status"`
	Answer string `json:"answer,omitempty"`
}

// Error says that the app refused the installed call: it is not installed or,
// on a reinstall, stays as it was.
type Error struct {
	Key string
	// Status is what the app answered, 0 when no answer came.
	Status int
	// Answer is the body of the answer.
	Answer string
	// Err is why no answer came.
	Err error
}

// Error says it as the admin sees it.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("install app %s: %v", e.Key, e.Err)
	}
	return fmt.Sprintf("install app %s: the app host returned HTTP response code %d", e.Key, e.Status)
}

// Unwrap returns why no answer came.
func (e *Error) Unwrap() error { return e.Err }
