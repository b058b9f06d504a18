package gadget

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// present turns a view into what the template prints. Without an address the
// page has no later calls.
func present(v viewer.Workload, at board.At, m board.Moment) web.Workload {
	if v.Config.Wallboard {
		at.Address, m.Own = edge.Address{}, board.OnWall(m.Own)
	}
	l, own := v.Language, m.Own
	p := presenter{view: v, l: l, at: at, own: own, search: at.Tenant.DisplayURL + "/issues/?jql="}
	rows, pinned := v.Summary.Ordered(own.Preferences)
	w := web.Workload{
		L:          l,
		Title:      cmp.Or(v.Config.Title, l.Product.Workload),
		Projects:   board.ScopeNames(v.View),
		Window:     board.WindowText(v.View, workload.Span{From: v.Summary.From, To: v.Summary.To}),
		Totals:     p.row(l.Workload.Everyone, v.Summary.Totals, workload.Everyone()),
		Rows:       p.people(rows),
		Unassigned: p.unassigned(),
		Others:     p.others(),
		Notes:      slices.Concat(m.OlderNote(l, v.Zone), workloadNotes(v), board.RefusedNotes(l, own)),
		Age:        l.Age(m.Now.Sub(v.ReadAt)),
		ReadAt:     v.ReadAt,
		Stale:      m.Stale,
		Unit:       p.unit(),
		SizeUnit:   p.sizeUnit(),
		Refresh:    v.Config.Refresh.Of(v.Config.Wallboard).Seconds(),
		Wallboard:  v.Config.Wallboard,
		Unsaved:    board.UnsavedText(l, own),
		Sort:       web.Sort{By: string(own.Sort.By), Desc: own.Sort.Desc},
		Compact:    own.Compact,
		HasApps:    len(v.Summary.Apps) > 0,
		Columns:    columnKeys(v.Config.Columns),
	}
	w.Totals.Trend, w.Burnup = p.teamTrend(), p.burnup()
	w.Ahead, w.AheadName = p.ahead(), p.aheadName()
	if own.Bots {
		w.Apps = p.people(v.Summary.Apps)
	}
	w.Left = p.left()
	p.group(&w)
	if w.RowsName != "" {
		pinned = 0
	}
	w.Notes = append(w.Notes, p.linkNotes(slices.Concat([]web.Row{w.Totals}, w.Rows, wholeParts(w))...)...)
	w.Hidden = board.HiddenRows(v.Config, len(w.Rows)-pinned)
	if !at.IsZero() {
		w.Preferences, w.Export = at.Call("preferences"), at.Call(board.CallTable)
	}
	return w
}

// columnKeys are the columns as the template knows them, nil for all.
func columnKeys(chosen []workload.Column) []string {
	var keys []string
	for _, c := range chosen {
		keys = append(keys, string(c))
	}
	return keys
}

type presenter struct {
	view   viewer.Workload
	l      *lang.Language
	at     board.At
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
		row.Issues, row.Inactive = p.issues(row.ID), r.Person.Inactive
		row.Load, row.LoadText = p.load(r.Load)
		row.Weeks, row.WeeksName = p.weeks(row.ID), p.l.Say(p.l.Capacity.Weeks, r.Person.Name)
		row.Trend = p.trend(row.ID)
		row.Bar.Max = max(most, p.length(r.Counts))
		if !r.Person.App {
			row.Meter = p.meter(r.Logged)
		}
		rows = append(rows, row)
	}
	return rows
}

// left are the open issues of people who left; nil if there are none. On a wall nobody
// can choose to see only them.
func (p presenter) left() *web.Number {
	var c workload.Counts
	for _, row := range p.view.Summary.Rows {
		if row.Person.Inactive {
			c.Open += row.Open
		}
	}
	if c.Open == 0 || p.view.Config.Wallboard {
		return nil
	}
	n := p.number(c.Open, p.view.Scope().Open(p.view.Summary.Inactive()))
	return &n
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
	window := workload.Window(workload.Span{From: v.Summary.From, To: v.Summary.To}.Days())
	capacity := window.Capacity(hours, days)
	return web.Meter{
		Share: float64(logged) / float64(capacity),
		Text: p.l.Say(p.l.Workload.LoggedOf, p.duration(logged), p.duration(capacity), p.unit(),
			p.l.Number(int(window)), p.l.Decimal(hours), p.l.Decimal(days)),
	}
}

// most is what fills a person's whole bar. Unassigned issues do not
// count: there may be so many that people's bars would vanish.
func (p presenter) most() int {
	most := 0
	for _, r := range p.view.Summary.Rows {
		most = max(most, p.length(r.Counts))
	}
	return most
}

func (p presenter) unassigned() *web.Row {
	counts := p.view.Summary.Unassigned
	row := p.row(p.l.Workload.Unassigned, counts, workload.Unassigned())
	row.Logged = web.Amount{}
	row.Issues = p.issues("")
	row.Bar.Max = max(p.most(), p.length(counts))
	return &row
}

