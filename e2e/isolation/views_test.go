package isolation

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// shownTo is one call of a page, and whether its answer shows what only some
// may see.
type shownTo struct {
	name, method, path, body string
	// tells says that the answer shows something to those who may see it.
	tells bool
}

// witness is one person who calls the app, with proof of who they are.
type witness struct {
	*harness.Running
	name, token string
	// sees says that the person may see what others may not.
	sees bool
}

// asks makes a call, compressed or not, and returns the answer's text.
func (w witness) asks(t *testing.T, c shownTo, zipped bool) string {
	t.Helper()
	method := http.MethodGet
	if c.method != "" {
		method = c.method
	}
	req := harness.NewRequest(t, method, w.URL+c.path, strings.NewReader(c.body))
	if w.token != "" {
		req.Header.Set("Authorization", w.token)
	}
	if c.body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept-Encoding", map[bool]string{true: "gzip", false: "identity"}[zipped])
	req.Header.Set("If-None-Match", "*") // a person's own data never answers 304
	resp, err := harness.Client().Do(req)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
		return ""
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("ETag") != "" || resp.Header.Get("Cache-Control") != "no-cache, no-store" {
		t.Errorf("%s, %s: %d %v", w.name, c.name, resp.StatusCode, resp.Header)
	}
	if resp.Header.Get("Content-Encoding") == "gzip" {
		return harness.Unzipped(t, body)
	}
	return string(body)
}

// throng has people make the same calls at once, again and again, and searches
// the answers to some for what only others may see.
func throng(t *testing.T, hidden *regexp.Regexp, calls func(w witness) []shownTo, people ...witness) {
	t.Helper()
	var all sync.WaitGroup
	for _, w := range people {
		for round := range 3 {
			list := calls(w)
			for i := range list {
				// Each starts at a different call, so that each finds what
				// another left in the cache.
				c := list[(i+round*len(list)/3)%len(list)]
				all.Go(func() {
					body := w.asks(t, c, (round+i)%2 == 0)
					found := hidden.FindString(body)
					if found != "" && !w.sees {
						t.Errorf("%s sees %q in %s:\n%.2000s", w.name, found, c.name, body)
					}
					if found == "" && w.sees && c.tells {
						t.Errorf("%s sees nothing in %s:\n%.2000s", w.name, c.name, body)
					}
				})
			}
		}
	}
	all.Wait()
}

// stageCall is the address of a later call of a gadget.
func stageCall(t *testing.T, s *harness.Stage, module, name string) string {
	return "/gadget/" + module + name + "?" + url.Values{"dashboardId": {s.Dashboard.ID}, "dashboardItemId": {s.Item(t, module)}}.Encode()
}

// itemCalls are all later calls that show something of a gadget to its viewers.
func itemCalls(t *testing.T, s *harness.Stage, person string, day string) []shownTo {
	at := func(module, name string, query url.Values) string {
		return stageCall(t, s, module, name) + "&" + query.Encode()
	}
	team := at("workload", "/view", url.Values{})
	return []shownTo{
		{name: "view", path: team, tells: true},
		{name: "fresh view", path: team + "&fresh=1", tells: true},
		{name: "nobody's issues", path: at("workload", "/person", url.Values{"account": {""}}), tells: true},
		{name: "somebody's issues", path: at("workload", "/person", url.Values{"account": {person}})},
		{name: "issue", path: at("workload", "/issue", url.Values{"key": {"VALT-1"}}), tells: true},
		{name: "a choice", method: http.MethodPost, path: at("workload", "/preferences", url.Values{}), body: "sort=name", tells: true},
		{name: "projects", path: at("workload", "/projects", url.Values{"q": {"va"}}), tells: true},
		{name: "roles", path: at("workload", "/roles", url.Values{"projects": {"VALT"}, "team": {"role"}})},
		{name: "filters", path: at("workload", "/find-filter", url.Values{"find:filter": {"vault"}}), tells: true},
		{name: "epics", path: at("workload", "/find-epics", url.Values{"projects": {"VALT"}}), tells: true},
		{name: "preview", path: at("workload", "/preview", url.Values{"projects": {"VALT"}})},
		{name: "a query", path: at("workload", "/jql", url.Values{"jql": {"project = VALT"}})},
		{name: "time", path: at("timelog", "/view", url.Values{}), tells: true},
		{name: "fresh time", path: at("timelog", "/view", url.Values{"fresh": {"1"}}), tells: true},
		{name: "day", path: at("timelog", "/day", url.Values{"person": {person}, "day": {day}}), tells: true},
	}
}

// vault matches what only people who see the project VALT get: its issues, its
// name, its searches, and the hours of the test's own work log.
var vault = regexp.MustCompile(`VALT-\d+|>Vault|Vault \(|%22VALT%22[^"]*"|Secret of the vault|>[78],\d{3}`)

