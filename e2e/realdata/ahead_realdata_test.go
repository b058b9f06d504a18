package realdata

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// ahead counts, by account, a project's open issues by when they are due, straight from
// the file: overdue, in each week until some days ahead, later, without a due date. It
// goes through the days one by one; a week begins on the given day.
func (d publicData) ahead(t *testing.T, people map[string]connecttest.Person, project string, shift, days int, now time.Time, begins time.Weekday) map[string][]int {
	t.Helper()
	part, parts := map[string]int{}, 0
	for n := 0; n <= days; n++ {
		day := now.AddDate(0, 0, n)
		if n == 0 || day.Weekday() == begins {
			parts++
		}
		part[day.Format(time.DateOnly)] = parts
	}
	out := map[string][]int{}
	for _, i := range d.Issues {
		if i.Project != project || i.StatusCategory == "done" {
			continue
		}
		account := ""
		if i.Assignee != "" {
			account = people[i.Assignee].AccountID
		}
		if out[account] == nil {
			out[account] = make([]int, parts+3)
		}
		slot := parts + 2
		if i.Duedate != "" {
			due, err := time.Parse(time.DateOnly, i.Duedate)
			if err != nil {
				t.Fatal(err)
			}
			text := due.AddDate(0, 0, shift).Format(time.DateOnly)
			if slot = part[text]; slot == 0 && text > now.Format(time.DateOnly) {
				slot = parts + 1
			}
		}
		out[account][slot]++
	}
	return out
}

// TestRealAhead compares what is due ahead, for each person and nobody, with a count made
// straight from the file, for viewers whose days and weeks begin elsewhere.
func TestRealAhead(t *testing.T) {
	t.Parallel()
	site, data, shift, people := dueSite(t)
	r := harness.Start(t, site)
	r.Install(t)
	dashboard := site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	session := harness.Attribute(t, r.Gadget(t, dashboard.Owner, dashboard.ID, item), "data-session")
	for _, project := range []string{"ARROW", "TIMOB"} {
		for _, days := range []int{7, 28, 40} {
			form := url.Values{"projects": {project}, "window": {"14"}, "unit": {"hours"}, "ahead": {"own"}, "aheadDays": {strconv.Itoa(days)}}
			if status, body := r.Save(t, session, dashboard.ID, item, form); status != http.StatusOK {
				t.Fatalf("save: %d\n%s", status, body)
			}
			for _, viewer := range viewersOf(t, site, dashboard.Owner) {
				begins := map[bool]time.Weekday{true: time.Sunday, false: time.Monday}[viewer.Locale == "en_US" || viewer.Locale == "ja_JP"]
				count := func() map[string][]int {
					return data.ahead(t, people, project, shift, days, time.Now().In(zoneOf(t, viewer)), begins)
				}
				before := count()
				got := partsOf(t, r.Gadget(t, viewer.AccountID, dashboard.ID, item))
				for account, list := range got {
					if before[account] == nil && sumOf(list) == 0 { // has only logged time
						delete(got, account)
					}
				}
				if diff := cmp.Diff(before, got); diff != "" && !cmp.Equal(count(), got) {
					t.Errorf("%s, %d days, %s: (-want +got)\n%s", project, days, viewer.TimeZone, diff)
				}
				if len(got) < 20 {
					t.Errorf("%s: only %d rows", project, len(got))
				}
				t.Logf("%s, %d days, %s, weeks from %s: nobody's are %v", project, days, viewer.TimeZone, begins, got[""])
			}
		}
	}
}

func sumOf(list []int) (sum int) {
	for _, n := range list {
		sum += n
	}
	return sum
}

// partsOf reads what is overdue and the parts of the time ahead, by account.
func partsOf(t *testing.T, page string) map[string][]int {
	t.Helper()
	out := map[string][]int{}
	for _, row := range harness.TableRow.FindAllStringSubmatch(page, -1) {
		text := map[string]string{}
		for _, m := range realCell.FindAllStringSubmatch(row[2], -1) {
			text[m[1]] = harness.PlainText(m[2])
		}
		list, key := []int{}, "overdue"
		for n := 0; text[key] != ""; n++ {
			number, err := strconv.Atoi(text[key])
			if err != nil {
				t.Fatal(err)
			}
			list, key = append(list, number), "ahead"+strconv.Itoa(n)
		}
		out[html.UnescapeString(row[1])] = list
	}
	return out
}

// dueSite is a site with the data of public trackers, whose issues get due dates: of 1,437
// open ones in ARROW two have any, both long ago. Every sixth has none.
func dueSite(t *testing.T) (site *connecttest.Site, data publicData, shift int, people map[string]connecttest.Person) {
	t.Helper()
	raw, data := readPublicData(t)
	newest := time.Now().AddDate(0, 0, -data.days(t, time.Now())) // as the data is moved
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	issues, _ := all["issues"].([]any)
	for n := range data.Issues {
		data.Issues[n].Duedate = ""
		if n%6 > 0 {
			data.Issues[n].Duedate = newest.AddDate(0, 0, n%83-20).Format(time.DateOnly)
		}
		issue, _ := issues[n].(map[string]any)
		if issue["duedate"] = data.Issues[n].Duedate; data.Issues[n].Duedate == "" {
			delete(issue, "duedate")
		}
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return siteOf(t, raw, data)
}
