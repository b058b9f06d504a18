package reader

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// lie changes an answer of Jira's.
type lie func(w harness.Want, a *harness.Answer)

func says(status int, body string) lie {
	return func(_ harness.Want, a *harness.Answer) {
		a.Status, a.Body, a.Text = status, json.RawMessage(body), ""
	}
}

// only lies about answers whose request's path holds a text.
func only(part string, l lie) lie {
	return func(w harness.Want, a *harness.Answer) {
		if strings.Contains(w.Path, part) {
			l(w, a)
		}
	}
}

var number = regexp.MustCompile(`"(timeestimate|timeSpentSeconds|total)":(\d+)`)

// lies are what a page may say in place of Jira's answers.
func lies(victim string) map[string]lie {
	replace := func(pairs ...string) lie {
		return func(_ harness.Want, a *harness.Answer) {
			a.Body = json.RawMessage(strings.NewReplacer(pairs...).Replace(string(a.Body)))
		}
	}
	endless := func(w harness.Want, a *harness.Answer) {
		a.Status = http.StatusOK
		a.Body = json.RawMessage(fmt.Sprintf(`{"issues":[],"isLast":false,"nextPageToken":%q}`, w.Key))
	}
	return map[string]lie{
		"others' names": replace(`"displayName":"`, `"displayName":"Liar `, `"accountId":"`, `"accountId":"x`),
		"somebody else": only("/myself", says(200, `{"accountId":"`+victim+`","displayName":"Liar","timeZone":"Pacific/Kiritimati","locale":"de_DE"}`)),
		"no zone":       only("/myself", says(200, `{"accountId":"`+victim+`","timeZone":"Liar/Zone","locale":"xx"}`)),
		"huge numbers": func(_ harness.Want, a *harness.Answer) {
			a.Body = number.ReplaceAll(a.Body, []byte(`"$1":9${2}00000000000000`))
		},
		"no time tracking":  only("/configuration", says(200, `{"timeTrackingEnabled":false}`)),
		"odd time tracking": only("/configuration", says(200, `{"timeTrackingEnabled":true,"timeTrackingConfiguration":{"workingHoursPerDay":1e300,"workingDaysPerWeek":-1}}`)),
		"another provider":  only("/timetracking", says(200, `{"key":"liar","name":"Liar"}`)),
		"other preferences": only("/user/properties/", says(200, `{"key":"sightline.preferences","value":{"pins":["`+victim+`"],"compact":true}}`)),
		"wrong types":       says(200, `{"issues":{"a":1},"values":7,"accountId":[],"timeZone":{},"timeTrackingEnabled":"yes"}`),
		"not JSON":          func(_ harness.Want, a *harness.Answer) { a.Body, a.Text = nil, "<html>" },
		"endless":           only("/search/jql", endless),
		"every project":     only("/project/search", says(200, `{"values":[{"key":"VALT"}],"isLast":true}`)),
		"refusals":          says(403, `{"errorMessages":["liar"]}`),
		"a quota":           says(429, `{}`),
		"no status":         func(_ harness.Want, a *harness.Answer) { a.Status = 7 },
	}
}

// served is what the server reads for a person.
func served(t *testing.T, f harness.Forge, person, gadget string) any {
	t.Helper()
	view := f.Call(t, person, gadget, "/view?fresh=1").HTML
	if gadget == "workload" {
		return harness.ReadTeam(t, view)
	}
	return harness.ReadSheet(t, view)
}

// seenBy is what people see of both gadgets: in their own pages and by the server.
func seenBy(t *testing.T, f harness.Forge, people []string) map[string]any {
	t.Helper()
	out := map[string]any{}
	for _, person := range people {
		for _, gadget := range gadgets() {
			page := f.Reader(person, gadget).View(t)
			if gadget == "workload" {
				out[person+" "+gadget+" in the page"] = harness.ReadTeam(t, page)
			} else {
				out[person+" "+gadget+" in the page"] = harness.ReadSheet(t, page)
			}
			out[person+" "+gadget] = served(t, f, person, gadget)
		}
	}
	return out
}

