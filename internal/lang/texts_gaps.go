package lang

// GapTexts say what is missing from the numbers or the list that they are shown
// with.
type GapTexts struct {
	// Numbers and List come first, before the sentences that say what is missing.
	Numbers, List string
	// These say after how many records Jira's list ended too early.
	IssuesCut, WorklogsCut, PeopleCut string // %s
	// These count the records that could not be read.
	OddIssues, OddWorklogs, OddPeople Plural // %s
	// Named adds the keys of the issues to one of those.
	Named string // %s sentence, %s issues
	// Label explains the marks in a label.
	Label string
	// Columns says how many columns of a table are scrolled out of view; Days says
	// it of days, with the time logged on them.
	Columns string // %s how many
	Days    string // %s how many, %s of how many, %s amount, %s unit
}

func englishGaps() GapTexts {
	return GapTexts{
		Numbers: "These numbers are incomplete.", List: "This list is incomplete.",
		IssuesCut:   "Jira’s list of issues broke off after %s.",
		WorklogsCut: "Jira’s list of work logs broke off after %s.",
		PeopleCut:   "Jira’s list of the team broke off after %s people.",
		OddIssues:   Plural{One: "%s issue could not be read", Other: "%s issues could not be read"},
		OddWorklogs: Plural{One: "%s work log could not be read", Other: "%s work logs could not be read"},
		OddPeople:   Plural{One: "%s person of the team could not be read", Other: "%s people of the team could not be read"},
		Named:       "%s (%s).",
		Label:       "+ and ~ mark incomplete numbers: not everything in Jira could be read.",
		Columns:     "More columns to the side: %s.",
		Days:        "Scroll sideways to see %s of the %s days, with %s %s.",
	}
}

func germanGaps() GapTexts {
	return GapTexts{
		Numbers: "Diese Zahlen sind unvollständig.", List: "Diese Liste ist unvollständig.",
		IssuesCut:   "In Jira brach die Liste der Vorgänge nach %s ab.",
		WorklogsCut: "In Jira brach die Liste der Arbeitsprotokolle nach %s ab.",
		PeopleCut:   "In Jira brach die Liste des Teams nach %s Personen ab.",
		OddIssues:   Plural{One: "%s Vorgang konnte nicht gelesen werden", Other: "%s Vorgänge konnten nicht gelesen werden"},
		OddWorklogs: Plural{One: "%s Arbeitsprotokoll konnte nicht gelesen werden", Other: "%s Arbeitsprotokolle konnten nicht gelesen werden"},
		OddPeople:   Plural{One: "%s Person des Teams konnte nicht gelesen werden", Other: "%s Personen des Teams konnten nicht gelesen werden"},
		Named:       "%s: %s.",
		Label:       "+ und ~ kennzeichnen unvollständige Zahlen: In Jira war nicht alles lesbar.",
		Columns:     "Weitere Spalten zur Seite: %s.",
		Days:        "Seitlich scrollen zeigt %s der %s Tage mit %s %s.",
	}
}
