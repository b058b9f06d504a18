package lang

func germanMeasures() MeasureTexts {
	return MeasureTexts{
		Measure: "Zählen", Issues: "Vorgänge", Remaining: "Verbleibende Zeit", Points: "Story Points",
		PointField: "Feld für Story Points", BothFields: "Die von Jira, aus beiden Arten von Projekten", Field: "%s (Feld %s)",
		Found:      Plural{One: "Findet etwa %s offenen Vorgang.", Other: "Findet etwa %s offene Vorgänge."},
		FoundBlank: Plural{One: "Findet etwa %s offenen Vorgang, %s ohne Schätzung.", Other: "Findet etwa %s offene Vorgänge, davon %s ohne Schätzung."},
		Failed:     "Was damit gefunden wird, ließ sich nicht zählen. Versuchen Sie es gleich noch einmal.",
		Wrong:      "Wählen Sie Vorgänge, verbleibende Zeit oder Story Points.", WrongPoints: "Wählen Sie ein Feld für Story Points.",
	}
}
