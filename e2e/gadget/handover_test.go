package gadget

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
	"github.com/sightline-go/sightline/internal/workload"
)

var (
	listedKey = regexp.MustCompile(`<li class="issue[^"]*" data-issue="([^"]*)"`)
	undoOf    = regexp.MustCompile(`data-post="([^"]*/undo[^"]*)"`)
)

// handing is a board whose owner hands issues over.
type handing struct {
	harness.Board
	t                 *testing.T
	owner, from, to   string
	session           string
	listed            []string
	fromOpen, toOpen  int
	formPath, ownPath string
}

func newHanding(t *testing.T) *handing {
	t.Helper()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r)
	config := workload.NewGadgetConfig()
	config.Projects = []string{"HARB", "LANT"}
	b.Configure(t, config)
	h := &handing{Board: b, t: t, owner: b.Dashboard.Owner, from: r.Account(t, "creyes"), to: r.Account(t, "praghunathan")}
	page := b.Look(t, h.owner).Body
	h.session = harness.Attribute(t, page, "data-session")
	h.fromOpen, h.toOpen = h.open(page, h.from), h.open(page, h.to)
	h.ownPath = b.Address("/gadget/workload/person") + "&account=" + url.QueryEscape(h.from)
	h.formPath = b.Address("/gadget/workload/handover") + "&account=" + url.QueryEscape(h.from)
	list := b.Call(t, h.ownPath, h.session)
	for _, m := range listedKey.FindAllStringSubmatch(list.Body, -1) {
		h.listed = append(h.listed, m[1])
	}
	if len(h.listed) < 4 || !strings.Contains(list.Body, "Hand over…") {
		t.Fatalf("the list: %d issues\n%s", len(h.listed), list.Body)
	}
	return h
}

func (h *handing) open(page, account string) int {
	h.t.Helper()
	for _, row := range harness.ReadTeam(h.t, page).Rows {
		if row.Account == account {
			return row.Figures.Open
		}
	}
	h.t.Fatalf("%s has no row", account)
	return 0
}

func (h *handing) assignee(key string) string {
	h.t.Helper()
	var out struct {
		Fields struct{ Assignee *struct{ AccountID string } }
	}
	h.Rest(h.t, h.owner, http.MethodGet, "/rest/api/3/issue/"+key+"?fields=assignee", nil, &out)
	if out.Fields.Assignee == nil {
		return ""
	}
	return out.Fields.Assignee.AccountID
}

// TestHandOver: several issues go to somebody else at once, the numbers follow, and undo
// gives back what nobody has taken since.
func TestHandOver(t *testing.T) {
	t.Parallel()
	h := newHanding(t)
	form := h.Call(t, h.formPath, h.session)
	if form.Status != http.StatusOK || strings.Count(form.Body, `type="checkbox" name="issue"`) != len(h.listed) || !strings.Contains(form.Body, `value="`+h.to+`"`) || strings.Contains(form.Body, `value="`+h.from+`"`) {
		t.Fatalf("form: %d\n%s", form.Status, form.Body)
	}
	three := h.listed[:3]
	done := h.Post(t, h.formPath, h.session, url.Values{"issue": three, "to": {h.to}})
	place := undoOf.FindStringSubmatch(done.Body)
	if done.Status != http.StatusOK || place == nil || !strings.Contains(done.Body, "3 issues are now Priya Raghunathan’s.") {
		t.Fatalf("hand over: %d\n%s", done.Status, done.Body)
	}
	for _, key := range three {
		if got := h.assignee(key); got != h.to || strings.Contains(done.Body, `data-issue="`+key+`"`) {
			t.Errorf("%s is assigned to %s", key, got)
		}
	}
	page := h.Call(t, h.Address("/gadget/workload/view"), h.session).Body
	if from, to := h.open(page, h.from), h.open(page, h.to); from != h.fromOpen-3 || to != h.toOpen+3 {
		t.Errorf("open: %d and %d after %d and %d", from, to, h.fromOpen, h.toOpen)
	}
	// Somebody takes one of them before the undo.
	h.Rest(t, h.owner, http.MethodPut, "/rest/api/3/issue/"+three[0]+"/assignee", map[string]string{"accountId": h.owner}, nil)
	back := h.Post(t, html.UnescapeString(place[1]), h.session, url.Values{"undo": {"1"}})
	if back.Status != http.StatusOK || !strings.Contains(back.Body, "2 issues were given back.") || !strings.Contains(back.Body, three[0]+".") {
		t.Errorf("undo: %d\n%s", back.Status, back.Body)
	}
	for i, want := range []string{h.owner, h.from, h.from} {
		if got := h.assignee(three[i]); got != want {
			t.Errorf("%s is assigned to %s, want %s", three[i], got, want)
		}
	}
	nobody := h.Post(t, h.formPath, h.session, url.Values{"issue": three[1:2], "to": {"-"}})
	if got := h.assignee(three[1]); nobody.Status != http.StatusOK || got != "" || !strings.Contains(nobody.Body, "1 issue is now nobody’s.") {
		t.Errorf("to nobody: %d, %s has it\n%s", nobody.Status, got, nobody.Body)
	}
	h.LeaksNothing(t)
}

