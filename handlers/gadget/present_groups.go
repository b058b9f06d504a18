package gadget

import (
	"net/url"

	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// group puts rows of another kind into a view, or divides its rows.
func (p presenter) group(w *web.Workload) {
	by, own := p.view.Summary.By, p.own.Sort
	name := p.l.Axes.Names.Of(string(by.Axis()))
	switch {
	case by.Rows != workload.AxisNone:
		w.RowsName, w.Window = name, ""
		w.Rows = p.values(p.view.Summary.OrderedGroups(own), workload.Everyone(), "")
		w.Unassigned, w.Others, w.Apps, w.Left, w.HasApps = nil, nil, nil, nil, false
	case by.Split != workload.AxisNone:
		w.PartsName = name
		for i := range w.Rows {
			row := &w.Rows[i]
			row.Parts = p.parts(row.ID, row.Name, row.Inactive)
		}
		w.Unassigned.Parts = p.parts("", w.Unassigned.Name, false)
		whole := w.Totals
		whole.Name, whole.Value, whole.Bar, whole.Trend = p.l.Axes.All, "all", web.Bar{}, nil
		whole.Parts = asParts(p.values(p.view.Summary.OrderedGroups(own), workload.Everyone(), wholeID), p.l.Axes.All)
		w.Whole = &whole
	}
}

// wholeID stands for everybody where an account does.
const wholeID = "*"

// parts are what somebody has of each value.
func (p presenter) parts(account, name string, inactive bool) []web.Row {
	rows := asParts(p.values(p.view.Summary.PartsOf(account, p.own.Sort), workload.Assignee(account), account), name)
	for i := range rows {
		rows[i].Inactive = inactive
	}
	return rows
}

func asParts(rows []web.Row, whose string) []web.Row {
	for i := range rows {
		rows[i].Part, rows[i].Whose = true, whose
	}
	return rows
}

// values are rows of the groups of somebody's issues. account names them in addresses and
// in the markup.
func (p presenter) values(groups []workload.Bucket, who workload.Assignees, account string) []web.Row {
	summary := p.view.Summary
	most := 0
	for _, g := range groups {
		most = max(most, p.length(g.Counts))
	}
	if account != "" && account != wholeID {
		most = p.most() // as long as people's own
	}
	rows := make([]web.Row, 0, len(groups))
	for _, g := range groups {
		row := p.rowIn(form.ValueName(p.l, summary.By.Axis(), g.Value), g.Counts, who, summary.Clause(g.Value.ID))
		if axis := summary.By.Axis(); axis == workload.AxisEpic {
			row.Key = g.Value.ID
			if g.Value.ID == "" {
				row.Hint = p.l.Axes.EpicHint
			}
		}
		row.ID, row.Value, row.Logged = account, valueMark+g.Value.ID, web.Amount{}
		row.Bar.Max = max(most, p.length(g.Counts))
		row.Issues = p.issuesIn(account, g.Value.ID)
		rows = append(rows, row)
	}
	return rows
}

// valueMark comes before a value's id, so that none has a mark, too.
const valueMark = "="

// issuesIn is the address of somebody's issues of a value; "" is everybody's where rows
// are values.
func (p presenter) issuesIn(account, value string) string {
	if p.at.IsZero() {
		return ""
	}
	if p.view.Summary.By.Rows != workload.AxisNone {
		account = wholeID
	}
	return p.at.With("person", url.Values{"account": {account}, inParam: {valueMark + value}})
}
