package lang

func germanChat() ChatTexts {
	return ChatTexts{
		SetUp: "Diesen Raum einrichten",
		Label: "Die Anzeige nennt", LabelHelp: "In dieser Reihenfolge. Nullen entfallen, außer bei der ersten Zahl.",
		Open: "Offene Vorgänge", Overdue: "Überfällig", DueSoon: "Binnen einer Woche fällig", Unassigned: "Nicht zugewiesen",
		Heavy: "Personen mit hoher Last", Blank: "Nicht geschätzt (wo Zeit oder Punkte zählen)", Logged: "Erfasste Zeit",
		WithinHelp:   "Von den Projekten oben zählen die Vorgänge, die zu jedem ausgefüllten Feld passen.",
		FilterWithin: "Die ein gespeicherter Filter findet", JQLWithin: "Die eine JQL-Abfrage findet",
		Probe:          "Jira verbirgt einige Vorgänge dieser Projekte vor Ihnen. Nach Filter oder Abfrage auswählen können Personen, die alles sehen, was Sightline zählt.",
		FilterUnshared: "Sightline darf diesen Filter nicht sehen. Wem er gehört, kann ihn für alle freigeben, die sich anmelden können.",
		Quiet:          "Ruhezeit", QuietHelp: "Zwischen diesen Zeiten wird die Anzeige nicht aktualisiert. Lassen Sie beide leer, um sie den ganzen Tag zu aktualisieren.",
		QuietFrom: "Von", QuietTo: "Bis",
		Preview: "Die Anzeige würde lauten", PreviewHelp: "Zählt, was Sie sehen dürfen. Der Raum zählt, was Sightline sehen darf.",
		PreviewFailed: "Jira konnte die Vorgänge nicht zählen.", PreviewEmpty: "Wählen Sie ein Projekt",
		ShownNow:       "Der Raum zeigt jetzt: %s",
		WhereToInstall: "Dieser Raum zeigt Vorgänge aus dem Jira seiner eigenen Site, und dort ist Sightline noch nicht installiert. Bitten Sie einen Jira-Administrator, die App „%s“ im Jira der Site %s zu installieren, und öffnen Sie das hier dann erneut.",
		WrongQuiet:     "Geben Sie zwei verschiedene Zeiten an oder keine.", WrongParts: "Wählen Sie mindestens eine Zahl.",
		WrongBlank: "Vorgänge ohne Schätzung zählen dort, wo Zeit oder Punkte zählen.",
	}
}

func germanLabel() LabelTexts {
	return LabelTexts{
		NotSetUp: "Nicht eingerichtet", Counting: "Wird gezählt …", Separator: " · ",
		Open: LabelWord{"offen", "offen"}, Overdue: LabelWord{"überfällig", "überf."}, DueSoon: LabelWord{"bald fällig", "bald"},
		Unassigned: LabelWord{"nicht zugewiesen", "frei"}, Heavy: LabelWord{"hoch belastet", "hoch"},
		Blank: LabelWord{"nicht geschätzt", "o. Sch."}, Logged: LabelWord{"erfasst", "erfasst"},
		Hours: LabelWord{"%s Std.", "%s h"}, Points: LabelWord{"%s Punkte", "%s P."},
	}
}

func germanWeekly() WeeklyTexts {
	return WeeklyTexts{
		Title: "Die Woche von %s", More: "%s mehr als letzte Woche", Less: "%s weniger als letzte Woche",
		Room:  Plural{One: "%s Person hat Luft", Other: "%s Personen haben Luft"},
		Heavy: Plural{One: "%s Person ist hoch belastet", Other: "%s Personen sind hoch belastet"},
		Day:   "Zusammenfassung der Woche", At: "Um", Help: "Eine Nachricht je Woche in diesem Channel, in seiner Zeitzone: was offen und überfällig ist, wie sich das geändert hat und wer Luft hat.",
		Never: "Nie", Days: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		WrongAt: "Wählen Sie eine Uhrzeit.",
	}
}

func germanReason() ReasonTexts {
	return ReasonTexts{
		Archived: "Die Unterhaltung ist archiviert.", Empty: "Niemand ist in der Unterhaltung.",
		Absent: "Sightline ist nicht mehr in der Unterhaltung.", Revoked: "Der Chat hat Sightline den Zugriff entzogen.",
		Forbidden: "Der Chat lässt Sightline dort nicht schreiben.", Refused: "Der Chat hat es abgelehnt.",
		Busy: "Der Chat hat Sightline gebeten zu warten.", Unreachable: "Der Chat hat nicht geantwortet.",
		NoTenant: "Im Jira der Site ist Sightline nicht installiert.", Hidden: "Sightline darf in Jira keines der Projekte sehen.",
		Narrowed:    "Sightline darf in Jira den gespeicherten Filter oder die Werte nicht sehen, die seine Vorgänge auswählen.",
		Scope:       "Ein Jira-Administrator muss die neue Version von Sightline genehmigen.",
		Quota:       "Sightline hat die Punkte, die Jira ihm für diese Stunde gibt, fast verbraucht; Menschen gehen vor.",
		Jira:        "Jira ließ sich nicht lesen.",
		Interrupted: "Sightline wurde vorher beendet.", Internal: "In Sightline selbst ist etwas fehlgeschlagen.",
		Unknown: "Der Grund ist unbekannt.",
	}
}
