package lang

func englishTrend() TrendTexts {
	return TrendTexts{
		Trend: "Trend", Label: "Compare with the past", Help: "A line for each person and for the team, of the open issues that the viewer sees.",
		None: "No", Week: "A week ago", Month: "Four weeks ago", Quarter: "A quarter ago",
		Since:         TrendSince{Week: "a week ago", Month: "four weeks ago", Quarter: "a quarter ago"},
		More:          Plural{One: "%s open issue more than %s", Other: "%s open issues more than %s"},
		Fewer:         Plural{One: "%s open issue fewer than %s", Other: "%s open issues fewer than %s"},
		Same:          "As many open issues as %s",
		RemainingMore: "%s %s more remaining", RemainingLess: "%s %s less remaining",
		OverdueMore:  Plural{One: "%s more overdue", Other: "%s more overdue"},
		OverdueFewer: Plural{One: "%s fewer overdue", Other: "%s fewer overdue"},
		Untold:       "How it was %s cannot be told yet. Sightline reads the history of the issues in the background.",
		Unkept:       "How it was %s cannot be told here: it is kept of projects only, and not where a page reads Jira by itself.",
		Wrong:        "Choose what to compare with, or nothing.",
	}
}