// TestHandOverWrong: what is missing is said beside its field, Jira's refusals by issue,
// and nothing else changes.
func TestHandOverWrong(t *testing.T) {
	t.Parallel()
	h := newHanding(t)
	many := make([]string, 0, 51)
	for len(many) < 51 {
		many = append(many, "HARB-"+strings.Repeat("1", len(many)%17+1)+string(rune('0'+len(many)/17)))
	}
	for want, form := range map[string]url.Values{
		"Choose at least one issue.":          {"to": {h.to}},
		"Choose who is to have them.":         {"issue": h.listed[:1]},
		"Choose at most 50 issues at a time.": {"issue": many, "to": {h.to}},
	} {
		if got := h.Post(t, h.formPath, h.session, form); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, want) || !strings.Contains(got.Body, `aria-invalid="true"`) && !strings.Contains(got.Body, "sl-issue-error") {
			t.Errorf("%s: %d\n%s", want, got.Status, got.Body)
		}
	}
	for name, form := range map[string]url.Values{
		"no key":         {"issue": {"x OR 1=1"}, "to": {h.to}},
		"a stranger":     {"issue": h.listed[:1], "to": {h.Account(t, "tfaleolo") + "x"}},
		"the same":       {"issue": h.listed[:1], "to": {h.from}},
		"none of theirs": {"issue": {"HARB-999999"}, "to": {h.to}},
	} {
		got := h.Post(t, h.formPath, h.session, form)
		if got.Status != http.StatusUnprocessableEntity && !strings.Contains(got.Body, "Not changed, because somebody else has them by now") {
			t.Errorf("%s: %d\n%s", name, got.Status, got.Body)
		}
	}
	if err := h.Site.AddFault(connecttest.Fault{Method: http.MethodPut, Path: "/rest/api/3/issue/" + h.listed[1] + "/assignee", Status: http.StatusForbidden}); err != nil {
		t.Fatal(err)
	}
	got := h.Post(t, h.formPath, h.session, url.Values{"issue": h.listed[:2], "to": {h.to}})
	if got.Status != http.StatusOK || !strings.Contains(got.Body, "1 issue is now Priya Raghunathan’s.") || !strings.Contains(got.Body, "Jira did not let you change the assignee of "+h.listed[1]) {
		t.Errorf("half refused: %d\n%s", got.Status, got.Body)
	}
	if h.assignee(h.listed[0]) != h.to || h.assignee(h.listed[1]) != h.from {
		t.Error("what was refused has changed, or what was not has not")
	}
	for _, path := range []string{"&to=&issues=HARB-1", "&to=-&issues=", "&to=-&issues=a%20b"} {
		if got := h.Post(t, h.Address("/gadget/workload/undo")+"&account="+url.QueryEscape(h.from)+path, h.session, url.Values{}); got.Status != http.StatusNotFound {
			t.Errorf("undo %s: %d\n%s", path, got.Status, got.Body)
		}
	}
}

// TestHandOverInBrowser: with the mouse, there and back, on both hosts.
func TestHandOverInBrowser(t *testing.T) {
	onHosts(t, func(t *testing.T, dev *harness.Running, d *hosts.Dashboard) {
		account := dev.Account(t, "creyes")
		openOf := `Number(document.querySelector("[data-person='` + account + `'] [data-count=open]").textContent)`
		before := browsertest.FrameEval[int](d.Gadget, openOf)
		d.Gadget.Click("[data-person='" + account + "'] [data-open]")
		d.Shown("[data-fragment=issues] .issue")
		d.Gadget.Click(".handover [data-open]")
		d.Shown("[data-fragment=handover]")
		d.Gadget.Do(`document.querySelectorAll("[name=issue]")[0].click(); document.querySelectorAll("[name=issue]")[1].click();
			const to = document.querySelector("[name=to]"); to.value = [...to.options].find((o) => o.text === "Priya Raghunathan").value;`)
		d.Gadget.Click("[data-fragment=handover] [type=submit]")
		d.Shown("[data-fragment=issues] .saved [data-post]")
		d.Gadget.Click(".saved [data-post]")
		d.Gadget.Until(`document.querySelector(".saved")?.textContent.includes("2 issues were given back.")`)
		d.Gadget.Click("[data-action=back]")
		d.Shown(hosts.Workload)
		if after := browsertest.FrameEval[int](d.Gadget, openOf); after != before {
			t.Errorf("%d open after %d", after, before)
		}
	})
}
