package timesheet

import (
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// presentTimelog turns a sheet into what the template prints.
func presentTimelog(seen viewer.Timelog, at board.At, m board.Moment) web.Timelog {
	if seen.Config.Wallboard {
		at.Address, m.Own = edge.Address{}, board.OnWall(m.Own)
	}
	l, sheet, own := seen.Language, seen.Sheet, m.Own
	t := timelogPresenter{Timelog: seen, l: l, at: at, own: own}
	out := web.Timelog{
		L: l, Title: t.title(), Projects: board.ScopeNames(seen.View),
		Window: board.WindowText(seen.View, sheet.Span()), Unit: t.unit(),
		Months: t.months(), Days: t.days(), Rows: t.rows(t.sorted()), Others: t.others(),
		Total: t.amount(sheet.Total.Spent), Entries: sheet.Total.Entries,
		Empty: t.empty(), Hidden: board.HiddenRows(seen.Config, len(sheet.Rows)), Wallboard: seen.Config.Wallboard, Refresh: refreshOf(seen.Config), Legend: t.legend(),
		Notes:   slices.Concat(m.OlderNote(l, seen.Zone), board.Notes(seen.View, sheet.Gaps), t.notes(), board.RefusedNotes(l, own)),
		Unsaved: board.UnsavedText(l, own), Age: l.Age(m.Now.Sub(seen.ReadAt)), ReadAt: seen.ReadAt, Stale: m.Stale,
	}
	for _, sum := range sheet.Sums {
		out.Sums = append(out.Sums, t.amountOrNone(sum.Spent))
		out.Amounts = append(out.Amounts, sum.Spent.Hours()/board.UnitHours(seen.View))
	}
	for _, row := range sheet.Rows {
		if row.Total.Entries > 0 {
			out.People++
		}
	}
	t.group(&out)
	t.missing(&out)
	t.choices(&out)
	return out
}

// refreshOf is when the page asks again by itself, in seconds. Days change seldom:
// only a wallboard does.
func refreshOf(c workload.GadgetConfig) int {
	if !c.Wallboard {
		return 0
	}
	return c.Refresh.Of(true).Seconds()
}

type timelogPresenter struct {
	viewer.Timelog
	l   *lang.Language
	at  board.At
	own viewer.Chosen
}

// sorted is the people in the viewer's order, pinned ones first. An order by
// something that a timelog does not have, such as open issues, leaves the order
// by time.
func (t timelogPresenter) sorted() []timelog.Row { return t.Sheet.Sorted(t.order()) }

func (t timelogPresenter) order() timelog.Order {
	order := timelog.Order{Pins: t.own.Pins}
	switch t.own.Sort.By {
	case workload.ByName:
		order.ByName, order.Reverse = true, t.own.Sort.Desc
	case workload.ByLogged:
		order.Reverse = !t.own.Sort.Desc
	}
	return order
}

// choices are the viewer's preferences and the buttons that change them; a
// sample has none.
func (t timelogPresenter) choices(out *web.Timelog) {
	out.Compact = t.own.Compact
	if t.own.Bots {
		out.Apps = t.rows(t.Sheet.Apps)
	}
	if t.at.IsZero() {
		return
	}
	out.Preferences, out.Export = t.at.Call("preferences"), t.at.Call(board.CallTable)
	if by := t.own.Sort.By; by == workload.ByName || by == workload.ByLogged {
		out.Sort = web.Sort{By: string(by), Desc: t.own.Sort.Desc}
	}
	if apps := t.Sheet.AppTotal(); apps.Entries > 0 {
		out.AppsTime = t.l.Say(t.l.Timelog.AppsTime, t.amount(apps.Spent), t.unit())
	}
}

func (t timelogPresenter) title() string {
	if t.Config.Title != "" {
		return t.Config.Title
	}
	return t.l.Product.Timelog
}

func (t timelogPresenter) unit() string {
	if t.Config.Unit == workload.UnitDays {
		return t.l.Workload.Days
	}
	return t.l.Workload.Hours
}

func (t timelogPresenter) amount(d time.Duration) string { return board.Amount(t.View, d) }

func (t timelogPresenter) amountOrNone(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return t.amount(d)
}

func (t timelogPresenter) days() []web.TimelogDay {
	days := make([]web.TimelogDay, 0, len(t.Sheet.Days))
	for i, d := range t.Sheet.Days {
		at := d.In(time.UTC)
		day := web.TimelogDay{
			ID: d.String(), Weekday: t.l.Weekday(at), Number: d.Day, Label: t.day(d),
			Off: !t.Week.Works(d), Today: d == t.Sheet.Today, BeginsAWeek: i > 0 && at.Weekday() == time.Monday,
		}
		if day.Off {
			day.Label += ", " + t.l.Timelog.DayOff
		}
		if day.Today {
			day.Label += ", " + t.l.Timelog.Today
		}
		days = append(days, day)
	}
	return days
}

// day writes a full date.
func (t timelogPresenter) day(d workload.Date) string { return wholeDay(t.l, d) }

func wholeDay(l *lang.Language, d workload.Date) string {
	at := d.In(time.UTC)
	return l.Weekday(at) + " " + l.Date(at)
}

func (t timelogPresenter) months() []web.TimelogMonth {
	var months []web.TimelogMonth
	var last workload.Date
	for _, d := range t.Sheet.Days {
		if d.Month != last.Month || d.Year != last.Year {
			months = append(months, web.TimelogMonth{Name: t.l.Formats.Months[d.Month-1]})
		}
		months[len(months)-1].Days++
		last = d
	}
	return months
}

func (t timelogPresenter) rows(rows []timelog.Row) []web.TimelogRow {
	list := make([]web.TimelogRow, 0, len(rows))
	for _, r := range rows {
		row := t.person(r, "")
		row.Parts = t.parts(r)
		list = append(list, row)
	}
	return list
}

// person is somebody's row, on may be the key of the only issue.
func (t timelogPresenter) person(r timelog.Row, on string) web.TimelogRow {
	row := web.TimelogRow{
		ID: r.Person.AccountID, Name: r.Person.Name, AvatarURL: r.Person.AvatarURL,
		Initials: web.Initials(r.Person.Name), Total: t.amount(r.Total.Spent),
		Inactive: r.Person.Inactive,
	}
	if on == "" {
		row.Pinned, row.Pinnable = t.own.Pinned(r.Person.AccountID), !r.Person.App
	}
	for i, c := range r.Cells {
		if on == "" {
			row.Cells = append(row.Cells, t.cell(r.Person, i, c))
		} else {
			row.Cells = append(row.Cells, t.opened(r.Person, t.Sheet.Days[i], c, r.On))
		}
	}
	return row
}

// others are the rows that are no person's, as far as they hold any time. Their
// days do not open: they are not one person's.
func (t timelogPresenter) others() []web.TimelogRow {
	var list []web.TimelogRow
	for _, r := range []struct {
		key, name, hint string
		timelog.Row
	}{
		{board.RowOthers, t.l.Workload.Others, t.l.Workload.OthersHint, t.Sheet.Others},
		{board.RowUnknown, t.l.Workload.Unknown, t.l.Workload.UnknownHint, t.Sheet.Unknown},
	} {
		if r.Total.Entries == 0 {
			continue
		}
		row := web.TimelogRow{ID: r.key, Name: r.name, Hint: r.hint, Total: t.amount(r.Total.Spent)}
		for _, c := range r.Cells {
			row.Cells = append(row.Cells, web.TimelogCell{Text: t.amountOrNone(c.Spent), Step: int(t.Week.Step(c.Spent))})
		}
		list = append(list, row)
	}
	return list
}

// cell is a person's day. Work can be logged in the viewer's own empty ones.
func (t timelogPresenter) cell(who workload.Person, i int, c timelog.Cell) web.TimelogCell {
	out := t.opened(who, t.Sheet.Days[i], c, timelog.On{})
	out.Short = !who.App && !who.Inactive && t.Sheet.IsShort(i, c.Spent, t.Week, t.Config.Missing)
	if out.Short {
		short := t.l.Count(t.l.Missing.Short, int(t.Config.Missing))
		out.Label = strings.TrimPrefix(out.Label+", "+short, ", ")
	}
	return out
}

// opened is a cell and what it opens. What is on nothing that the viewer sees opens
// nothing.
func (t timelogPresenter) opened(who workload.Person, day workload.Date, c timelog.Cell, on timelog.On) web.TimelogCell {
	own := !t.at.IsZero() && who.AccountID == string(t.at.Account)
	cell, name := viewer.Cell{Account: who.AccountID, Day: day, On: on.Key}, t.whoseDay(who, on)
	id := ""
	if own {
		id = "sl-own-" + strings.TrimSuffix(day.String()+"-"+on.Key, "-")
	}
	if c.Entries == 0 {
		if !own || on != (timelog.On{}) && on.Key == "" {
			return web.TimelogCell{}
		}
		return web.TimelogCell{
			Label: t.l.Say(t.l.Timelog.LogDay, name, t.day(day)), ID: id, Add: true, Open: logCall(t.at.Address, cell),
		}
	}
	amount := t.amount(c.Spent)
	out := web.TimelogCell{
		ID: id, Text: amount, Step: int(t.Week.Step(c.Spent)),
		Label: t.l.Say(t.l.Timelog.Cell, amount, t.unit(), name, t.day(day)),
		Open:  cellCall(t.at.Address, "day", cell),
	}
	if on != (timelog.On{}) && on.Key == "" {
		out.Open, out.ID = "", ""
	}
	return out
}

// legend says what the steps mean, in hours even if amounts are in days.
func (t timelogPresenter) legend() []string {
	upTo := func(s timelog.Step) string { return t.l.Say(t.l.Timelog.UpTo, t.l.Duration(t.Week.Limit(s))) }
	over := t.l.Say(t.l.Timelog.Over, t.l.Duration(t.Week.Limit(timelog.StepOver)))
	return []string{upTo(timelog.StepQuarter), upTo(timelog.StepHalf), upTo(timelog.StepDay), over}
}

func (t timelogPresenter) empty() string {
	if t.Team.People() != nil {
		return t.l.Timelog.NoTeam
	}
	return t.l.Timelog.Nothing
}

// notes are the notes that only a timelog has.
func (t timelogPresenter) notes() []string {
	var list []string
	if other := t.Provider.Name; other != "" {
		list = append(list, t.l.Say(t.l.Timelog.Provider, other))
	}
	return list
}
