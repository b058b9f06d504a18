package workload

// Sheet is what the rows of who worked on what are, with days across.
type Sheet string

// The sheets.
const (
	SheetPeople       Sheet = ""        // people
	SheetPeopleIssues Sheet = "issues"  // people, and below each the issues
	SheetIssuesPeople Sheet = "people"  // issues, and below each the people
	SheetProjects     Sheet = "project" // projects
)

// Sheets are all sheets, the usual one first.
func Sheets() []Sheet {
	return []Sheet{SheetPeople, SheetPeopleIssues, SheetIssuesPeople, SheetProjects}
}

// Issues reports whether issues have rows.
func (s Sheet) Issues() bool { return s == SheetPeopleIssues || s == SheetIssuesPeople }

// Title is what an issue is called to whoever sees it.
type Title struct {
	Key, Summary string
	Project      Value
}

// InIssue is the condition of one issue.
func InIssue(key string) string { return oneOf("key", key) }

// InProject is the condition of the issues of a project.
func InProject(key string) string { return oneOf("project", key) }
