package lang

func englishWorkload() WorkloadTexts {
	return WorkloadTexts{
		Caption: "Open work by person", Region: "Open work, scrolls sideways", Person: "Person", Unassigned: "Unassigned", Everyone: "everyone",
		Others: "Others", OthersHint: "Time logged here by people outside the team",
		Unknown: "Unknown author", UnknownHint: "Time logged by accounts that Jira no longer knows",
		Open: "Open", ToDo: "To do", InProgress: "In progress", Overdue: "Overdue",
		DueSoon: "Due soon", Remaining: "Remaining", Logged: "Logged", Load: "Load",
		Blank: "Not estimated", Points: "points", NoPoints: "This Jira has no field of story points, so no issue counts as estimated.",
		Hours: "hours", Days: "days", TimeIn: "%s %s",
		Heavy: "Heavy", Balanced: "Balanced", Light: "Light",
		Nobody:  "Nobody has open issues here.",
		Window:  Plural{One: "last %s day", Other: "last %s days"},
		ShowAll: Plural{One: "Show %s person", Other: "Show all %s people"},
		Sample:  "Sample data", SampleProject: "Sample",
		IssuesOf:       "%s %s, %s",
		SomeProjects:   "%s of %s projects shown. You cannot see %s.",
		UnknownZone:    "Sightline does not know your time zone “%s”, so days are in UTC.",
		Untracked:      "Time tracking is switched off in this Jira, so no logged time is shown.",
		LongLinks:      "Some totals do not link to Jira: the search for so many people is too long for an address.",
		OlderUntil:     "These numbers are older: Sightline has used up the requests that Jira allows it in an hour. New numbers come after %s.",
		NoZone:         "Jira does not tell your time zone, so days are in UTC.",
		MoreIssues:     "Only the first %s open issues were counted.",
		MoreWorklogs:   "Only the first %s work logs were counted.",
		RoleUnseen:     "You cannot see who is in the chosen role, so everybody is shown.",
		GroupUnseen:    "Jira does not show you the group “%s”, so everybody is shown.",
		GroupNobody:    "Nobody in the group “%s” has open or recently changed issues here.",
		QueryRefused:   "Jira rejects this gadget's user query, so everybody is shown.",
		QueryForbidden: "You are not allowed to search for people in Jira, so everybody is shown instead of the chosen team.",
		QuerySlow:      "Jira took too long to find the chosen team, so everybody is shown.",
		QueryNobody:    "This gadget's user query finds nobody that you can see.",
		MorePeople:     "Only the first %s people of the team are shown.",
		RoleMissing:    "The chosen role could not be read in %s.",
		GroupsHidden:   "Members of the group %s in this role are not listed.",
		SortedUp:       "Sorted by %s, ascending.", SortedDown: "Sorted by %s, descending.",
		ShowIssues: "Show the open issues: %s", Pin: "Pin %s", Pinned: "%s is pinned.", Unpinned: "%s is no longer pinned.",
		Compact: "Compact", CompactOn: "Rows are compact.", CompactOff: "Rows have their full height.",
		Apps: "Apps", AppsNote: "not in the totals", AppsOn: "Apps are shown.", AppsOff: "Apps are hidden.",
		Inactive: "Deactivated", Left: "Open issues of people who left", LeftOnly: "Show only these people",
		LoggedOf: "%s of %s %s logged, the working time of %s days at %s hours a day and %s days a week",
		Updated:  "Numbers updated.",
	}
}

func englishTimelog() TimelogTexts {
	return TimelogTexts{
		Caption: "Time logged by person and day", CaptionHint: "Arrow keys move from cell to cell.", Region: "Time logged, scrolls sideways",
		Total: "Total", People: "People", Entries: "Work logs",
		Cell:    "%s %s, %s, %s",
		Nothing: "Nobody logged time here on these days.", NoTeam: "Nobody is in this team.",
		AppsTime: "Apps (%s %s)",
		UpTo:     "up to %s", Over: "over %s", DayOff: "Day off", Today: "today",
		Off:      "Time tracking is switched off in this Jira",
		OffText:  "Nobody can log time or see what was logged until a Jira admin switches it on again. This gadget’s settings are kept, and the gadget “%s” still shows open and overdue work.",
		Provider: "This Jira tracks time with %s. Time outside Jira’s own work logs is not shown here.",
		Of:       "%s, %s", EntryTotal: "Total", NoneLeft: "Nothing is logged here now.",
		MoreEntries: "Only the first %s work logs are listed.",
		Edit:        "Edit", EditEntry: "Edit %s, %s",
		Moved: "Saved. This work log is now on %s.", Saved: "Saved.",
		EditHeading: "Edit work log of %s",
		Log:         "Log work", LogDay: "Log work, %s, %s", LogHeading: "Log work",
		LogIssue: "Issue", LogIssueHelp: "Its key, such as ABC-12, or its address. Your open issues are suggested.",
		NoIssue: "Enter the key of an issue.", NotIssue: "Enter a key such as ABC-12.", NotSeen: "Jira does not show you this issue.",
		Logged: "Logged.", LogRefused: "Jira did not take this work log. You may not have permission to log work on this issue, or it can no longer be changed.",
		Delete: "Delete", DeleteEntry: "Delete %s, %s",
		DeleteHeading: "Delete this work log?", DeleteText: "%s, started %s. It cannot be brought back.",
		DeleteChanged: "This work log has changed in Jira: it is now %s, started %s.",
		Deleted:       "Deleted.", DeleteRefused: "Jira did not delete it. You may not have permission to delete your own work logs, or the issue can no longer be changed.",
		Spent: "Time spent", SpentHelp: "For example 1h 30m, 90m or 1.5h.", Day: "Date started", Clock: "Time started", ClockHelp: "In your time zone, %s.",
		Comment:     "Work description",
		CommentRich: "This description has formatting. It stays as it is unless you change the text here, which turns it into plain text.",
		Weeks:       "wk wks week weeks", Days: "day days", Hours: "hr hrs hour hours", Minutes: "min mins minute minutes",
		NoTime: "Enter how long you worked, at least one minute.", NotTime: "Enter a time such as 1h 30m, 90m or 1.5h.", LongTime: "This is too long for one work log.",
		NotDay: "Choose a date.", NotClock: "Choose a time.", Skipped: "The clocks skip this time on that day. Choose another.",
		LongComment: Plural{One: "Use at most %s character.", Other: "Use at most %s characters."},
		TimeRefused: "Jira rejects this time.", StartRefused: "Jira rejects this start.", CommentRefused: "Jira rejects this description.",
		Refused: "Jira rejected the change. You may not have permission to edit your own work logs, or the issue can no longer be changed.",
		Changed: "This work log has changed in Jira: it is now %s, started %s. Save again to replace it with your entries here.",
	}
}

