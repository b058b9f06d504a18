package lang

func germanForm() FormTexts {
	return FormTexts{
		Projects: "Projekte", SearchProjects: "Projekte suchen", NoSuchProject: "Kein Projekt gefunden",
		Chosen: "Gewählte Projekte:", ChosenProjects: "Gewählte Projekte", Remove: "%s entfernen", HiddenProject: "für Sie nicht sichtbar",
		MoreProjects: "Es gibt weitere. Tippen Sie, um zu suchen.", SearchFailed: "Die Projekte ließen sich nicht durchsuchen. Versuchen Sie es gleich noch einmal.",
		Team: "Team", TeamHelp: "„Alle“ zeigt Personen mit offenen Vorgängen oder erfasster Zeit. Personen aus einer Rolle oder Abfrage erscheinen auch ohne.",
		Everybody: "Alle", ByRole: "Eine Projektrolle", ByQuery: "Personen aus einer Abfrage", ByGroup: "Eine Gruppe", ByTeam: "Ein Atlassian-Team", RoleNumber: "Rolle %s",
		GroupHelp: "Die Personen der Gruppe, die hier Vorgänge haben, die offen sind oder sich in der Zeit unten geändert haben. Wer sonst in der Gruppe ist, sagt Jira nicht.",
		FindGroup: "Gruppen suchen", NoGroup: "Keine Gruppe gefunden. Jira zeigt Gruppen Personen, die Benutzer und Gruppen durchsuchen dürfen; sie können hier eine andere wählen.",
		AtlassianHelp: "Vorgänge, deren Feld Team dieses Team nennt, und ihre Bearbeiter: Wer im Team ist, sagt Jira nicht.",
		FindTeam:      "Teams suchen", NoTeam: "Kein Team gefunden", NoTeamField: "Dieses Jira hat kein Feld für Teams.",
		NoRole: "Rolle wählen", RolesHidden: "Jira zeigt die Rollen eines Projekts nur dessen Administratoren, und Sie administrieren keines der gewählten Projekte. Deren Administratoren können hier eine andere Rolle wählen.",
		RoleMembersHidden: "Sie können eine Rolle wählen. Wer sie hat, zeigt Jira aber nur den Administratoren von %s: Diese sehen hier die Personen der Rolle, Sie sehen alle.",
		SomeRolesHidden:   "Die Rollen von %s sind für Sie nicht sichtbar.",
		NoProjectForRole:  "Wählen Sie erst Projekte, dann eine ihrer Rollen.",
		Query:             "Benutzerabfrage", QueryHelp: "Eine strukturierte Benutzerabfrage, wie Jira sie kennt, zum Beispiel",
		People:         Plural{One: "Findet %s Person", Other: "Findet %s Personen"},
		MorePeople:     Plural{One: "Findet mehr als %s Person; mehr werden nicht angezeigt", Other: "Findet mehr als %s Personen; mehr werden nicht angezeigt"},
		AndMore:        Plural{One: "und %s weitere", Other: "und %s weitere"},
		QueryRefused:   "Jira lehnt diese Abfrage ab.",
		QueryForbidden: "Sie dürfen in Jira nicht nach Personen suchen.",
		QuerySlow:      "Jira brauchte zu lange, um diese Personen zu finden. Eine kürzere Abfrage hilft vielleicht.",
		QueryFailed:    "Die Personen ließen sich nicht suchen. Versuchen Sie es gleich noch einmal.",
		LoggedTime:     "Erfasste Zeit", LoggedTimeHelp: "Wie weit zurück erfasste Arbeit zählt.",
		LastDays: Plural{One: "Letzter %s Tag", Other: "Letzte %s Tage"},
		Zone:     "Zeitzone", ZoneHelp: "Entscheidet, wann ein Vorgang überfällig ist.",
		OddZone:    "„%s“ ist keine Zeitzone; die Tage gelten in UTC, bis Sie eine wählen und speichern.",
		ShowTimeIn: "Zeit anzeigen in", Hours: "Stunden", Days: "Tagen",
		DayIs:          "Nach den Einstellungen Ihrer Site: %s Stunden am Tag, %s Tage in der Woche.",
		NoTimeTracking: "Die Zeiterfassung ist auf dieser Site ausgeschaltet; ein Tag zählt 8 Stunden.",
		Title:          "Titel", Refresh: "Aktualisieren",
		Every:     Plural{One: "Jede Minute", Other: "Alle %s Minuten"},
		EveryHour: "Jede Stunde", Never: "Nie",
		Wallboard: "Wandanzeige", WallboardHelp: "Für einen Bildschirm an der Wand: große Schrift, keine Schaltflächen, das Alter der Zahlen in der Ecke.",
		Columns: "Spalten", ColumnsHelp: "Der Name steht immer zuerst.",
		ColumnUp: "%s nach oben", ColumnDown: "%s nach unten", ColumnMoved: "{0} ist jetzt Nummer {1} von {2}.",
		Save: "Speichern", Cancel: "Abbrechen",
		ShowGadget: "Gadget anzeigen", RolesFailed: "Die Rollen ließen sich nicht lesen. Versuchen Sie es gleich noch einmal.",
	}
}

func germanWrong() WrongTexts {
	return WrongTexts{
		NoProjects: "Wählen Sie mindestens ein Projekt.", NotProject: "„%s“ ist kein Projektschlüssel.", Twice: "%s ist zweimal gewählt.",
		TooManyProjects: Plural{One: "Wählen Sie höchstens %s Projekt.", Other: "Wählen Sie höchstens %s Projekte."},
		TitleLong:       Plural{One: "Verwenden Sie höchstens %s Zeichen.", Other: "Verwenden Sie höchstens %s Zeichen."},
		Query:           "Ab Zeichen %s ist dies keine Benutzerabfrage: „%s“.", QueryEnds: "Die Benutzerabfrage ist unvollständig.",
		NoQuery: "Geben Sie eine Benutzerabfrage ein.", Team: "Wählen Sie, wessen Arbeit angezeigt wird.",
		Group: "Wählen Sie eine Gruppe.", AtlassianTeam: "Wählen Sie ein Team.",
		TwoTeams: "Wählen Sie entweder eine Rolle oder eine Benutzerabfrage.", Refresh: "Wählen Sie 15 Minuten, eine Stunde oder nie.",
		Control: "Verwenden Sie eine Zeile einfachen Text.", Role: "Wählen Sie eine Rolle oder alle Bearbeiter.",
		Window: "Wählen Sie 7, 14 oder 30 Tage.", Unit: "Wählen Sie Stunden oder Tage.",
		NotVisible: "Das Projekt „%s“ ist für Sie in Jira nicht sichtbar.", Zone: "Wählen Sie eine Zeitzone.",
		Columns: "Wählen Sie mindestens eine Spalte, jede einmal.",
	}
}
