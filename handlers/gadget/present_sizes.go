package gadget

import (
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// sizeUnit is what the sizes of issues are in, "" if issues are counted.
func (p presenter) sizeUnit() string {
	switch p.view.Summary.Measure {
	case workload.MeasureRemaining:
		return p.unit()
	case workload.MeasurePoints:
		return p.l.Workload.Points
	}
	return ""
}

// sized prints how much some issues are, where issues have sizes, else how many.
func (p presenter) sized(n int, size workload.Size, jql string) web.Number {
	number := p.number(n, jql)
	if p.view.Summary.Measure.Sized() {
		amount := p.size(size)
		number.Size = &amount
	}
	return number
}

func (p presenter) size(s workload.Size) web.Amount {
	if p.view.Summary.Measure == workload.MeasurePoints {
		return web.Amount{Text: p.l.Decimal(s.Points()), N: s.Points()}
	}
	return p.amount(s.Duration())
}

// length is how long the bar of some counts is.
func (p presenter) length(c workload.Counts) int {
	if p.view.Summary.Measure.Sized() {
		return int(c.Sizes.Open)
	}
	return c.Open
}

func (p presenter) bar(c workload.Counts) web.Bar {
	if p.view.Summary.Measure.Sized() {
		return web.Bar{ToDo: int(c.Sizes.ToDo), InProgress: int(c.Sizes.InProgress), Overdue: int(c.Sizes.Overdue)}
	}
	return web.Bar{ToDo: c.ToDo, InProgress: c.InProgress, Overdue: c.Overdue}
}
