package lang

// english is the catalogue in English, the language of who has no other.
func english() Texts {
	return Texts{
		Formats:     englishFormats(),
		Ages:        englishAges(),
		Product:     englishProduct(),
		Workload:    englishWorkload(),
		Timelog:     englishTimelog(),
		Preferences: englishPreferences(),
		Issues:      englishIssues(),
		Handover:    englishHandover(),
		Gaps:        englishGaps(),
		Export:      englishExport(),
		Capacity:    englishCapacity(),
		Trend:       englishTrend(),
		Ahead:       englishAhead(),
		Missing:     englishMissing(),
		Weighing:    englishWeighing(),
		Form:        englishForm(),
		Measures:    englishMeasures(),
		Axes:        englishAxes(),
		Scope:       englishScope(),
		Wrong:       englishWrong(),
		State:       englishState(),
		Chat:        englishChat(),
		Slack:       englishSlack(),
		Reason:      englishReason(),
		Label:       englishLabel(),
		Weekly:      englishWeekly(),
		Script:      englishScript(),
		Problems:    englishProblems(),
	}
}

func englishFormats() Formats {
	return Formats{
		Months:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Weekdays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		Date:     "2 {month} {year}", BeforeChrist: "%s BC", Day: "2 {month}", Clock: "15:04",
		Hours: "%s h", Seconds: "%s s", Minutes: "%s min", And: "and",
	}
}

func englishAges() Ages {
	return Ages{
		JustNow: "Updated just now",
		Minutes: Plural{One: "Updated %s minute ago", Other: "Updated %s minutes ago"},
		Hours:   Plural{One: "Updated %s hour ago", Other: "Updated %s hours ago"},
		Ago:     "Updated {age}",
	}
}

func englishProduct() ProductTexts {
	return ProductTexts{
		Workload:        "Team workload",
		Timelog:         "Who worked on what",
		WorkloadAbout:   "Who is carrying what: open, overdue and remaining work of each person, and the hours they logged.",
		TimelogAbout:    "The hours that people logged, day by day, and the work behind them.",
		Configure:       "Configure",
		ConnectSlack:    "Connect Slack",
		Installed:       "Sightline is installed",
		InstalledText:   "Add the gadget “%s” to a dashboard and choose its projects there. There are no settings for the whole site.",
		NoImpersonation: "Sightline cannot read Jira for people yet",
		NoImpersonText:  "This installation came without the permission to act on users' behalf, so gadgets stay empty. Reinstall the app to grant it.",
		HomeText:        "This is the backend of a Jira app that shows a team who is carrying what. It is used inside Jira and the chat; here are the files that they read.",
		Descriptor:      "Descriptor for Atlassian Connect",
		ChatDescriptor:  "Descriptor of the chat app",
		Manifest:        "Manifest for Forge",
		Readiness:       "Is the app ready?",
	}
}

func englishState() StateTexts {
	return StateTexts{
		Anonymous:        "Log in to see this gadget",
		AnonymousText:    "Sightline shows each person what Jira lets them see. Log in to Jira to see who is carrying what.",
		Unconfigured:     "This gadget is not set up yet",
		UnconfiguredText: "The owner of this dashboard can choose the projects to show.",
		UnconfiguredOwn:  "You can choose the projects to show: open this gadget's menu (•••) and choose Configure.",
		NoTenant:         "Jira is not connected",
		RoomUnconfigured: "This room is not set up yet",
		RoomUnconfigText: "Choose this room's projects in its Sightline settings.",
		Saved:            "Saved", RoomSavedText: "The room's glance will show this in a moment.",
		TriesAgain: "Sightline tries again in %s.", TryNow: "Try now",
		Loading: "Reading from Jira…",
	}
}

func englishScript() ScriptTexts {
	return ScriptTexts{
		FailedOpen: "Could not open this.", FailedUpdate: "Could not update the numbers.", FailedSave: "Could not save.",
		NoAnswer:   "Sightline did not answer. Try again in a moment.",
		SignedOut:  "Your session has ended, or Sightline was removed from this site. Reload the page.",
		NotAllowed: "You are not allowed to do this.",
		Failed:     "Something went wrong. Try again in a moment.",
	}
}
