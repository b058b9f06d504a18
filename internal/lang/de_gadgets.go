package lang

func germanWorkload() WorkloadTexts {
	return WorkloadTexts{
		Caption: "Offene Arbeit nach Person", Region: "Offene Arbeit, seitlich verschiebbar", Person: "Person", Unassigned: "Nicht zugewiesen", Everyone: "alle",
		Others: "Andere", OthersHint: "Zeit, die Personen außerhalb des Teams hier erfasst haben",
		Unknown: "Unbekannt", UnknownHint: "Zeit von Konten, die Jira nicht mehr kennt",
		Open: "Offen", ToDo: "Zu erledigen", InProgress: "In Arbeit", Overdue: "Überfällig",
		DueSoon: "Bald fällig", Remaining: "Verbleibend", Logged: "Erfasst", Load: "Last",
		Blank: "Nicht geschätzt", Points: "Punkte", NoPoints: "Dieses Jira hat kein Feld für Story Points; deshalb gilt kein Vorgang als geschätzt.",
		Hours: "Stunden", Days: "Tage", TimeIn: "%s (%s)",
		Heavy: "Hoch", Balanced: "Mittel", Light: "Gering",
		Nobody:  "Hier hat niemand offene Vorgänge.",
		Window:  Plural{One: "letzter %s Tag", Other: "letzte %s Tage"},
		ShowAll: Plural{One: "%s Person anzeigen", Other: "Alle %s Personen anzeigen"},
		Sample:  "Beispieldaten", SampleProject: "Beispiel",
		IssuesOf:       "%s %s, %s",
		SomeProjects:   "%s von %s Projekten angezeigt. %s ist für Sie nicht sichtbar.",
		UnknownZone:    "Sightline kennt Ihre Zeitzone „%s“ nicht; die Tage gelten deshalb in UTC.",
		Untracked:      "Die Zeiterfassung ist in diesem Jira ausgeschaltet; deshalb wird keine erfasste Zeit angezeigt.",
		LongLinks:      "Manche Summen haben keinen Link zu Jira: Die Suche nach so vielen Personen ist für eine Adresse zu lang.",
		OlderUntil:     "Diese Zahlen sind älter: Sightline hat die Anfragen verbraucht, die Jira ihm pro Stunde erlaubt. Neue Zahlen gibt es nach %s Uhr.",
		NoZone:         "Jira gibt Ihre Zeitzone nicht an; die Tage gelten deshalb in UTC.",
		MoreIssues:     "Nur die ersten %s offenen Vorgänge wurden gezählt.",
		MoreWorklogs:   "Nur die ersten %s Arbeitsprotokolle wurden gezählt.",
		RoleUnseen:     "Sie können nicht sehen, wer die gewählte Rolle hat; deshalb werden alle angezeigt.",
		GroupUnseen:    "Jira zeigt Ihnen die Gruppe „%s“ nicht, daher werden alle angezeigt.",
		GroupNobody:    "Niemand aus der Gruppe „%s“ hat hier offene oder kürzlich geänderte Vorgänge.",
		QueryRefused:   "Jira lehnt die Benutzerabfrage dieses Gadgets ab; deshalb werden alle angezeigt.",
		QueryForbidden: "Sie dürfen in Jira nicht nach Personen suchen; deshalb werden statt des gewählten Teams alle angezeigt.",
		QuerySlow:      "Jira brauchte zu lange, um das gewählte Team zu finden; deshalb werden alle angezeigt.",
		QueryNobody:    "Die Benutzerabfrage dieses Gadgets findet niemanden, den Sie sehen können.",
		MorePeople:     "Nur die ersten %s Personen des Teams werden angezeigt.",
		RoleMissing:    "Die gewählte Rolle konnte in %s nicht gelesen werden.",
		GroupsHidden:   "Mitglieder der Gruppe %s in dieser Rolle sind nicht aufgeführt.",
		SortedUp:       "Nach %s aufsteigend sortiert.", SortedDown: "Nach %s absteigend sortiert.",
		ShowIssues: "Offene Vorgänge anzeigen: %s", Pin: "%s anheften", Pinned: "%s ist angeheftet.", Unpinned: "%s ist nicht mehr angeheftet.",
		Compact: "Kompakt", CompactOn: "Die Zeilen sind kompakt.", CompactOff: "Die Zeilen haben ihre volle Höhe.",
		Apps: "Apps", AppsNote: "nicht in den Summen", AppsOn: "Apps werden angezeigt.", AppsOff: "Apps sind ausgeblendet.",
		Inactive: "Deaktiviert", Left: "Offene Vorgänge ausgeschiedener Personen", LeftOnly: "Nur diese Personen anzeigen",
		LoggedOf: "%s von %s %s erfasst, der Arbeitszeit von %s Tagen bei %s Stunden am Tag und %s Tagen in der Woche",
		Updated:  "Zahlen aktualisiert.",
	}
}