// others are the hours that are no row's, as far as there are any.
func (p presenter) others() []web.HourRow {
	var rows []web.HourRow
	t := p.l.Workload
	for _, r := range []struct {
		key, name, hint string
		logged          time.Duration
	}{
		{board.RowOthers, t.Others, t.OthersHint, p.view.Summary.Others},
		{board.RowUnknown, t.Unknown, t.UnknownHint, p.view.Summary.Unknown},
	} {
		if r.logged > 0 {
			rows = append(rows, web.HourRow{Key: r.key, Name: r.name, Hint: r.hint, Logged: p.amount(r.logged)})
		}
	}
	return rows
}

// row prints counts; each links to the search that shows exactly those issues.
func (p presenter) row(name string, c workload.Counts, who workload.Assignees) web.Row {
	return p.rowIn(name, c, who, "")
}

// rowIn is row for the issues that also meet a condition.
func (p presenter) rowIn(name string, c workload.Counts, who workload.Assignees, in string) web.Row {
	scope, today := p.view.Scope(), p.view.Summary.Today
	scope.In = in
	scope.Fits = func(jql string) bool { return searchAddress(p.search, jql) != "" }
	return web.Row{
		Name:       name,
		Open:       p.sized(c.Open, c.Sizes.Open, scope.Open(who)),
		ToDo:       p.sized(c.ToDo, c.Sizes.ToDo, scope.ToDo(who)),
		InProgress: p.sized(c.InProgress, c.Sizes.InProgress, scope.InProgress(who)),
		Overdue:    p.sized(c.Overdue, c.Sizes.Overdue, scope.Overdue(who, today)),
		DueSoon:    p.sized(c.DueSoon, c.Sizes.DueSoon, scope.DueSoon(who, today)),
		Blank:      p.number(c.Blank, scope.Blank(who, p.view.Config.Points)),
		Remaining:  p.amount(c.Remaining),
		Logged:     p.amount(c.Logged),
		Bar:        p.bar(c),
		Ahead:      p.spread(c, scope, who),
	}
}

func (p presenter) number(n int, jql string) web.Number {
	if n == 0 || jql == "" || p.view.Config.Wallboard {
		return web.Number{N: n}
	}
	return web.Number{N: n, Href: searchAddress(p.search, jql)}
}

// maxLink is how many bytes an address may have: Atlassian's proxies refuse longer
// ones.
const maxLink = 8000

// searchAddress is the address of a search in Jira, or empty if it would be too
// long: JQL has no function for the members of a role, so each is named.
func searchAddress(base, jql string) string {
	escaped := url.QueryEscape(jql)
	if len(base)+len(escaped) > maxLink {
		escaped = strings.NewReplacer("%2C", ",", "%3A", ":").Replace(escaped) // a query may hold these
	}
	if len(base)+len(escaped) > maxLink {
		return ""
	}
	return base + escaped
}

// linkNotes says why totals have no links.
func (p presenter) linkNotes(rows ...web.Row) []string {
	if p.view.Config.Wallboard {
		return nil
	}
	for _, r := range rows {
		for _, n := range []web.Number{r.Open, r.ToDo, r.InProgress, r.Overdue, r.DueSoon, r.Blank} {
			if n.N > 0 && n.Href == "" {
				return []string{p.l.Workload.LongLinks}
			}
		}
	}
	return nil
}

// wholeParts are the parts of everybody's row.
func wholeParts(w web.Workload) []web.Row {
	if w.Whole == nil {
		return nil
	}
	return w.Whole.Parts
}

func (p presenter) amount(d time.Duration) web.Amount {
	return web.Amount{Text: p.duration(d), N: d.Hours() / board.UnitHours(p.view.View)}
}

func (p presenter) duration(d time.Duration) string { return board.Amount(p.view.View, d) }

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

// Printer prints for other rooms what gadgets print.
type Printer struct{}

// Notes says what a workload leaves out, and why, a sentence each.
func (Printer) Notes(w viewer.Workload) []string { return workloadNotes(w) }

// Amount prints a time in the unit of its view, without the unit's name.
func (Printer) Amount(v viewer.View, d time.Duration) string { return board.Amount(v, d) }

func workloadNotes(w viewer.Workload) []string {
	list := board.Notes(w.View, w.Summary.Gaps)
	l := w.Language
	if w.Reading.Untracked {
		list = append(list, l.Workload.Untracked)
	}
	if w.Config.Measure == workload.MeasurePoints && len(w.Config.Points) == 0 {
		list = append(list, l.Workload.NoPoints)
	}
	list = append(list, trendNotes(w)...)
	if w.Capacity.RosterFailed {
		list = append(list, l.Capacity.NoRoster)
	}
	if w.Capacity.CalendarFailed {
		list = append(list, l.Capacity.NoCalendar)
	}
	return list
}
