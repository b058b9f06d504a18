package web

import "github.com/sightline-go/sightline/internal/lang"

// SlackInstall offers an admin to add the app to a Slack workspace.
type SlackInstall struct {
	L *lang.Language
	// Workspaces are the names of those that the app works in, Revoked of those
	// that have taken its access away.
	Workspaces, Revoked []string
	// Unrenewed are those whose access ends, because Slack has refused to renew it.
	Unrenewed []SlackUnrenewed
	// Ended are those whose access has ended, because every try to renew it failed.
	Ended []string
	// Named are those whose channels may name people to everybody in them.
	Named []string
	// Link is the address that starts the installation, NamesLink the one that also
	// allows to name people.
	Link, NamesLink string
}

// SlackUnrenewed is a workspace whose access ends.
type SlackUnrenewed struct {
	Workspace string
	// Until is when, in words; "" if that is not known.
	Until string
}

// SlackSite asks an admin who is on the way to Slack whether this is the Jira site
// that they mean.
type SlackSite struct {
	L *lang.Language
	// Site is the host of the Jira site, Link Slack's page that comes next.
	Site, Link string
	// Names says that channels will be allowed to name people.
	Names bool
}

// SlackPerson asks a viewer whether they are a certain person in Slack.
type SlackPerson struct {
	L *lang.Language
	// User and Team are the names of the person and of the workspace, UserID and
	// Host what nobody there chooses: the person's id and the workspace's host.
	User, Team, UserID, Host string
	// Save is the POST address of the answer, Code is sent with it.
	Save, Code string
}

// FieldCode is the name of SlackPerson's only field.
const FieldCode = "code"
