package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// Timelog is the view of who logged how much time on which day.
type Timelog struct {
	L        *lang.Language
	Title    string   // what the host shows above the gadget
	Projects []string // names or keys of the projects shown
	Window   string   // for example "last 14 days"
	Unit     string   // of all amounts, for example "hours"

	Months []TimelogMonth // headings above the days
	Days   []TimelogDay   // oldest first
	Rows   []TimelogRow   // one a person, in the order of display
	Others []TimelogRow   // time that is no person's row, after Rows
	Apps   []TimelogRow   // accounts of apps
	Sums   []string       // of Rows and Others, by day
	// Amounts are Sums as numbers in Unit.
	Amounts []float64
	Total   string // of Rows and Others

	People, Entries int // who logged anything, and how often

	Empty  string // stands in for the rows when there is none
	Hidden int    // how many of the last Rows appear only on request
	// Missing says how many days lack time, MissingList is the GET address of their
	// list; both are "" where none does.
	Missing, MissingList string

	RowsName string    // what rows are, if they are not people
	Caption  string    // names the table
	Legend   []string  // the meaning of a cell's steps, from step 1 on
	Notes    []string  // sentences, for example about hidden projects
	Age      string    // for example "Updated 3 min ago"
	ReadAt   time.Time // what the age counts from
	Stale    bool      // makes the script fetch fresh numbers and put them in place
	Sample   bool      // marks the numbers as sample data

	Wallboard   bool   // large type, no controls
	Refresh     int    // seconds until the script asks again; 0: never
	Export      string // GET address of the page for taking the view along; "" leaves it out
	Preferences string // POST, takes the viewer's choices; "" shows no buttons for them
	Sort        Sort   // by name or logged; else by time, most first
	Compact     bool
	AppsTime    string // what apps logged, in words; "" when they logged nothing
	Unsaved     string // says that a choice is not saved yet
}

// list is the part of w that all gadgets draw alike.
func (t Timelog) list() Workload {
	return Workload{RowsName: t.RowsName, L: t.L, Preferences: t.Preferences, Sort: t.Sort, Age: t.Age, ReadAt: t.ReadAt, Unsaved: t.Unsaved, Refresh: t.Refresh, Wallboard: t.Wallboard}
}

// row is the part of r that all gadgets draw alike.
func (r TimelogRow) row() Row {
	return Row{ID: r.ID, Name: r.Name, Initials: r.Initials, AvatarURL: r.AvatarURL, Pinned: r.Pinned, Pinnable: r.Pinnable, Href: r.Href, Hint: r.Hint, Value: r.Value, Key: r.Key, Part: r.Part}
}

// TimelogMonth is a month over some of the days.
type TimelogMonth struct {
	Name string
	Days int
}

// TimelogDay is one column.
type TimelogDay struct {
	ID          string // 2006-01-02
	Weekday     string
	Number      int
	Label       string // the whole date
	Off, Today  bool   // Off: not a working day
	BeginsAWeek bool
}

// TimelogRow is one person's time, or that on an issue or a project.
type TimelogRow struct {
	ID        string // account id; of Others, the row's name in the markup
	Value     string // the key of the issue or the project
	Key       string // begins the name of an issue
	Href      string // the issue's address; "" prints its name without a link
	Parts     []TimelogRow
	Part      bool   // the row is one of those
	Hint      string // of Others: whose time it is
	Name      string
	AvatarURL string // "" shows only the initials
	Initials  string
	Cells     []TimelogCell // one a day
	Total     string
	Pinned    bool // the viewer pinned the person to the top
	Pinnable  bool
	Inactive  bool // the person's account is deactivated
}

// TimelogCell is one person's time on one day.
type TimelogCell struct {
	Text  string // the amount, "" for none
	Step  int    // 1 to 4, how much it is; 0 for none
	Label string // the cell's accessible name
	Open  string // GET, answers the cell's entries; "" when there is nothing to open
	// Add says that Open answers a form for new work instead: the cell is empty.
	Add bool
	// Short says that the day lacks time, and Label says so, too.
	Short bool
	ID    string // of the button, where the viewer finds it again; may be ""
}

