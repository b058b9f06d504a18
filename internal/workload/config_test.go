package workload_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

func TestParseGadgetConfig(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want workload.GadgetConfig
	}{
		{
			`{"projects":["ABC","D_2"],"role":"10002","window":30,"unit":"days","title":"Who has what?"}`,
			workload.GadgetConfig{Projects: []string{"ABC", "D_2"}, Role: "10002", Window: workload.Month, Unit: workload.UnitDays, Title: "Who has what?", Refresh: workload.RefreshQuarterly},
		},
		{
			`{"projects":["ABC"],"role":"","later":{"x":[1]}}`,
			workload.GadgetConfig{Projects: []string{"ABC"}, Window: workload.Fortnight, Unit: workload.UnitHours, Refresh: workload.RefreshQuarterly},
		},
		{
			`{"projects":["ABC"],"query":"is assignee of ABC","refresh":0}`,
			workload.GadgetConfig{
				Projects: []string{"ABC"}, Query: "is assignee of ABC", Window: workload.Fortnight,
				Unit: workload.UnitHours, Refresh: workload.RefreshNever,
			},
		},
		{
			`{"projects":["ABC"],"window":null,"unit":null,"title":null,"query":null,"refresh":null}`,
			workload.GadgetConfig{Projects: []string{"ABC"}, Window: workload.Fortnight, Unit: workload.UnitHours, Refresh: workload.RefreshQuarterly},
		},
		{
			`{"projects":["ABC"],"group":{"id":"g-1","name":"crew"},"narrow":{"team":{"id":"t-1","name":"A","field":"customfield_1"}}}`,
			workload.GadgetConfig{
				Projects: []string{"ABC"}, Group: workload.Group{ID: "g-1", Name: "crew"}, Window: workload.Fortnight, Unit: workload.UnitHours, Refresh: workload.RefreshQuarterly,
				Narrow: workload.Narrowing{Team: workload.AtlassianTeam{ID: "t-1", Name: "A", Field: "customfield_1"}},
			},
		},
	} {
		got, err := workload.ParseGadgetConfig([]byte(tt.text))
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.text, diff)
		}
		if again := reparse(t, got); !cmp.Equal(got, again) {
			t.Errorf("%s: written and read again: %s", tt.text, cmp.Diff(got, again))
		}
	}
}

func reparse(t *testing.T, c workload.GadgetConfig) workload.GadgetConfig {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	again, err := workload.ParseGadgetConfig(text)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestParseGadgetConfigRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		``, ` `, `x`, `null`, `[]`, `"ABC"`, `7`, `{`, `{}`, `{"projects":["ABC"]} {}`,
		`{"projects":"ABC"}`, `{"projects":[]}`, `{"projects":[7]}`, `{"projects":["abc"]}`, `{"projects":null}`,
		`{"projects":["ABC"],"window":"14"}`, `{"projects":["ABC"],"window":14.5}`, `{"projects":["ABC"],"window":0}`,
		`{"projects":["ABC"],"unit":"weeks"}`, `{"projects":["ABC"],"unit":""}`, `{"projects":["ABC"],"unit":1}`,
		`{"projects":["ABC"],"role":10002}`, `{"projects":["ABC"],"role":"Developers"}`,
		`{"projects":["ABC"],"title":["x"]}`,
		`{"projects":["ABC"],"query":7}`, `{"projects":["ABC"],"query":"everybody"}`,
		`{"projects":["ABC"],"query":"is assignee of ABC","role":"10002"}`,
		`{"projects":["ABC"],"refresh":"15"}`, `{"projects":["ABC"],"refresh":5}`, `{"projects":["ABC"],"refresh":-1}`,
		`{"projects":["ABC"],"measure":"guesses"}`, `{"projects":["ABC"],"points":["Story Points"]}`,
		`{"projects":["ABC"],"points":["customfield_1","customfield_1"]}`,
	} {
		if got, err := workload.ParseGadgetConfig([]byte(text)); err == nil || !cmp.Equal(got, workload.GadgetConfig{}) {
			t.Errorf("%s: got %+v, %v, want an error", text, got, err)
		}
	}
	var wrong workload.FieldErrors
	if _, err := workload.ParseGadgetConfig([]byte(`{"projects":["ABC"],"window":9}`)); !errors.As(err, &wrong) || !wrong.Has("window") {
		t.Errorf("got %v, want the field that is wrong", err)
	}
}

