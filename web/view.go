package web

import (
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// Kind says where a page is shown, and with it which script drives it.
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
	HostScript string // address of the host's all.js, "" when the page needs no host
	Kind       Kind
	Session    string // token for later calls; "" makes the script ask the host for one
	Calls      Calls
	Body       templ.Component // one of the views of this package
}

// Calls are the addresses of a page's later calls; "" when there is none.
type Calls struct {
	View string // GET, answers the view's fragment; "fresh=1" is added to ask for fresh numbers
	Form string // GET, answers the configuration form
}

// Workload is the view of who is carrying what.
type Workload struct {
	L          *lang.Language
	Title      string    // what the host shows above the gadget
	Heading    string    // shown in the fragment; "" hides the heading from sight and reads the title out
	Projects   []string  // names or keys of the projects shown
	Window     string    // for example "last 14 days"
	Totals     Row       // only its numbers are shown
	Rows       []Row     // one a person, in the order of display
	Apps       []Row     // accounts of apps, after the people; nil hides them
	Unassigned *Row      // the last row; nil leaves it out
	Hidden     int       // how many of the last Rows open only on request
	Notes      []string  // sentences, such as what is left out and why
	Age        string    // for example "Updated 3 min ago", which goes on counting in the browser
	ReadAt     time.Time // what the age counts from
	Stale      bool      // makes the script fetch fresh numbers and put them in place
	Refresh    int       // after how many seconds the script looks again; 0: never by itself
	Unsaved    string    // says that what the viewer chose is still being saved; "" when all is
	Unit       string    // unit of Remaining and Logged, printed in their headings: "hours" or "days"
	Sample     bool      // marks the numbers as sample data

	Preferences string // POST address of what the viewer chooses; "" leaves the choices out
	Sort        Sort
	Compact     bool // rows of one line
	HasApps     bool // there are apps to show or hide
}

// Sort is the order of the rows: the key of a column as the preferences name
// it.
type Sort struct {
	By   string
	Desc bool
}

// Row is one person's numbers, the totals or the unassigned issues.
type Row struct {
	ID        string // account id, "" of the totals and the unassigned
	Name      string
	AvatarURL string // "" shows the initials alone
	Initials  string
	Issues    string // GET address of the row's issues; "" prints the bare name
	Pinned    bool
	Pinnable  bool

	Open, ToDo, InProgress, Overdue, DueSoon Number

	Remaining, Logged string // formatted, in the view's unit
	Meter             Meter

	Load     Load
	LoadText string // the word shown, for example "Heavy"
	Bar      Bar
}

// Meter draws what was logged as a share of the time that the window holds.
type Meter struct {
	Share float64 // 1 fills it
	Text  string  // says both in words; "" draws nothing
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
	Href string // absolute address, opened in the top window; "" prints the bare number
}

// Bar draws a row's open issues. ToDo and InProgress lie side by side, Overdue
// is the part of them that is late; Max is the count that fills the whole
// width. Nothing is drawn when Max is 0.
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

// ActionCall is what a message's button does.
type ActionCall string

// The actions of a message's button.
const (
	ActionEdit ActionCall = "edit" // opens the configuration form
	ActionView ActionCall = "view" // asks for the workload again
)

// Message is a sentence in place of a view.
type Message struct {
	Kind        MessageKind
	Title, Text string
	Action      string // the button's label; "" shows no button
	ActionCall  ActionCall
	Details     []string // for developers, side by side
	Retry       int      // seconds after which the script asks for the view again; 0: never
}