// hidden is how many of the last rows appear only on request.
func (t Timelog) hidden() int { return min(max(t.Hidden, 0), len(t.Rows)) }

// columns is the table's number of columns.
func (t Timelog) columns() string { return strconv.Itoa(len(t.Days) + 2) }

// outside says which days are scrolled out of view; the script knows how many.
func (t Timelog) outside() string {
	return t.L.Say(t.L.Gaps.Days, "{0}", strconv.Itoa(len(t.Days)), "{1}", t.Unit)
}

// amounts are the days' sums for the script.
func (t Timelog) amounts() string {
	list := make([]string, len(t.Amounts))
	for i, amount := range t.Amounts {
		list[i] = strconv.FormatFloat(amount, 'f', 4, 64)
	}
	return strings.Join(list, " ")
}

// classes are the class names of a day's cells.
func (d TimelogDay) classes() templ.CSSClasses {
	return templ.Classes("day", templ.KV("off", d.Off), templ.KV("today", d.Today), templ.KV("week", d.BeginsAWeek))
}

func (c TimelogCell) attributes() templ.Attributes {
	if c.ID == "" {
		return nil
	}
	return templ.Attributes{"id": c.ID}
}

func (c TimelogCell) class() string {
	if c.Add {
		return "heat add"
	}
	return "heat step-" + strconv.Itoa(min(max(c.Step, 0), 4))
}

// Worklogs are the entries of one person on one day.
type Worklogs struct {
	L       *lang.Language
	Person  string
	Day     string // the whole date
	Total   string
	Entries []WorklogEntry
	Notes   []string
	Saved   string // says that an entry was saved; "" when none was
	Log     string // GET, answers a form for new work; "" unless it is the viewer's own day
}

// WorklogEntry is one entry of a list.
type WorklogEntry struct {
	ID             string
	Issue, Summary string
	Href           string // the issue's address, opened in the top window
	Start, Spent   string
	Author         string
	Comment        string
	Edit           string // GET, answers the entry's form; "" unless the viewer is its author
	EditLabel      string
	Delete         string // GET, asks whether to delete it; "" where nobody can
	DeleteLabel    string
}

// The names of the fields of an entry's form, as posted and as keys of its
// errors. FieldBase is the version that the form was filled from.
const (
	FieldSpent   = "spent"
	FieldDay     = "day"
	FieldClock   = "clock"
	FieldComment = "comment"
	FieldBase    = "base"
	FieldIssue   = "issue"
)

// WorklogForm corrects one entry, or takes a new one.
type WorklogForm struct {
	L              *lang.Language
	Save           string // POST address
	Issue, Summary string // of a new entry, Issue is what was typed
	Href           string
	New            bool
	Choices        []WorklogIssue // issues to suggest for a new entry

	Spent, Day, Clock, Comment, Base string

	Zone       string            // of Day and Clock
	Rich       bool              // the comment in Jira has formatting
	MaxComment int               // characters
	Errors     map[string]string // field name to what is wrong with it
	Problem    string            // what is wrong with the form as a whole
}

// WorklogRemoval asks whether to delete an entry.
type WorklogRemoval struct {
	L              *lang.Language
	Delete         string // POST address
	Issue, Summary string
	Href           string
	Text           string // what would be deleted
	Base           string // the version that the person saw
	Problem        string
}

// WorklogIssue is an issue to suggest.
type WorklogIssue struct{ Key, Summary string }

// describe ties a field to its help and its error.
func (f WorklogForm) describe(name, help string) templ.Attributes {
	return ConfigForm{Errors: f.Errors}.describe(name, help)
}

// commentHelp warns that an edit loses the comment's formatting.
func (f WorklogForm) commentHelp() string {
	if f.Rich {
		return f.L.Timelog.CommentRich
	}
	return ""
}

// Missing are the days of a view that lack time, by person.
type Missing struct {
	L        *lang.Language
	Title    string
	People   []MissingPerson
	Reminder string // a text to send to them
}

// MissingPerson is somebody with days that lack time.
type MissingPerson struct {
	ID, Name string
	Sum      string   // how many days, and how much time
	Days     []string // each with what was logged
}
