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

// siteStatus is a status as the site lists it.
type siteStatus struct {
	ID, Name       string
	StatusCategory struct{ Key string }
}

// TestStatusesThatAreOpen: what its owner calls open is what a gadget counts, and what its
// links find.
func TestStatusesThatAreOpen(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB", "LANT")
	owner := boardSession(t, b, b.Dashboard.Owner)
	var all []siteStatus
	b.Rest(t, b.Dashboard.Owner, http.MethodGet, "/rest/api/3/status", nil, &all)
	of := func(category string) siteStatus {
		i := slices.IndexFunc(all, func(s siteStatus) bool { return s.StatusCategory.Key == category })
		if i < 0 {
			t.Fatalf("no status is %s: %+v", category, all)
		}
		return all[i]
	}
	doing, done := of("indeterminate"), of("done")
	form := aheadForm(14, "")
	form.Set("load", "capacity")
	form["closed"], form["closedName"] = []string{doing.ID}, []string{doing.Name}
	form["opened"], form["openedName"] = []string{done.ID}, []string{done.Name}
	status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, form)
	if status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, harness.PlainText(view))
	}
	open := map[string]int{} // counted without any condition of the product's
	for _, i := range find(t, b, b.Dashboard.Owner, `project in (HARB, LANT) AND status != `+doing.ID+` AND (status = `+done.ID+` OR statusCategory = "To Do" OR statusCategory = "In Progress")`) {
		who := ""
		if a := i.Fields.Assignee; a != nil {
			who = a.AccountID
		}
		open[who]++
	}
	rows, linked := 0, 0
	for _, m := range harness.TableRow.FindAllStringSubmatch(view, -1) {
		rows++
		text, jql := cells(m[2])
		if who := html.UnescapeString(m[1]); text["open"] != strconv.Itoa(open[who]) {
			t.Errorf("%q: %s open, want %d", who, text["open"], open[who])
		}
		for key, query := range jql {
			linked++
			if found := find(t, b, b.Dashboard.Owner, query); text[key] != strconv.Itoa(len(found)) {
				t.Errorf("%s: shown %s, but %s finds %d", key, text[key], query, len(found))
			}
		}
	}
	if rows < 8 || linked < 40 || open[""] == 0 {
		t.Errorf("%d rows, %d links: too few", rows, linked)
	}
	page := b.Call(t, b.Address("/gadget/workload/form"), owner).Body
	for _, want := range []string{`name="closed" value="` + doing.ID + `"`, `name="openedName" value="` + done.Name + `"`, `id="sl-load-fields" open`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form lacks %s", want)
		}
	}
	find := func(field string) string {
		q := url.Values{"projects": {"HARB"}, "find-" + field: {""}}
		return b.Call(t, b.Address("/gadget/workload/find-"+field)+"&"+q.Encode(), owner).Body
	}
	if got := find("closed"); !strings.Contains(got, doing.Name) || strings.Contains(got, `data-key="`+done.ID+`"`) {
		t.Errorf("statuses that are not done:\n%s", got)
	}
	if got := find("opened"); !strings.Contains(got, `data-key="`+done.ID+`"`) || strings.Contains(got, `data-key="`+doing.ID+`"`) {
		t.Errorf("statuses that are done:\n%s", got)
	}
	form["closed"], form["closedName"] = []string{"3) OR key != (1"}, []string{"Odd"}
	if status, page := r.Save(t, owner, b.Dashboard.ID, b.Item, form); status != http.StatusUnprocessableEntity || !strings.Contains(harness.PlainText(page), "“Odd” cannot be chosen here.") {
		t.Errorf("no status: %d\n%s", status, harness.PlainText(page))
	}
	if got := saved(t, b).Statuses; len(got.Closed) != 1 || got.Closed[0].ID != doing.ID {
		t.Errorf("saved %+v", got)
	}
}
