package lang

// SlackTexts are those of Slack alone: the answers to its command, its modal,
// and the pages that connect it with Jira. What its modal has in common with
// the chat's dialog is in [FormTexts] and [ChatTexts].
type SlackTexts struct {
	NoTenant, NotOpened, TooLate string // answers to the command
	NoPerson                     string // %s an address; the text after | is its link
	ProjectsHelp, TeamHelp       string // under fields
	QueryHelp                    string
	QuietFrom, QuietTo           string
	Close                        string
	Stop, StopSure, StopText     string // a button, and the question behind it
	Stopped                      string // %s the command
	MessageLeft                  string // follows Stopped
	NotShown                     string // %s why
	Saved                        string
	NotInvited, Archived         string // why the channel shows nothing
	Revoked, Forbidden           string
	Refused, JiraFailed          string
	NothingSaved, Disconnected   string // why nothing was saved

	// The page for admins, and those that Slack leads to.
	Offer, OfferText, Connected string // Connected stands before workspaces
	Add, LinkTime               string
	Installed                   string
	InstalledText               string // %s workspace, %s site

	// The question in Jira who somebody of Slack is.
	Confirm                    string
	ConfirmText                string // %s person, %s workspace
	ConfirmWarning, ConfirmYes string
	KnownNow, KnownText        string // KnownText: %s workspace
}
