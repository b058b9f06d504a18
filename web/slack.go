package web

// SlackInstall offers an admin to put the app into a Slack workspace.
type SlackInstall struct {
	Title, Text string
	// Workspaces are those that it is in already, after Listed.
	Listed     string
	Workspaces []string
	// Link starts the installation, Action is its text; without a link there
	// is none.
	Link, Action string
	// Note says what else to know.
	Note string
}

// SlackPerson asks somebody whether a person of a Slack workspace is them.
type SlackPerson struct {
	Title, Text, Warning string
	// Save is where the answer is sent, Code what comes with it.
	Save, Code string
	Action     string
}

// FieldCode is the name of SlackPerson's only field.
const FieldCode = "code"
