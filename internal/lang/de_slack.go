package lang

func germanSlack() SlackTexts {
	return SlackTexts{
		NoTenant:     "Sightline ist für diesen Workspace nicht mit Jira verbunden. Ein Jira-Administrator kann ihn verbinden: in Jira unter „Apps“, „Apps verwalten“, „Sightline“, „Konfigurieren“ mit „Zu Slack hinzufügen“.",
		NotOpened:    "Sightline konnte seine Einstellungen nicht öffnen. Versuchen Sie es gleich noch einmal.",
		TooLate:      "Slack hat nicht auf Sightline gewartet. Geben Sie den Befehl noch einmal ein.",
		NoPerson:     "Sightline zeigt Ihnen nur, was Sie in Jira sehen dürfen, und muss deshalb wissen, wer Sie dort sind. <%s|Jira-Konto verbinden>, dann den Befehl noch einmal eingeben. Der Link gilt zehn Minuten.",
		ProjectsHelp: "Nur Projekte, die Sie in Jira sehen können.", TeamHelp: "Alle oder die Personen einer Projektrolle.",
		QueryHelp: "Anstelle einer Rolle: eine strukturierte Benutzerabfrage, wie Jira sie kennt, zum Beispiel: is assignee of ABC",
		QuietFrom: "Ruhezeit von", QuietTo: "Ruhezeit bis", Close: "Schließen",
		Stop: "Nicht mehr anzeigen", StopSure: "Nicht mehr anzeigen?", StopText: "Sightline entfernt seine Nachricht und sein Lesezeichen aus diesem Channel.",
		Stopped:      "Dieser Channel zeigt nichts mehr aus Jira. Geben Sie %s ein, um ihn wieder einzurichten.",
		MessageLeft:  "Slack ließ Sightline seine Nachricht nicht entfernen; Sie können sie selbst löschen.",
		NotShown:     "Wird gerade nicht angezeigt: %s",
		Saved:        "Gespeichert. Der Channel zeigt es an, sobald Jira und Slack geantwortet haben.",
		NotInvited:   "Sightline ist nicht in diesem Channel. Laden Sie die App mit „/invite @Sightline“ ein und speichern Sie noch einmal.",
		Archived:     "Dieser Channel ist archiviert.",
		Revoked:      "Slack hat Sightline den Zugriff auf diesen Workspace entzogen. Ein Administrator muss die App von Jira aus noch einmal zu Slack hinzufügen.",
		Forbidden:    "Slack lässt Sightline in diesem Channel nicht schreiben. Wenden Sie sich an einen Administrator des Workspace.",
		Refused:      "Gespeichert, aber Slack hat es abgelehnt. Sightline versucht es weiter; speichern Sie noch einmal, um es sofort zu versuchen.",
		JiraFailed:   "Gespeichert, aber Jira hat nicht geantwortet. Sightline versucht es weiter; speichern Sie noch einmal, um es sofort zu versuchen.",
		NothingSaved: "Jira konnte nicht antworten; nichts wurde gespeichert. Versuchen Sie es gleich noch einmal.",
		Disconnected: "Ihr Jira-Konto ist nicht mehr verbunden. Schließen Sie dieses Fenster und geben Sie den Befehl noch einmal ein.",
		Offer:        "In Slack anzeigen",
		OfferText:    "Fügen Sie Sightline zu Ihrem Slack-Workspace hinzu; dann können seine Channels anzeigen, wie viel offen und überfällig ist. Es sind nur Zahlen, nie Namen oder Vorgänge.",
		Connected:    "Verbunden:", Add: "Zu Slack hinzufügen", LinkTime: "Der Link gilt zehn Minuten; laden Sie die Seite neu, um einen neuen zu erhalten.",
		Installed:     "Sightline ist in Slack",
		InstalledText: "Der Workspace %s ist mit %s verbunden. Geben Sie in dem Channel, der die Arbeit eines Teams zeigen soll, /sightline ein und wählen Sie die Projekte. Sie können diese Seite schließen.",
		Confirm:       "Slack mit Ihrem Jira-Konto verbinden?", ConfirmText: "Sind Sie %s aus dem Slack-Workspace %s? Dann lässt Sightline diese Person aus den Projekten wählen, die Sie sehen können.",
		ConfirmWarning: "Stimmen Sie nur zu, wenn Sie dort gerade selbst /sightline eingegeben haben.", ConfirmYes: "Ja, verbinden",
		KnownNow: "Verbunden", KnownText: "Gehen Sie zurück zum Slack-Workspace %s und geben Sie /sightline noch einmal ein.",
	}
}
