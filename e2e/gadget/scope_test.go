package gadget

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// planned is an open issue as the site gives it, with what it is planned with.
type planned struct {
	Key    string
	Fields struct {
		Project                 struct{ Key string }
		Assignee                *struct{ AccountID, AccountType string }
		IssueType               struct{ Name string }
		Components, FixVersions []struct{ Name string }
		Labels                  []string
		Parent                  *struct{ Key string }
		Sprints                 []struct{ State string } `json:"customfield_10020"`
	}
}

// plannedIssues are all open issues of the sample that somebody sees.
func plannedIssues(t testing.TB, b harness.Board, account string) (list []planned) {
	t.Helper()
	token := ""
	for {
		var page struct {
			Issues        []planned
			NextPageToken string
		}
		q := url.Values{
			"jql": {"project is not EMPTY AND statusCategory != Done"}, "maxResults": {"100"}, "nextPageToken": {token},
			"fields": {"project,assignee,issuetype,components,fixVersions,labels,parent,customfield_10020"},
		}
		if token == "" {
			q.Del("nextPageToken")
		}
		b.Rest(t, account, http.MethodGet, "/rest/api/3/search/jql?"+q.Encode(), nil, &page)
		list = append(list, page.Issues...)
		if token = page.NextPageToken; token == "" {
			return list
		}
	}
}

func (i planned) has(parts []struct{ Name string }, name string) bool {
	return slices.ContainsFunc(parts, func(p struct{ Name string }) bool { return p.Name == name })
}

func (i planned) in(state string) bool {
	return slices.ContainsFunc(i.Fields.Sprints, func(s struct{ State string }) bool { return s.State == state })
}

// openByPerson counts issues; "" is nobody.
func openByPerson(list []planned, counts func(planned) bool) map[string]string {
	sum := map[string]int{"": 0}
	for _, i := range list {
		if !counts(i) || i.Fields.Assignee != nil && i.Fields.Assignee.AccountType == "app" {
			continue
		}
		if i.Fields.Assignee == nil {
			sum[""]++
		} else {
			sum[i.Fields.Assignee.AccountID]++
		}
	}
	texts := map[string]string{}
	for who, n := range sum {
		texts[who] = strconv.Itoa(n)
	}
	return texts
}

// checkOpen compares the open issues of a view's rows, and what their links find.
func checkOpen(t *testing.T, b harness.Board, what, account, view string, want map[string]string) {
	t.Helper()
	seen := 0
	for _, m := range harness.TableRow.FindAllStringSubmatch(view, -1) {
		who := html.UnescapeString(m[1])
		text, jql := cells(m[2])
		if want[who] == "" && text["open"] == "0" { // only logged time
			continue
		}
		seen++
		if text["open"] != want[who] {
			t.Errorf("%s, %q: %s open, want %s", what, who, text["open"], want[who])
		}
		if query := jql["open"]; query != "" && strconv.Itoa(len(find(t, b, account, query))) != text["open"] {
			t.Errorf("%s, %q: %s open, but not by %s", what, who, text["open"], query)
		}
	}
	if seen != len(want) {
		t.Errorf("%s: %d rows, want %d:\n%s", what, seen, len(want), harness.PlainText(view))
	}
}

func scopeForm(change url.Values) url.Values {
	form := url.Values{
		"scope": {"projects"}, "projects": {"HARB", "LANT"}, "filter": {""}, "jql": {""},
		"team": {"all"}, "window": {"14"}, "unit": {"hours"}, "refresh": {"15"},
	}
	for field, values := range change {
		form[field] = values
	}
	return form
}