func germanTimelog() TimelogTexts {
	return TimelogTexts{
		Caption: "Erfasste Zeit nach Person und Tag", CaptionHint: "Die Pfeiltasten führen von Zelle zu Zelle.", Region: "Erfasste Zeit, seitlich verschiebbar",
		Total: "Summe", People: "Personen", Entries: "Arbeitsprotokolle",
		Cell:    "%s %s, %s, %s",
		Nothing: "Hier hat an diesen Tagen niemand Zeit erfasst.", NoTeam: "In diesem Team ist niemand.",
		AppsTime: "Apps (%s %s)",
		UpTo:     "bis %s", Over: "über %s", DayOff: "Freier Tag", Today: "heute",
		Off:      "Die Zeiterfassung ist in diesem Jira ausgeschaltet",
		OffText:  "Niemand kann Zeit erfassen oder erfasste Zeit sehen, bis ein Jira-Administrator sie wieder einschaltet. Die Einstellungen dieses Gadgets bleiben erhalten, und das Gadget „%s“ zeigt weiterhin offene und überfällige Vorgänge.",
		Provider: "Dieses Jira erfasst Zeit mit %s. Zeit außerhalb der Arbeitsprotokolle von Jira wird hier nicht angezeigt.",
		Of:       "%s, %s", EntryTotal: "Summe", NoneLeft: "Hier ist jetzt nichts erfasst.",
		MoreEntries: "Nur die ersten %s Arbeitsprotokolle sind aufgeführt.",
		Edit:        "Bearbeiten", EditEntry: "%s, %s bearbeiten",
		Moved: "Gespeichert. Dieses Arbeitsprotokoll liegt jetzt auf dem %s.", Saved: "Gespeichert.",
		EditHeading: "Arbeitsprotokoll zu %s bearbeiten",
		Log:         "Arbeit erfassen", LogDay: "Arbeit erfassen, %s, %s", LogHeading: "Arbeit erfassen",
		LogIssue: "Vorgang", LogIssueHelp: "Sein Schlüssel, zum Beispiel ABC-12, oder seine Adresse. Ihre offenen Vorgänge werden vorgeschlagen.",
		NoIssue: "Geben Sie den Schlüssel eines Vorgangs an.", NotIssue: "Geben Sie einen Schlüssel wie ABC-12 an.", NotSeen: "Jira zeigt Ihnen diesen Vorgang nicht.",
		Logged: "Erfasst.", LogRefused: "Jira hat dieses Arbeitsprotokoll nicht angenommen. Vielleicht dürfen Sie auf diesem Vorgang keine Arbeit erfassen, oder er lässt keine Änderungen mehr zu.",
		Delete: "Löschen", DeleteEntry: "%s, %s löschen",
		DeleteHeading: "Dieses Arbeitsprotokoll löschen?", DeleteText: "%s, begonnen %s. Es lässt sich nicht zurückholen.",
		DeleteChanged: "Dieses Arbeitsprotokoll wurde inzwischen in Jira geändert: Es lautet jetzt %s, begonnen %s.",
		Deleted:       "Gelöscht.", DeleteRefused: "Jira hat es nicht gelöscht. Vielleicht dürfen Sie Ihre eigenen Arbeitsprotokolle nicht löschen, oder der Vorgang lässt keine Änderungen mehr zu.",
		Spent: "Aufgewendete Zeit", SpentHelp: "Zum Beispiel 1 Std. 30 Min., 90 Min., 1,5 Std. oder 1h 30m.", Day: "Startdatum", Clock: "Startzeit", ClockHelp: "In Ihrer Zeitzone, %s.",
		Comment:     "Beschreibung der Arbeit",
		CommentRich: "Diese Beschreibung ist formatiert. Sie bleibt, wie sie ist, solange Sie den Text hier nicht ändern; eine Änderung macht sie zu einfachem Text.",
		Weeks:       "wo woche wochen", Days: "t tag tage tagen", Hours: "st std stunde stunden", Minutes: "min minute minuten",
		NoTime: "Geben Sie an, wie lange Sie gearbeitet haben, mindestens eine Minute.", NotTime: "Geben Sie eine Zeit ein wie 1 Std. 30 Min., 90 Min. oder 1,5 Std.", LongTime: "Das ist zu lang für ein Arbeitsprotokoll.",
		NotDay: "Wählen Sie ein Datum.", NotClock: "Wählen Sie eine Uhrzeit.", Skipped: "Diese Uhrzeit gibt es an diesem Tag wegen der Zeitumstellung nicht. Wählen Sie eine andere.",
		LongComment: Plural{One: "Verwenden Sie höchstens %s Zeichen.", Other: "Verwenden Sie höchstens %s Zeichen."},
		TimeRefused: "Jira lehnt diese Zeit ab.", StartRefused: "Jira lehnt diesen Beginn ab.", CommentRefused: "Jira lehnt diese Beschreibung ab.",
		Refused: "Jira hat die Änderung abgelehnt. Vielleicht dürfen Sie Ihre eigenen Arbeitsprotokolle nicht bearbeiten, oder der Vorgang lässt keine Änderungen mehr zu.",
		Changed: "Dieses Arbeitsprotokoll wurde inzwischen in Jira geändert: Es lautet jetzt %s, begonnen %s. Speichern Sie noch einmal, um es durch Ihre Angaben hier zu ersetzen.",
	}
}