// TestOnePersonsViewsAreNotAnothers: two people with different rights open the
// same gadgets at the same time, in every way.
func TestOnePersonsViewsAreNotAnothers(t *testing.T) {
	t.Parallel()
	s := harness.Scene{}.Stage(t)
	lead := s.Timekeeper(t, s.Dashboard, s.Viewer)
	for _, module := range []string{"workload", "timelog"} {
		s.Showing(t, module, "HARB", "VALT")
	}
	day := secret(t, lead, "Secret of the vault")
	person := func(account string, sees bool) witness {
		token, err := s.Site.ContextToken(harness.AppKey, account)
		if err != nil {
			t.Fatal(err)
		}
		return witness{s.Running, s.PersonName(account), "JWT " + token, sees}
	}
	people := []witness{person(s.Viewer, true), person(s.Account(t, "rpetrie"), false)}
	sessions := []witness{stageSession(t, s, s.Viewer, true), stageSession(t, s, s.Account(t, "rpetrie"), false)}
	calls := func(w witness) []shownTo {
		list := itemCalls(t, s, s.Viewer, day)
		if w.sees {
			list = append(list, shownTo{name: "a choice of one's own", method: http.MethodPost, path: stageCall(t, s, "workload", "/preferences"), body: "compact=on", tells: true})
		}
		// Only people who may edit the dashboard are offered something to choose.
		offers := []string{"projects", "roles", "filters", "epics", "preview", "a query"}
		return slices.DeleteFunc(list, func(c shownTo) bool { return !w.sees && slices.Contains(offers, c.name) })
	}
	// One person's choice does not apply to the other.
	hidden := regexp.MustCompile(vault.String() + `|aria-pressed="true"`)
	throng(t, hidden, calls, people...)
	s.ForgetViews(t)
	throng(t, hidden, func(w witness) []shownTo {
		// A session is valid only for its own item.
		return slices.DeleteFunc(calls(w), func(c shownTo) bool { return strings.HasPrefix(c.path, "/gadget/timelog") })
	}, sessions...)
	s.LeaksNothing(t)
}

// stageSession is a person with the session of their open workload page.
func stageSession(t *testing.T, s *harness.Stage, account string, sees bool) witness {
	t.Helper()
	page := s.Gadget(t, account, s.Dashboard.ID, s.Item(t, "workload"))
	return witness{s.Running, s.PersonName(account), "JWT " + harness.Attribute(t, page, "data-session"), sees}
}

// secret logs many hours with a comment on an issue of VALT, the day before
// yesterday, and returns that day.
func secret(t *testing.T, k *harness.Timekeeper, comment string) string {
	t.Helper()
	started := time.Now().In(k.Zone).AddDate(0, 0, -2)
	in := map[string]any{
		"started": started.Format(harness.TrackerTime), "timeSpentSeconds": 7777 * 3600,
		"comment": map[string]any{"type": "doc", "version": 1, "content": []any{
			map[string]any{"type": "paragraph", "content": []any{map[string]any{"type": "text", "text": comment}}},
		}},
	}
	k.Rest(t, k.AccountID, http.MethodPost, "/rest/api/3/issue/VALT-1/worklog", in, nil)
	return started.Format(time.DateOnly)
}

// TestOneMembersSidebarIsNotAnothers is the same in a room, and for the
// previews of its dialog.
func TestOneMembersSidebarIsNotAnothers(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	lead, outsider := r.Person(0), r.Person(9)
	form := url.Values{"projects": {"HARB", "VALT"}, "window": {"14"}, "zone": {"UTC"}}
	if status, body := r.SaveRoom(t, r.Key, r.ID, lead, form); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	member := func(account string, sees bool) witness {
		return witness{r.Running, r.PersonName(account), "Bearer " + r.Sign(t, harness.With(r.Claims(), "sub", account)), sees}
	}
	label := func(account string) string {
		return fmt.Sprintf(`data-label>%d open`, r.Count(t, account, workload.OpenIssues("VALT")))
	}
	hidden := regexp.MustCompile(vault.String() + "|" + label(lead))
	throng(t, hidden, func(witness) []shownTo {
		return []shownTo{
			{name: "sidebar", path: "/chat/sidebar", tells: true},
			{name: "view", path: "/chat/sidebar/view", tells: true},
			{name: "fresh view", path: "/chat/sidebar/view?fresh=1", tells: true},
			{name: "nobody's issues", path: "/chat/sidebar/person?account=", tells: true},
			{name: "issue", path: "/chat/sidebar/issue?key=VALT-1", tells: true},
			{name: "a choice", method: http.MethodPost, path: "/chat/sidebar/preferences", body: "sort=name", tells: true},
			{name: "dialog", path: "/chat/setup", tells: true},
			{name: "projects", path: "/chat/setup/projects?q=va", tells: true},
			{name: "label", path: "/chat/setup/label?projects=VALT&window=14&zone=UTC&parts=open&team=all", tells: true},
		}
	}, member(lead, true), member(outsider, false))
	r.LeaksNothing(t)
}

