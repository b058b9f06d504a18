package web

import (
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/lang"
)

func someTimelog() Timelog {
	l := lang.New().English()
	days := []TimelogDay{
		{ID: "2026-10-31", Weekday: "Sat", Number: 31, Label: "Sat 31 Oct 2026, Day off", Off: true},
		{ID: "2026-11-02", Weekday: "Mon", Number: 2, Label: "Mon 2 Nov 2026, today", Today: true, BeginsAWeek: true},
	}
	row := func(id string, cells ...TimelogCell) TimelogRow {
		return TimelogRow{ID: id, Name: "Name of " + id, Initials: "N", Cells: cells, Total: "8.5"}
	}
	worked := TimelogCell{Text: "8.5", Step: 4, Label: "8.5 hours, Ada, Mon 2 Nov 2026", Open: "/gadget/timelog/day?person=a&day=2026-11-02"}
	return Timelog{
		L: l, Title: "Who", Projects: []string{"HARB"}, Window: "last 7 days", Unit: "hours",
		Months: []TimelogMonth{{Name: "Oct", Days: 1}, {Name: "Nov", Days: 1}}, Days: days,
		Rows: []TimelogRow{row("a", TimelogCell{}, worked), row("b", TimelogCell{}, TimelogCell{})},
		Sums: []string{"", "8.5"}, Total: "8.5", People: 1, Entries: 3, Legend: []string{"up to 2 h", "up to 4 h", "up to 8 h", "over 8 h"},
		Preferences: "/gadget/timelog/preferences", Sort: Sort{By: "logged", Desc: true}, Age: "Updated just now",
	}
}

func TestTimelogIsATableThatReadsWell(t *testing.T) {
	t.Parallel()
	got := render(t, TimelogView(someTimelog()))
	for _, want := range []string{
		`data-fragment="timelog"`, `<caption class="sr">Time logged by person and day. Arrow keys`,
		`role="region" aria-label="Time logged, scrolls sideways" tabindex="0"`,
		`<th scope="colgroup" colspan="1"><span>Nov</span></th>`,
		`<th scope="col" class="day off" data-day="2026-10-31">`, `Sat 31 Oct 2026, Day off`, `class="day today week"`,
		`<th scope="row"><div class="person">`, `data-person="a"`,
		`aria-label="8.5 hours, Ada, Mon 2 Nov 2026">8.5</button>`, `data-open="/gadget/timelog/day?person=a&amp;day=2026-11-02"`,
		`aria-sort="descending"`, `name="sort" value="logged"`, `<td class="num sum" data-count="total">8.5</td>`, `over 8 h`, `Day off`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if n := strings.Count(got, `data-open=`); n != 1 {
		t.Errorf("%d cells open, want 1", n)
	}
	for _, not := range []string{"style=", "<script", "Sample data", "sl-all", `class="apps`} {
		if strings.Contains(got, not) {
			t.Errorf("%s in\n%s", not, got)
		}
	}
}

func TestTimelogStates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		change    func(*Timelog)
		want, not []string
	}{
		{"nobody", func(w *Timelog) { w.Rows, w.Empty = nil, "Nobody <logged>" }, []string{`colspan="4"><span>Nobody &lt;logged&gt;</span></td>`}, []string{"data-person"}},
		{"a sample", func(w *Timelog) { w.Sample, w.Preferences, w.Sort = true, "", Sort{} }, []string{"Sample data"}, []string{"data-post", "ascending", "descending"}},
		{"a long team", func(w *Timelog) { w.Hidden = 1 }, []string{`class="extra" data-person="b"`, "Show all 2 people"}, []string{`class="extra" data-person="a"`}},
		{"more hidden than there is", func(w *Timelog) { w.Hidden = 9 }, []string{`class="extra" data-person="a"`}, nil},
		{"apps left out", func(w *Timelog) { w.AppsTime = "Apps (3 hours)" }, []string{"Apps (3 hours)", `name="bots" value="on"`, `name="compact" value="on"`}, []string{`value="off"`, "not in the totals"}},
		{
			"apps shown", func(w *Timelog) {
				w.AppsTime, w.Apps = "Apps (3 hours)", []TimelogRow{{ID: "x", Name: "Bot", Cells: []TimelogCell{{Text: "3", Step: 2}, {}}, Total: "3"}}
			},
			[]string{`<tbody class="apps">`, `data-person="x"`, `<span class="heat step-2">3</span>`, `value="off"`},
			[]string{`name="bots" value="on"`},
		},
		{"pinned and compact", func(w *Timelog) { w.Compact, w.Rows[0].Pinned = true, true }, []string{`class="timelog compact"`, `class="pinned" data-person="a"`}, nil},
		{"stale", func(w *Timelog) { w.Stale, w.Unsaved, w.Notes = true, "Not yet", []string{"Left <out>"} }, []string{"data-stale", "Not yet", "Left &lt;out&gt;"}, nil},
		{"a step that there is not", func(w *Timelog) { w.Rows[0].Cells[1].Step = 77 }, []string{`class="heat step-4"`}, []string{"step-77"}},
		{"a name that is markup", func(w *Timelog) { w.Rows[0].Name = `<img src=x onerror=1>` }, []string{"&lt;img src=x"}, []string{"<img src=x"}},
	} {
		w := someTimelog()
		tt.change(&w)
		got := render(t, TimelogView(w))
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %s in\n%s", tt.name, want, got)
			}
		}
		for _, not := range tt.not {
			if strings.Contains(got, not) {
				t.Errorf("%s: %s in\n%s", tt.name, not, got)
			}
		}
	}
}