func germanPreferences() PreferenceTexts {
	return PreferenceTexts{
		Unsaved: "Noch nicht in Jira gespeichert; es wird erneut versucht.",
		Refused: "Jira lässt Sie diese Auswahl nicht speichern. Sie gilt vorerst, bleibt aber nicht erhalten.",
	}
}

func germanIssues() IssueTexts {
	return IssueTexts{
		Back: "Zurück", Title: "Offene Vorgänge: %s", TitleCount: "Offene Vorgänge: %s (%s)",
		SortBy: "Sortieren nach", GroupBy: "Gruppieren nach", NoGroups: "Nichts", ByDue: "Fälligkeit", ByPriority: "Priorität", ByUpdate: "Letzter Änderung", Project: "Projekt",
		Issue: "Vorgang", Status: "Status", Due: "Fällig", Priority: "Priorität",
		Assignee: "Bearbeiter", Labels: "Stichwörter",
		Reporter:    "Autor",
		Description: "Beschreibung", Attachments: "Anhänge", Time: "Zeit",
		OverdueSince: "Überfällig, %s", NoDue: "Kein Fälligkeitsdatum", Nothing: "Hier ist nichts offen.", Nobody: "Niemand",
		OpenInJira: "In der Jira-Suche öffnen", InJira: "%s in Jira öffnen",
		Hidden: "Dieser Vorgang ist für Sie nicht sichtbar", HiddenText: "Es gibt ihn nicht mehr, oder Jira zeigt ihn Ihnen nicht.",
		Cut: "Den Rest der Beschreibung lesen Sie in Jira.", NoDescription: "Keine Beschreibung.",
		Original: "Ursprüngliche Schätzung %s", Remaining: "Verbleibend %s", Spent: "Erfasst %s",
		LongSearch: "Die Suche nach all diesen Vorgängen ist für eine Adresse zu lang; deshalb gibt es keinen Link zu Jira.",
		MoreFiles:  Plural{One: "%s weitere Datei in Jira", Other: "%s weitere Dateien in Jira"},
		Files:      Plural{One: "%s Datei", Other: "%s Dateien"},
		More:       Plural{One: "%s weiterer in Jira", Other: "%s weitere in Jira"},
		Worklogs:   Plural{One: "%s Arbeitsprotokoll", Other: "%s Arbeitsprotokolle"},
		Bytes:      "%s B", Kilobytes: "%s KB", Megabytes: "%s MB",
	}
}

