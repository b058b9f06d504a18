package lang

func englishWorkload() WorkloadTexts {
	return WorkloadTexts{
		Caption: "Open work by person", Person: "Person", Unassigned: "Unassigned", Everyone: "everyone",
		Open: "Open", ToDo: "To do", InProgress: "In progress", Overdue: "Overdue",
		DueSoon: "Due soon", Remaining: "Remaining", Logged: "Logged", Load: "Load",
		Hours: "hours", Days: "days", TimeIn: "%s %s",
		Heavy: "Heavy", Balanced: "Balanced", Light: "Light",
		Nobody:  "Nobody has open issues here.",
		Window:  Plural{One: "last %s day", Other: "last %s days"},
		ShowAll: Plural{One: "Show %s person", Other: "Show all %s people"},
		Sample:  "Sample data", SampleProject: "Sample",
		IssuesOf:       "%s %s, %s",
		SomeProjects:   "%s of %s projects shown. You cannot see %s.",
		UnknownZone:    "Your time zone “%s” is not known here; days are those of UTC.",
		MoreIssues:     "Only the first %s open issues were counted.",
		MoreWorklogs:   "Only the first %s worklogs were counted.",
		RoleUnseen:     "You cannot see who is in the chosen role, so everybody is shown.",
		QueryRefused:   "Jira does not take the user query of this gadget, so everybody is shown.",
		QueryForbidden: "You are not allowed to search people in Jira, so everybody is shown instead of the chosen team.",
		QuerySlow:      "Jira took too long to find the chosen team, so everybody is shown.",
		QueryNobody:    "The user query of this gadget finds nobody that you can see.",
		MorePeople:     "Only the first %s people of the team are shown.",
		RoleMissing:    "The chosen role could not be read in %s.",
		GroupsHidden:   "Members of the group %s in this role are not listed.",
		SortedUp:       "Sorted by %s, ascending.", SortedDown: "Sorted by %s, descending.",
		ShowIssues: "Show the open issues: %s", Pin: "Pin %s", Pinned: "%s is pinned.", Unpinned: "%s is not pinned any more.",
		Compact: "Compact", CompactOn: "Rows are compact.", CompactOff: "Rows are at full height.",
		Apps: "Apps", AppsNote: "not in the totals", AppsOn: "Apps are shown.", AppsOff: "Apps are hidden.",
		LoggedOf: "%s of %s %s logged, which %s days hold at %s hours a day and %s days a week",
		Updated:  "Numbers updated.",
	}
}

func englishTimelog() TimelogTexts {
	return TimelogTexts{
		Caption: "Time logged by person and day", CaptionHint: "Arrow keys move from cell to cell.", Region: "Time logged, scrolls sideways",
		Total: "Total", People: "People", Entries: "Work logs",
		Cell:    "%s %s, %s, %s",
		Nothing: "Nobody logged time here in these days.", NoTeam: "Nobody is in this team.",
		AppsTime: "Apps (%s %s)",
		UpTo:     "up to %s", Over: "over %s", DayOff: "Day off", Today: "today",
		Off:      "Time tracking is switched off in this Jira",
		OffText:  "Nobody can log time or see what was logged until a Jira admin switches it on again. This gadget’s settings stay as they are, and the gadget “%s” still shows open and overdue work.",
		Provider: "This Jira tracks time with %s. Time that it keeps outside of Jira’s own work logs is not shown here.",
		Of:       "%s, %s", EntryTotal: "Total", NoneLeft: "Nothing is logged here any more.",
		MoreEntries: "Only the first %s work logs are listed.",
		Edit:        "Edit", EditEntry: "Edit %s, %s",
		Moved: "Saved. This work log is now on %s.", Saved: "Saved.",
		EditHeading: "Edit work log of %s",
		Spent:       "Time spent", SpentHelp: "For example 1h 30m, 90m or 1.5h.", Day: "Date started", Clock: "Time started", ClockHelp: "In your time zone, %s.",
		Comment:     "Work description",
		CommentRich: "This description has formatting. It stays as it is unless you change the text here: then it becomes plain text.",
		Weeks:       "wk wks week weeks", Days: "day days", Hours: "hr hrs hour hours", Minutes: "min mins minute minutes",
		NoTime: "Enter how long you worked, at least one minute.", NotTime: "Write a time such as 1h 30m, 90m or 1.5h.", LongTime: "This is too long for one work log.",
		NotDay: "Choose a date.", NotClock: "Choose a time.", Skipped: "The clocks go forward over this time on that day. Choose another.",
		LongComment: Plural{One: "Use %s character at most.", Other: "Use %s characters at most."},
		TimeRefused: "Jira does not take this time.", StartRefused: "Jira does not take this start.", CommentRefused: "Jira does not take this description.",
		Refused: "Jira did not take the change. You may lack the permission to edit your own work logs there, or the issue is closed to changes.",
		Changed: "This work log was changed in Jira meanwhile: it is now %s, started %s. Save again to replace that with what stands here.",
	}
}

func englishPreferences() PreferenceTexts {
	return PreferenceTexts{
		Unsaved: "Not saved in Jira yet; trying again.",
		Refused: "Jira does not let you save this choice. It holds here for now and will be forgotten.",
	}
}

func englishPeek() PeekTexts {
	return PeekTexts{
		Back: "Back", Title: "Open issues: %s",
		Issue: "Issue", Status: "Status", Due: "Due", Priority: "Priority",
		Assignee: "Assignee", Reporter: "Reporter", Labels: "Labels",
		Description: "Description", Attachments: "Attachments", Time: "Time",
		OverdueSince: "Overdue, %s", NoDue: "No due date", Nothing: "Nothing is open here.", Nobody: "Nobody",
		OpenInJira: "Open all in Jira", InJira: "Open %s in Jira",
		Hidden: "You cannot see this issue", HiddenText: "It does not exist any more, or Jira does not show it to you.",
		Cut: "The description goes on in Jira.", NoDescription: "No description.",
		Original: "Original estimate %s", Remaining: "Remaining %s", Spent: "Logged %s",
		Files:    Plural{One: "%s file", Other: "%s files"},
		More:     Plural{One: "%s more in Jira", Other: "%s more in Jira"},
		Worklogs: Plural{One: "%s worklog", Other: "%s worklogs"},
		Bytes:    "%s B", Kilobytes: "%s KB", Megabytes: "%s MB",
	}
}
