package gadget

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// The sample's fields of story points.
const (
	estimateField = "customfield_10016"
	pointsField   = "customfield_10026"
)

// rawIssue is an open issue as the site gives it.
type rawIssue struct {
	ID, Key string
	Fields  struct {
		Assignee *struct {
			AccountID   string
			AccountType string
		}
		TimeEstimate *float64
		Estimate     *float64 `json:"customfield_10016"`
		Points       *float64 `json:"customfield_10026"`
	}
}

// find asks the site for issues as somebody.
func find(t testing.TB, b harness.Board, account, jql string) (list []rawIssue) {
	t.Helper()
	token := ""
	for {
		var page struct {
			Issues        []rawIssue
			NextPageToken string
		}
		q := url.Values{"jql": {jql}, "maxResults": {"100"}, "fields": {"assignee,timeestimate," + estimateField + "," + pointsField}}
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

// inUnit is how much each person's issues are, and how many have no estimate, counted
// from what the site says. "" is nobody.
func inUnit(list []rawIssue, size func(rawIssue) *float64) (sum map[string]float64, blank map[string]int) {
	sum, blank = map[string]float64{}, map[string]int{}
	for _, i := range list {
		who := ""
		if a := i.Fields.Assignee; a != nil {
			if a.AccountType == "app" {
				continue
			}
			who = a.AccountID
		}
		if n := size(i); n != nil {
			sum[who] += *n
		} else {
			sum[who] += 0
			blank[who]++
		}
	}
	return sum, blank
}

func ofPoints(i rawIssue) *float64 {
	if i.Fields.Estimate != nil {
		return i.Fields.Estimate
	}
	return i.Fields.Points
}

func ofHours(i rawIssue) *float64 {
	if s := i.Fields.TimeEstimate; s != nil && *s > 0 {
		hours := *s / 3600
		return &hours
	}
	return nil
}

var cellOf = regexp.MustCompile(`(?s)<td[^>]* data-count="(\w+)"[^>]*>(.*?)</td>`)

var linkOf = regexp.MustCompile(`<a href="([^"]*)"`)

// cells are the texts of a row's cells, and the JQL of their links.
func cells(row string) (text, jql map[string]string) {
	text, jql = map[string]string{}, map[string]string{}
	for _, m := range cellOf.FindAllStringSubmatch(row, -1) {
		text[m[1]] = strings.ReplaceAll(harness.PlainText(m[2]), ",", "")
		if link := linkOf.FindStringSubmatch(m[2]); link != nil {
			if at, err := url.Parse(html.UnescapeString(link[1])); err == nil {
				jql[m[1]] = at.Query().Get("jql")
			}
		}
	}
	return text, jql
}

func decimal(n float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") }

// checkSizes compares a view with a count, and each number with what its link finds.
func checkSizes(t *testing.T, b harness.Board, account, view string, size func(rawIssue) *float64) {
	t.Helper()
	sum, blank := inUnit(find(t, b, account, "project in (HARB, LANT) AND statusCategory != Done"), size)
	rows := harness.TableRow.FindAllStringSubmatch(view, -1)
	linked, seen := 0, 0
	for _, m := range rows {
		who := html.UnescapeString(m[1])
		text, jql := cells(m[2])
		if text["open"] != decimal(sum[who]) && !(text["open"] == "<0.1" && sum[who] < 0.1) || text["blank"] != strconv.Itoa(blank[who]) {
			t.Errorf("%q: open %s, not estimated %s; want %v and %d", who, text["open"], text["blank"], sum[who], blank[who])
		}
		if blank[who] > 0 {
			seen++
		}
		for key, query := range jql {
			linked++
			found := find(t, b, account, query)
			got, none := 0.0, 0
			for _, i := range found {
				if n := size(i); n != nil {
					got += *n
				} else {
					none++
				}
			}
			if key == "blank" && (none != len(found) || text[key] != strconv.Itoa(none)) || key != "blank" && text[key] != decimal(got) {
				t.Errorf("%q, %s: shown %s, but %s finds %v and %d without", who, key, text[key], query, got, none)
			}
		}
	}
	if len(rows) < 8 || linked < 20 || seen < 4 || len(sum) < 8 {
		t.Errorf("%d rows, %d links, %d with something not estimated: too few", len(rows), linked, seen)
	}
}

// TestMeasures counts in story points and in remaining time, from Jira and from what is
// held, and compares both with what the site says.
func TestMeasures(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t), func(f *app.ServeFlags) { f.Index = "on" })
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB", "LANT")
	owner := boardSession(t, b, b.Dashboard.Owner)
	form := url.Values{"projects": {"HARB", "LANT"}, "team": {"all"}, "window": {"14"}, "unit": {"hours"}, "refresh": {"15"}}
	for measure, size := range map[string]func(rawIssue) *float64{"points": ofPoints, "remaining": ofHours} {
		form.Set("measure", measure)
		status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, form)
		if status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", measure, status, view)
		}
		checkSizes(t, b, b.Dashboard.Owner, view, size)
		if measure == "points" {
			if got := saved(t, b); got.Measure != workload.MeasurePoints || !slices.Equal(got.Points, []string{estimateField, pointsField}) {
				t.Errorf("saved %q %v", got.Measure, got.Points)
			}
		}
	}
	form.Set("measure", "points")
	if status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, form); status != http.StatusOK {
		t.Fatalf("save again: %d\n%s", status, view)
	}
	holdFacts(t, r, "HARB", "LANT")
	viewer := r.Person(9)
	before := r.Site.Requests(0)
	checkSizes(t, b, viewer, b.Look(t, viewer).Body, ofPoints)
	for _, q := range r.Site.Requests(before[len(before)-1].Seq) {
		if q.Operation == "bulkFetchIssues" {
			t.Errorf("issues are fetched though they are held: %s", q.Path)
		}
	}
}

