package glance

// Words are a label's words in one language.
type Words struct {
	// Unset is the label of a glance that nobody has set up yet.
	Unset string
	// Separator stands between two parts.
	Separator string
	// Partial explains the marks of incomplete numbers.
	Partial string
	// Parts are the words after the numbers.
	Parts map[Part]Word
	// Hours and Points write an amount of time and of story points with its unit, long
	// and short; nil: without one.
	Hours, Points Unit
}

// Unit writes an amount with its unit. The amount has been written as a number.
type Unit func(amount string) (long, short string)

// Word is what follows a number. Nil means no word.
type Word func(n int) (long, short string)

// English are the words of a label in English, and the form for other
// languages.
func English() Words {
	same := func(long, short string) Word {
		return func(int) (string, string) { return long, short }
	}
	return Words{
		Unset:     "Not set up",
		Partial:   "+ and ~ mark incomplete numbers: not everything in Jira could be read.",
		Separator: " · ",
		Parts: map[Part]Word{
			PartOpen:       same("open", "open"),
			PartOverdue:    same("overdue", "late"),
			PartDueSoon:    same("due soon", "soon"),
			PartUnassigned: same("unassigned", "free"),
			PartHeavy:      same("heavy", "heavy"),
			PartBlank:      same("not estimated", "blank"),
			PartLogged:     same("logged", "logged"),
		},
		Hours:  func(n string) (long, short string) { return n + " h", n + " h" },
		Points: func(n string) (long, short string) { return n + " points", n + " pt" },
	}
}