func TestWorklogs(t *testing.T) {
	t.Parallel()
	l := lang.New().Of("de")
	list := Worklogs{
		L: l, Person: "Ada <b>", Day: "Mo 2. Nov. 2026", Total: "2 Std.", Saved: "Gespeichert.", Notes: []string{"nur die ersten"},
		Entries: []WorklogEntry{
			{ID: "1", Issue: "HARB-1", Summary: "<script>", Href: "https://x.example/browse/HARB-1", Start: "09:30", Spent: "1 Std.", Author: "Ada", Comment: "a\n<b>", Edit: "/e?worklog=1", EditLabel: "HARB-1, 09:30 bearbeiten"},
			{ID: "2", Issue: "HARB-2", Href: "javascript:alert(1)", Spent: "1 Std.", Author: "Ada"},
		},
	}
	got := render(t, WorklogsView(list))
	for _, want := range []string{
		`data-fragment="worklogs"`, `aria-labelledby="sl-of"`, "Ada &lt;b&gt;, Mo 2. Nov. 2026", `data-action="back">`, "Zurück</button>",
		`data-worklog="1"`, "&lt;script&gt;", "a\n&lt;b&gt;", `data-open="/e?worklog=1" aria-label="HARB-1, 09:30 bearbeiten">Bearbeiten</button>`, `role="status">Gespeichert.`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if strings.Contains(got, "javascript:") || strings.Count(got, "Bearbeiten</button>") != 1 {
		t.Errorf("a bad link, or a button that is not the viewer's:\n%s", got)
	}
	list.Entries = nil
	if got := render(t, WorklogsView(list)); !strings.Contains(got, "jetzt nichts erfasst") {
		t.Errorf("an empty list says nothing:\n%s", got)
	}
}

func TestWorklogForm(t *testing.T) {
	t.Parallel()
	f := WorklogForm{
		L: lang.New().English(), Save: "/gadget/timelog/entry?issue=HARB-1&worklog=7", Issue: "HARB-1", Summary: "Sum", Href: "https://x.example/browse/HARB-1",
		Spent: `1h "x"`, Day: "2026-11-02", Clock: "09:30", Comment: "</textarea><b>", Base: "123", Zone: "Europe/Berlin", Rich: true, MaxComment: 30000,
		Errors: map[string]string{FieldSpent: "Not so", FieldComment: "Nor this"}, Problem: "All wrong",
	}
	got := render(t, WorklogFormView(f))
	for _, want := range []string{
		`data-fragment="worklog"`, `action="/gadget/timelog/entry?issue=HARB-1&amp;worklog=7"`, `role="alert">All wrong`,
		`value="1h &#34;x&#34;"`, `aria-describedby="sl-spent-help sl-spent-error" aria-invalid="true"`, `id="sl-spent-error">Not so`,
		`type="date" id="sl-day" name="day" value="2026-11-02"`, `type="time" id="sl-clock" name="clock" value="09:30"`, "Europe/Berlin",
		`aria-describedby="sl-comment-help sl-comment-error"`, `turns it into plain text`, "&lt;/textarea&gt;&lt;b&gt;</textarea>", `name="base" value="123"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	f.Rich, f.Errors, f.Problem = false, nil, ""
	if got := render(t, WorklogFormView(f)); strings.Contains(got, "plain text") || strings.Contains(got, "aria-invalid") || strings.Contains(got, "alert") {
		t.Errorf("says more than there is:\n%s", got)
	}
}
