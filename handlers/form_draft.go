package handlers

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// draft is a configuration as it stands in a form, with what is typed there
// and no part of it.
type draft struct {
	workload.GadgetConfig
	// search is what projects are searched for.
	search string
	// team is the choice that is ticked; role and query are kept also while
	// another one is.
	team        web.TeamChoice
	role, query string
	// cancel says that there is a view to go back to.
	cancel bool
}

// draftOf is the form of a configuration before anybody typed.
func draftOf(config workload.GadgetConfig) draft {
	d := draft{GadgetConfig: config, role: config.Role, query: config.Query}
	d.team = d.chosenTeam()
	return d
}

func (d draft) chosenTeam() web.TeamChoice {
	switch {
	case d.query != "":
		return web.TeamQuery
	case d.role != "":
		return web.TeamRole
	}
	return web.TeamAll
}

// postedDraft reads the form; wrong names the fields that cannot be taken.
func postedDraft(r *edge.Request) (draft, workload.FieldErrors, error) {
	if err := r.ParseForm(); err != nil {
		return draft{}, nil, err
	}
	d := readDraft(r.Request.PostForm)
	return d, d.wrong(), nil
}

// readDraft reads what a form holds, whatever it is.
func readDraft(form url.Values) draft {
	window, _ := strconv.Atoi(form.Get(web.FieldWindow)) // 0 is no window
	d := draft{
		GadgetConfig: workload.GadgetConfig{
			Projects: form[web.FieldProjects],
			Window:   workload.Window(window),
			Unit:     workload.Unit(form.Get(web.FieldUnit)),
			Title:    strings.TrimSpace(form.Get(web.FieldTitle)),
			Refresh:  readRefresh(form),
		},
		search: strings.TrimSpace(form.Get(web.FieldSearch)),
		team:   web.TeamChoice(form.Get(web.FieldTeam)),
		role:   form.Get(web.FieldRole),
		query:  oneLine(form.Get(web.FieldQuery)),
		cancel: form.Has(web.FieldCancel),
	}
	d.takeTeam()
	return d
}

// takeTeam takes of role and query the one that is ticked. A form without the
// choice means what it holds.
func (d *draft) takeTeam() {
	if d.team == "" {
		d.team = d.chosenTeam()
		d.Role, d.Query = d.role, d.query
		return
	}
	if d.team == web.TeamRole {
		d.Role = d.role
	}
	if d.team == web.TeamQuery {
		d.Query = d.query
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

// oneLine makes one line of a text that was written or pasted in several.
func oneLine(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text))
}

// wrong names the fields that cannot be taken.
func (d draft) wrong() workload.FieldErrors {
	wrong := workload.FieldErrors{}
	errors.As(d.Validate(), &wrong)
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
	default:
		wrong[workload.FieldTeam] = workload.Wrong{Code: workload.WrongTeam}
	}
	return wrong
}
