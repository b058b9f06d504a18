package web

import (
	"context"
	"strings"
	"testing"
)

func row(name string, open int) Row {
	n := Number{N: open, Href: "https://site.example/issues/?jql=a%20%3D%20%22b%22&x=" + name}
	return Row{
		Name: name, Initials: "AB", AvatarURL: "https://site.example/a.png",
		Open: n, ToDo: n, InProgress: n, Overdue: n, DueSoon: n,
		Remaining: "12.5", Logged: "3", Load: LoadHeavy, LoadText: "Heavy",
		Bar: Bar{ToDo: 1, InProgress: 2, Overdue: 1, Max: 4},
	}
}

func workload() Workload {
	unassigned := row("Unassigned", 7)
	return Workload{
		Title: "Team workload", Heading: "My team", Projects: []string{"ABC", "DEF"},
		Window: "last 14 days", Totals: row("", 30), Rows: []Row{row("Ann", 5), row("Ben", 4), row("Cleo", 3)},
		Unassigned: &unassigned, Hidden: 1, Notes: []string{"2 of 3 projects shown."},
		Age: "Updated 3 min ago", Unit: "hours",
	}
}

func TestWorkloadViewWhole(t *testing.T) {
	t.Parallel()
	want := wanted{
		yes: []string{
			`^<section class="workload" data-fragment="workload" data-title="Team workload">`,
			`<h2>My team</h2>`,
			`<span class="chip">ABC</span>\s*<span class="chip">DEF</span>`,
			`<dt>Remaining hours</dt>\s*<dd data-count="[a-z]+">12.5</dd>`,
			`<caption class="sr">`,
			`<th scope="col" class="num">Open</th>`,
			`<th scope="row">`,
			`(?s)Ann.*Ben.*Cleo.*<tbody class="unassigned">.*Unassigned.*</table>.*Show all 3 people`,
			`aria-label="5 open, Ann">5</a>`,
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
		"stale":                 {with(func(w *Workload) { w.Stale = true }), wanted{yes: []string{`data-title="Team workload" data-stale>`}}},
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
