package web

import "github.com/sightline-go/sightline/internal/lang"

// SlackInstall offers an admin to put the app into a Slack workspace.
type SlackInstall struct {
	L *lang.Language
	// Workspaces are those that it works in, and Revoked those that it was added
	// to but has no access to any more.
	Workspaces, Revoked []string
	// Link starts the installation.
	Link string
}

// SlackPerson asks somebody whether a person of a Slack workspace is them.
type SlackPerson struct {
	L *lang.Language
	// User and Team are the names of the person and of the workspace.
	User, Team string
	// Save is where the answer is sent, Code what comes with it.
	Save, Code string
}

// FieldCode is the name of SlackPerson's only field.
const FieldCode = "code"
