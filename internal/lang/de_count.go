package lang

func germanMeasures() MeasureTexts {
	return MeasureTexts{
		Measure: "Zählen", Issues: "Vorgänge", Remaining: "Verbleibende Zeit", Points: "Story Points",
		PointField: "Feld für Story Points", BothFields: "Die von Jira, aus beiden Arten von Projekten", Field: "%s (Feld %s)",
		PointFieldHelp: "Was Sie wählen, wird auch für die nächsten Gadgets dieser Site vorgeschlagen.", Settled: "Punkte aus: %s",
		Found:      Plural{One: "Findet etwa %s offenen Vorgang.", Other: "Findet etwa %s offene Vorgänge."},
		FoundBlank: Plural{One: "Findet etwa %s offenen Vorgang, %s ohne Schätzung.", Other: "Findet etwa %s offene Vorgänge, davon %s ohne Schätzung."},
		Failed:     "Was damit gefunden wird, ließ sich nicht zählen. Versuchen Sie es gleich noch einmal.",
		Wrong:      "Wählen Sie Vorgänge, verbleibende Zeit oder Story Points.", WrongPoints: "Wählen Sie ein Feld für Story Points.",
	}
}

func germanAxes() AxisTexts {
	return AxisTexts{
		Label: "Zeilen", Help: "Auslastung und erfasste Zeit gibt es nur für Personen: Andere Zeilen zeigen, was offen ist.",
		Rows: "Zeilen nach", Split: "Die Zeile jeder Person aufteilen nach", People: "Person", NoSplit: "Nichts",
		Names:    AxisNames{Team: "Team", Project: "Projekt", Epic: "Epic", Type: "Vorgangstyp", Status: "Statuskategorie"},
		None:     AxisNames{Team: "Kein Team", Project: "Kein Projekt", Epic: "Kein Epic", Type: "Kein Typ", Status: "Eine andere Kategorie"},
		EpicHint: "Der Vorgang direkt darüber ist kein Epic, oder Sie sehen ihn nicht.", ShowAll: Plural{One: "Alle %s Zeilen anzeigen", Other: "Alle %s Zeilen anzeigen"},
		Unnamed: "Ein Team, das Jira nicht nennt", Epic: "%s %s", PartOf: "%s, %s", All: "Alle", Caption: "Offene Arbeit: %s",
		Example: "Zeilen, zum Beispiel: %s.", ExampleBelow: "Zeilen unter Personen, zum Beispiel: %s.", NoExample: "Noch keine offenen Vorgänge.", NoProjects: "Wählen Sie erst Projekte, dann stehen hier Zeilen.", Failed: "Die Zeilen ließen sich nicht nachschlagen. Versuchen Sie es gleich noch einmal.",
		Wrong: "Wählen Sie eine der Zeilen aus der Liste.", WrongSplit: "Nur die Zeilen von Personen lassen sich aufteilen.",
		WrongTeamField: "Diese Site hat kein Feld für Teams von Atlassian, das Sie sehen.",

		SheetPeople: "Personen", SheetIssues: "Personen und ihre Vorgänge", SheetPeopleOfIssue: "Vorgänge und ihre Personen", SheetProjects: "Projekte",
		SheetCaption: "Erfasste Zeit nach Tag: %s", SheetCaptionOf: "Erfasste Zeit nach Tag: %s, darunter %s", Issue: "Vorgang", Hidden: "Ein Vorgang, den Sie nicht sehen",
	}
}

func germanScope() ScopeTexts {
	return ScopeTexts{
		Scope: "Vorgänge aus", Projects: "Projekten", Filter: "Einem gespeicherten Filter", JQL: "Einer JQL-Abfrage",
		Query:      "JQL-Abfrage",
		JQLHelp:    "Wie in der Suche von Jira, zum Beispiel: project = ABC AND labels = dringend",
		FindFilter: "Gespeicherte Filter suchen", NoFilter: "Kein Filter gefunden", FilterNumber: "Filter %s", Favourite: "★ %s",
		Narrow: "Nur ein Teil dieser Vorgänge", NarrowHelp: "Vorgänge müssen zu jedem ausgefüllten Feld passen, und zwar zu einem seiner Werte.",
		Types: "Vorgangstypen", Components: "Komponenten", Versions: "Lösungsversionen", Labels: "Stichwörter", Epics: "Epics", Sprint: "Sprint",
		AnySprint: "Jeder oder keiner", ActiveSprint: "Aktive Sprints", NextSprint: "Nächste Sprints",
		FindValue: "Suchen", NoValue: "Nichts gefunden", SearchFailed: "Die Suche ist fehlgeschlagen. Versuchen Sie es gleich noch einmal.", Chosen: "Gewählt: %s",
		WrongScope: "Wählen Sie Projekte, einen gespeicherten Filter oder eine Abfrage.", WrongFilter: "Wählen Sie einen gespeicherten Filter.", WrongJQL: "Geben Sie eine vollständige JQL-Abfrage ein.",
		WrongSprint: "Wählen Sie eine Art von Sprints.", WrongValue: "„%s“ lässt sich hier nicht wählen.",
		ManyValues:   Plural{One: "Wählen Sie höchstens %s.", Other: "Wählen Sie höchstens %s."},
		FilterHidden: "Der gespeicherte Filter dieses Gadgets bleibt außen vor: Er ist für Sie in Jira nicht sichtbar.",
		QueryRefused: "Die Abfrage dieses Gadgets bleibt außen vor, weil Jira sie ablehnt: %s",
		ValuesHidden: "Beim Eingrenzen bleibt außen vor, was für Sie in Jira nicht sichtbar ist: %s.",
	}
}

