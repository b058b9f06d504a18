package lang

func germanCapacity() CapacityTexts {
	return CapacityTexts{
		Closed: "Status, die nicht als offen zählen", ClosedHelp: "Sonst zählt jeder Status, der in Jira nicht als erledigt gilt.",
		Opened: "Erledigte Status, die als offen zählen", OpenedHelp: "Zum Beispiel einer, in dem Arbeit noch auf ein Release wartet.", SameStatus: "%s (Status %s)",
		Weeks:    "Die nächsten vier Wochen: %s",
		Week:     "%s bis %s: %s von %s %s Arbeitszeit belegt durch das, was bis %s fällig ist",
		WeekOver: "%s bis %s: zu viel. %s fällig, aber nur %s %s Arbeitszeit bis %s",
		WeekFree: "%s bis %s: nichts fällig, bis dahin %s %s Arbeitszeit",
		Late:     "davon %s %s überfällig",
		Undated:  "%s %s ohne Fälligkeit nicht gezählt",
		Blank:    Plural{One: "%s Vorgang ohne Schätzung nicht gezählt", Other: "%s Vorgänge ohne Schätzung nicht gezählt"},
		NoRoster: "Die eigenen Stunden und Abwesenheiten lassen sich gerade nicht lesen; deshalb gilt für alle die Arbeitszeit der Site.", NoCalendar: "Der Kalender der Abwesenheiten lässt sich gerade nicht lesen; vielleicht ist weniger Zeit, als angezeigt wird.",

		Heading: "Last und Arbeitszeit", Help: "Was als hohe Last zählt, und wer wann arbeitet.",
		Load: "Last", ByMedian: "Offene Vorgänge, verglichen mit den anderen", ByCapacity: "Verbleibende Arbeit, gemessen an der Arbeitszeit bis zur Fälligkeit",
		Heavy: "Hoch über (%)", Light: "Gering unter (%)", DueSoon: "Bald fällig (Tage)",
		ThresholdHelp: "Vom Median der anderen: üblich sind 150 und 50. Von der Arbeitszeit: üblich sind 100 und 50.",
		Region:        "Gesetzliche Feiertage", RegionHelp: "Wessen Feiertage frei sind. Die Liste kann unvollständig oder veraltet sein: Prüfen Sie die Tage darunter.",
		NoRegion: "Keine", Holidays: "Freie Tage im kommenden Jahr", HolidaysHelp: "Entfernen Sie den Haken bei Feiertagen, an denen gearbeitet wird.",
		DaysOff: "Weitere freie Tage", DaysOffHelp: "Zum Beispiel 2026-12-24, oder 2026-12-24/2026-12-31 für mehrere, mit Kommas dazwischen.",
		People: "Eigene Stunden und Abwesenheiten", PeopleHelp: "Das sehen nur Personen, die dieses Dashboard bearbeiten dürfen. Sightline bewahrt es verschlüsselt auf, nicht in Jira.",
		FindPeople: "Person hinzufügen", NoPeople: "Niemand gefunden", PeopleFailed: "Die Personen ließen sich nicht suchen. Versuchen Sie es gleich noch einmal.",
		HoursADay: "Stunden am Tag: %s", WorkingDays: "Arbeitstage: %s", Away: "Abwesend: %s", AwayHint: "Abwesend, zum Beispiel 2026-12-24/2027-01-02",
		RemovePerson: "%s entfernen", UsualHours: "%s Std.",
		Calendar: "Kalender der Abwesenheiten", CalendarHelp: "Die https-Adresse einer iCalendar-Datei. Ein Termin zählt für alle, deren ganzer Name im Titel oder unter den Teilnehmern steht. Die Adresse sehen nur Personen, die dieses Dashboard bearbeiten dürfen.",
		CalendarRead:       Plural{One: "Der Kalender hat %s Termin.", Other: "Der Kalender hat %s Termine."},
		CalendarUnreadable: Plural{One: "%s Termin ist unverständlich.", Other: "%s Termine sind unverständlich."},
		CalendarProblem: CalendarTexts{
			Address: "Das ist keine https-Adresse eines Kalenders.", Private: "Diese Adresse führt in ein privates Netz, das Sightline nicht liest.",
			Unreachable: "Unter dieser Adresse antwortet niemand.", Refused: "Unter dieser Adresse ist kein Kalender, oder er darf nicht gelesen werden.",
			Large: "Dieser Kalender ist zu groß.", Broken: "Unter dieser Adresse ist keine Kalenderdatei.", Waiting: "Der Kalender hat noch nicht geantwortet.",
		},
	}
}

func germanWeighing() WeighingTexts {
	return WeighingTexts{
		Load: "Wählen Sie, woran die Last gemessen wird.", Region: "Wählen Sie ein Land oder keines.", Hours: "Geben Sie Stunden eines Tages ein, mehr als 0 und höchstens 24.",
		Percent: Plural{One: "Geben Sie eine ganze Zahl bis %s ein.", Other: "Geben Sie eine ganze Zahl bis %s ein."},
		Order:   "Geben Sie höchstens %s ein: Darüber ist die Last hoch.",
		DueSoon: Plural{One: "Geben Sie eine Zahl von Tagen bis %s ein.", Other: "Geben Sie eine Zahl von Tagen bis %s ein."},
		Day:     "„%s“ ist kein Tag wie 2026-12-24.", Away: "„%s“ ist kein Tag wie 2026-12-24 und auch nicht zwei wie 2026-12-24/2027-01-02.",
		ManyDays:   Plural{One: "Geben Sie höchstens %s Tag ein.", Other: "Geben Sie höchstens %s Tage ein."},
		ManyAway:   Plural{One: "Geben Sie höchstens %s Abwesenheit ein.", Other: "Geben Sie höchstens %s Abwesenheiten ein."},
		ManyPeople: Plural{One: "Fügen Sie höchstens %s Person hinzu.", Other: "Fügen Sie höchstens %s Personen hinzu."},
		Calendar:   "Geben Sie die https-Adresse eines Kalenders ein.",
	}
}
