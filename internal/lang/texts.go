package lang

// Texts is everything a language file fills in. Texts with verbs go through
// [Language.Say], a [Plural] through [Language.Count].
type Texts struct {
	Formats     Formats
	Ages        Ages
	Product     ProductTexts
	Workload    WorkloadTexts
	Timelog     TimelogTexts
	Preferences PreferenceTexts
	Issues      IssueTexts
	Handover    HandoverTexts
	Gaps        GapTexts
	Export      ExportTexts
	Capacity    CapacityTexts
	Trend       TrendTexts
	Ahead       AheadTexts
	Missing     MissingTexts
	Form        FormTexts
	Measures    MeasureTexts
	Axes        AxisTexts
	Scope       ScopeTexts
	Wrong       WrongTexts
	Weighing    WeighingTexts
	State       StateTexts
	Chat        ChatTexts
	Slack       SlackTexts
	Reason      ReasonTexts
	Label       LabelTexts
	Weekly      WeeklyTexts
	Problems    ProblemTexts
	Script      ScriptTexts
}

// Formats are how a language writes dates and durations.
type Formats struct {
	Months   [12]string // short, as in a date
	Weekdays [7]string  // short, Sunday first
	Date     string     // layout of package time with {month} for the month's name and {year}
	// BeforeChrist is a year before year 1; %s is the year.
	BeforeChrist string
	Day          string // the same without a year
	Clock        string
	Hours        string // %s
	Seconds      string // %s
	Minutes      string // %s
	And          string
}

// Ages say how old numbers are.
type Ages struct {
	JustNow        string
	Minutes, Hours Plural
	Ago            string // {age} stands for the browser's own words, such as "3 minutes ago"
}

// ProductTexts are the product's own names and the admin's page.
type ProductTexts struct {
	Workload        string // the gadget's title when it has no other
	Timelog         string // the same of the gadget of logged time
	WorkloadAbout   string // what the gadget is, in Jira's list of gadgets
	TimelogAbout    string // the same of the gadget of logged time
	Configure       string // the title of the admin's page
	ConnectSlack    string // the title of the page on which a person of Slack says who they are
	Installed       string
	InstalledText   string // %s the gadget's title
	NoImpersonation string
	NoImpersonText  string
	HomeText        string // what is at the app's own address
	Descriptor      string // the names of the files that are linked there
	ChatDescriptor  string
	Manifest        string
	Readiness       string
}

// StateTexts stand in place of a view.
type StateTexts struct {
	Anonymous, AnonymousText           string
	Unconfigured, UnconfiguredText     string
	UnconfiguredOwn                    string // for whoever may set it up, on Forge
	NoTenant                           string
	RoomUnconfigured, RoomUnconfigText string
	Saved, RoomSavedText               string
	TriesAgain                         string // %s until then
	TryNow                             string
	Loading                            string
}

// ScriptTexts are what the page's script says when a call fails: what was
// tried, then why.
type ScriptTexts struct {
	FailedOpen, FailedUpdate, FailedSave    string
	NoAnswer, SignedOut, NotAllowed, Failed string
}
