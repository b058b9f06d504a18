package web

import (
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// Kind says where a page is shown, which decides its script.
type Kind string

// The places of a page.
const (
	KindGadget      Kind = "gadget"       // a dashboard item in Jira
	KindChatDialog  Kind = "chat-dialog"  // the chat's configuration dialog
	KindChatSidebar Kind = "chat-sidebar" // the chat's sidebar
	KindPage        Kind = "page"         // a plain page without a script of ours
)

// Shell is a whole HTML document around one fragment.
type Shell struct {
	L          *lang.Language
	Title      string
	Static     string // address of the static files, base path and hash included: "/base/static/1a2b3c4d"
	HostScript string // address of the host's all.js, "" if the page needs no host
	Kind       Kind
	Session    string // token for later calls; "" makes the script ask the host for one
	Calls      Calls
	Body       templ.Component // one of the views of this package
}

// Calls are the addresses of a page's later calls, each "" for none.
type Calls struct {
	View string // GET, answers the view's fragment; the script adds "fresh=1" for fresh numbers
	Form string // GET, answers the configuration form
}

// Home is the page at the app's own address.
type Home struct {
	Title, Text string
	Addresses   []Address
}

// Address is a link to a file of the app.
type Address struct {
	Name string // what is there
	URL  string // absolute, or a path with the base path
}

// Workload is the view of who is carrying what.
type Workload struct {
	L          *lang.Language
	Title      string    // what the host shows above the gadget
	Heading    string    // shown in the fragment; "" leaves the title to screen readers
	Projects   []string  // names or keys of the projects shown
	Window     string    // for example "last 14 days"
	Totals     Row       // only its numbers and its trend count; without a trend rows have none
	Rows       []Row     // one a person, or by RowsName, in the order of display
	Apps       []Row     // accounts of apps, after the people; nil hides them
	Unassigned *Row      // the row after the people; nil leaves it out
	Others     []HourRow // the last rows: hours that are no row's
	Left       *Number   // the open issues of all Inactive rows; nil if they have none, or nobody can choose
	Whole      *Row      // everybody's row with its parts, last; nil leaves it out
	Hidden     int       // how many of the last Rows appear only on request
	Notes      []string  // sentences, for example about hidden projects
	Age        string    // for example "Updated 3 min ago"; the browser keeps it current
	ReadAt     time.Time // what the age counts from
	Stale      bool      // makes the script fetch fresh numbers
	Refresh    int       // seconds until the script asks again; 0: never
	Unsaved    string    // says that a choice is not saved yet; "" if all are
	SizeUnit   string    // of the sizes of issues, printed in headings; "" if issues are counted
	Unit       string    // of Remaining and Logged, printed in their headings: "hours" or "days"
	Sample     bool      // marks the numbers as sample data

	RowsName  string // what rows are, if they are not people: then they have no times and loads
	PartsName string // what the rows' parts are, "" without parts
	// Burnup is how the team's work went; nil: it is not shown.
	Burnup *Burnup
	// Ahead are the parts of the time ahead, AheadName says how long it is; nil: it is not
	// shown.
	Ahead     []AheadPart
	AheadName string

	Wallboard   bool     // large type, no controls
	Export      string   // GET address of the page for taking the view along; "" leaves it out
	Columns     []string // keys of the columns after the name, in order; nil: all
	Preferences string   // POST address of the viewer's choices; "" leaves them out
	Sort        Sort
	Compact     bool // rows of one line
	HasApps     bool // there are apps to show or hide
}

// Sort is the order of the rows. By is the name of a column in the preferences.
type Sort struct {
	By   string
	Desc bool
}

// Row is one person's numbers, the totals or the unassigned issues.
type Row struct {
	ID        string // account id, "" for the totals and the unassigned
	Name      string
	AvatarURL string // "" shows only the initials
	Initials  string
	Issues    string // GET address of the row's issues; "" prints the name without a button
	Pinned    bool
	Pinnable  bool
	Inactive  bool // the person's account is deactivated

	// Value names the row in the markup if it is no person's; Hint says more of it.
	Value, Hint string
	// Key begins the name of an issue, and is not broken into lines.
	Key string
	// Href is the address of what the row is, opened in the top window; "" is none.
	Href string
	// Parts divide the row: they are shown below it, and add up to it.
	Parts []Row
	// Part says that the row is one of those, Whose what row it is a part of.
	Part  bool
	Whose string

	Open, ToDo, InProgress, Overdue, DueSoon Number

	// Ahead is what is due in the parts of the time ahead.
	Ahead []Number

	Blank Number // open issues that nobody has estimated

	Remaining, Logged Amount
	Meter             Meter

	Load     Load
	LoadText string // the word shown, for example "Heavy"
	// Weeks are those ahead, WeeksName says whose; nil without any.
	Weeks     []WeekBar
	WeeksName string
	// Trend is how the open issues went; nil shows nothing.
	Trend *Spark
	Bar   Bar
}

// HourRow is logged time that belongs to no row of a person.
type HourRow struct {
	Key    string // names it in the markup
	Name   string
	Hint   string // whose time it is
	Logged Amount
}

// Amount is a time, or a size of issues, as it is shown, "" for none, and as a number,
// both in the view's unit.
type Amount struct {
	Text string
	N    float64
}

// Meter draws the logged time as a share of the window's working time.
type Meter struct {
	Share float64 // 1 fills it
	Text  string  // the same in words; "" draws nothing
}

// Load is how a person's open issues compare with the others'.
type Load string

// The loads; LoadNone shows nothing.
const (
	LoadNone     Load = ""
	LoadHeavy    Load = "heavy"
	LoadBalanced Load = "balanced"
	LoadLight    Load = "light"
)

// Number is a count of issues and the search that shows them.
type Number struct {
	N    int
	Href string // absolute address, opened in the top window; "" prints the number without a link
	// Size is how much the issues are, shown in place of N; nil shows N.
	Size *Amount
}

// Bar draws a row's open issues: ToDo next to InProgress, and Overdue as a part
// of both, in counts or sizes. Max is what fills the whole width; 0 draws nothing.
type Bar struct{ ToDo, InProgress, Overdue, Max int }

// MessageKind is the tone of a message.
type MessageKind string

// The tones of a message.
const (
	MessageInfo    MessageKind = "info"
	MessageEmpty   MessageKind = "empty"
	MessageWarning MessageKind = "warning"
	MessageError   MessageKind = "error"
)

// ActionCall is the effect of a message's button.
type ActionCall string

// The actions of a message's button.
const (
	ActionEdit ActionCall = "edit" // opens the configuration form
	ActionView ActionCall = "view" // asks for the view again
)

// Message is a sentence shown in place of a view.
type Message struct {
	Kind        MessageKind
	Title, Text string
	Action      string // the button's label; "" shows no button
	ActionCall  ActionCall
	Details     []string // for developers, next to each other
	Retry       int      // seconds after which the script asks for the view again; 0: never
}
