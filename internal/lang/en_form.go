package lang

func englishForm() FormTexts {
	return FormTexts{
		Projects: "Projects", SearchProjects: "Search projects", NoSuchProject: "No project found",
		Chosen: "Projects chosen:", ChosenProjects: "Chosen projects", Remove: "Remove %s", HiddenProject: "not visible to you",
		MoreProjects: "There are more. Type to search.", SearchFailed: "The search for projects failed. Try again in a moment.",
		Team: "Team", TeamHelp: "“Everybody” shows people with open issues or logged time. People from a role or a query appear even without.",
		Everybody: "Everybody", ByRole: "A project role", ByQuery: "People found by a query", ByGroup: "A group", ByTeam: "An Atlassian team", RoleNumber: "Role %s",
		GroupHelp: "The people of the group who have issues here that are open or changed in the time below. Jira does not tell who else is in it.",
		FindGroup: "Search groups", NoGroup: "No group found. Jira shows groups to people who may browse users and groups; they can choose another one here.",
		AtlassianHelp: "Issues whose Team field is this team, and the people who have them: Jira does not tell who is in it.",
		FindTeam:      "Search teams", NoTeam: "No team found", NoTeamField: "This Jira has no field of teams.",
		NoRole: "Choose a role", RolesHidden: "Jira shows a project’s roles only to its admins, and you are not an admin of any of these. They can choose another role here.",
		RoleMembersHidden: "You can choose a role, but Jira shows who is in it only to the admins of %s: they see the people of the role here, you see everybody.",
		SomeRolesHidden:   "You cannot see the roles of %s.",
		NoProjectForRole:  "Choose projects first, then one of their roles.",
		Query:             "User query", QueryHelp: "A structured user query as Jira knows it, for example",
		People:         Plural{One: "Finds %s person", Other: "Finds %s people"},
		MorePeople:     Plural{One: "Finds more than %s person; the rest are not shown", Other: "Finds more than %s people; the rest are not shown"},
		AndMore:        Plural{One: "and %s more", Other: "and %s more"},
		QueryRefused:   "Jira rejects this query.",
		QueryForbidden: "You are not allowed to search for people in Jira.",
		QuerySlow:      "Jira took too long to find these people. A shorter query may help.",
		QueryFailed:    "The search for people failed. Try again in a moment.",
		LoggedTime:     "Logged time", LoggedTimeHelp: "How far back logged work counts.",
		LastDays: Plural{One: "Last %s day", Other: "Last %s days"},
		Zone:     "Time zone", ZoneHelp: "Determines when an issue is overdue.",
		OddZone:    "“%s” is not a time zone, so days are in UTC until you choose one and save.",
		ShowTimeIn: "Show time in", Hours: "Hours", Days: "Days",
		DayIs:          "By your site’s settings: %s hours a day, %s days a week.",
		NoTimeTracking: "Time tracking is off on this site; a day counts as 8 hours.",
		Title:          "Title", Refresh: "Refresh",
		Every:     Plural{One: "Every %s minute", Other: "Every %s minutes"},
		EveryHour: "Every hour", Never: "Never",
		Wallboard: "Wallboard", WallboardHelp: "For a screen on the wall: large type, no controls, and the age of the numbers in the corner.",
		Columns: "Columns", ColumnsHelp: "The name always comes first.",
		ColumnUp: "Move %s up", ColumnDown: "Move %s down", ColumnMoved: "{0} is now number {1} of {2}.",
		Save: "Save", Cancel: "Cancel",
		ShowGadget: "Show the gadget", RolesFailed: "The roles could not be read. Try again in a moment.",
	}
}

func englishWrong() WrongTexts {
	return WrongTexts{
		NoProjects: "Choose at least one project.", NotProject: "“%s” is not a project key.", Twice: "%s is chosen twice.",
		TooManyProjects: Plural{One: "Choose at most %s project.", Other: "Choose at most %s projects."},
		TitleLong:       Plural{One: "Use at most %s character.", Other: "Use at most %s characters."},
		Query:           "This is not a user query from character %s on: “%s”.", QueryEnds: "The user query is incomplete.",
		NoQuery: "Enter a user query.", Team: "Choose whose work to show.",
		Group: "Choose a group.", AtlassianTeam: "Choose a team.",
		TwoTeams: "Choose either a role or a user query.", Refresh: "Choose 15 minutes, an hour or never.",
		Control: "Use one line of plain text.", Role: "Choose a role, or all assignees.",
		Window: "Choose 7, 14 or 30 days.", Unit: "Choose hours or days.",
		NotVisible: "You cannot see the project “%s” in Jira.", Zone: "Choose a time zone.",
		Columns: "Choose at least one column, each once.",
	}
}
