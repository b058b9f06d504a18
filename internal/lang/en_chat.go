package lang

func englishChat() ChatTexts {
	return ChatTexts{
		SetUp: "Set up this room",
		Label: "The label shows", LabelHelp: "In this order. Zeros are left out, except for the first number.",
		Open: "Open issues", Overdue: "Overdue", DueSoon: "Due within a week", Unassigned: "Unassigned",
		Heavy: "People with a heavy load", Blank: "Not estimated (where time or points are counted)", Logged: "Time logged",
		WithinHelp:   "Issues of the projects above count if they match every field that you fill in.",
		FilterWithin: "That a saved filter finds", JQLWithin: "That a JQL query finds",
		Probe:          "Jira hides some issues of these projects from you. Choosing by a filter or a query is left to people who see all that Sightline counts.",
		FilterUnshared: "Sightline cannot see this filter. Its owner can share it with everybody who can log in.",
		Quiet:          "Quiet hours", QuietHelp: "The label is not updated between these times. Leave both empty to update it all day.",
		QuietFrom: "From", QuietTo: "To",
		Preview: "The label would read", PreviewHelp: "Counts what you may see. The room counts what Sightline may see.",
		PreviewFailed: "Jira could not count the issues.", PreviewEmpty: "Choose a project",
		ShownNow:       "The room now shows: %s",
		WhereToInstall: "This room shows issues of the Jira on its own site, and Sightline is not installed there yet. Ask a Jira administrator to install the app “%s” in the Jira of the site %s, then open this again.",
		WrongQuiet:     "Give two different times, or none.", WrongParts: "Choose at least one number.",
		WrongBlank: "Issues without an estimate are counted where time or points are.",
	}
}

func englishLabel() LabelTexts {
	return LabelTexts{
		NotSetUp: "Not set up", Counting: "Counting…", Separator: " · ",
		Open: LabelWord{"open", "open"}, Overdue: LabelWord{"overdue", "late"}, DueSoon: LabelWord{"due soon", "soon"},
		Unassigned: LabelWord{"unassigned", "free"}, Heavy: LabelWord{"heavy", "heavy"},
		Blank: LabelWord{"not estimated", "blank"}, Logged: LabelWord{"logged", "logged"},
		Hours: LabelWord{"%s h", "%s h"}, Points: LabelWord{"%s points", "%s pt"},
	}
}

func englishWeekly() WeeklyTexts {
	return WeeklyTexts{
		Title: "The week of %s", More: "%s more than last week", Less: "%s less than last week",
		Room:  Plural{One: "%s person has room", Other: "%s people have room"},
		Heavy: Plural{One: "%s person has a heavy load", Other: "%s people have a heavy load"},
		Day:   "Weekly summary", At: "At", Help: "One message a week in this channel, in its time zone: what is open and overdue, how that has changed, and who has room.",
		Never: "Never", Days: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		WrongAt: "Choose a time of day.",
	}
}

func englishReason() ReasonTexts {
	return ReasonTexts{
		Archived: "The conversation is archived.", Empty: "Nobody is in the conversation.",
		Absent: "Sightline is no longer in the conversation.", Revoked: "The chat has revoked Sightline's access.",
		Forbidden: "The chat does not let Sightline write there.", Refused: "The chat rejected it.",
		Busy: "The chat asked Sightline to wait.", Unreachable: "The chat did not answer.",
		NoTenant: "Sightline is not installed in the site's Jira.", Hidden: "Sightline cannot see any of the projects in Jira.",
		Narrowed:    "Sightline cannot see in Jira the saved filter or the values that choose its issues.",
		Scope:       "A Jira admin has to approve Sightline's new version.",
		Quota:       "Sightline has nearly used up the points that Jira gives it for this hour; people come first.",
		Jira:        "Jira could not be read.",
		Interrupted: "Sightline was stopped before it was done.", Internal: "Something failed in Sightline itself.",
		Unknown: "The reason is unknown.",
	}
}
