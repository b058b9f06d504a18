package gadget

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// grouped is an open issue as the site gives it, with what it is grouped by.
type grouped struct {
	Key    string
	Fields struct {
		Project   struct{ Key, Name string }
		Assignee  *struct{ AccountID, AccountType string }
		IssueType struct{ Name string }
		Status    struct {
			StatusCategory struct{ Key string }
		}
		DueDate string
		Parent  *struct {
			Key    string
			Fields struct {
				Summary   string
				IssueType struct{ HierarchyLevel int }
			}
		}
		Team          *struct{ ID, Name string } `json:"customfield_10001"`
		StoryPoints   *float64                   `json:"customfield_10026"`
		PointEstimate *float64                   `json:"customfield_10016"`
	}
}

func groupedIssues(t testing.TB, b harness.Board, account, jql string) (list []grouped) {
	t.Helper()
	token := ""
	for {
		var page struct {
			Issues        []grouped
			NextPageToken string
		}
		q := url.Values{
			"jql": {jql}, "maxResults": {"100"},
			"fields": {"project,assignee,issuetype,status,duedate,parent,customfield_10001,customfield_10016,customfield_10026"},
		}
		if token != "" {
			q.Set("nextPageToken", token)
		}
		b.Rest(t, account, http.MethodGet, "/rest/api/3/search/jql?"+q.Encode(), nil, &page)
		list = append(list, page.Issues...)
		if token = page.NextPageToken; token == "" {
			return list
		}
	}
}

// in is the value of an axis that an issue is in, and what that is called.
func (i grouped) in(axis string) (id, name string) {
	f := i.Fields
	switch axis {
	case "team":
		if f.Team != nil {
			return f.Team.ID, f.Team.Name
		}
		return "", "No team"
	case "project":
		return f.Project.Key, f.Project.Name
	case "epic":
		if f.Parent != nil && f.Parent.Fields.IssueType.HierarchyLevel == 1 {
			return f.Parent.Key, f.Parent.Key + " " + f.Parent.Fields.Summary
		}
		return "", "No epic"
	case "type":
		return f.IssueType.Name, f.IssueType.Name
	}
	switch f.Status.StatusCategory.Key {
	case "new":
		return "new", "To do"
	case "indeterminate":
		return "indeterminate", "In progress"
	}
	return "", "Another category"
}

func (i grouped) points() (float64, bool) {
	for _, p := range []*float64{i.Fields.PointEstimate, i.Fields.StoryPoints} {
		if p != nil {
			return *p, true
		}
	}
	return 0, false
}

// share is what is counted of a row.
type share struct {
	name                             string
	open, todo, doing, late, unsized int
	points                           float64
}

// shares counts issues by who has them and what they are in, "*" being everybody.
func shares(list []grouped, axis, today string) map[[2]string]share {
	sum := map[[2]string]share{}
	for _, i := range list {
		who := ""
		if i.Fields.Assignee != nil {
			if i.Fields.Assignee.AccountType == "app" {
				continue
			}
			who = i.Fields.Assignee.AccountID
		}
		id, name := i.in(axis)
		for _, person := range []string{who, "*"} {
			s := sum[[2]string{person, id}]
			s.name = name
			s.open++
			switch i.Fields.Status.StatusCategory.Key {
			case "new":
				s.todo++
			case "indeterminate":
				s.doing++
			}
			if i.Fields.DueDate != "" && i.Fields.DueDate < today {
				s.late++
			}
			if points, ok := i.points(); ok {
				s.points += points
			} else {
				s.unsized++
			}
			sum[[2]string{person, id}] = s
		}
	}
	return sum
}

var valueRow = regexp.MustCompile(`(?s)<tr[^>]* data-person="([^"]*)" data-value="=([^"]*)"[^>]*>(.*?)</tr>`)

var listButton = regexp.MustCompile(`data-open="([^"]*)"`)

