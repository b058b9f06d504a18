package lang

// MeasureTexts are about what a workload counts in.
type MeasureTexts struct {
	Measure                   string // a field
	Issues, Remaining, Points string // its choices
	PointField, BothFields    string // a field, and Jira's own fields together
	Field                     string // %s name, %s number
	Found                     Plural // %s open issues
	FoundBlank                Plural // the same, %s of them not estimated
	Failed                    string
	Wrong, WrongPoints        string // what is wrong with a field
}