// holdFacts waits until facts of projects are held.
func holdFacts(t *testing.T, r *harness.Running, projects ...string) {
	t.Helper()
	tenant, err := r.Store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(r.Site.CloudID()))
	if err != nil {
		t.Fatal(err)
	}
	r.App.Feed().Survey()
	facts := r.App.Feed().Facts(string(tenant.ID))
	harness.Eventually(t, "facts are held", func() bool {
		held, ok := facts.Held(t.Context(), source.Scope{Projects: projects})
		return ok && held.PointFields == [2]string{estimateField, pointsField}
	})
}

// TestMeasureForm previews what is found, asks for the field only where a site has
// several, and refuses nonsense.
func TestMeasureForm(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := boardSession(t, b, b.Dashboard.Owner)
	preview := func(measure string) string {
		return b.Call(t, b.Address("/gadget/workload/preview")+"&"+url.Values{"projects": {"HARB", "NONE"}, "measure": {measure}}.Encode(), owner).Body
	}
	all := find(t, b, b.Dashboard.Owner, "project = HARB AND statusCategory != Done")
	without := 0
	for _, i := range all {
		if ofPoints(i) == nil {
			without++
		}
	}
	if got, want := harness.PlainText(preview("points")), fmt.Sprintf("Finds about %d open issues, %d of them without an estimate.", len(all), without); got != want || without == 0 {
		t.Errorf("preview %q, want %q", got, want)
	}
	if got, want := harness.PlainText(preview("")), fmt.Sprintf("Finds about %d open issues.", len(all)); got != want {
		t.Errorf("preview %q, want %q", got, want)
	}
	if strings.Contains(preview("points"), "<select") {
		t.Error("asks for a field though there is no choice")
	}
	b.Rest(t, r.AdminAccount(t), http.MethodPost, "/rest/api/3/field", map[string]string{
		"name": "Story Points (old)", "type": "com.atlassian.jira.plugin.system.customfieldtypes:float", "searcherKey": "com.atlassian.jira.plugin.system.customfieldtypes:exactnumber",
	}, nil)
	if got := preview("points"); strings.Count(got, "<option") != 4 || !strings.Contains(got, "Story Points (old) (field 10100)") {
		t.Errorf("fields to choose from:\n%s", got)
	}
	for name, change := range map[string]url.Values{
		"Choose issues, remaining time or story points.": {"measure": {"guesses"}},
		"Choose a field of story points.":                {"measure": {"points"}, "points": {`cf[1] OR key != ""`}},
	} {
		form := url.Values{"projects": {"HARB"}, "team": {"all"}, "window": {"14"}, "unit": {"hours"}, "refresh": {"15"}}
		for field, values := range change {
			form[field] = values
		}
		if status, page := r.Save(t, owner, b.Dashboard.ID, b.Item, form); status != http.StatusUnprocessableEntity || !strings.Contains(harness.PlainText(page), name) {
			t.Errorf("%v: %d, no %q", change, status, name)
		}
	}
}

