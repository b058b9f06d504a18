package connecttest

import (
	"github.com/sightline-go/sightline/connect/connecttest/internal/chatrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/faults"
	"github.com/sightline-go/sightline/connect/connecttest/internal/host"
	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
)

// ErrNotInstalled is wrapped when an app is named that the site does not have.
var ErrNotInstalled = install.ErrNotInstalled

type (
	// App is an app as the site has it installed. Status and Answer are what it
	// answered to the lifecycle call. ClientKey is empty for an app of the chat,
	// Conversation for one of Jira.
	App = install.App
	// InstalledApp is an app as administrators see it: what it is, where it is,
	// and which of its pages Jira's menus have.
	InstalledApp = install.Installed
	// LifecycleAnswer is what an app answered to a lifecycle call.
	LifecycleAnswer = install.Answered
	// InstallError says that the app did not take the installed call: it is not
	// installed, or, on a reinstall, stays as it was. Status is what the app
	// answered, 0 if no answer came; then Err says why.
	InstallError = install.Error
	// Webhook is an event to send without a change. Event is its name, such as
	// jira:issue_updated; the other fields may be empty.
	Webhook = host.Webhook
	// Fault is a failure on demand: the site answers calls that match Method
	// and Path with it instead of the true answer, or delays that: a status, a broken
	// connection, half an answer, one that stops or never ends. In the path, *
	// stands for any run of characters. Without Times it never ends.
	Fault = faults.Fault
	// Request is one call that the site has answered or made. Status is 0 if no
	// answer came. It never holds a secret or a token that could be used again.
	Request = journal.Request
	// Refusal says which check of a token failed, and what was signed where something
	// else was due.
	Refusal = journal.Refusal
	// Token is a decoded token, without its signature, or what stands behind an
	// opaque one.
	Token = journal.Token
)

type (
	// NewConversation is a conversation to create. Account is its creator and
	// first member; empty: the site's admin. Privacy is public, the default, or
	// private.
	NewConversation = chatrest.NewConversation
	// ConversationChange changes what is not nil. Account is the person who
	// does it; empty: the site's admin.
	ConversationChange = chatrest.ConversationChange
	// RosterChange adds people to a conversation and removes others. Account is
	// who does it; empty: the site's admin.
	RosterChange = chatrest.RosterChange
)
