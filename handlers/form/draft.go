package form

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// Draft is a configuration as it stands in a form, with what else is typed
// there.
type Draft struct {
	workload.GadgetConfig
	// Search is the text that projects are searched for.
	Search string
	// team is the ticked choice; what is chosen of the others is kept.
	team        web.TeamChoice
	role, query string
	group       workload.Group
	atlassian   workload.AtlassianTeam
	// finds are the texts that groups and Atlassian teams are searched for.
	finds map[string]string
	// find is the text that people with hours of their own are searched for.
	find string
	load loadDraft
	// aheadDays is the typed number of days ahead, aheadOwn says that it counts.
	aheadDays string
	aheadOwn  bool
	scope     scopeDraft
	// Cancel says that there is a view to go back to.
	Cancel bool
}

// DraftOf is the form of a configuration before anybody types.
func DraftOf(config workload.GadgetConfig) Draft {
	d := Draft{GadgetConfig: config, role: config.Role, query: config.Query, group: config.Group, atlassian: config.Narrow.Team, load: loadOf(config.Weighing)}
	d.team = d.chosenTeam()
	d.scope.choice = d.chosenScope()
	return d
}

func (d Draft) chosenTeam() web.TeamChoice {
	switch {
	case d.query != "":
		return web.TeamQuery
	case d.role != "":
		return web.TeamRole
	case d.group.ID != "":
		return web.TeamGroup
	case d.atlassian.ID != "":
		return web.TeamAtlassian
	}
	return web.TeamAll
}

// ReadDraft reads what a form holds, right or wrong.
func ReadDraft(form url.Values) Draft {
	d := Draft{
		GadgetConfig: workload.GadgetConfig{
			Projects: form[web.FieldProjects],
			Unit:     workload.Unit(form.Get(web.FieldUnit)),
			Title:    strings.TrimSpace(form.Get(web.FieldTitle)),
			Refresh:  readRefresh(form),
			RoleName: form.Get(web.FieldRoleName),
			Columns:  readColumns(form),

			Wallboard: form.Get(web.FieldWallboard) != "",
			Trend:     readTrend(form),
			Missing:   readMissing(form),
		},
		Search: strings.TrimSpace(form.Get(web.FieldSearch)),
		team:   web.TeamChoice(form.Get(web.FieldTeam)),
		role:   form.Get(web.FieldRole),
		query:  oneLine(form.Get(web.FieldQuery)),
		find:   strings.TrimSpace(form.Get(web.FieldFind)),
		Cancel: form.Has(web.FieldCancel),
	}
	d.readDays(form)
	d.readWho(form)
	d.takeTeam()
	d.readScope(form)
	d.readMeasure(form)
	d.readAxes(form)
	d.readAhead(form)
	d.readLoad(form)
	d.readStatuses(form)
	return d
}

// takeTeam keeps what is ticked. A form without that choice is taken as it is.
func (d *Draft) takeTeam() {
	switch d.team {
	case "":
		d.team = d.chosenTeam()
		d.Role, d.Query, d.Group, d.Narrow.Team = d.role, d.query, d.group, d.atlassian
	case web.TeamRole:
		d.Role = d.role
	case web.TeamQuery:
		d.Query = d.query
	case web.TeamGroup:
		d.Group = d.group
	case web.TeamAtlassian:
		d.Narrow.Team = d.atlassian
	}
}

// readRefresh reads how often to refresh. A form without the field means the
// default; -1 is refused.
func readRefresh(form url.Values) workload.Refresh {
	if !form.Has(web.FieldRefresh) {
		return workload.NewGadgetConfig().Refresh
	}
	minutes, err := strconv.Atoi(form.Get(web.FieldRefresh))
	if err != nil {
		return -1
	}
	return workload.Refresh(minutes)
}

// readTrend reads how far to look back. A form without the field means not at all; -1
// is refused.
func readTrend(form url.Values) workload.Trend {
	if !form.Has(web.FieldTrend) {
		return workload.TrendNone
	}
	days, err := strconv.Atoi(form.Get(web.FieldTrend))
	if err != nil {
		return -1
	}
	return workload.Trend(days)
}

// readMissing reads the hours below which a day is marked. A form without the field
// marks none; -1 is refused.
func readMissing(form url.Values) workload.Missing {
	if !form.Has(web.FieldMissing) {
		return workload.MissingNone
	}
	hours, err := strconv.Atoi(form.Get(web.FieldMissing))
	if err != nil {
		return -1
	}
	return workload.Missing(hours)
}

// readColumns reads the chosen columns, nil for all of them in their usual order. A
// form that offers columns posts an empty one with the others, so none is not all.
func readColumns(form url.Values) []workload.Column {
	if !form.Has(web.FieldColumns) {
		return nil
	}
	chosen := []workload.Column{}
	for _, key := range form[web.FieldColumns] {
		if key != "" {
			chosen = append(chosen, workload.Column(key))
		}
	}
	if slices.Equal(chosen, workload.TableColumns()) {
		return nil
	}
	return chosen
}

// oneLine turns a text of several lines into one.
func oneLine(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text))
}

// Wrong names the fields that are wrong.
func (d Draft) Wrong() workload.FieldErrors {
	wrong := workload.FieldErrors{}
	errors.As(d.Config().Validate(), &wrong)
	d.wrongScope(wrong)
	maps.Copy(wrong, d.load.wrong)
	switch d.team {
	case web.TeamAll:
	case web.TeamRole:
		if d.Role == "" {
			wrong[workload.FieldRole] = workload.Wrong{Code: workload.WrongRole}
		}
	case web.TeamQuery:
		if d.Query == "" {
			wrong[workload.FieldQuery] = workload.Wrong{Code: workload.WrongNoQuery}
		}
	case web.TeamGroup:
		if d.Group.ID == "" {
			wrong[workload.FieldGroup] = workload.Wrong{Code: workload.WrongGroup}
		}
	case web.TeamAtlassian:
		if d.Narrow.Team.ID == "" {
			wrong[workload.FieldAtlassianTeam] = workload.Wrong{Code: workload.WrongAtlassianTeam}
		}
	default:
		wrong[workload.FieldTeam] = workload.Wrong{Code: workload.WrongTeam}
	}
	return wrong
}
