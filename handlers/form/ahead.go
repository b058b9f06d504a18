package form

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// readAhead reads for how many days to look ahead. A form without the field means not at
// all; -1 is refused, as is 0 where a number is asked for.
func (d *Draft) readAhead(form url.Values) {
	text := form.Get(web.FieldAhead)
	d.aheadDays = strings.TrimSpace(form.Get(web.FieldAheadDays))
	d.aheadOwn = text == web.AheadOwn
	if d.aheadOwn {
		text = d.aheadDays
	}
	if !form.Has(web.FieldAhead) {
		return
	}
	days, err := strconv.Atoi(text)
	if err != nil || days == 0 && d.aheadOwn {
		days = -1
	}
	d.Ahead = workload.Ahead(days)
}

// aheadField offers to look ahead; nil if there is no table of counts.
func aheadField(l *lang.Language, to For, d Draft) *web.AheadField {
	if !to.Columns {
		return nil
	}
	usual := workload.Aheads()
	field := &web.AheadField{URL: to.Call(callPreview), Days: d.aheadDays}
	own := d.aheadOwn || !slices.Contains(usual, d.Ahead)
	if own && field.Days == "" && d.Ahead > 0 {
		field.Days = strconv.Itoa(int(d.Ahead))
	}
	for _, a := range usual {
		label := l.Count(l.Ahead.Next, int(a))
		if a == workload.AheadNone {
			label = l.Ahead.None
		}
		field.Options = append(field.Options, web.Option{Value: strconv.Itoa(int(a)), Label: label, Selected: !own && a == d.Ahead})
	}
	field.Options = append(field.Options, web.Option{Value: web.AheadOwn, Label: l.Ahead.Own, Selected: own})
	return field
}

// aheadText says how many of the issues are due in the time ahead, "" if it is not
// looked at.
func (f *Forms) aheadText(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) string {
	if d.Ahead <= workload.AheadNone || !d.Ahead.Valid() {
		return ""
	}
	jql, err := openQuery(ctx, j, d)
	if err != nil || jql == "" {
		return ""
	}
	today := f.today(ctx, j, to)
	due, err := j.Search.Count(ctx, jql+` AND `+workload.Due(today, today.AddDays(int(d.Ahead))))
	if err != nil {
		return ""
	}
	return l.Count(l.Ahead.Found, int(due), l.Number(int(d.Ahead)))
}

// today is the day where the person is.
func (f *Forms) today(ctx context.Context, j *jira.Client, to For) workload.Date {
	zone := time.UTC
	if person, err := f.Views.People.Get(ctx, to.Person.Served(), j); err == nil {
		zone, _ = viewer.ZoneOf(person)
	}
	return workload.DateOf(f.Edge.Now(), zone)
}
