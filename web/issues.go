package web

import (
	"slices"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// IssueList is a person's open issues.
type IssueList struct {
	L      *lang.Language
	Person string
	Count  int // all of them, listed here or not
	Groups []IssueGroup
	Notes  []string // what is missing from the list
	// Choices are how the list may be sorted and grouped; URL is the GET address that
	// answers [IssueGroupsView] for the choices in its query. "" leaves them out.
	Choices []IssueChoice
	URL     string
	// Rest is how many more there are. Search is the address of all of them in
	// Jira, "" without any.
	Rest   int
	Search string
	// Export is the GET address of the page for taking the list along, "" for none.
	Export string
	// Handover is the GET address of the form that hands issues over, "" for none.
	Handover string
	// Saved says what was handed over; Undo is the POST address that gives it back.
	Saved, Undo string
	// Unlinked says that the address would be too long.
	Unlinked bool
}

// IssueGroup is a part of the list.
type IssueGroup struct {
	Name   string // "" for a list without groups
	Count  int    // all of the group, listed here or not
	Issues []ListedIssue
}

// IssueChoice is a field that chooses how a list is shown.
type IssueChoice struct {
	Name, Label string
	Options     []Option
}

// ListedIssue is one line of the list.
type ListedIssue struct {
	Key, Summary string
	Href         string // the issue in Jira
	Open         string // GET address of the issue's details
	Status       Status
	Due          Due
	Priority     Priority
	Files        int
}

// Status is a status. Its category decides the colour: new, indeterminate or
// done.
type Status struct{ Name, Category string }

// Due is a due date in words.
type Due struct {
	Day  string // "" for none
	Late bool
}

// Priority is a priority; IconURL may be "".
type Priority struct{ Name, IconURL string }

// IssueDetails is one issue, as far as the viewer may see it. All texts are
// plain.
type IssueDetails struct {
	L                                      *lang.Language
	Key, Summary                           string
	Href                                   string // the issue in Jira
	Status                                 Status
	Due                                    Due
	Priority                               Priority
	Assignee, Reporter                     string // "" for nobody
	OriginalEstimate, Remaining, TimeSpent string // "" for none
	Worklogs                               int
	Labels                                 []string
	Description                            string
	Cut                                    bool // the description is longer
	Files                                  []File
	MoreFiles                              int // not among Files
}

// File is an attachment.
type File struct {
	Name, Size string
	Href       string // the file in Jira
	Thumbnail  string // "" for none
}

func (s Status) class() string {
	if slices.Contains([]string{"new", "indeterminate", "done"}, s.Category) {
		return "status-" + s.Category
	}
	return "status-new"
}

// named returns a person's name, or the word for nobody.
func (d IssueDetails) named(name string) string { return pick(name == "", d.L.Issues.Nobody, name) }

// times are the lines about time, without those that have no value.
func (d IssueDetails) times() []string {
	var list []string
	for _, t := range []struct{ format, value string }{
		{d.L.Issues.Original, d.OriginalEstimate}, {d.L.Issues.Remaining, d.Remaining}, {d.L.Issues.Spent, d.TimeSpent},
	} {
		if t.value != "" {
			list = append(list, d.L.Say(t.format, t.value))
		}
	}
	if d.Worklogs > 0 {
		list = append(list, d.L.Count(d.L.Issues.Worklogs, d.Worklogs))
	}
	return list
}

// outside are the attributes of a link that leaves the frame.
func outside() templ.Attributes { return templ.Attributes{"target": "_top", "rel": "noopener"} }

// Names of the fields of a handover.
const (
	FieldHanded = "issue"
	FieldTaker  = "to"
)

// Handover is the form that hands a person's issues over.
type Handover struct {
	L      *lang.Language
	Save   string // POST address
	Person string // whose issues they are
	Issues []HandedIssue
	Note   string   // says that there are more
	People []Option // who may get them
	Errors map[string]string
}

// HandedIssue is an issue that can be chosen.
type HandedIssue struct {
	Key, Summary string
	Chosen       bool
}

// describe ties a field to its error.
func (h Handover) describe(name string) templ.Attributes {
	return ConfigForm{Errors: h.Errors}.describe(name, "")
}
