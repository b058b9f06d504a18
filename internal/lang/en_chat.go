package lang

func englishChat() ChatTexts {
	return ChatTexts{
		SetUp: "Set up this room",
		Label: "The label shows", LabelHelp: "In this order. A number that is zero is left out, but for the first.",
		Open: "Open issues", Overdue: "Overdue", DueSoon: "Due within a week", Unassigned: "Unassigned",
		Heavy: "People with a heavy load",
		Quiet: "Quiet hours", QuietHelp: "The label rests between these times. Leave both empty to update it all day.",
		QuietFrom: "From", QuietTo: "To",
		Preview: "The label would read", PreviewHelp: "Counts what you may see. The room counts what Sightline may see.",
		PreviewFailed: "Jira could not count this now.", PreviewEmpty: "Choose a project",
		ShownNow:       "The room reads now: %s",
		WhereToInstall: "This room shows issues of the Jira on its own site, and Sightline is not installed there yet. Ask a Jira administrator to install the app “%s” in the Jira of the site %s, then open this again.",
		WrongQuiet:     "Give two different times, or none.", WrongParts: "Choose at least one number.",
	}
}

func englishLabel() LabelTexts {
	return LabelTexts{
		NotSetUp: "Not set up", Counting: "Counting…", Separator: " · ",
		Open: LabelWord{"open", "open"}, Overdue: LabelWord{"overdue", "late"}, DueSoon: LabelWord{"due soon", "soon"},
		Unassigned: LabelWord{"unassigned", "free"}, Heavy: LabelWord{"heavy", "heavy"},
	}
}

func englishReason() ReasonTexts {
	return ReasonTexts{
		Archived: "The conversation is archived.", Empty: "Nobody is in the conversation.",
		Absent: "Sightline is not in the conversation any more.", Revoked: "The chat has taken Sightline's access away.",
		Forbidden: "The chat does not let Sightline write there.", Refused: "The chat did not take it.",
		Busy: "The chat asked Sightline to wait.", Unreachable: "The chat did not answer.",
		NoTenant: "The Jira of the site does not have Sightline.", Hidden: "Sightline may see none of the projects in Jira.",
		Jira:        "Jira could not be read.",
		Interrupted: "Sightline was stopped meanwhile.", Internal: "Something failed in Sightline itself.",
		Unknown: "The reason is unknown.",
	}
}
