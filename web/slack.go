package web

import "github.com/sightline-go/sightline/internal/lang"

// SlackInstall offers an admin to add the app to a Slack workspace.
type SlackInstall struct {
	L *lang.Language
	// Workspaces are the names of those that the app works in, Revoked of those
	// that have taken its access away.
	Workspaces, Revoked []string
	// Link is the address that starts the installation.
	Link string
}

// SlackPerson asks a viewer whether they are a certain person in Slack.
type SlackPerson struct {
	L *lang.Language
	// User and Team are the names of the person and of the workspace.
	User, Team string
	// Save is the POST address of the answer, Code is sent with it.
	Save, Code string
}

// FieldCode is the name of SlackPerson's only field.
const FieldCode = "code"
