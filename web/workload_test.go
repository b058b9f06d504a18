package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/lang"
)

func row(name string, open int) Row {
	n := Number{N: open, Href: "https://site.example/issues/?jql=a%20%3D%20%22b%22&x=" + name}
	return Row{
		Name: name, Initials: "AB", AvatarURL: "https://site.example/a.png",
		Open: n, ToDo: n, InProgress: n, Overdue: n, DueSoon: n,
		Remaining: Amount{"12.5", 12.5}, Logged: Amount{"3", 3}, Load: LoadHeavy, LoadText: "Heavy",
		Bar: Bar{ToDo: 1, InProgress: 2, Overdue: 1, Max: 4},
	}
}

func workload() Workload {
	unassigned := row("Unassigned", 7)
	return Workload{
		L: english(), Title: "Team workload", Heading: "My team", Projects: []string{"ABC", "DEF"},
		Window: "last 14 days", Totals: row("", 30), Rows: []Row{row("Ann", 5), row("Ben", 4), row("Cleo", 3)},
		Unassigned: &unassigned, Hidden: 1, Notes: []string{"2 of 3 projects shown."},
		Age: "Updated 3 min ago", Unit: "hours",
	}
}

func TestWorkloadViewWhole(t *testing.T) {
	t.Parallel()
	want := wanted{
		yes: []string{
			`^<section class="workload" data-fragment="workload" data-title="Team workload" data-updated="Numbers updated.">`,
			`<h2>My team</h2>`,
			`<span class="chip">ABC</span>\s*<span class="chip">DEF</span>`,
			`<dt>Remaining hours</dt>\s*<dd data-count="[a-z]+">12.5</dd>`,
			`<caption class="sr">`,
			`<th scope="col" class="num" aria-sort="none"><span><span class="col-label">Open </span></span></th>`,
			`<th scope="row">`,
			`(?s)Ann.*Ben.*Cleo.*<tbody class="unassigned">.*Unassigned.*</table>.*Show all 3 people`,
			`aria-label="5 Open, Ann">5</a>`,
			`href="https://site.example/issues/\?jql=a%20%3D%20%22b%22&amp;x=Ann"\s+target="_top"\s+rel="noopener"`,
			`<span class="lozenge lozenge-heavy">Heavy</span>`,
			`<span>AB</span>\s*<img src="https://site.example/a.png" alt="" width="24" height="24" referrerpolicy="no-referrer"`,
			`Updated 3 min ago`,
		},
		no: []string{"data-stale", "Sample data", ` style=`, ` on[a-z]+=`, "<script"},
	}
	want.check(t, render(t, WorkloadView(workload())))
}