// TestALiarFoolsNobodyElse: a page says what it likes in place of Jira's answers,
// before anybody else has looked. Nobody else sees other numbers, nor does the
// liar when the server reads, and no row and no label changes.
func TestALiarFoolsNobodyElse(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	f := start(t, connecttest.Options{}, harness.InBrowser)
	liar, victim, other := f.Person(3), f.Person(0), f.Person(9)
	room := f.Site.Objects().Conversations[0]
	f.Site.SetForgeSettings(connecttest.ForgeSettings{Impersonation: true})
	f.SetUpRoom(t, harness.AppKey, room, "HARB", "LANT")
	f.Rested(t, room.ID)
	f.View(t, liar, "workload") // their token is known
	truth := map[string]any{}
	for _, gadget := range gadgets() {
		truth[gadget] = served(t, f, victim, gadget)
	}
	label, rows := f.Shown(t, room.ID), f.Rows(t)

	for name, l := range lies(victim) {
		for _, gadget := range gadgets() {
			f.ForgetViews(t)
			tell(t, f.Reader(liar, gadget), l)
			if diff := cmp.Diff(truth[gadget], served(t, f, victim, gadget)); diff != "" {
				t.Errorf("%s: another viewer sees (-want +got):\n%s", name, diff)
			}
		}
	}
	foreign(t, f, liar, victim)

	after := f.Rows(t)
	for _, table := range []string{"quota_points", "readiness", "programs", "tenants", "forge_installs", "forge_tokens"} { // when calls came, and what the server's cost
		delete(rows, table)
		delete(after, table)
	}
	if diff := cmp.Diff(rows, after); diff != "" {
		t.Errorf("stored rows (-before +after):\n%s", diff)
	}
	got := seenBy(t, f, []string{victim, other})
	liars := f.Call(t, liar, "workload", "/view?fresh=1").HTML
	f.Restart(t) // nothing is left in memory
	if diff := cmp.Diff(seenBy(t, f, []string{victim, other}), got); diff != "" {
		t.Errorf("others see (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(harness.ReadTeam(t, f.Call(t, liar, "workload", "/view?fresh=1").HTML), harness.ReadTeam(t, liars)); diff != "" {
		t.Errorf("the server shows the liar (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(label, f.Shown(t, room.ID)); diff != "" {
		t.Errorf("the room shows (-want +got):\n%s", diff)
	}
	if logs := f.Logs.String(); strings.Contains(logs, "Liar") || strings.Contains(logs, "panic") {
		t.Error("the log repeats a lie, or something panicked")
	}
}

// tell has a page lie until it gets something to show, an error, or has lied often.
func tell(t *testing.T, page *harness.Reader, l lie) {
	t.Helper()
	page.Lie = l
	got := page.First(t)
	for round := 0; got.Read != nil && round < 60; round++ {
		page.Fetch(t, got.Read)
		got = page.Hand(t, got.Read)
	}
	if got.Status != http.StatusOK {
		t.Errorf("answered %+v", got)
	} else if got.Read == nil && got.HTML == "" {
		t.Errorf("nothing to show: %+v", got)
	}
}

// foreign has a page answer what another viewer's page was asked.
func foreign(t *testing.T, f harness.Forge, liar, victim string) {
	t.Helper()
	honest := f.Reader(victim, "workload")
	wanted := honest.First(t)
	if wanted.Read == nil {
		t.Fatalf("nothing to read: %+v", wanted)
	}
	page := f.Reader(liar, "workload")
	page.Lie = says(200, `{"accountId":"liar","displayName":"Liar","timeZone":"Liar/Zone"}`)
	page.Fetch(t, wanted.Read)
	page.Hand(t, wanted.Read)
	if got := honest.Follow(t, wanted); got.Code != http.StatusOK || strings.Contains(got.HTML, "Liar") {
		t.Errorf("the victim sees %+v", got)
	}
}

// TestBadParts: a page's call that brings something else than answers is refused
// as such.
func TestBadParts(t *testing.T) {
	t.Parallel()
	f := start(t, connecttest.Options{}, harness.InBrowser)
	page := f.Reader(f.Person(0), "workload")
	first := page.First(t)
	for name, packed := range map[string]string{
		"no base64": "%", "no list": harness.Packed(t, 1), "no answers": harness.Packed(t, []int{1}), "too long": strings.Repeat("A", 200_004),
	} {
		if got := page.HandPacked(t, first.Read, packed); got.Code != http.StatusBadRequest || got.HTML == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for path, code := range map[string]int{
		"/forge/ui/timelog-gadget?entry=view": 404, "/forge/ui/workload-gadget/form": 404, "/forge/ui/workload-gadget/preferences": 404,
		"": 404, "https://evil.example/forge/ui/workload-gadget": 404, "%zz": 400, "/forge/ui/workload-gadget/issue?key=%25": 404,
	} {
		read := *first.Read
		read.Path = path
		if got := page.HandPacked(t, &read, ""); got.Code != code {
			t.Errorf("%q: %d, want %d", path, got.Code, code)
		}
	}
}