func germanTrend() TrendTexts {
	return TrendTexts{
		Trend: "Verlauf", Label: "Mit früher vergleichen", Help: "Eine Linie für jede Person und für das Team: die offenen Vorgänge, die man selbst sieht.",
		None: "Nein", Week: "Vor einer Woche", Month: "Vor vier Wochen", Quarter: "Vor einem Quartal", Year: "Vor einem Jahr",
		Since:         TrendSince{Week: "vor einer Woche", Month: "vor vier Wochen", Quarter: "vor einem Quartal", Year: "vor einem Jahr"},
		More:          Plural{One: "%s offener Vorgang mehr als %s", Other: "%s offene Vorgänge mehr als %s"},
		Fewer:         Plural{One: "%s offener Vorgang weniger als %s", Other: "%s offene Vorgänge weniger als %s"},
		Same:          "So viele offene Vorgänge wie %s",
		RemainingMore: "%s %s mehr verbleibend", RemainingLess: "%s %s weniger verbleibend",
		OverdueMore:  Plural{One: "%s mehr überfällig", Other: "%s mehr überfällig"},
		OverdueFewer: Plural{One: "%s weniger überfällig", Other: "%s weniger überfällig"},
		Untold:       "Wie es %s war, lässt sich noch nicht sagen. Sightline liest die Geschichte der Vorgänge im Hintergrund.",
		Unkept:       "Wie es %s war, lässt sich hier nicht sagen: Es wird kein Verlauf aufbewahrt, oder diese Seite liest Jira selbst.",
		Burnup:       "Offen und erledigt, Beginn %s", BurnupWords: "Offen und erledigt, Beginn %s: Damals waren %s Vorgänge offen, jetzt sind es %s, und %s wurden seither erledigt.",
		Day: "Tag", Done: "Seither erledigt", Most: "Höhe: %s Vorgänge",
		Passing: "Wie es %s war, lässt sich nicht sagen: Die Vorgänge sind nach „%s“ ausgewählt, was sich ändert, während an ihnen gearbeitet wird.",
		Many:    "Wie es %s war, lässt sich nicht sagen: Die Vorgänge sind aus mehr als %s Projekten.",
		Wrong:   "Wählen Sie, womit verglichen wird, oder nichts.",
	}
}

func germanAhead() AheadTexts {
	return AheadTexts{
		Label: "Fälliges nach Wochen", Help: "Eine Zahl für jede Woche, für das, was später fällig ist, und für das ohne Fälligkeit.",
		None: "Nicht zeigen", Own: "Eine andere Zahl von Tagen", OwnDays: "Tage voraus",
		Next:     Plural{One: "Der nächste %s Tag", Other: "Die nächsten %s Tage"},
		Within:   Plural{One: "Fällig heute und am nächsten %s Tag", Other: "Fällig heute und in den nächsten %s Tagen"},
		ThisWeek: "Diese Woche", NextWeek: "Nächste Woche", Days: "%s bis %s", Span: "%s – %s",
		Later: "Später", After: "nach dem %s", Undated: "Ohne Fälligkeit", UndatedHint: "ohne Fälligkeit",
		Found: Plural{One: "Etwa %s davon ist in den nächsten %s Tagen fällig.", Other: "Etwa %s davon sind in den nächsten %s Tagen fällig."},
		Wrong: Plural{One: "Geben Sie höchstens %s Tag ein.", Other: "Geben Sie eine Zahl von 1 bis %s Tagen ein."},
	}
}

func germanMissing() MissingTexts {
	return MissingTexts{
		Label: "Fehlende Zeit", Help: "Arbeitstage vor heute, an denen jemand weniger erfasst hat, werden markiert und aufgelistet.",
		None:  "Nicht markieren",
		Below: Plural{One: "Tage mit weniger als %s Stunde", Other: "Tage mit weniger als %s Stunden"},
		Wrong: "Wählen Sie eine Zahl von Stunden aus der Liste.",
		Short: Plural{One: "weniger als %s Stunde", Other: "weniger als %s Stunden"},
		Days:  Plural{One: "%s Tag", Other: "%s Tage"}, People: Plural{One: "%s Person", Other: "%s Personen"},
		Open: "Fehlende Zeit: %s, %s", Title: "Tage mit weniger als %s", Full: "An diesen Tagen fehlt niemandem Zeit.",
		Of: "%s, es fehlen %s", Nothing: "nichts",
		Reminder: "Bitte erfassen Sie Ihre Zeit. Diese Tage haben weniger als %s:", ReminderLabel: "Erinnerung",
		Copy: "Erinnerung kopieren", Copied: "Kopiert.", Failed: "Ihr Browser hat sie nicht kopiert. Der Text ist markiert: Kopieren Sie ihn selbst.",
	}
}