// TestTwoPeopleOpenAtOnce: two people open the same gadget before anything is
// cached, while Jira is slow; each page comes without numbers, and each script
// gets its own person's.
func TestTwoPeopleOpenAtOnce(t *testing.T) {
	t.Parallel()
	s := harness.Scene{Waits: true}.Stage(t)
	s.Showing(t, "workload", "HARB", "VALT")
	want := map[string]int{
		s.Viewer:                s.Count(t, s.Viewer, `project IN (HARB, VALT) AND statusCategory != Done`),
		s.Account(t, "rpetrie"): s.Count(t, s.Account(t, "rpetrie"), `project = HARB AND statusCategory != Done`),
	}
	s.Fault(t, connecttest.Fault{Path: harness.SearchPath, DelayMs: 2600})
	var all sync.WaitGroup
	for account, open := range want {
		for range 2 {
			all.Go(func() {
				address, err := s.Site.ModuleURL(harness.AppKey, "workload", account, s.Dashboard.ID, s.Item(t, "workload"))
				if err != nil {
					t.Error(err)
					return
				}
				status, page := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil))
				if status != http.StatusOK || !strings.Contains(page, `data-fragment="loading"`) {
					t.Errorf("%s: %d, not loading:\n%s", s.PersonName(account), status, page)
				}
				if got := harness.Total(t, s.Loaded(t, page, s.Dashboard.ID, s.Item(t, "workload"))); got != open {
					t.Errorf("%s is shown %d open, want %d", s.PersonName(account), got, open)
				}
			})
		}
	}
	all.Wait()
}

// TestSessionsStayWithTheirItem: no later call of any gadget accepts another
// item's session or shows it anything.
func TestSessionsStayWithTheirItem(t *testing.T) {
	t.Parallel()
	s := harness.Scene{Viewer: "rpetrie"}.Stage(t)
	for _, module := range []string{"workload", "timelog"} {
		s.Showing(t, module, "HARB")
	}
	w := stageSession(t, s, s.Viewer, false)
	tried := 0
	for _, route := range s.App.Server().Routes() {
		module, call, later := strings.Cut(strings.TrimPrefix(route.Path, "/gadget/"), "/")
		if !strings.HasPrefix(route.Path, "/gadget/") || !later {
			continue
		}
		for _, other := range []string{s.Item(t, "timelog"), "1", s.Site.Objects().Dashboards[1].Items[0].ID} {
			tried++
			query := url.Values{"dashboardId": {s.Dashboard.ID}, "dashboardItemId": {other}, "account": {""}, "key": {"HARB-1"}}
			req := harness.NewRequest(t, route.Method, s.URL+route.Path+"?"+query.Encode(), strings.NewReader("sort=name"))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Authorization", w.token)
			if status, body := harness.Fetch(t, req); status != http.StatusForbidden || strings.Contains(body, "HARB") {
				t.Errorf("%s %s of %s, item %s: %d, want 403\n%s", route.Method, call, module, other, status, body)
			}
		}
	}
	if tried < 30 {
		t.Errorf("only %d calls were tried", tried)
	}
}

// TestTenantsViewsAreNotEachOthers: two sites have the same ids, and their
// people open everything at once.
func TestTenantsViewsAreNotEachOthers(t *testing.T) {
	t.Parallel()
	one, two, apps := twoTenants(t)
	stages := []*harness.Stage{}
	for i, b := range []harness.Board{one, two} {
		s := &harness.Stage{Running: b.Running, Installed: apps[i], Dashboard: b.Dashboard, Viewer: b.Dashboard.Owner}
		for _, module := range []string{"workload", "timelog"} {
			s.Showing(t, module, "HARB", "VALT")
		}
		s.Rest(t, s.Viewer, http.MethodPut, "/rest/api/3/issue/VALT-1", map[string]any{"fields": map[string]any{"summary": "Summary on site " + fmt.Sprint(i)}}, nil)
		stages = append(stages, s)
	}
	day := secret(t, stages[0].Timekeeper(t, one.Dashboard, one.Dashboard.Owner), "Secret of site 0")
	// The choice of the first site's owner does not apply on the second site.
	hidden := regexp.MustCompile(`Summary on site 0|Secret of site 0|>[78],\d{3}|aria-pressed="true"|` + regexp.QuoteMeta(one.Site.URL()))
	var people []witness
	for i, s := range stages {
		token, err := s.Site.ContextToken(harness.AppKey, s.Viewer)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, witness{s.Running, fmt.Sprintf("site %d", i), "JWT " + token, i == 0})
	}
	calls := func(w witness) []shownTo {
		list := itemCalls(t, stages[0], stages[0].Viewer, day)
		for i := range list {
			if list[i].name == "a choice" {
				list[i].body = map[bool]string{true: "compact=on", false: "sort=name"}[w.sees]
			}
			switch list[i].name {
			case "projects", "somebody's issues", "filters", "epics": // the same on both sites
				list[i].tells = false
			}
		}
		return list
	}
	throng(t, hidden, calls, people...)
	other := people[1]
	other.token = people[0].token // names another issuer, whose data it shows
	if body := other.asks(t, calls(people[0])[4], false); !strings.Contains(body, "Summary on site 0") {
		t.Errorf("the token decides whose data is shown, and this shows\n%s", body)
	}
}
