package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// loadDraft is what is typed about load and working time, as it is typed.
type loadDraft struct {
	Heavy, Light, DueSoon string
	DaysOff               string
	Crew                  []member
	Calendar              string
	// sent says that the form has these fields.
	sent bool
	// wrong are fields that could not be read.
	wrong workload.FieldErrors
}

// member is a row of somebody with hours or absences of their own.
type member struct {
	account, name string
	hours, away   string
	days          []time.Weekday
	// own says that the days are the person's, and not the site's.
	own bool
}

// loadOf is the form of what is configured, before anybody types.
func loadOf(w workload.Weighing) loadDraft {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	spans := make([]capacity.Span, 0, len(w.DaysOff))
	for _, day := range w.DaysOff {
		spans = append(spans, capacity.Span{From: day, To: day})
	}
	return loadDraft{Heavy: number(w.Heavy), Light: number(w.Light), DueSoon: number(w.DueSoon), DaysOff: awayText(spans)}
}

// readLoad reads the fields of load and working time. A form without them, such as
// a room's, means the usual.
func (d *Draft) readLoad(form url.Values) {
	d.load.wrong = workload.FieldErrors{}
	if !form.Has(web.FieldLoad) {
		return
	}
	d.load.sent = true
	d.load.Heavy, d.load.Light = strings.TrimSpace(form.Get(web.FieldHeavy)), strings.TrimSpace(form.Get(web.FieldLight))
	d.load.DueSoon, d.load.DaysOff = strings.TrimSpace(form.Get(web.FieldDueSoon)), oneLine(form.Get(web.FieldDaysOff))
	d.load.Calendar = strings.TrimSpace(form.Get(web.FieldCalendar))
	d.Weighing = workload.Weighing{
		Load:   workload.LoadRule(form.Get(web.FieldLoad)),
		Heavy:  number(d.load.Heavy),
		Light:  number(d.load.Light),
		Region: form.Get(web.FieldRegion), DueSoon: number(d.load.DueSoon),
		Workdays: workdays(form),
	}
	if d.Region != "" && !capacity.KnownRegion(d.Region) {
		d.load.wrong[workload.FieldRegion] = workload.Wrong{Code: workload.WrongRegion}
	}
	d.readDaysOff()
	d.readCrew(form)
}

// number is a typed number, 0 for none and -1 for anything else: 0 itself is no
// threshold.
func number(text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n == 0 {
		return -1
	}
	return n
}

// workdays are the holidays that were offered and are not ticked.
func workdays(form url.Values) []workload.Date {
	var days []workload.Date
	for _, text := range form[web.FieldHoliday] {
		day, err := workload.ParseDate(text)
		if err == nil && !slices.Contains(form[web.FieldOff], text) && len(days) < workload.MaxDaysOff {
			days = append(days, day)
		}
	}
	return days
}

func (d *Draft) readDaysOff() {
	spans, err := capacity.ParseSpans(d.load.DaysOff)
	if w := spansProblem(err, workload.WrongDay, workload.WrongManyDays, capacity.MaxAbsences); w.Code != "" {
		d.load.wrong[workload.FieldDaysOff] = w
		return
	}
	for _, span := range spans {
		for day := span.From; !span.To.Before(day) && len(d.DaysOff) <= workload.MaxDaysOff; day = day.AddDays(1) {
			if !slices.Contains(d.DaysOff, day) {
				d.DaysOff = append(d.DaysOff, day)
			}
		}
	}
}

func (d *Draft) readCrew(form url.Values) {
	names := form[web.FieldPersonName]
	for i, account := range form[web.FieldPerson] {
		if account == "" || slices.ContainsFunc(d.load.Crew, func(m member) bool { return m.account == account }) {
			continue
		}
		m := member{account: account, hours: strings.TrimSpace(form.Get(web.HoursName(account))), away: oneLine(form.Get(web.AwayName(account))), own: true}
		if i < len(names) {
			m.name = names[i]
		}
		for _, text := range form[web.DaysName(account)] {
			if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= int(time.Saturday) && !slices.Contains(m.days, time.Weekday(n)) {
				m.days = append(m.days, time.Weekday(n))
			}
		}
		d.load.Crew = append(d.load.Crew, m)
		if len(d.load.Crew) > capacity.MaxPeople {
			return
		}
	}
}
