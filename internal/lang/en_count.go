package lang

func englishMeasures() MeasureTexts {
	return MeasureTexts{
		Measure: "Count", Issues: "Issues", Remaining: "Remaining time", Points: "Story points",
		PointField: "Field of story points", BothFields: "Jira’s own, of either kind of project", Field: "%s (field %s)",
		PointFieldHelp: "What you choose is proposed for the next gadgets of this site, too.", Settled: "Points from: %s",
		Found:      Plural{One: "Finds about %s open issue.", Other: "Finds about %s open issues."},
		FoundBlank: Plural{One: "Finds about %s open issue, %s without an estimate.", Other: "Finds about %s open issues, %s of them without an estimate."},
		Failed:     "What this finds could not be counted. Try again in a moment.",
		Wrong:      "Choose issues, remaining time or story points.", WrongPoints: "Choose a field of story points.",
	}
}

func englishAxes() AxisTexts {
	return AxisTexts{
		Label: "Rows", Help: "Loads and logged time are of people: other rows show what is open.",
		Rows: "Rows by", Split: "Divide each person’s row by", People: "Person", NoSplit: "Nothing",
		Names:    AxisNames{Team: "Team", Project: "Project", Epic: "Epic", Type: "Issue type", Status: "Status category"},
		None:     AxisNames{Team: "No team", Project: "No project", Epic: "No epic", Type: "No type", Status: "Another category"},
		EpicHint: "The issue right above is no epic, or you cannot see it.", ShowAll: Plural{One: "Show all %s rows", Other: "Show all %s rows"},
		Unnamed: "A team that Jira does not name", Epic: "%s %s", PartOf: "%s, %s", All: "Everyone", Caption: "Open work: %s",
		Example: "Rows, for example: %s.", ExampleBelow: "Rows below people, for example: %s.", NoExample: "There are no open issues yet.", NoProjects: "Choose projects first to see rows here.", Failed: "The rows could not be looked up. Try again in a moment.",
		Wrong: "Choose one of the rows in the list.", WrongSplit: "Only people’s rows can be divided.",
		WrongTeamField: "This site has no field of Atlassian’s teams that you can see.",

		SheetPeople: "People", SheetIssues: "People, and their issues", SheetPeopleOfIssue: "Issues, and their people", SheetProjects: "Projects",
		SheetCaption: "Time logged by day: %s", SheetCaptionOf: "Time logged by day: %s, %s below", Issue: "Issue", Hidden: "An issue that you cannot see",
	}
}

func englishScope() ScopeTexts {
	return ScopeTexts{
		Scope: "Issues from", Projects: "Projects", Filter: "A saved filter", JQL: "A JQL query",
		Query:      "JQL query",
		JQLHelp:    "As in Jira’s search, for example: project = ABC AND labels = urgent",
		FindFilter: "Search saved filters", NoFilter: "No filter found", FilterNumber: "Filter %s", Favourite: "★ %s",
		Narrow: "Only some of these issues", NarrowHelp: "Issues must match every field that you fill in, with one of its values.",
		Types: "Issue types", Components: "Components", Versions: "Fix versions", Labels: "Labels", Epics: "Epics", Sprint: "Sprint",
		AnySprint: "Any, or none", ActiveSprint: "Active sprints", NextSprint: "Next sprints",
		FindValue: "Search", NoValue: "Nothing found", SearchFailed: "The search failed. Try again in a moment.", Chosen: "Chosen: %s",
		WrongScope: "Choose projects, a saved filter or a query.", WrongFilter: "Choose a saved filter.", WrongJQL: "Enter a complete JQL query.",
		WrongSprint: "Choose a kind of sprint.", WrongValue: "“%s” cannot be chosen here.",
		ManyValues:   Plural{One: "Choose at most %s.", Other: "Choose at most %s."},
		FilterHidden: "The saved filter of this gadget is left out: you cannot see it in Jira.",
		QueryRefused: "The query of this gadget is left out, because Jira refuses it: %s",
		ValuesHidden: "Left out of what narrows this gadget, because you cannot see it in Jira: %s.",
	}
}

func englishTrend() TrendTexts {
	return TrendTexts{
		Trend: "Trend", Label: "Compare with the past", Help: "A line for each person and for the team, of the open issues that the viewer sees.",
		None: "No", Week: "A week ago", Month: "Four weeks ago", Quarter: "A quarter ago", Year: "A year ago",
		Since:         TrendSince{Week: "a week ago", Month: "four weeks ago", Quarter: "a quarter ago", Year: "a year ago"},
		More:          Plural{One: "%s open issue more than %s", Other: "%s open issues more than %s"},
		Fewer:         Plural{One: "%s open issue fewer than %s", Other: "%s open issues fewer than %s"},
		Same:          "As many open issues as %s",
		RemainingMore: "%s %s more remaining", RemainingLess: "%s %s less remaining",
		OverdueMore:  Plural{One: "%s more overdue", Other: "%s more overdue"},
		OverdueFewer: Plural{One: "%s fewer overdue", Other: "%s fewer overdue"},
		Untold:       "How it was %s cannot be told yet. Sightline reads the history of the issues in the background.",
		Unkept:       "How it was %s cannot be told here: no history is kept, or this page reads Jira by itself.",
		Burnup:       "Open and done since %s", BurnupWords: "Open and done since %s: %s issues were open then, %s are open now, and %s were done since.",
		Day: "Day", Done: "Done since", Most: "height: %s issues",
		Passing: "How it was %s cannot be told: the issues are chosen by “%s”, which changes while people work on them.",
		Many:    "How it was %s cannot be told: the issues are of more than %s projects.",
		Wrong:   "Choose what to compare with, or nothing.",
	}
}

func englishAhead() AheadTexts {
	return AheadTexts{
		Label: "Due ahead, by week", Help: "A number for each week, for what is due later, and for what has no due date.",
		None: "Not shown", Own: "Another number of days", OwnDays: "Days ahead",
		Next:     Plural{One: "The next %s day", Other: "The next %s days"},
		Within:   Plural{One: "Due today and in the next %s day", Other: "Due today and in the next %s days"},
		ThisWeek: "This week", NextWeek: "Next week", Days: "%s to %s", Span: "%s – %s",
		Later: "Later", After: "after %s", Undated: "No due date", UndatedHint: "no due date",
		Found: Plural{One: "About %s of them is due in the next %s days.", Other: "About %s of them are due in the next %s days."},
		Wrong: Plural{One: "Enter a number of days up to %s.", Other: "Enter a number of days from 1 to %s."},
	}
}

func englishMissing() MissingTexts {
	return MissingTexts{
		Label: "Missing time", Help: "Working days before today on which somebody logged less are marked and listed.",
		None:  "Not marked",
		Below: Plural{One: "Days with less than %s hour", Other: "Days with less than %s hours"},
		Wrong: "Choose a number of hours from the list.",
		Short: Plural{One: "less than %s hour", Other: "less than %s hours"},
		Days:  Plural{One: "%s day", Other: "%s days"}, People: Plural{One: "%s person", Other: "%s people"},
		Open: "Missing time: %s, %s", Title: "Days with less than %s", Full: "Nobody lacks time on these days.",
		Of: "%s, %s missing", Nothing: "nothing",
		Reminder: "Please log your time. These days have less than %s:", ReminderLabel: "Reminder",
		Copy: "Copy the reminder", Copied: "Copied.", Failed: "Your browser did not copy it. The text is selected: copy it yourself.",
	}
}