func TestWorkloadView(t *testing.T) {
	t.Parallel()
	with := func(change func(*Workload)) Workload {
		w := workload()
		change(&w)
		return w
	}
	tests := map[string]struct {
		view Workload
		want wanted
	}{
		"stale":                 {with(func(w *Workload) { w.Stale = true }), wanted{yes: []string{`<section [^>]*data-stale>`}}},
		"sample":                {with(func(w *Workload) { w.Sample = true }), wanted{yes: []string{`Sample data`}}},
		"no heading":            {with(func(w *Workload) { w.Heading = "" }), wanted{yes: []string{`<h2 class="sr">Team workload</h2>`}}},
		"none hidden":           {with(func(w *Workload) { w.Hidden = 0 }), wanted{no: []string{`class="extra"`, "Show all"}}},
		"more hidden than rows": {with(func(w *Workload) { w.Hidden = 9 }), wanted{yes: []string{"Show all 3 people"}}},
		"hidden below zero":     {with(func(w *Workload) { w.Hidden = -1 }), wanted{no: []string{`class="extra"`, "Show all"}}},
		"nobody": {
			with(func(w *Workload) { w.Rows, w.Unassigned, w.Hidden, w.Totals = nil, nil, 0, Row{} }),
			wanted{yes: []string{"Nobody has open issues here.", `<dd data-count="[a-z]+"><span class="zero">0</span>`, `<dd data-count="remaining">–</dd>`}, no: []string{"unassigned", "Show all"}},
		},
		"bare row": {
			with(func(w *Workload) { w.Rows, w.Hidden, w.Unassigned = []Row{{Name: "Ann", Load: "odd"}}, 0, nil }),
			wanted{yes: []string{`<span class="zero">0</span>`}, no: []string{"<img", `class="bar"`, "lozenge"}},
		},
		"escaped": {
			with(func(w *Workload) {
				w.Rows = []Row{{Name: nasty, Initials: "<b", AvatarURL: `"><script>`, LoadText: nasty, Load: LoadLight}}
				w.Title, w.Heading, w.Window, w.Age, w.Unit = nasty, nasty, nasty, nasty, nasty
				w.Projects, w.Notes = []string{nasty}, []string{nasty}
			}),
			wanted{yes: []string{`&lt;script&gt;alert\(&#34;1&#34;\)&lt;/script&gt;&#39;&amp;`}, no: []string{`<script`, "<b<"}},
		},
		"address of another kind": {
			with(func(w *Workload) { w.Totals.Open.Href = "javascript:alert(1)" }),
			wanted{no: []string{"javascript:"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.check(t, render(t, WorkloadView(tt.view)))
		})
	}
}

func TestWorkloadViewHidesTheLastRows(t *testing.T) {
	t.Parallel()
	html := render(t, WorkloadView(workload()))
	before, after, ok := strings.Cut(html, `<tr class="extra"`)
	if !ok || !strings.Contains(before, "Ben") || strings.Contains(before, "Cleo") || !strings.Contains(after, "Cleo") {
		t.Errorf("hidden row is not the last one:\n%s", html)
	}
}

// choices is a view whose viewer can choose.
func choices(change func(*Workload)) Workload {
	w := workload()
	w.Preferences = "/app/preferences?a=1&b=2"
	w.Sort = Sort{By: "open", Desc: true}
	for i := range w.Rows {
		w.Rows[i].ID, w.Rows[i].Pinnable = "id:"+w.Rows[i].Name, true
		w.Rows[i].Issues = "/app/person?account=" + w.Rows[i].Name
	}
	change(&w)
	return w
}

func TestWorkloadChoices(t *testing.T) {
	t.Parallel()
	german := func(w *Workload) { w.L = lang.New().Of("de_DE") }
	robot := row("Robot", 3)
	for name, tt := range map[string]struct {
		change func(*Workload)
		want   wanted
	}{
		"sorted by a number": {func(*Workload) {}, wanted{yes: []string{
			`aria-sort="descending"><button type="button" class="sort" id="sl-sort-open" name="sort" value="open" data-post="/app/preferences\?a=1&amp;b=2" data-said="Sorted by Open, ascending."`,
			`aria-sort="none"><button type="button" class="sort" id="sl-sort-overdue" name="sort" value="overdue" [^>]*data-said="Sorted by Overdue, descending."`,
			`value="name" [^>]*data-said="Sorted by Person, ascending."`,
		}, no: []string{`aria-sort="ascending"`}}},
		"sorted by name": {func(w *Workload) { w.Sort = Sort{By: "name"} }, wanted{yes: []string{
			`aria-sort="ascending"><button [^>]*value="name" [^>]*data-said="Sorted by Person, descending."`, `arrow arrow-up`,
		}, no: []string{`aria-sort="descending"`, `arrow-down`}}},
		"pins": {func(w *Workload) { w.Rows[0].Pinned = true }, wanted{yes: []string{
			`<tr class="pinned" data-person="id:Ann">`,
			`id="sl-pin-id:Ann" name="unpin" value="id:Ann" [^>]*data-said="Ann is no longer pinned." aria-pressed="true" aria-label="Pin Ann"`,
			`name="pin" value="id:Ben" [^>]*data-said="Ben is pinned." aria-pressed="false"`,
		}}},
		"a person's issues": {func(*Workload) {}, wanted{yes: []string{
			`<button type="button" class="person-name" id="sl-person-id:Ann" data-open="/app/person\?account=Ann" aria-label="Show the open issues: Ann"><span class="name" title="Ann">Ann</span>`,
		}}},
		"not compact": {func(*Workload) {}, wanted{yes: []string{`name="compact" value="on" [^>]*data-said="Rows are compact." aria-pressed="false"`}, no: []string{`name="bots"`}}},
		"compact": {func(w *Workload) { w.Compact = true }, wanted{yes: []string{
			`<section class="workload compact"`, `name="compact" value="off" [^>]*data-said="Rows have their full height." aria-pressed="true"`,
		}}},
		"apps hidden": {func(w *Workload) { w.HasApps = true }, wanted{yes: []string{`name="bots" value="on" [^>]*aria-pressed="false"`}, no: []string{`class="apps"`}}},
		"apps shown": {func(w *Workload) { w.HasApps, w.Apps = true, []Row{robot} }, wanted{yes: []string{
			`(?s)<tbody class="apps">.*Apps <span class="group-note">not in the totals</span>.*Robot.*<tbody class="unassigned">`, `name="bots" value="off"`,
		}}},
		"meter": {func(w *Workload) { w.Rows[0].Meter = Meter{Share: 0.5, Text: "40 of 80"} }, wanted{yes: []string{
			`<span class="logged" title="40 of 80">3 <svg class="meter" [^>]*role="img" aria-label="40 of 80">.*class="meter-fill" width="24.0"`,
		}}},
		"meter over": {func(w *Workload) { w.Rows[0].Meter = Meter{Share: 1.5, Text: "120 of 80"} }, wanted{yes: []string{`class="meter-fill meter-over" width="48.0"`}}},
		"unsaved":    {func(w *Workload) { w.Unsaved = "Not yet." }, wanted{yes: []string{`<section [^>]*data-unsaved data-retry="10">`, `<p class="unsaved">Not yet.</p>`}}},
		"refresh":    {func(w *Workload) { w.Refresh = 900 }, wanted{yes: []string{`<section [^>]*data-refresh="900">`}}},
		"age": {func(w *Workload) { w.ReadAt = time.Date(2026, 3, 5, 14, 7, 0, 0, time.UTC) }, wanted{yes: []string{
			`<time datetime="2026-03-05T14:07:00Z" data-age="Updated \{age\}">Updated 3 min ago</time>`,
		}}},
		"German": {german, wanted{
			yes: []string{`Zu erledigen`, `Überfällig`, `aria-label="5 Offen, Ann"`, `Alle 3 Personen anzeigen`, `data-said="Nach Überfällig absteigend sortiert."`, `aria-label="Ann anheften"`, `Kompakt`},
			no:  []string{`To do`, `Overdue`, `Show all`, `Sorted`, `everyone`},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.check(t, render(t, WorkloadView(choices(tt.change))))
		})
	}
}

func TestLoadingView(t *testing.T) {
	t.Parallel()
	want := wanted{yes: []string{`^<section class="workload loading" data-fragment="loading" data-stale`, `Wird aus Jira gelesen`}, no: []string{`data-count`, ` style=`}}
	want.check(t, render(t, LoadingView(lang.New().Of("de"), "My team")))
}

func TestBar(t *testing.T) {
	t.Parallel()
	type shares struct{ progress, todo, late string }
	tests := map[string]struct {
		bar  Bar
		want shares
	}{
		"parts":      {Bar{ToDo: 2, InProgress: 1, Overdue: 1, Max: 4}, shares{"25.00%", "50.00%", "25.00%"}},
		"full":       {Bar{ToDo: 3, InProgress: 1, Overdue: 4, Max: 4}, shares{"25.00%", "75.00%", "100.00%"}},
		"empty":      {Bar{Max: 3}, shares{"0.00%", "0.00%", "0.00%"}},
		"thirds":     {Bar{ToDo: 1, Max: 3}, shares{"0.00%", "33.33%", "0.00%"}},
		"over max":   {Bar{ToDo: 9, InProgress: 3, Overdue: 9, Max: 4}, shares{"75.00%", "25.00%", "100.00%"}},
		"below zero": {Bar{ToDo: -2, InProgress: -1, Overdue: -1, Max: 4}, shares{"0.00%", "0.00%", "0.00%"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := shares{tt.bar.share(tt.bar.InProgress), tt.bar.rest(), tt.bar.share(tt.bar.Overdue)}
			if got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	for _, limit := range []int{0, -1} {
		if got := render(t, barView(Bar{ToDo: 1, Max: limit})); got != "" {
			t.Errorf("Max %d: got %q, want nothing", limit, got)
		}
	}
}

func TestRenderStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := WorkloadView(workload()).Render(ctx, &strings.Builder{}); err == nil {
		t.Error("got nil, want the context's error")
	}
}
