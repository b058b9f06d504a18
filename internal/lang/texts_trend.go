package lang

// TrendTexts are those of how it was before.
type TrendTexts struct {
	Trend                     string // heads the column
	Label, Help               string // of the form's field
	None                      string // the choice not to look back
	Week, Month, Quarter      string // the other choices
	Since                     TrendSince
	More, Fewer               Plural // %s issues, %s since when
	Same                      string // %s since when
	RemainingMore             string // %s time, %s unit
	RemainingLess             string // likewise
	OverdueMore, OverdueFewer Plural // %s issues
	Untold                    string // %s since when
	Unkept                    string // likewise, where no facts can be used
	Wrong                     string
}

// TrendSince are the beginnings that can be chosen, as sentences go on with them.
type TrendSince struct{ Week, Month, Quarter string }