// TestScopes looks at filters and queries, narrowed and not, and compares each with a
// count of what the site says of all issues.
func TestScopes(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := boardSession(t, b, b.Dashboard.Owner)
	all := plannedIssues(t, b, b.Dashboard.Owner)
	epic := ""
	for _, i := range all {
		if i.Fields.Parent != nil && i.Fields.Project.Key == "HARB" {
			epic = i.Fields.Parent.Key
		}
	}
	both := func(i planned) bool { return i.Fields.Project.Key == "HARB" || i.Fields.Project.Key == "LANT" }
	for name, tc := range map[string]struct {
		change url.Values
		counts func(planned) bool
	}{
		"a filter": {url.Values{"scope": {"filter"}, "filter": {"10204"}}, func(i planned) bool { return i.Fields.Project.Key == "HARB" && i.in("active") }},
		"a query with an order": {
			url.Values{"scope": {"jql"}, "jql": {`project = LANT or (labels = "quick-win" AND project = HARB) order  by due`}},
			func(i planned) bool {
				return i.Fields.Project.Key == "LANT" || i.Fields.Project.Key == "HARB" && slices.Contains(i.Fields.Labels, "quick-win")
			},
		},
		"types": {url.Values{"types": {"Bug", "Story"}}, func(i planned) bool {
			return both(i) && (i.Fields.IssueType.Name == "Bug" || i.Fields.IssueType.Name == "Story")
		}},
		"versions": {url.Values{"versions": {"2.5"}}, func(i planned) bool { return both(i) && i.has(i.Fields.FixVersions, "2.5") }},
		"components and labels": {
			url.Values{"components": {"Tracking", "Reports"}, "labels": {"quick-win", "cost"}},
			func(i planned) bool {
				return both(i) && (i.has(i.Fields.Components, "Tracking") || i.has(i.Fields.Components, "Reports")) &&
					(slices.Contains(i.Fields.Labels, "quick-win") || slices.Contains(i.Fields.Labels, "cost"))
			},
		},
		"an epic":     {url.Values{"epics": {epic}}, func(i planned) bool { return both(i) && i.Fields.Parent != nil && i.Fields.Parent.Key == epic }},
		"next sprint": {url.Values{"sprint": {"next"}}, func(i planned) bool { return both(i) && i.in("future") }},
		"a narrowed filter": {
			url.Values{"scope": {"filter"}, "filter": {"10200"}, "sprint": {"active"}, "types": {"Bug"}},
			func(i planned) bool {
				return i.Fields.Project.Key == "HARB" && i.in("active") && i.Fields.IssueType.Name == "Bug"
			},
		},
	} {
		status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, scopeForm(tc.change))
		if status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", name, status, harness.PlainText(view))
		}
		want := openByPerson(all, tc.counts)
		if len(want) < 2 {
			t.Errorf("%s: the sample has too little", name)
		}
		checkOpen(t, b, name, b.Dashboard.Owner, view, want)
	}
}

// TestScopesOthersCannotSee are named as left out, and the rest is counted.
func TestScopesOthersCannotSee(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := boardSession(t, b, b.Dashboard.Owner)
	other := r.Person(9) // does not see VALT
	harbour := openByPerson(plannedIssues(t, b, other), func(i planned) bool {
		return i.Fields.Project.Key == "HARB" && i.has(i.Fields.Components, "Tracking")
	})
	nobody := map[string]string{"": "0"}
	for name, tc := range map[string]struct {
		change url.Values
		note   string
		want   map[string]string
	}{
		"a filter": {url.Values{"scope": {"filter"}, "filter": {"10203"}}, "The saved filter of this gadget is left out: you cannot see it in Jira.", nobody},
		"a query": {
			url.Values{"scope": {"jql"}, "jql": {"project in (HARB, VALT)"}},
			"The query of this gadget is left out, because Jira refuses it: The value 'VALT' does not exist for the field 'project'.", nobody,
		},
		"some values": {
			url.Values{"projects": {"HARB", "VALT"}, "components": {"Tracking", "Secrets"}},
			"Left out of what narrows this gadget, because you cannot see it in Jira: Secrets.", harbour,
		},
		"all values": {url.Values{"components": {"Secrets"}}, "you cannot see it in Jira: Secrets.", nobody},
	} {
		if status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, scopeForm(tc.change)); status != http.StatusOK || strings.Contains(view, "left out") {
			t.Fatalf("%s: %d\n%s", name, status, harness.PlainText(view))
		}
		got := b.Look(t, other)
		if got.Status != http.StatusOK || !strings.Contains(harness.PlainText(got.Body), tc.note) {
			t.Errorf("%s: %d, no %q in\n%s", name, got.Status, tc.note, harness.PlainText(got.Body))
		}
		checkOpen(t, b, name, other, got.Body, tc.want)
	}
}

