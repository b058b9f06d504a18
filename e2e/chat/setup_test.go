package chat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

// setupForm is the dialog's form with one field changed.
func setupForm(name string, values ...string) url.Values {
	form := url.Values{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}, "parts": {"open"}}
	if name != "" {
		form[name] = values
	}
	return form
}

// glanceOf is the stored glance of the room.
func glanceOf(t testing.TB, r harness.Room) glance.Row {
	t.Helper()
	row, err := r.Store.Glances.Glance(t.Context(), glance.Key{
		Surface: glance.SurfaceChat, Site: r.Site.CloudID(), Conversation: r.ID, Kind: glance.KindGlance, Module: "workload",
	})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// TestDialogClosesWhenTheRoomShowsIt saves and looks at the room at once.
func TestDialogClosesWhenTheRoomShowsIt(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	if got := pushedFirst(t, r, "chat:configuration"); got != `{"configured":false}` {
		t.Errorf("the first state of the configuration is %s", got)
	}
	german := r.Site.People()[6].AccountID
	for _, tc := range []struct {
		person string
		form   url.Values
		words  string // %d open, %d overdue
	}{
		{r.Members[0], setupForm("parts", "open", "overdue"), "%d open · %d overdue"},
		{german, setupForm("parts", "open", "overdue"), "%d offen · %d überfällig"},
		{r.Members[0], setupForm("parts", "overdue", "open"), "%[2]d overdue · %[1]d open"},
		{r.Members[0], setupForm("parts"), "%d open · %d overdue"},
	} {
		if status, body := r.SaveRoom(t, r.Key, r.ID, tc.person, tc.form); status != http.StatusOK {
			t.Fatalf("save: %d\n%s", status, body)
		}
		open := r.Count(t, tc.person, workload.OpenIssues("HARB"))
		overdue := r.Count(t, tc.person, workload.OpenIssues("HARB")+` AND due < "`+time.Now().UTC().Format(time.DateOnly)+`"`)
		shown := r.Shown(t, r.ID)
		if want := fmt.Sprintf(tc.words, open, overdue); shown.Label != want || !shown.Configured {
			t.Errorf("the room shows %q, configured %v; want %q", shown.Label, shown.Configured, want)
		}
		if got := r.Preview(t, tc.person, tc.form); got != shown.Label {
			t.Errorf("the preview reads %q, the room %q", got, shown.Label)
		}
	}
	want := glance.Config{
		Projects: []string{"HARB", "LANT"}, Role: "", Window: 7, Zone: "Europe/Berlin", Language: "de",
		Parts: []glance.Part{glance.PartOpen, glance.PartHeavy}, QuietFrom: "22:00", QuietTo: "07:00",
	}
	form := url.Values{
		"projects": {"HARB", "LANT"}, "window": {"7"}, "zone": {"Europe/Berlin"}, "parts": {"open", "heavy", "open"},
		"quietFrom": {"22:00"}, "quietTo": {"07:00"},
	}
	if status, body := r.SaveRoom(t, r.Key, r.ID, german, form); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, body)
	}
	if diff := cmp.Diff(want, glanceOf(t, r).Config); diff != "" {
		t.Errorf("saved want +got:\n%s", diff)
	}
}

// pushedFirst is the first state that was pushed to the room's module.
func pushedFirst(t testing.TB, r harness.Room, module string) string {
	t.Helper()
	var out string
	harness.Eventually(t, "a state of "+module, func() bool {
		var state struct {
			Pushed []struct {
				Conversation, Module string
				State                json.RawMessage
			}
		}
		_, body := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, r.Site.URL()+"/-/chat", nil))
		if err := json.Unmarshal([]byte(body), &state); err != nil {
			t.Fatal(err)
		}
		for _, p := range state.Pushed {
			if p.Conversation == r.ID && p.Module == module {
				out = string(p.State)
				return true
			}
		}
		return false
	})
	return out
}

// TestDialogStaysWhenTheRoomDoesNotShowIt breaks what lies between dialog and
// room.
func TestDialogStaysWhenTheRoomDoesNotShowIt(t *testing.T) {
	t.Parallel()
	r, open := configuredRoom(t)
	form := setupForm("parts", "open", "unassigned")
	form.Set("quietFrom", "21:30")
	form.Set("quietTo", "06:15")
	for name, tc := range map[string]struct {
		fault connecttest.Fault
		says  string
	}{
		"the chat refuses":   {connecttest.Fault{Method: http.MethodPut, Path: "/site/*", Status: http.StatusInternalServerError}, "the chat rejected it"},
		"jira refuses":       {connecttest.Fault{Path: "/rest/api/3/search/*", Status: http.StatusInternalServerError}, "Jira could not be read"},
		"the chat is broken": {connecttest.Fault{Method: http.MethodPut, Path: "/site/*", Reset: true}, "the chat rejected it"},
	} {
		if err := r.Site.AddFault(tc.fault); err != nil {
			t.Fatal(err)
		}
		status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], form)
		r.Site.ClearFaults()
		if status != http.StatusBadGateway {
			t.Fatalf("%s: status %d\n%s", name, status, body)
		}
		for _, want := range []string{
			`data-fragment="config"`, "Saved, but the room does not show it yet", tc.says, "keeps trying",
			`value="unassigned" checked`, `value="21:30"`, `value="06:15"`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the form lacks %q:\n%s", name, want, body)
			}
		}
	}
	unassigned := r.Count(t, r.Members[0], workload.OpenIssues("HARB")+" AND assignee is EMPTY")
	r.WaitForLabel(t, r.ID, fmt.Sprintf("%d open · %d unassigned", open, unassigned))
}

