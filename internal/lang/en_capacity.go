package lang

func englishCapacity() CapacityTexts {
	return CapacityTexts{
		Closed: "Statuses that do not count as open", ClosedHelp: "Usually every status counts that Jira does not call done.",
		Opened: "Done statuses that count as open", OpenedHelp: "Such as one in which work still waits for a release.", SameStatus: "%s (status %s)",
		Weeks:    "The next four weeks: %s",
		Week:     "%s to %s: %s of %s %s of working time taken by what is due until %s",
		WeekOver: "%s to %s: over. %s due, but only %s %s of working time until %s",
		WeekFree: "%s to %s: nothing due, %s %s of working time until then",
		Late:     "%s %s of it overdue",
		Undated:  "%s %s without a due date not counted",
		Blank:    Plural{One: "%s issue without an estimate not counted", Other: "%s issues without an estimate not counted"},
		NoRoster: "People’s own hours and absences cannot be read just now, so everybody counts with the site’s working time.", NoCalendar: "The calendar of absences cannot be read just now, so people may have less time than is shown.",

		Heading: "Load and working time", Help: "What counts as a heavy load, and who works when.",
		Load: "Load", ByMedian: "Open issues, compared with the others", ByCapacity: "Remaining work, against the working time until it is due",
		Heavy: "Heavy above (%)", Light: "Light below (%)", DueSoon: "Due soon (days)",
		ThresholdHelp: "Of the others’ median: usually 150 and 50. Of the working time: usually 100 and 50.",
		Region:        "Public holidays", RegionHelp: "Whose holidays are days off. The list may be incomplete or out of date: check the days below.",
		NoRegion: "None", Holidays: "Days off in the coming year", HolidaysHelp: "Untick holidays on which people work.",
		DaysOff: "More days off", DaysOffHelp: "Such as 2026-12-24, or 2026-12-24/2026-12-31 for several, with commas between them.",
		People: "People’s own hours and absences", PeopleHelp: "Only people who may edit this dashboard see this. It is kept in Sightline, encrypted, and not in Jira.",
		FindPeople: "Add a person", NoPeople: "Nobody found", PeopleFailed: "The search for people failed. Try again in a moment.",
		HoursADay: "Hours a day: %s", WorkingDays: "Working days: %s", Away: "Away: %s", AwayHint: "Away, such as 2026-12-24/2027-01-02",
		RemovePerson: "Remove %s", UsualHours: "%s h",
		Calendar: "Calendar of absences", CalendarHelp: "The https address of an iCalendar file. An event counts for everybody whose full name is in its title or among its attendees. Only people who may edit this dashboard see the address.",
		CalendarRead:       Plural{One: "The calendar has %s event.", Other: "The calendar has %s events."},
		CalendarUnreadable: Plural{One: "%s event is not understood.", Other: "%s events are not understood."},
		CalendarProblem: CalendarTexts{
			Address: "This is not the https address of a calendar.", Private: "This address leads to a private network, which Sightline does not read.",
			Unreachable: "Nothing answers at this address.", Refused: "There is no calendar at this address, or it may not be read.",
			Large: "This calendar is too large.", Broken: "What is at this address is not a calendar file.", Waiting: "The calendar has not answered yet.",
		},
	}
}

func englishWeighing() WeighingTexts {
	return WeighingTexts{
		Load: "Choose how to judge a load.", Region: "Choose a country or none.", Hours: "Enter hours of a day, more than 0 and at most 24.",
		Percent: Plural{One: "Enter a whole number up to %s.", Other: "Enter a whole number up to %s."},
		Order:   "Enter at most %s, from where on a load is heavy.",
		DueSoon: Plural{One: "Enter a number of days up to %s.", Other: "Enter a number of days up to %s."},
		Day:     "“%s” is not a day such as 2026-12-24.", Away: "“%s” is not a day such as 2026-12-24, nor two such as 2026-12-24/2027-01-02.",
		ManyDays:   Plural{One: "Enter at most %s day.", Other: "Enter at most %s days."},
		ManyAway:   Plural{One: "Enter at most %s absence.", Other: "Enter at most %s absences."},
		ManyPeople: Plural{One: "Add at most %s person.", Other: "Add at most %s people."},
		Calendar:   "Enter the https address of a calendar.",
	}
}