func TestGadgetConfigValidate(t *testing.T) {
	t.Parallel()
	projects := func(n int) []string {
		var keys []string
		for i := range n {
			keys = append(keys, fmt.Sprintf("P%d", i))
		}
		return keys
	}
	for _, tt := range []struct {
		name   string
		change func(*workload.GadgetConfig)
		want   string // the wrong fields
	}{
		{"good", func(*workload.GadgetConfig) {}, ""},
		{"zero", func(c *workload.GadgetConfig) { *c = workload.GadgetConfig{} }, "projects unit window"},
		{"20 projects", func(c *workload.GadgetConfig) { c.Projects = projects(20) }, ""},
		{"21 projects", func(c *workload.GadgetConfig) { c.Projects = projects(21) }, "projects"},
		{"no projects", func(c *workload.GadgetConfig) { c.Projects = nil }, "projects"},
		{"empty key", func(c *workload.GadgetConfig) { c.Projects = []string{"ABC", ""} }, "projects"},
		{"short key", func(c *workload.GadgetConfig) { c.Projects = []string{"A"} }, "projects"},
		{"lower case", func(c *workload.GadgetConfig) { c.Projects = []string{"aBC"} }, "projects"},
		{"digit first", func(c *workload.GadgetConfig) { c.Projects = []string{"1BC"} }, "projects"},
		{"foreign letter", func(c *workload.GadgetConfig) { c.Projects = []string{"ÄBC"} }, "projects"},
		{"line end", func(c *workload.GadgetConfig) { c.Projects = []string{"ABC\n"} }, "projects"},
		{"injection", func(c *workload.GadgetConfig) { c.Projects = []string{`A" OR key != "`} }, "projects"},
		{"twice", func(c *workload.GadgetConfig) { c.Projects = []string{"ABC", "DEF", "ABC"} }, "projects"},
		{"no role", func(c *workload.GadgetConfig) { c.Role = "" }, ""},
		{"role path", func(c *workload.GadgetConfig) { c.Role = "../1" }, "role"},
		{"role sign", func(c *workload.GadgetConfig) { c.Role = "-1" }, "role"},
		{"role length", func(c *workload.GadgetConfig) { c.Role = strings.Repeat("1", 20) }, "role"},
		{"week", func(c *workload.GadgetConfig) { c.Window = 7 }, ""},
		{"month", func(c *workload.GadgetConfig) { c.Window = 30 }, ""},
		{"other window", func(c *workload.GadgetConfig) { c.Window = 31 }, "window"},
		{"negative window", func(c *workload.GadgetConfig) { c.Window = -7 }, "window"},
		{"unit", func(c *workload.GadgetConfig) { c.Unit = "Hours" }, "unit"},
		{"80 characters", func(c *workload.GadgetConfig) { c.Title = strings.Repeat("ü", 80) }, ""},
		{"81 characters", func(c *workload.GadgetConfig) { c.Title = strings.Repeat("ü", 81) }, "title"},
		{"markup", func(c *workload.GadgetConfig) { c.Title = "<b>Team</b>" }, ""},
		{"two lines", func(c *workload.GadgetConfig) { c.Title = "a\nb" }, "title"},
		{"long key", func(c *workload.GadgetConfig) { c.Projects = []string{strings.Repeat("A", 255)} }, ""},
		{"longer key", func(c *workload.GadgetConfig) { c.Projects = []string{strings.Repeat("A", 256)} }, "projects"},
		{"role and query", func(c *workload.GadgetConfig) { c.Query = "is assignee of ABC" }, "query"},
		{"query", func(c *workload.GadgetConfig) { c.Role, c.Query = "", "is assignee of ABC" }, ""},
		{"no query", func(c *workload.GadgetConfig) { c.Role, c.Query = "", " " }, "query"},
		{"hourly", func(c *workload.GadgetConfig) { c.Refresh = 60 }, ""},
		{"never", func(c *workload.GadgetConfig) { c.Refresh = 0 }, ""},
		{"each minute", func(c *workload.GadgetConfig) { c.Refresh = 1 }, "refresh"},
		{"trend", func(c *workload.GadgetConfig) { c.Trend = workload.TrendQuarter }, ""},
		{"other trend", func(c *workload.GadgetConfig) { c.Trend = 8 }, "trend"},
		{"negative trend", func(c *workload.GadgetConfig) { c.Trend = -7 }, "trend"},
		{"all", func(c *workload.GadgetConfig) {
			*c = workload.GadgetConfig{Role: "x", Title: "\x00"}
		}, "projects role title unit window"},
	} {
		c := workload.GadgetConfig{Projects: []string{"ABC"}, Role: "10002", Window: 14, Unit: workload.UnitHours}
		tt.change(&c)
		if got := wrongFields(c.Validate()); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func wrongFields(err error) string {
	var wrong workload.FieldErrors
	errors.As(err, &wrong)
	var fields []string
	for field := range wrong {
		if wrong.Has(field) {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	return strings.Join(fields, " ")
}

func TestQueryProblem(t *testing.T) {
	t.Parallel()
	text := func(n int) string { return `[k].a is "` + strings.Repeat("ä", n) + `"` }
	for query, want := range map[string]workload.Wrong{
		"is assignee of ABC":            {},
		`[team].name is "blue"`:         {},
		text(workload.MaxQuery - 11):    {},
		text(workload.MaxQuery - 10):    {Code: workload.WrongQueryLong, Limit: workload.MaxQuery},
		"is owner of ABC":               {Code: workload.WrongQuery, Text: "owner of ABC", At: 4},
		"is assignee of":                {Code: workload.WrongQuery, At: 15},
		`[größe].a is blue`:             {Code: workload.WrongQuery, Text: "blue", At: 14},
		"is assignee\nof ABC":           {Code: workload.WrongControl},
		"is assignee of \xff":           {Code: workload.WrongQuery, Text: "is assignee of \ufffd", At: 1},
		`[k].a is "` + "\x00" + `"`:     {Code: workload.WrongControl},
		`is assignee of A" OR key != "`: {Code: workload.WrongQuery, Text: `" OR key != "`, At: 17},
	} {
		if got := workload.QueryProblem(query); got != want {
			t.Errorf("%q: got %+v, want %+v", query, got, want)
		}
	}
}

func TestRefreshSeconds(t *testing.T) {
	t.Parallel()
	for refresh, want := range map[workload.Refresh]int{
		workload.RefreshNever: 0, workload.RefreshQuarterly: 900, workload.RefreshHourly: 3600,
	} {
		if got := refresh.Seconds(); got != want {
			t.Errorf("%d minutes are %d seconds, want %d", refresh, got, want)
		}
	}
}

func TestFieldErrors(t *testing.T) {
	t.Parallel()
	got := workload.FieldErrors{"window": {Code: workload.WrongWindow}, "projects": {Code: workload.WrongNoProjects}}.Error()
	if want := "projects: no project, window: not a window"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
