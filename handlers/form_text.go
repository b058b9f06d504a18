package handlers

import (
	"sightline/internal/lang"
	"sightline/internal/workload"
)

// wrongTexts puts what is wrong with fields into words.
func wrongTexts(l *lang.Language, wrong workload.FieldErrors) map[string]string {
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
	case workload.WrongTitleControl:
		return t.TitleControl
	case workload.WrongRole:
		return t.Role
	case workload.WrongWindow:
		return t.Window
	case workload.WrongUnit:
		return t.Unit
	case workload.WrongZone:
		return t.Zone
	}
	return string(w.Code)
}