// TestGroups compares the rows of every axis, and the parts of people's rows, with what
// the site says of all issues, what each number's link finds with the number, and each
// row's list with the row.
func TestGroups(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := b.Dashboard.Owner
	session := boardSession(t, b, owner)
	var me struct{ TimeZone string }
	b.Rest(t, owner, http.MethodGet, "/rest/api/3/myself", nil, &me)
	zone, err := time.LoadLocation(me.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().In(zone).Format(time.DateOnly)
	all := groupedIssues(t, b, owner, "project in (HARB, LANT) AND statusCategory != Done")
	found := map[string]int{}
	for _, axis := range []string{"team", "project", "epic", "type", "status"} {
		want := shares(all, axis, today)
		for _, field := range []string{"rows", "split"} {
			status, view := r.Save(t, session, b.Dashboard.ID, b.Item, scopeForm(url.Values{field: {axis}}))
			if status != http.StatusOK {
				t.Fatalf("%s by %s: %d\n%s", field, axis, status, harness.PlainText(view))
			}
			left := maps.Clone(want)
			if field == "rows" {
				maps.DeleteFunc(left, func(k [2]string, _ share) bool { return k[0] != "*" })
			}
			if len(left) < 2 {
				t.Errorf("%s: the sample has too little", axis)
			}
			for _, m := range valueRow.FindAllStringSubmatch(view, -1) {
				key := [2]string{html.UnescapeString(m[1]), html.UnescapeString(m[2])}
				if field == "rows" {
					key[0] = "*"
				}
				s, ok := left[key]
				delete(left, key)
				text, jql := cells(m[3])
				plain := harness.PlainText(m[3])
				if !ok || !strings.Contains(plain, s.name) {
					t.Errorf("%s by %s: a row of %v, %q, wanted %q", field, axis, key, plain, s.name)
					continue
				}
				for name, n := range map[string]int{"open": s.open, "todo": s.todo, "inprogress": s.doing, "overdue": s.late} {
					if text[name] != strconv.Itoa(n) {
						t.Errorf("%s by %s, %v: %s %s, want %d", field, axis, key, text[name], name, n)
					}
				}
				for name, query := range jql {
					if _, known := found[query]; !known {
						found[query] = len(find(t, b, owner, query))
					}
					if strconv.Itoa(found[query]) != text[name] {
						t.Errorf("%s by %s, %v: %s %s, but %d by %s", field, axis, key, text[name], name, found[query], query)
					}
				}
				if len(jql) == 0 {
					t.Errorf("%s by %s, %v: no links", field, axis, key)
				}
				checkList(t, b, owner, html.UnescapeString(listButton.FindStringSubmatch(m[3])[1]), s)
			}
			for key := range left {
				t.Errorf("%s by %s: no row of %v", field, axis, key)
			}
		}
	}
}

// checkList opens a row's list.
func checkList(t *testing.T, b harness.Board, account, address string, s share) {
	t.Helper()
	list := b.Call(t, address, boardSession(t, b, account))
	heading := "(" + strconv.Itoa(s.open) + ")"
	if list.Status != http.StatusOK || !strings.Contains(harness.PlainText(list.Body), heading) || !strings.Contains(harness.PlainText(list.Body), s.name) {
		t.Errorf("%s: %d, no %q of %q in\n%.600s", address, list.Status, heading, s.name, harness.PlainText(list.Body))
	}
}

// TestGroupsInPoints counts the same in story points, with what nobody has estimated.
func TestGroupsInPoints(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := b.Dashboard.Owner
	session := boardSession(t, b, owner)
	all := groupedIssues(t, b, owner, "project in (HARB, LANT) AND statusCategory != Done")
	status, view := r.Save(t, session, b.Dashboard.ID, b.Item, scopeForm(url.Values{"rows": {"epic"}, "measure": {"points"}}))
	if status != http.StatusOK {
		t.Fatalf("%d\n%s", status, harness.PlainText(view))
	}
	want := shares(all, "epic", "")
	rows := valueRow.FindAllStringSubmatch(view, -1)
	if len(rows) < 4 {
		t.Fatalf("%d rows:\n%s", len(rows), harness.PlainText(view))
	}
	for _, m := range rows {
		s := want[[2]string{"*", html.UnescapeString(m[2])}]
		text, jql := cells(m[3])
		if text["open"] != decimal(s.points) || text["blank"] != strconv.Itoa(s.unsized) {
			t.Errorf("%s: %s points and %s not estimated, want %v and %d", s.name, text["open"], text["blank"], s.points, s.unsized)
		}
		for name, n := range map[string]int{"open": s.open, "blank": s.unsized} {
			if got := len(find(t, b, owner, jql[name])); n > 0 && got != n {
				t.Errorf("%s: %d by the link of %s, want %d: %s", s.name, got, name, n, jql[name])
			}
		}
	}
}

// TestGroupForm: a wrong choice is refused beside its field, a preview names rows, and
// what was saved before there were groups opens as it was.
func TestGroupForm(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := b.Dashboard.Owner
	session := boardSession(t, b, owner)
	for field, want := range map[string]string{"rows": "Choose one of the rows in the list.", "split": "Choose one of the rows in the list.", "sheet": "Choose one of the rows in the list."} {
		status, page := r.Save(t, session, b.Dashboard.ID, b.Item, scopeForm(url.Values{field: {"moon"}}))
		if status != http.StatusUnprocessableEntity || field != "sheet" && (!strings.Contains(page, `id="sl-`+field+`-error"`) || !strings.Contains(page, want)) {
			t.Errorf("%s: %d, no %q in\n%s", field, status, want, harness.PlainText(page))
		}
	}
	preview := func(change url.Values) string {
		return harness.PlainText(b.Call(t, b.Address("/gadget/workload/rows")+"&"+scopeForm(change).Encode(), session).Body)
	}
	for want, change := range map[string]url.Values{
		"Rows, for example: ": {"rows": {"team"}}, "To do": {"rows": {"status"}}, "Harbour": {"split": {"project"}}, "Bug": {"split": {"type"}}, "Invoices": {"rows": {"epic"}},
	} {
		if got := preview(change); !strings.Contains(got, want) {
			t.Errorf("preview of %v: %q", change, got)
		}
	}
	if got := preview(url.Values{}); got != "" {
		t.Errorf("preview of people: %q", got)
	}
	if status, page := r.Save(t, session, b.Dashboard.ID, b.Item, scopeForm(url.Values{"rows": {"team"}, "split": {"epic"}})); status != http.StatusOK {
		t.Fatalf("%d\n%s", status, harness.PlainText(page))
	}
	if got := saved(t, b); got.Rows != "team" || got.Split != "" || got.TeamField != "customfield_10001" {
		t.Errorf("saved %+v", got.By)
	}
	if status, _ := r.Save(t, session, b.Dashboard.ID, b.Item, scopeForm(nil)); status != http.StatusOK || saved(t, b).TeamField != "" {
		t.Errorf("%d, saved %+v", status, saved(t, b).By)
	}
}

// TestGroupFile: the columns of a file add up to the totals, whatever divides the rows.
func TestGroupFile(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := b.Dashboard.Owner
	session := boardSession(t, b, owner)
	open := 0
	for _, i := range groupedIssues(t, b, owner, "project in (HARB, LANT) AND statusCategory != Done") {
		if i.Fields.Assignee == nil || i.Fields.Assignee.AccountType != "app" {
			open++
		}
	}
	for _, change := range []url.Values{{"rows": {"type"}}, {"split": {"team"}}, nil} {
		if status, page := r.Save(t, session, b.Dashboard.ID, b.Item, scopeForm(change)); status != http.StatusOK {
			t.Fatalf("%d\n%s", status, harness.PlainText(page))
		}
		rows := strings.Split(strings.TrimPrefix(strings.TrimSpace(b.Call(t, b.Address("/gadget/workload/csv")+"&format=point", session).Body), "\ufeff"), "\n")
		at := slices.Index(strings.Split(rows[0], ","), "Open")
		if at < 0 {
			t.Fatalf("%v: no open issues in %q", change, rows[0])
		}
		sum := 0
		for _, row := range rows[1:] {
			if strings.Contains(row, "app, not in the totals") {
				continue
			}
			n, _ := strconv.Atoi(strings.Split(row, ",")[at])
			sum += n
		}
		if sum != open {
			t.Errorf("%v: %d open in the file, want %d:\n%s", change, sum, open, strings.Join(rows, "\n"))
		}
	}
}