func germanExport() ExportTexts {
	return ExportTexts{
		Take: "Exportieren", Numbers: "Zahlen", Point: "1234.5, Kommas zwischen Spalten", Comma: "1234,5, Semikolons zwischen Spalten",
		Download: "CSV herunterladen", Copy: "Tabelle kopieren", Print: "Drucken",
		Made:   "Die Datei ist fertig. Falls Ihr Browser sie nicht speichert, kopieren Sie ihren Text aus dem Feld.",
		Copied: "Kopiert. Fügen Sie die Tabelle in eine Tabellenkalkulation oder eine Seite ein.", NotCopied: "Der Browser lässt diese Seite nicht kopieren. Die Tabelle ist markiert: Drücken Sie Strg+C, auf dem Mac ⌘C.",
		Text: "Die Datei als Text", Region: "Tabelle, lässt sich seitwärts verschieben", App: "%s (App, nicht in den Summen)", Inactive: "%s (deaktiviert)", Date: "Stand: %s",
		First: Plural{One: "Auf dieser Seite steht nur die erste Zeile. Die Datei hat alle.", Other: "Auf dieser Seite stehen nur die ersten %s Zeilen. Die Datei hat alle."},
		Key:   "Schlüssel", Summary: "Zusammenfassung", Priority: "Priorität", Files: "Dateien",
	}
}

func germanHandover() HandoverTexts {
	return HandoverTexts{
		Open: "Übergeben…", Title: "Vorgänge übergeben: %s",
		Which: "Vorgänge", To: "Übergeben an", Choose: "Person wählen", Nobody: "Niemand (nicht zugewiesen)", Save: "Übergeben",
		NoIssue: "Wählen Sie mindestens einen Vorgang.", NoTo: "Wählen Sie, wer sie bekommen soll.",
		Many:       Plural{One: "Wählen Sie höchstens %s Vorgang auf einmal.", Other: "Wählen Sie höchstens %s Vorgänge auf einmal."},
		Done:       Plural{One: "%s Vorgang gehört jetzt %s.", Other: "%s Vorgänge gehören jetzt %s."},
		DoneNobody: Plural{One: "%s Vorgang ist jetzt nicht zugewiesen.", Other: "%s Vorgänge sind jetzt nicht zugewiesen."},
		Undo:       "Rückgängig", Undone: Plural{One: "%s Vorgang wurde zurückgegeben.", Other: "%s Vorgänge wurden zurückgegeben."},
		Kept:        "Nicht geändert, weil sie inzwischen jemand anders hat oder Sie sie nicht sehen: %s.",
		Refused:     "Jira ließ Sie den Bearbeiter von %s nicht ändern. Vielleicht fehlt Ihnen die Berechtigung, oder die Person kann dort nichts zugewiesen bekommen.",
		ListedFirst: Plural{One: "Hier lässt sich %s Vorgang wählen, der erste.", Other: "Hier lassen sich die ersten %s Vorgänge wählen."},
	}
}
