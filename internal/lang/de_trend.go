package lang

func germanTrend() TrendTexts {
	return TrendTexts{
		Trend: "Verlauf", Label: "Mit früher vergleichen", Help: "Eine Linie für jede Person und für das Team: die offenen Vorgänge, die man selbst sieht.",
		None: "Nein", Week: "Vor einer Woche", Month: "Vor vier Wochen", Quarter: "Vor einem Quartal",
		Since:         TrendSince{Week: "vor einer Woche", Month: "vor vier Wochen", Quarter: "vor einem Quartal"},
		More:          Plural{One: "%s offener Vorgang mehr als %s", Other: "%s offene Vorgänge mehr als %s"},
		Fewer:         Plural{One: "%s offener Vorgang weniger als %s", Other: "%s offene Vorgänge weniger als %s"},
		Same:          "So viele offene Vorgänge wie %s",
		RemainingMore: "%s %s mehr verbleibend", RemainingLess: "%s %s weniger verbleibend",
		OverdueMore:  Plural{One: "%s mehr überfällig", Other: "%s mehr überfällig"},
		OverdueFewer: Plural{One: "%s weniger überfällig", Other: "%s weniger überfällig"},
		Untold:       "Wie es %s war, lässt sich noch nicht sagen. Sightline liest die Geschichte der Vorgänge im Hintergrund.",
		Unkept:       "Wie es %s war, lässt sich hier nicht sagen: Das geht nur für Projekte, und nicht, wo eine Seite Jira selbst liest.",
		Wrong:        "Wählen Sie, womit verglichen wird, oder nichts.",
	}
}