func englishPreferences() PreferenceTexts {
	return PreferenceTexts{
		Unsaved: "Not saved in Jira yet; trying again.",
		Refused: "Jira does not let you save this choice. It applies for now, but will not be kept.",
	}
}

func englishIssues() IssueTexts {
	return IssueTexts{
		Back: "Back", Title: "Open issues: %s", TitleCount: "Open issues: %s (%s)",
		SortBy: "Sort by", GroupBy: "Group by", NoGroups: "Nothing", ByDue: "Due date", ByPriority: "Priority", ByUpdate: "Last update", Project: "Project",
		Issue: "Issue", Status: "Status", Due: "Due", Priority: "Priority",
		Assignee: "Assignee", Reporter: "Reporter", Labels: "Labels",
		Description: "Description", Attachments: "Attachments", Time: "Time",
		OverdueSince: "Overdue, %s", NoDue: "No due date", Nothing: "Nothing is open here.", Nobody: "Nobody",
		OpenInJira: "Open in Jira search", InJira: "Open %s in Jira",
		Hidden: "You cannot see this issue", HiddenText: "It no longer exists, or Jira does not show it to you.",
		Cut: "Read the rest of the description in Jira.", NoDescription: "No description.",
		Original: "Original estimate %s", Remaining: "Remaining %s", Spent: "Logged %s",
		LongSearch: "The search for all of these issues is too long for an address, so there is no link to Jira.",
		MoreFiles:  Plural{One: "%s more file in Jira", Other: "%s more files in Jira"},
		Files:      Plural{One: "%s file", Other: "%s files"},
		More:       Plural{One: "%s more in Jira", Other: "%s more in Jira"},
		Worklogs:   Plural{One: "%s work log", Other: "%s work logs"},
		Bytes:      "%s B", Kilobytes: "%s KB", Megabytes: "%s MB",
	}
}

func englishExport() ExportTexts {
	return ExportTexts{
		Take: "Export", Numbers: "Numbers", Point: "1234.5, commas between columns", Comma: "1234,5, semicolons between columns",
		Download: "Download CSV", Copy: "Copy table", Print: "Print",
		Made:   "The file is ready. If your browser does not save it, copy its text from the field.",
		Copied: "Copied. Paste the table into a spreadsheet or a page.", NotCopied: "The browser does not let this page copy. The table is selected: press Ctrl+C, or ⌘C on a Mac.",
		Text: "The file as text", Region: "Table, scrolls sideways", App: "%s (app, not in the totals)", Inactive: "%s (deactivated)", Date: "As of %s",
		First: Plural{One: "Only the first %s row is on this page. The file has all of them.", Other: "Only the first %s rows are on this page. The file has all of them."},
		Key:   "Key", Summary: "Summary", Priority: "Priority", Files: "Files",
	}
}

func englishHandover() HandoverTexts {
	return HandoverTexts{
		Open: "Hand over…", Title: "Hand over issues of %s",
		Which: "Issues", To: "Hand over to", Choose: "Choose a person", Nobody: "Nobody (unassigned)", Save: "Hand over",
		NoIssue: "Choose at least one issue.", NoTo: "Choose who is to have them.",
		Many:       Plural{One: "Choose at most %s issue at a time.", Other: "Choose at most %s issues at a time."},
		Done:       Plural{One: "%s issue is now %s’s.", Other: "%s issues are now %s’s."},
		DoneNobody: Plural{One: "%s issue is now nobody’s.", Other: "%s issues are now nobody’s."},
		Undo:       "Undo", Undone: Plural{One: "%s issue was given back.", Other: "%s issues were given back."},
		Kept:        "Not changed, because somebody else has them by now or you cannot see them: %s.",
		Refused:     "Jira did not let you change the assignee of %s. You may not have permission, or the person cannot be assigned there.",
		ListedFirst: Plural{One: "The first %s issue can be chosen here.", Other: "The first %s issues can be chosen here."},
	}
}