// TestDialogStaysWhenJiraDoesNotAnswer: the app cannot find out whether the
// person may browse what they added, and saves nothing.
func TestDialogStaysWhenJiraDoesNotAnswer(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	before := r.Kept(t)
	for status, want := range map[int]int{
		http.StatusInternalServerError: http.StatusBadGateway, http.StatusTooManyRequests: http.StatusTooManyRequests,
	} {
		if err := r.Site.AddFault(connecttest.Fault{Path: "/rest/api/3/project/search*", Status: status}); err != nil {
			t.Fatal(err)
		}
		form := setupForm("projects", "HARB", "LANT")
		form.Set("quietFrom", "21:30")
		form.Set("quietTo", "06:15")
		got, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], form)
		r.Site.ClearFaults()
		if got != want || !strings.Contains(body, `data-fragment="config"`) || !strings.Contains(body, `role="alert"`) {
			t.Errorf("status %d, want %d and the form\n%s", got, want, body)
		}
		for _, kept := range []string{`value="LANT"`, `value="21:30"`, `value="06:15"`} {
			if !strings.Contains(body, kept) {
				t.Errorf("after %d the form lacks %s:\n%s", status, kept, body)
			}
		}
	}
	if diff := cmp.Diff(before, r.Kept(t)); diff != "" {
		t.Errorf("what could not be checked was saved:\n%s", diff)
	}
}

// TestPreviewShowsWhatThePersonMaySee asks as a person from whom Jira hides a
// project.
func TestPreviewShowsWhatThePersonMaySee(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	insider, outsider := r.Members[0], r.Site.People()[9].AccountID // sees no VALT
	harbour := r.Count(t, outsider, workload.OpenIssues("HARB"))
	both := r.Count(t, insider, `project IN (HARB, VALT) AND statusCategory != Done`)
	if both == harbour {
		t.Fatal("nothing is hidden")
	}
	for _, tc := range []struct {
		name, person string
		form         url.Values
		want         string
	}{
		{"both", insider, setupForm("projects", "HARB", "VALT"), fmt.Sprintf("%d open", both)},
		{"one of them hidden", outsider, setupForm("projects", "HARB", "VALT"), fmt.Sprintf("%d open", harbour)},
		{"hidden", outsider, setupForm("projects", "VALT"), ""},
		{"of nobody", insider, setupForm("projects", "NOPE"), ""},
		{"none", insider, setupForm("projects"), ""},
		{"quiet hours change no label", outsider, setupForm("quietFrom", "25:99"), fmt.Sprintf("%d open", harbour)},
		{"no key", outsider, setupForm("projects", `HARB" OR project = "VALT`), ""},
		{"no zone", outsider, setupForm("zone", "../../etc/passwd"), ""},
		{"no window", outsider, setupForm("window", "0"), ""},
		{"no part", outsider, setupForm("parts", "<script>"), ""},
		{"no role", outsider, setupForm("role", "1 OR 1"), ""},
	} {
		for range 2 { // the second may come from the cache
			if got := r.Preview(t, tc.person, tc.form); got != tc.want {
				t.Errorf("%s: the preview reads %q, want %q", tc.name, got, tc.want)
			}
		}
	}
	// The label itself is the room's, and counts what the app sees.
	if status, body := r.SaveRoom(t, r.Key, r.ID, insider, setupForm("projects", "HARB", "VALT")); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, body)
	}
	if got, want := r.Shown(t, r.ID).Label, fmt.Sprintf("%d open", both); got != want {
		t.Errorf("the room shows %q, want %q", got, want)
	}
	if got, want := r.Preview(t, outsider, setupForm("projects", "HARB", "VALT")), fmt.Sprintf("%d open", harbour); got != want {
		t.Errorf("in a room that shows more, the preview reads %q, want %q", got, want)
	}
}

// TestPreviewFollowsChanges finishes an issue while the dialog is open.
func TestPreviewFollowsChanges(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	open := r.Count(t, r.Members[0], workload.OpenIssues("HARB"))
	if got, want := r.Preview(t, r.Members[0], setupForm("")), fmt.Sprintf("%d open", open); got != want {
		t.Errorf("the preview reads %q, want %q", got, want)
	}
	r.FinishOneIssue(t, r.Members[0], "HARB")
	harness.Eventually(t, "the preview follows", func() bool {
		return r.Preview(t, r.Members[0], setupForm("")) == fmt.Sprintf("%d open", open-1)
	})
}