// TestFollowedFilter shows what a filter finds now.
func TestFollowedFilter(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := boardSession(t, b, b.Dashboard.Owner)
	if status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, scopeForm(url.Values{"scope": {"filter"}, "filter": {"10200"}})); status != http.StatusOK || !strings.Contains(view, ">Harbour, open<") {
		t.Fatalf("%d\n%s", status, harness.PlainText(view))
	}
	var filter struct{ Owner struct{ AccountID string } }
	b.Rest(t, b.Dashboard.Owner, http.MethodGet, "/rest/api/3/filter/10200", nil, &filter)
	b.Rest(t, filter.Owner.AccountID, http.MethodPut, "/rest/api/3/filter/10200", map[string]string{"name": "Lantern now", "jql": "project = LANT"}, nil)
	other := r.Person(9) // for whom nothing is kept yet
	view := b.Look(t, other).Body
	if !strings.Contains(view, ">Lantern now<") {
		t.Errorf("an old name:\n%s", harness.PlainText(view))
	}
	checkOpen(t, b, "changed", other, view, openByPerson(plannedIssues(t, b, other), func(i planned) bool { return i.Fields.Project.Key == "LANT" }))
}

// TestScopeForm finds filters and values while somebody types, says what Jira says
// against a query, and keeps what is typed.
func TestScopeForm(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := boardSession(t, b, b.Dashboard.Owner)
	call := func(name string, form url.Values) string {
		return b.Call(t, b.Address("/gadget/workload/"+name)+"&"+form.Encode(), owner).Body
	}
	var favourites []struct{ ID, Name string }
	b.Rest(t, b.Dashboard.Owner, http.MethodGet, "/rest/api/3/filter/favourite", nil, &favourites)
	found := call("find-filter", url.Values{})
	if len(favourites) == 0 || strings.Index(found, `data-key="`+favourites[0].ID) != strings.Index(found, "data-key") || !strings.Contains(found, "★ ") {
		t.Errorf("favourites are not first:\n%s", found)
	}
	if found = call("find-filter", url.Values{"find:filter": {"vault"}}); strings.Count(found, "data-key") != 1 || !strings.Contains(found, "Vault findings") {
		t.Errorf("filters:\n%s", found)
	}
	for field, want := range map[string]string{"types": "Bug", "components": "Tracking", "versions": "2.5", "labels": "quick-win"} {
		if found := call("find-"+field, url.Values{"find:" + field: {want[:2]}}); !strings.Contains(found, `data-key="`+want+`"`) {
			t.Errorf("%s has no %s:\n%s", field, want, found)
		}
		if found := call("find-"+field, url.Values{field: {want}}); strings.Contains(found, `data-key="`+want+`"`) {
			t.Errorf("%s offers %s again", field, want)
		}
	}
	epics := call("find-epics", url.Values{"projects": {"HARB"}})
	if strings.Count(epics, "data-key") != 3 || strings.Contains(call("find-epics", url.Values{"projects": {"HARB"}, "find:epics": {"invoice"}}), "map that") {
		t.Errorf("epics:\n%s", epics)
	}
	const refused = "The value 'NONE' does not exist for the field 'project'."
	if got := harness.PlainText(call("jql", url.Values{"jql": {"project = NONE"}})); got != refused {
		t.Errorf("a wrong query: %q", got)
	}
	open := len(find(t, b, b.Dashboard.Owner, "project = HARB AND statusCategory != Done"))
	if got, want := harness.PlainText(call("jql", url.Values{"jql": {"project = HARB ORDER BY due"}})), "Finds about "+strconv.Itoa(open)+" open issues."; got != want {
		t.Errorf("a query: %q, want %q", got, want)
	}
	for want, change := range map[string]url.Values{
		refused:                            {"scope": {"jql"}, "jql": {"project = NONE"}},
		"Enter a complete JQL query.":      {"scope": {"jql"}, "jql": {" "}},
		"Choose a saved filter.":           {"scope": {"filter"}},
		"Choose at least one project.":     {"projects": nil},
		"Choose projects, a saved filter":  {"scope": {"luck"}},
		"“no key” cannot be chosen here.":  {"epics": {"no key"}},
		"Choose a kind of sprint.":         {"sprint": {"lost"}},
		"Choose at most 20.":               {"labels": slices.Repeat([]string{"x"}, 21)},
		"Choose a role, or all assignees.": {"scope": {"filter"}, "filter": {"10200"}, "team": {"role"}, "role": {"10002"}},
	} {
		status, page := r.Save(t, owner, b.Dashboard.ID, b.Item, scopeForm(change))
		if status != http.StatusUnprocessableEntity || !strings.Contains(harness.PlainText(page), want) {
			t.Errorf("%v: %d, no %q in\n%s", change, status, want, harness.PlainText(page))
		}
	}
	if got := saved(t, b); got.Filter != "" || got.JQL != "" || !got.Narrow.IsZero() {
		t.Errorf("something wrong was saved: %+v", got)
	}
}