// TestPointFieldIsAskedOnce: what is chosen of several fields is proposed in the site's
// next form without being asked; gadgets that are saved keep their own, and nobody
// chooses for the site who may not save.
func TestPointFieldIsAskedOnce(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := boardSession(t, b, b.Dashboard.Owner)
	asked := func(session string) (settled bool, chosen string) {
		t.Helper()
		body := b.Call(t, b.Address("/gadget/workload/preview")+"&"+url.Values{"projects": {"HARB"}, "measure": {"points"}}.Encode(), session).Body
		found := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(body)
		if !strings.Contains(body, `name="points"`) {
			t.Fatalf("the preview:\n%s", body)
		}
		return strings.Contains(body, "<details"), append(found, "", "")[1]
	}
	const old = "customfield_10100"
	b.Rest(t, r.AdminAccount(t), http.MethodPost, "/rest/api/3/field", map[string]string{
		"name": "Story Points (old)", "type": "com.atlassian.jira.plugin.system.customfieldtypes:float", "searcherKey": "com.atlassian.jira.plugin.system.customfieldtypes:exactnumber",
	}, nil)
	if settled, _ := asked(owner); settled {
		t.Error("nobody was asked yet")
	}
	form := url.Values{"projects": {"HARB"}, "team": {"all"}, "window": {"14"}, "unit": {"hours"}, "refresh": {"15"}, "measure": {"points"}, "points": {old}}
	viewer := boardSession(t, b, r.Viewer(t, b.Dashboard))
	if status, _ := r.Save(t, viewer, b.Dashboard.ID, b.Item, form); status != http.StatusForbidden {
		t.Errorf("a viewer saves: %d", status)
	}
	if settled, _ := asked(owner); settled {
		t.Error("a viewer has chosen for the site")
	}
	if status, page := r.Save(t, owner, b.Dashboard.ID, b.Item, form); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, page)
	}
	if settled, chosen := asked(owner); !settled || chosen != old {
		t.Errorf("asked again (%t), %q is proposed", !settled, chosen)
	}
	delete(form, "points") // a form that was sent before fields were offered
	if status, page := r.Save(t, owner, b.Dashboard.ID, b.Item, form); status != http.StatusOK || !slices.Equal(saved(t, b).Points, []string{old}) {
		t.Errorf("saved without a field: %d, %v\n%s", status, saved(t, b).Points, page)
	}
	form.Set("points", estimateField)
	if status, page := r.Save(t, owner, b.Dashboard.ID, b.Item, form); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, page)
	}
	b.Configure(t, workload.GadgetConfig{Projects: []string{"HARB"}, Window: workload.Fortnight, Unit: workload.UnitHours, Measure: workload.MeasurePoints, Points: []string{old}})
	if settled, chosen := asked(owner); !settled || chosen != estimateField {
		t.Errorf("settled %t, %q is proposed for a new gadget", settled, chosen)
	}
	if page := b.Call(t, b.Address("/gadget/workload/form"), owner).Body; !strings.Contains(page, `<option value="`+old+`" selected`) {
		t.Errorf("the form of a saved gadget does not have its own field:\n%s", page)
	}
}
