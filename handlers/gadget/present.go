package gadget

import (
	"cmp"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// firstRows is how many people of a long team are shown at first, besides those
// that the viewer has pinned.
const firstRows = 15

// present turns a view into what the template prints. Without an address the
// page has no later calls.
func present(v viewer.Workload, at At, own viewer.Chosen, stale bool, now time.Time) web.Workload {
	l := v.Language
	p := presenter{view: v, l: l, at: at, own: own, search: at.Tenant.DisplayURL + "/issues/?jql="}
	rows, pinned := v.Summary.Ordered(own.Preferences)
	w := web.Workload{
		L:          l,
		Title:      cmp.Or(v.Config.Title, l.Product.Workload),
		Projects:   v.Reading.Shown,
		Window:     l.Count(l.Workload.Window, int(v.Config.Window)),
		Totals:     p.row(l.Workload.Everyone, v.Summary.Totals, workload.Everyone()),
		Rows:       p.people(rows),
		Unassigned: p.unassigned(),
		Hidden:     max(0, len(rows)-pinned-firstRows),
		Notes:      append(notes(v.View), refusedNotes(l, own)...),
		Age:        l.Age(now.Sub(v.ReadAt)),
		ReadAt:     v.ReadAt,
		Stale:      stale,
		Unit:       p.unit(),
		Refresh:    v.Config.Refresh.Seconds(),
		Unsaved:    unsavedText(l, own),
		Sort:       web.Sort{By: string(own.Sort.By), Desc: own.Sort.Desc},
		Compact:    own.Compact,
		HasApps:    len(v.Summary.Apps) > 0,
	}
	if own.Bots {
		w.Apps = p.people(v.Summary.Apps)
	}
	if !at.IsZero() {
		w.Preferences = at.Call("preferences")
	}
	return w
}

type presenter struct {
	view   viewer.Workload
	l      *lang.Language
	at     At
	own    viewer.Chosen
	search string
}

func (p presenter) unit() string {
	if p.view.Config.Unit == workload.UnitDays {
		return p.l.Workload.Days
	}
	return p.l.Workload.Hours
}

func (p presenter) people(list []workload.Row) []web.Row {
	rows := make([]web.Row, 0, len(list))
	most := p.most()
	for _, r := range list {
		row := p.row(r.Person.Name, r.Counts, workload.Assignee(r.Person.AccountID))
		row.ID = r.Person.AccountID
		row.AvatarURL, row.Initials = r.Person.AvatarURL, web.Initials(r.Person.Name)
		row.Pinnable, row.Pinned = !r.Person.App, p.own.Pinned(row.ID)
		row.Issues = p.issues(row.ID)
		row.Load, row.LoadText = p.load(r.Load)
		row.Bar.Max = max(most, r.Open)
		if !r.Person.App {
			row.Meter = p.meter(r.Logged)
		}
		rows = append(rows, row)
	}
	return rows
}

// issues is the address of somebody's issues, or of the unassigned ones for "".
func (p presenter) issues(account string) string {
	if p.at.IsZero() {
		return ""
	}
	return p.at.With("person", url.Values{"account": {account}})
}

// meter compares the logged time with the working time in the window.
func (p presenter) meter(logged time.Duration) web.Meter {
	v := p.view
	hours, days := v.HoursADay(), v.DaysAWeek()
	capacity := v.Config.Window.Capacity(hours, days)
	return web.Meter{
		Share: float64(logged) / float64(capacity),
		Text: p.l.Say(p.l.Workload.LoggedOf, p.duration(logged), p.duration(capacity), p.unit(),
			p.l.Number(int(v.Config.Window)), p.l.Decimal(hours), p.l.Decimal(days)),
	}
}

// most is the count that fills a person's whole bar. Unassigned issues do not
// count: there may be so many that people's bars would vanish.
func (p presenter) most() int {
	most := 0
	for _, r := range p.view.Summary.Rows {
		most = max(most, r.Open)
	}
	return most
}

func (p presenter) unassigned() *web.Row {
	counts := p.view.Summary.Unassigned
	row := p.row(p.l.Workload.Unassigned, counts, workload.Unassigned())
	row.Logged = ""
	row.Issues = p.issues("")
	row.Bar.Max = max(p.most(), counts.Open)
	return &row
}

// row prints counts; each links to the search that shows exactly those issues.
func (p presenter) row(name string, c workload.Counts, who workload.Assignees) web.Row {
	scope, today := p.view.Scope(), p.view.Summary.Today
	return web.Row{
		Name:       name,
		Open:       p.number(c.Open, scope.Open(who)),
		ToDo:       p.number(c.ToDo, scope.ToDo(who)),
		InProgress: p.number(c.InProgress, scope.InProgress(who)),
		Overdue:    p.number(c.Overdue, scope.Overdue(who, today)),
		DueSoon:    p.number(c.DueSoon, scope.DueSoon(who, today)),
		Remaining:  p.duration(c.Remaining),
		Logged:     p.duration(c.Logged),
		Bar:        web.Bar{ToDo: c.ToDo, InProgress: c.InProgress, Overdue: c.Overdue},
	}
}

func (p presenter) number(n int, jql string) web.Number {
	if n == 0 || jql == "" {
		return web.Number{N: n}
	}
	return web.Number{N: n, Href: p.search + url.QueryEscape(jql)}
}

// duration prints hours or the site's working days with at most one decimal.
// The column's heading names the unit.
func (p presenter) duration(d time.Duration) string {
	hoursADay := 0.0
	if p.view.Config.Unit == workload.UnitDays {
		hoursADay = p.view.HoursADay()
	}
	return p.l.Amount(d, hoursADay)
}

func (p presenter) load(l workload.Load) (web.Load, string) {
	switch l {
	case workload.LoadHeavy:
		return web.LoadHeavy, p.l.Workload.Heavy
	case workload.LoadLight:
		return web.LoadLight, p.l.Workload.Light
	case workload.LoadBalanced:
		return web.LoadBalanced, p.l.Workload.Balanced
	}
	return web.LoadNone, ""
}

// notes says what the view leaves out, and why.
func notes(v viewer.View) []string {
	var list []string
	l := v.Language
	shown, hidden := len(v.Reading.Shown), v.Reading.Hidden
	if len(hidden) > 0 {
		list = append(list, l.Say(l.Workload.SomeProjects,
			l.Number(shown), l.Number(shown+len(hidden)), l.List(hidden)))
	}
	if v.UnknownZone != "" {
		list = append(list, l.Say(l.Workload.UnknownZone, v.UnknownZone))
	}
	if v.Reading.MoreIssues {
		list = append(list, l.Say(l.Workload.MoreIssues, l.Number(source.MaxIssues)))
	}
	if v.Reading.MoreWorklogs {
		list = append(list, l.Say(l.Workload.MoreWorklogs, l.Number(source.MaxWorklogs)))
	}
	return append(list, teamNotes(v)...)
}

// teamNotes says what is not known about the team.
func teamNotes(v viewer.View) []string {
	var list []string
	l, missing := v.Language, v.Team.Missing
	if v.Config.Query != "" {
		return queryNotes(l, v.Team)
	}
	switch {
	case v.Config.Role == "":
		return nil
	case v.Team.Unknown:
		list = append(list, l.Workload.RoleUnseen)
	case len(missing) > 0:
		list = append(list, l.Say(l.Workload.RoleMissing, l.List(missing)))
	}
	if len(v.Team.Groups) > 0 {
		list = append(list, l.Say(l.Workload.GroupsHidden, l.List(v.Team.Groups)))
	}
	return list
}

func queryNotes(l *lang.Language, team source.Team) []string {
	switch {
	case team.Refused == source.RefusedRight:
		return []string{l.Workload.QueryForbidden}
	case team.Refused == source.RefusedSlow:
		return []string{l.Workload.QuerySlow}
	case team.Refused != "":
		return []string{l.Workload.QueryRefused}
	case team.More:
		return []string{l.Say(l.Workload.MorePeople, l.Number(source.MaxPeople))}
	case len(team.Members) == 0:
		return []string{l.Workload.QueryNobody}
	}
	return nil
}
