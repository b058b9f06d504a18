package lang

// german is the catalogue in German.
func german() Texts {
	return Texts{
		Formats:     germanFormats(),
		Ages:        germanAges(),
		Product:     germanProduct(),
		Workload:    germanWorkload(),
		Timelog:     germanTimelog(),
		Preferences: germanPreferences(),
		Issues:      germanIssues(),
		Handover:    germanHandover(),
		Gaps:        germanGaps(),
		Export:      germanExport(),
		Capacity:    germanCapacity(),
		Trend:       germanTrend(),
		Ahead:       germanAhead(),
		Missing:     germanMissing(),
		Weighing:    germanWeighing(),
		Form:        germanForm(),
		Measures:    germanMeasures(),
		Axes:        germanAxes(),
		Scope:       germanScope(),
		Wrong:       germanWrong(),
		State:       germanState(),
		Chat:        germanChat(),
		Slack:       germanSlack(),
		Reason:      germanReason(),
		Label:       germanLabel(),
		Weekly:      germanWeekly(),
		Script:      germanScript(),
		Problems:    germanProblems(),
	}
}

func germanFormats() Formats {
	return Formats{
		Months:   [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
		Weekdays: [7]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"},
		Date:     "2. {month} {year}", BeforeChrist: "%s v. Chr.", Day: "2. {month}", Clock: "15:04",
		Hours: "%s Std.", Seconds: "%s Sek.", Minutes: "%s Min.", And: "und",
	}
}

func germanAges() Ages {
	return Ages{
		JustNow: "Gerade aktualisiert",
		Minutes: Plural{One: "Vor %s Minute aktualisiert", Other: "Vor %s Minuten aktualisiert"},
		Hours:   Plural{One: "Vor %s Stunde aktualisiert", Other: "Vor %s Stunden aktualisiert"},
		Ago:     "{age} aktualisiert",
	}
}

func germanProduct() ProductTexts {
	return ProductTexts{
		Workload:        "Auslastung des Teams",
		Timelog:         "Wer woran gearbeitet hat",
		WorkloadAbout:   "Wer was zu tun hat: offene, überfällige und verbleibende Arbeit jeder Person und die Stunden, die sie erfasst hat.",
		TimelogAbout:    "Die Stunden, die Personen erfasst haben, Tag für Tag, und die Arbeit dahinter.",
		Configure:       "Konfigurieren",
		ConnectSlack:    "Slack verbinden",
		Installed:       "Sightline ist installiert",
		InstalledText:   "Fügen Sie das Gadget „%s“ zu einem Dashboard hinzu und wählen Sie dort seine Projekte. Für die ganze Site gibt es keine Einstellungen.",
		NoImpersonation: "Sightline kann Jira noch nicht für Personen lesen",
		NoImpersonText:  "Diese Installation hat nicht die Berechtigung, im Namen von Benutzern zu handeln; Gadgets bleiben deshalb leer. Installieren Sie die App neu, um sie zu erteilen.",
		HomeText:        "Dies ist das Backend einer Jira-App, die einem Team zeigt, wer was zu tun hat. Benutzt wird sie in Jira und im Chat; hier sind die Dateien, die diese lesen.",
		Descriptor:      "Deskriptor für Atlassian Connect",
		ChatDescriptor:  "Deskriptor der Chat-App",
		Manifest:        "Manifest für Forge",
		Readiness:       "Ist die App bereit?",
	}
}

func germanState() StateTexts {
	return StateTexts{
		Anonymous:        "Melden Sie sich an, um dieses Gadget zu sehen",
		AnonymousText:    "Sightline zeigt jeder Person, was Jira sie sehen lässt. Melden Sie sich bei Jira an, um zu sehen, wer wie viel zu tun hat.",
		Unconfigured:     "Dieses Gadget ist noch nicht eingerichtet",
		UnconfiguredText: "Der Eigentümer dieses Dashboards kann die Projekte wählen.",
		UnconfiguredOwn:  "Sie können die Projekte wählen: Öffnen Sie das Menü dieses Gadgets (•••) und wählen Sie „Konfigurieren“.",
		NoTenant:         "Jira ist nicht verbunden",
		RoomUnconfigured: "Dieser Raum ist noch nicht eingerichtet",
		RoomUnconfigText: "Wählen Sie in den Sightline-Einstellungen des Raums die Projekte, die er zeigt.",
		Saved:            "Gespeichert", RoomSavedText: "Der Raum zeigt das in einem Augenblick an.",
		TriesAgain: "Sightline versucht es in %s noch einmal.", TryNow: "Jetzt versuchen",
		Loading: "Wird aus Jira gelesen …",
	}
}

func germanScript() ScriptTexts {
	return ScriptTexts{
		FailedOpen: "Das ließ sich nicht öffnen.", FailedUpdate: "Die Zahlen ließen sich nicht aktualisieren.", FailedSave: "Das ließ sich nicht speichern.",
		NoAnswer:   "Sightline hat nicht geantwortet. Versuchen Sie es gleich noch einmal.",
		SignedOut:  "Ihre Sitzung ist beendet, oder Sightline wurde von dieser Site entfernt. Laden Sie die Seite neu.",
		NotAllowed: "Das dürfen Sie nicht.",
		Failed:     "Etwas ist schiefgegangen. Versuchen Sie es gleich noch einmal.",
	}
}
