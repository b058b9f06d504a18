package main

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
	"github.com/sightline-go/sightline/internal/workload"
)

// shownTo is one call of a page, and what its answer shows of what only some
// may see.
type shownTo struct {
	name, method, path, body string
	// tells says that the answer to who may see it shows something.
	tells bool
}

// witness is one person who calls the app, with whatever proves who that is.
type witness struct {
	*running
	name, token string
	// sees says that the person may see what others may not.
	sees bool
}

// asks makes a call, compressed or not, and answers what it says.
func (w witness) asks(t *testing.T, c shownTo, zipped bool) string {
	t.Helper()
	method := http.MethodGet
	if c.method != "" {
		method = c.method
	}
	req := newRequest(t, method, w.url+c.path, strings.NewReader(c.body))
	if w.token != "" {
		req.Header.Set("Authorization", w.token)
	}
	if c.body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept-Encoding", map[bool]string{true: "gzip", false: "identity"}[zipped])
	req.Header.Set("If-None-Match", "*") // what is a person's own is never not modified
	resp, err := client().Do(req)
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
		return unzipped(t, body)
	}
	return string(body)
}

// throng has people make the same calls at once, again and again, and looks for
// what the ones may see in the answers to the others.
func throng(t *testing.T, hidden *regexp.Regexp, calls func(w witness) []shownTo, people ...witness) {
	t.Helper()
	var all sync.WaitGroup
	for _, w := range people {
		for round := range 3 {
			list := calls(w)
			for i := range list {
				// Each begins elsewhere, so that each finds what another left.
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

// call is the address of a later call of a gadget.
func (s *stage) call(t *testing.T, module, name string) string {
	return "/gadget/" + module + name + "?" + url.Values{"dashboardId": {s.dashboard.ID}, "dashboardItemId": {s.item(t, module)}}.Encode()
}

// itemCalls are all later calls that show something of a gadget to whoever may
// look at it.
func (s *stage) itemCalls(t *testing.T, person string, day string) []shownTo {
	at := func(module, name string, query url.Values) string {
		return s.call(t, module, name) + "&" + query.Encode()
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
		{name: "time", path: at("timelog", "/view", url.Values{}), tells: true},
		{name: "fresh time", path: at("timelog", "/view", url.Values{"fresh": {"1"}}), tells: true},
		{name: "day", path: at("timelog", "/day", url.Values{"person": {person}, "day": {day}}), tells: true},
	}
}

// vault is what shows that somebody sees the project VALT: its issues, its
// name, its searches, and the hours of the test's own work log.
var vault = regexp.MustCompile(`VALT-\d+|>Vault|Vault \(|%22VALT%22[^"]*"|Secret of the vault|>[78],\d{3}`)

// TestOnePersonsViewsAreNotAnothers: two people with different rights look at
// the same gadgets at the same time, in every way there is.
func TestOnePersonsViewsAreNotAnothers(t *testing.T) {
	t.Parallel()
	s := scene{}.stage(t)
	lead := s.timekeeper(t, s.dashboard, s.viewer)
	for _, module := range []string{"workload", "timelog"} {
		s.showing(t, module, "HARB", "VALT")
	}
	day := lead.secret(t, "Secret of the vault")
	person := func(account string, sees bool) witness {
		token, err := s.site.ContextToken(appKey, account)
		if err != nil {
			t.Fatal(err)
		}
		return witness{s.running, s.name(account), "JWT " + token, sees}
	}
	people := []witness{person(s.viewer, true), person(s.account(t, "rpetrie"), false)}
	sessions := []witness{s.session(t, s.viewer, true), s.session(t, s.account(t, "rpetrie"), false)}
	calls := func(w witness) []shownTo {
		list := s.itemCalls(t, s.viewer, day)
		if w.sees {
			list = append(list, shownTo{name: "a choice of one's own", method: http.MethodPost, path: s.call(t, "workload", "/preferences"), body: "compact=on", tells: true})
		}
		// Only who may edit the dashboard is offered projects.
		return slices.DeleteFunc(list, func(c shownTo) bool { return !w.sees && (c.name == "projects" || c.name == "roles") })
	}
	// What the one has chosen is not chosen for the other.
	hidden := regexp.MustCompile(vault.String() + `|aria-pressed="true"`)
	throng(t, hidden, calls, people...)
	s.forgetViews(t)
	throng(t, hidden, func(w witness) []shownTo {
		// A session is good for its own item alone.
		return slices.DeleteFunc(calls(w), func(c shownTo) bool { return strings.HasPrefix(c.path, "/gadget/timelog") })
	}, sessions...)
	s.leaksNothing(t)
}

// session is what a person's open page of the workload calls with.
func (s *stage) session(t *testing.T, account string, sees bool) witness {
	t.Helper()
	page := s.gadget(t, account, s.dashboard.ID, s.item(t, "workload"))
	return witness{s.running, s.name(account), "JWT " + attribute(t, page, "data-session"), sees}
}

// secret logs many hours with a comment on an issue of the vault, the day
// before yesterday, and answers that day.
func (k *timekeeper) secret(t *testing.T, comment string) string {
	t.Helper()
	started := time.Now().In(k.zone).AddDate(0, 0, -2)
	in := map[string]any{
		"started": started.Format(trackerTime), "timeSpentSeconds": 7777 * 3600,
		"comment": map[string]any{"type": "doc", "version": 1, "content": []any{
			map[string]any{"type": "paragraph", "content": []any{map[string]any{"type": "text", "text": comment}}},
		}},
	}
	k.rest(t, k.AccountID, http.MethodPost, "/rest/api/3/issue/VALT-1/worklog", in, nil)
	return started.Format(time.DateOnly)
}

// TestOneMembersSidebarIsNotAnothers: the same in a room, and for the previews
// of its dialog.
func TestOneMembersSidebarIsNotAnothers(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	lead, outsider := r.person(0), r.person(9)
	form := url.Values{"projects": {"HARB", "VALT"}, "window": {"14"}, "zone": {"UTC"}}
	if status, body := r.saveRoom(t, r.key, r.ID, lead, form); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	member := func(account string, sees bool) witness {
		return witness{r.running, r.name(account), "Bearer " + r.sign(t, with(r.claims(), "sub", account)), sees}
	}
	label := func(account string) string {
		return fmt.Sprintf(`data-label>%d open`, r.count(t, account, workload.OpenIssues("VALT")))
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
	r.leaksNothing(t)
}

// TestTwoPeopleJoinOneReading: two people open the same gadget before anything
// is known, while Jira is slow; each page comes without numbers and each script
// gets its own person's.
func TestTwoPeopleJoinOneReading(t *testing.T) {
	t.Parallel()
	s := scene{waits: true}.stage(t)
	s.showing(t, "workload", "HARB", "VALT")
	want := map[string]int{
		s.viewer:                s.count(t, s.viewer, `project IN (HARB, VALT) AND statusCategory != Done`),
		s.account(t, "rpetrie"): s.count(t, s.account(t, "rpetrie"), `project = HARB AND statusCategory != Done`),
	}
	s.fault(t, connecttest.Fault{Path: searchPath, DelayMs: 1800, Times: 8})
	var all sync.WaitGroup
	for account, open := range want {
		for range 2 {
			all.Go(func() {
				address, err := s.site.ModuleURL(appKey, "workload", account, s.dashboard.ID, s.item(t, "workload"))
				if err != nil {
					t.Error(err)
					return
				}
				status, page := fetch(t, newRequest(t, http.MethodGet, address, nil))
				if status != http.StatusOK || !strings.Contains(page, `data-fragment="loading"`) {
					t.Errorf("%s: %d, not loading:\n%s", s.name(account), status, page)
				}
				if got := total(t, s.loaded(t, page, s.dashboard.ID, s.item(t, "workload"))); got != open {
					t.Errorf("%s is shown %d open, want %d", s.name(account), got, open)
				}
			})
		}
	}
	all.Wait()
}

// TestSessionsStayWithTheirItem: no later call of any gadget takes the session
// of another item, and none shows it anything.
func TestSessionsStayWithTheirItem(t *testing.T) {
	t.Parallel()
	s := scene{viewer: "rpetrie"}.stage(t)
	for _, module := range []string{"workload", "timelog"} {
		s.showing(t, module, "HARB")
	}
	w := s.session(t, s.viewer, false)
	tried := 0
	for _, route := range s.app.Server().Routes() {
		module, call, later := strings.Cut(strings.TrimPrefix(route.Path, "/gadget/"), "/")
		if !strings.HasPrefix(route.Path, "/gadget/") || !later {
			continue
		}
		for _, other := range []string{s.item(t, "timelog"), "1", s.site.Objects().Dashboards[1].Items[0].ID} {
			tried++
			query := url.Values{"dashboardId": {s.dashboard.ID}, "dashboardItemId": {other}, "account": {""}, "key": {"HARB-1"}}
			req := newRequest(t, route.Method, s.url+route.Path+"?"+query.Encode(), strings.NewReader("sort=name"))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Authorization", w.token)
			if status, body := fetch(t, req); status != http.StatusForbidden || strings.Contains(body, "HARB") {
				t.Errorf("%s %s of %s, item %s: %d, want 403\n%s", route.Method, call, module, other, status, body)
			}
		}
	}
	if tried < 30 {
		t.Errorf("only %d calls were tried", tried)
	}
}

// TestTenantsViewsAreNotEachOthers: two sites hold the same ids, and their
// people look at everything at once.
func TestTenantsViewsAreNotEachOthers(t *testing.T) {
	t.Parallel()
	one, two, apps := twoTenants(t)
	stages := []*stage{}
	for i, b := range []board{one, two} {
		s := &stage{running: b.running, installed: apps[i], dashboard: b.dashboard, viewer: b.dashboard.Owner}
		for _, module := range []string{"workload", "timelog"} {
			s.showing(t, module, "HARB", "VALT")
		}
		s.rest(t, s.viewer, http.MethodPut, "/rest/api/3/issue/VALT-1", map[string]any{"fields": map[string]any{"summary": "Summary on site " + fmt.Sprint(i)}}, nil)
		stages = append(stages, s)
	}
	day := stages[0].timekeeper(t, one.dashboard, one.dashboard.Owner).secret(t, "Secret of site 0")
	// What the first site's owner has chosen is not chosen on the second.
	hidden := regexp.MustCompile(`Summary on site 0|Secret of site 0|>[78],\d{3}|aria-pressed="true"|` + regexp.QuoteMeta(one.site.URL()))
	var people []witness
	for i, s := range stages {
		token, err := s.site.ContextToken(appKey, s.viewer)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, witness{s.running, fmt.Sprintf("site %d", i), "JWT " + token, i == 0})
	}
	calls := func(w witness) []shownTo {
		list := stages[0].itemCalls(t, stages[0].viewer, day)
		for i := range list {
			if list[i].name == "a choice" {
				list[i].body = map[bool]string{true: "compact=on", false: "sort=name"}[w.sees]
			}
			if list[i].name == "projects" || list[i].name == "somebody's issues" {
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
