package board

import (
	"slices"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// Notes says what the view leaves out, and why.
func Notes(v viewer.View, gaps workload.Gaps) []string {
	var list []string
	l := v.Language
	shown, hidden := len(v.Reading.Shown), v.Reading.Hidden
	if len(hidden) > 0 {
		list = append(list, l.Say(l.Workload.SomeProjects,
			l.Number(shown), l.Number(shown+len(hidden)), l.List(hidden)))
	}
	list = append(list, scopeNotes(v)...)
	if v.NoZone {
		list = append(list, l.Workload.NoZone)
	}
	if v.UnknownZone != "" {
		list = append(list, l.Say(l.Workload.UnknownZone, v.UnknownZone))
	}
	return slices.Concat(list, gapNote(l, gaps), teamNotes(v))
}

// teamNotes says why the view does not show the chosen team.
func teamNotes(v viewer.View) []string {
	l := v.Language
	switch {
	case v.Config.Query != "":
		return queryNotes(l, v.Team)
	case v.Config.Role != "" && v.Team.Unknown:
		return []string{l.Workload.RoleUnseen}
	case v.Config.Group.ID != "" && v.Team.Unknown:
		return []string{l.Say(l.Workload.GroupUnseen, v.Config.Group.Name)}
	case v.Config.Group.ID != "" && len(v.Team.Members) == 0:
		return []string{l.Say(l.Workload.GroupNobody, v.Config.Group.Name)}
	}
	return nil
}

func queryNotes(l *lang.Language, team source.Team) []string {
	switch {
	case team.Refused == source.RefusedRight:
		return []string{l.Workload.QueryForbidden}
	case team.Refused == source.RefusedSlow:
		return []string{l.Workload.QuerySlow}
	case team.Refused != "":
		return []string{l.Workload.QueryRefused}
	case len(team.Members) == 0:
		return []string{l.Workload.QueryNobody}
	}
	return nil
}

// RefusedNotes says that Jira refused what was chosen.
func RefusedNotes(l *lang.Language, own viewer.Chosen) []string {
	if own.Refused {
		return []string{l.Preferences.Refused}
	}
	return nil
}

// UnsavedText is a short note that something is not saved yet, "" if all is
// saved.
func UnsavedText(l *lang.Language, own viewer.Chosen) string {
	if own.Unsaved {
		return l.Preferences.Unsaved
	}
	return ""
}
