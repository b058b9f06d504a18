package lang

func englishMeasures() MeasureTexts {
	return MeasureTexts{
		Measure: "Count", Issues: "Issues", Remaining: "Remaining time", Points: "Story points",
		PointField: "Field of story points", BothFields: "Jira’s own, of either kind of project", Field: "%s (field %s)",
		Found:      Plural{One: "Finds about %s open issue.", Other: "Finds about %s open issues."},
		FoundBlank: Plural{One: "Finds about %s open issue, %s without an estimate.", Other: "Finds about %s open issues, %s of them without an estimate."},
		Failed:     "What this finds could not be counted. Try again in a moment.",
		Wrong:      "Choose issues, remaining time or story points.", WrongPoints: "Choose a field of story points.",
	}
}
