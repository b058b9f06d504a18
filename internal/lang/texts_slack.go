package lang

// SlackTexts are those of Slack alone: the answers to its command, its modal,
// and the pages that connect it with Jira. What its modal has in common with
// the chat's dialog is in [FormTexts] and [ChatTexts].
type SlackTexts struct {
	NoTenant, NotOpened, TooLate string // answers to the command
	NoPerson                     string // %s an address; the text after | is its link
	// Answers to what is typed after the command.
	WordMe, WordWho string // what to type, in lower case
	WordConnect     string
	Help            string // what can be typed; %[1]s the command
	NotSetUp        string
	StillReading    string
	NotInTeam       string
	MorePeople      Plural // after names
	InBrackets      string // what the number after a name is
	Pair            string // %s a number's name, %s the number
	ShownNow        string // %s the channel's label
	Later           string // a button: not to be asked now
	LaterText       string // the answer to it: %[1]s the command, %[2]s WordConnect
	AskLater        string // likewise, instead of the question
	Known           string // the answer to WordConnect of somebody who is connected
	HasRoom         string // heads people

	ProjectsHelp, TeamHelp string // under fields
	QueryHelp              string
	// The headings of lists that do not offer everything, at most 75 characters.
	FirstOnly          string // %s how many are offered
	LongKeys           string // projects are missing
	RolesOf            string // %s projects
	QuietFrom, QuietTo string
	Close, More        string // buttons
	// Showing linked issues.
	Links, LinksShow, LinksHelp string // a field, its choice and what that means
	LinksMissing                string // instead of the field
	Stop, StopSure, StopText    string // a button, and the question behind it
	Stopped                     string // %s the command
	MessageLeft                 string // follows Stopped
	NotShown                    string // %s why
	Saved                       string
	NotInvited, Archived        string // why the channel shows nothing
	Revoked, Forbidden          string
	Refused, JiraFailed         string
	NothingSaved, Disconnected  string // why nothing was saved

	// The page for admins, and those that Slack leads to.
	Offer, OfferText, Connected string // Connected stands before workspaces
	Ended                       string // after workspaces whose access could not be renewed in time
	Unrenewed, UnrenewedSoon    string // after a workspace; Unrenewed: %s when its access ends
	Add, LinkTime               string
	Site                        string // %s site
	SiteText, SiteOther         string
	SiteYes                     string // leads to Slack
	AddNames, NamesHelp         string // another link beside Add, and what it allows
	SiteNames                   string // says that it was chosen
	NamesOf                     string // after workspaces
	Installed                   string
	InstalledText               string // %s workspace, %s site

	// The question in Jira who somebody of Slack is.
	Confirm                    string
	ConfirmText                string // %s person, %s their id, %s workspace, %s its host
	ConfirmAllows              string
	ConfirmWarning, ConfirmYes string
	KnownNow, KnownText        string // KnownText: %s workspace
	Off, OffText               string // instead of all that, on a server without Slack
}
