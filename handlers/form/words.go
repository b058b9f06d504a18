package form

import (
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
)

// WrongTexts puts what is wrong with fields into words.
func WrongTexts(l *lang.Language, wrong workload.FieldErrors) map[string]string {
	texts := make(map[string]string, len(wrong))
	for field, w := range wrong {
		texts[field] = wrongText(l, w)
	}
	return texts
}

func wrongText(l *lang.Language, w workload.Wrong) string {
	t := l.Wrong
	switch w.Code {
	case workload.WrongNoProjects:
		return t.NoProjects
	case workload.WrongTooManyProjects:
		return l.Count(t.TooManyProjects, w.Limit)
	case workload.WrongNotProject:
		return l.Say(t.NotProject, w.Text)
	case workload.WrongTwice:
		return l.Say(t.Twice, w.Text)
	case workload.WrongNotVisible:
		return l.Say(t.NotVisible, w.Text)
	case workload.WrongTitleLong:
		return l.Count(t.TitleLong, w.Limit)
	case workload.WrongControl:
		return t.Control
	case workload.WrongColumns:
		return t.Columns
	case workload.WrongRefresh:
		return t.Refresh
	case workload.WrongWindow:
		return t.Window
	case workload.WrongRange:
		return l.Count(t.Range, w.Limit)
	case workload.WrongUnit:
		return t.Unit
	case workload.WrongZone:
		return t.Zone
	}
	return teamText(l, w)
}

// teamText says what is wrong with whose work is looked at.
func teamText(l *lang.Language, w workload.Wrong) string {
	t := l.Wrong
	switch w.Code {
	case workload.WrongRole:
		return t.Role
	case workload.WrongQuery:
		return queryText(l, w)
	case workload.WrongQueryLong:
		return l.Count(t.TitleLong, w.Limit)
	case workload.WrongNoQuery:
		return t.NoQuery
	case workload.WrongTeam:
		return t.Team
	case workload.WrongTwoTeams:
		return t.TwoTeams
	case workload.WrongGroup:
		return t.Group
	case workload.WrongAtlassianTeam:
		return t.AtlassianTeam
	}
	return scopeText(l, w)
}

// scopeText says what is wrong with what is looked at and how it is counted. Jira's own words are in the
// language of the person's Jira.
func scopeText(l *lang.Language, w workload.Wrong) string {
	t := l.Scope
	switch w.Code {
	case workload.WrongScope:
		return t.WrongScope
	case workload.WrongMeasure:
		return l.Measures.Wrong
	case workload.WrongPoints:
		return l.Measures.WrongPoints
	case workload.WrongFilter:
		return t.WrongFilter
	case workload.WrongJQL:
		if w.Text != "" {
			return w.Text
		}
		return t.WrongJQL
	case workload.WrongValue:
		return l.Say(t.WrongValue, w.Text)
	case workload.WrongManyValues:
		return l.Count(t.ManyValues, w.Limit)
	case workload.WrongSprint:
		return t.WrongSprint
	}
	return weighingText(l, w)
}

// weighingText says what is wrong with load, working time and looking back.
func weighingText(l *lang.Language, w workload.Wrong) string {
	t := l.Weighing
	switch w.Code {
	case workload.WrongMissing:
		return l.Missing.Wrong
	case workload.WrongAxis, workload.WrongSheet:
		return l.Axes.Wrong
	case workload.WrongSplit:
		return l.Axes.WrongSplit
	case workload.WrongTeamField:
		return l.Axes.WrongTeamField
	case workload.WrongTrend:
		return l.Trend.Wrong
	case workload.WrongAhead:
		return l.Count(l.Ahead.Wrong, w.Limit)
	case workload.WrongLoad:
		return t.Load
	case workload.WrongPercent:
		return l.Count(t.Percent, w.Limit)
	case workload.WrongOrder:
		return l.Say(t.Order, w.Text)
	case workload.WrongDueSoon:
		return l.Count(t.DueSoon, w.Limit)
	case workload.WrongRegion:
		return t.Region
	case workload.WrongDay:
		return l.Say(t.Day, w.Text)
	case workload.WrongManyDays:
		return l.Count(t.ManyDays, w.Limit)
	case workload.WrongHours:
		return t.Hours
	case workload.WrongAway:
		return l.Say(t.Away, w.Text)
	case workload.WrongManyAway:
		return l.Count(t.ManyAway, w.Limit)
	case workload.WrongManyPeople:
		return l.Count(t.ManyPeople, w.Limit)
	case workload.WrongCalendar:
		return t.Calendar
	}
	return string(w.Code)
}

// queryShown is how many characters of a wrong query are quoted.
const queryShown = 24

// queryText says where a user query becomes invalid.
func queryText(l *lang.Language, w workload.Wrong) string {
	rest := []rune(w.Text)
	if len(rest) == 0 {
		return l.Wrong.QueryEnds
	}
	shown := string(rest[:min(len(rest), queryShown)])
	if len(rest) > queryShown {
		shown += "…"
	}
	return l.Say(l.Wrong.Query, l.Number(w.At), shown)
}