// TestProjectsThatAnotherMemberChose: they stay until somebody removes them.
func TestProjectsThatAnotherMemberChose(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	insider, outsider := r.Members[0], r.Site.People()[9].AccountID // sees no VALT
	save := func(person string, projects ...string) int {
		t.Helper()
		status, _ := r.SaveRoom(t, r.Key, r.ID, person, setupForm("projects", projects...))
		return status
	}
	shows := func(want ...string) {
		t.Helper()
		if got := glanceOf(t, r).Config.Projects; !slices.Equal(got, want) {
			t.Errorf("the room shows %q, want %q", got, want)
		}
	}
	if got := save(outsider, "HARB", "VALT"); got != http.StatusUnprocessableEntity {
		t.Errorf("a hidden project is added: %d", got)
	}
	if got := save(insider, "HARB", "VALT"); got != http.StatusOK {
		t.Fatalf("save: %d", got)
	}
	status, page := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/setup"}, "Bearer "+r.Sign(t, harness.With(r.Claims(), "sub", outsider)))
	if status != http.StatusOK || !strings.Contains(page, `value="VALT"`) || strings.Contains(page, "Vault") {
		t.Errorf("the dialog does not show the other's project by its key only: %d\n%s", status, page)
	}
	if got := save(outsider, "LANT", "VALT"); got != http.StatusOK {
		t.Errorf("a kept project is refused: %d", got)
	}
	shows("LANT", "VALT")
	if got := save(outsider, "LANT"); got != http.StatusOK {
		t.Errorf("a project is not removed: %d", got)
	}
	shows("LANT")
	if got := save(outsider, "LANT", "VALT"); got != http.StatusUnprocessableEntity {
		t.Errorf("a removed project comes back: %d", got)
	}
	shows("LANT")
}

func TestWrongLabelsAndTimesSaveNothing(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	before := r.Kept(t)
	for name, tc := range map[string]struct {
		form url.Values
		says string
	}{
		"no such part":     {setupForm("parts", "open", "names"), "Choose at least one number"},
		"a part's name":    {setupForm("parts", "Open"), "Choose at least one number"},
		"only a beginning": {setupForm("quietFrom", "22:00"), "two different times"},
		"only an end":      {setupForm("quietTo", "07:00"), "two different times"},
		"no time":          {func() url.Values { f := setupForm("quietFrom", "25:00"); f.Set("quietTo", "07:00"); return f }(), "two different times"},
		"a script":         {func() url.Values { f := setupForm("quietFrom", "<script>"); f.Set("quietTo", "07:00"); return f }(), "two different times"},
		"the same twice":   {func() url.Values { f := setupForm("quietFrom", "07:00"); f.Set("quietTo", "07:00"); return f }(), "two different times"},
	} {
		status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], tc.form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, tc.says) || strings.Contains(body, "<script>") {
			t.Errorf("%s: status %d, want 422 and %q\n%s", name, status, tc.says, body)
		}
	}
	if diff := cmp.Diff(before, r.Kept(t)); diff != "" {
		t.Errorf("wrong forms changed what is stored:\n%s", diff)
	}
}

// TestUninstallDropsWhatIsPending removes the app while the chat is down.
func TestUninstallDropsWhatIsPending(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	pushes := r.Shown(t, r.ID).Pushes
	if err := r.Site.AddFault(connecttest.Fault{Method: http.MethodPut, Path: "/site/*", Status: http.StatusInternalServerError}); err != nil {
		t.Fatal(err)
	}
	r.FinishOneIssue(t, r.Members[0], "HARB")
	harness.Eventually(t, "the push fails", func() bool { return glanceOf(t, r).Attempts > 0 })
	if _, err := r.Site.UninstallChat(t.Context(), r.Key, r.ID); err != nil {
		t.Fatal(err)
	}
	r.Site.ClearFaults()
	if kept := r.Kept(t); len(kept) > 0 {
		t.Errorf("kept after uninstall: %q", kept)
	}
	if got := r.Shown(t, r.ID).Pushes; got != pushes {
		t.Errorf("%d states pushed after the app was removed", got-pushes)
	}
}

func TestSitesWithoutTheAppSayWhatToInstall(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	if _, err := r.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
		t.Fatal(err)
	}
	token := "Bearer " + r.Sign(t, r.Claims())
	for _, path := range []string{"/chat/setup", "/chat/sidebar", "/chat/sidebar/view"} {
		status, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: path}, token)
		for _, want := range []string{"Ask a Jira administrator to install the app “Sightline”", r.Site.CloudID()} {
			if status != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("%s: status %d, no %q\n%s", path, status, want, body)
			}
		}
	}
	if status, _ := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/setup/label?" + setupForm("").Encode()}, token); status != http.StatusForbidden {
		t.Errorf("a preview without jira: %d, want 403", status)
	}
}
