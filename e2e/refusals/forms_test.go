package refusals

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestWrongGadgetFormsSaveNothing posts wrong forms of the gadget.
func TestWrongGadgetFormsSaveNothing(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "LANT")
	session := harness.Attribute(t, b.Look(t, b.Dashboard.Owner).Body, "data-session")
	form := func(name string, values ...string) url.Values {
		out := url.Values{"projects": {"HARB"}, "window": {"14"}, "unit": {"hours"}}
		out[name] = values
		return out
	}
	thousands := make([]string, 3500)
	for i := range thousands {
		thousands[i] = fmt.Sprintf("P%d", i)
	}
	for name, tc := range map[string]struct {
		form url.Values
		says string
	}{
		"no project":             {form("projects"), "Choose at least one project"},
		"empty project":          {form("projects", ""), "not a project key"},
		"project that is a dot":  {form("projects", "."), "not a project key"},
		"project that climbs":    {form("projects", "..", "HARB"), "not a project key"},
		"project that is a path": {form("projects", "../../../rest/api/3/myself"), "not a project key"},
		"project twice":          {form("projects", "HARB", "HARB"), "chosen twice"},
		"thousands of projects":  {form("projects", thousands...), "at most 20"}, // 60 KB, below the limit
		"role in words":          {form("role", "Developers"), "Choose a role"},
		"role that climbs":       {form("role", "../10002"), "Choose a role"},
		"no window":              {form("window"), "Choose 7, 14 or 30"},
		"window too large":       {form("window", "9223372036854775808"), "Choose 7, 14 or 30"},
		"no unit":                {form("unit"), "Choose hours or days"},
		"long title":             {form("title", strings.Repeat("ä", 81)), "at most 80"},
		"title with a line end":  {form("title", "a\r\nSet-Cookie: x=1"), "one line"},
		"title with a nul":       {form("title", "a\x00b"), "one line"},
		"no role":                {url.Values{"projects": {"HARB"}, "window": {"14"}, "unit": {"hours"}, "team": {"role"}}, "Choose a role"},
		"query that is none":     {form("query", "everybody"), "not a user query"},
		"query that injects":     {form("query", `is assignee of A" OR "1"="1`), "not a user query"},
		"query that is long":     {form("query", `[k].a is "`+strings.Repeat("x", 1000)+`"`), "at most 1,000"},
		"query with a nul":       {form("query", "is assignee of \x00A"), "one line"},
		"no query":               {form("team", "query"), "Enter a user query"},
		"a team of another kind": {form("team", "everyone"), "Choose whose work"},
		"role and query":         {url.Values{"projects": {"HARB"}, "window": {"14"}, "unit": {"hours"}, "role": {"10000"}, "query": {"is assignee of HARB"}}, "either a role or"},
		"refresh each second":    {form("refresh", "0.01"), "Choose 15 minutes"},
		"refresh backwards":      {form("refresh", "-15"), "Choose 15 minutes"},
		"refresh in words":       {form("refresh", "often"), "Choose 15 minutes"},
		"nothing":                {url.Values{}, "Choose at least one project"},
	} {
		status, body := r.Save(t, session, b.Dashboard.ID, b.Item, tc.form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, tc.says) || !strings.Contains(body, `data-fragment="config"`) {
			t.Errorf("%s: status %d, want 422 and %q\n%s", name, status, tc.says, body)
		}
		if choices := strings.Count(body, `name="projects"`); choices > 50 {
			t.Errorf("%s: the form comes back with %d projects", name, choices)
		}
		harness.Harmless(t, name, body)
		for field, values := range tc.form {
			for _, typed := range values[:min(len(values), 20)] {
				if kept := strings.Contains(html.UnescapeString(body), strings.TrimSpace(typed)); !kept && isTyped(field, typed) {
					t.Errorf("%s: %s %q is lost\n%s", name, field, typed, body)
				}
			}
		}
	}
	for name, tc := range map[string]struct {
		kind, body string
		want       int
	}{
		"broken escape":  {"application/x-www-form-urlencoded", "projects=%zz", 400},
		"json":           {"application/json", `{"projects":["HARB"],"window":14,"unit":"hours"}`, 422},
		"no type":        {"", "projects=HARB&window=14&unit=hours", 422},
		"over the limit": {"application/x-www-form-urlencoded", "projects=HARB&window=14&unit=hours&pad=" + strings.Repeat("x", 70<<10), 413},
		"a second token": {"application/x-www-form-urlencoded", "projects=HARB&window=14&unit=hours&jwt=" + session, 401},
	} {
		req := harness.NewRequest(t, http.MethodPost, r.URL+b.Address("/gadget/workload/form"), strings.NewReader(tc.body))
		req.Header.Set("Authorization", "JWT "+session)
		req.Header.Set("Content-Type", tc.kind)
		if p := harness.Ask(t, req); p.Status != tc.want {
			t.Errorf("%s: status %d, want %d\n%s", name, p.Status, tc.want, p.Body)
		}
	}
	var config struct{ Value workload.GadgetConfig }
	path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", b.Dashboard.ID, b.Item, workload.ConfigProperty)
	r.Rest(t, b.Dashboard.Owner, http.MethodGet, path, nil, &config)
	if fmt.Sprint(config.Value.Projects) != "[LANT]" {
		t.Errorf("a wrong form was saved: %+v", config.Value)
	}
}

// isTyped tells what a person can type or pick from what only a crafted request
// holds: a one-line HTML field cannot contain a NUL or a line end.
func isTyped(field, text string) bool {
	typed := field == "projects" || field == "title" || field == "query"
	return typed && !strings.ContainsAny(text, "\x00\r\n")
}

// TestWrongPropertiesAreMended has Jira hold a configuration that the app would
// not have written: the owner gets the form, others a sentence.
func TestWrongPropertiesAreMended(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	for name, value := range map[string]any{
		"a text": "HARB", "a number": 7, "an array": []string{"HARB"}, "empty": map[string]any{},
		"wrong types": map[string]any{"projects": "HARB"}, "a wrong window": map[string]any{"projects": []string{"HARB"}, "window": 5},
		"a query":  map[string]any{"projects": []string{`HARB" OR project = "VALT`}},
		"a script": map[string]any{"projects": []string{"<script>"}, "title": "<script>alert(1)</script>"},
		"a number for a title, a role and a unit": map[string]any{"projects": []string{"HARB"}, "title": 1, "role": 2, "unit": 3},
	} {
		b := harness.Board{Running: r, Dashboard: r.Site.Objects().Dashboards[0]}
		b.Item = b.Dashboard.Items[0].ID
		path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", b.Dashboard.ID, b.Item, workload.ConfigProperty)
		r.Rest(t, b.Dashboard.Owner, http.MethodPut, path, value, nil)
		session := harness.Attribute(t, b.Look(t, b.Dashboard.Owner).Body, "data-session")
		if p := b.Call(t, b.Address("/gadget/workload/form"), session); p.Status != http.StatusOK || !strings.Contains(p.Body, `data-fragment="config"`) {
			t.Errorf("%s: the form: %d\n%s", name, p.Status, p.Body)
		}
		if p := b.Look(t, b.Dashboard.Owner); p.Status != http.StatusOK || !strings.Contains(p.Body, `data-fragment="config"`) {
			t.Errorf("%s: the owner: %d\n%s", name, p.Status, p.Body)
		}
		if p := b.Look(t, r.Person(2)); p.Status != http.StatusOK || !strings.Contains(p.Body, "not set up yet") {
			t.Errorf("%s: a viewer: %d\n%s", name, p.Status, p.Body)
		}
	}
}
