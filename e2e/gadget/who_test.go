package gadget

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
)

// option is what a picker offers: what would be posted if it were chosen.
var (
	option = regexp.MustCompile(`(?s)<div class="option" role="option".*?</template></div>`)
	posted = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// offered are the fields that a picker's only option posts.
func offered(t *testing.T, b harness.Board, call, session string, form url.Values) url.Values {
	t.Helper()
	page := pick(t, b, call, session, form)
	options := option.FindAllString(page.Body, -1)
	if page.Status != http.StatusOK || len(options) != 1 {
		t.Fatalf("%s: %d, %d options\n%s", call, page.Status, len(options), page.Body)
	}
	fields := url.Values{}
	for _, m := range posted.FindAllStringSubmatch(options[0], -1) {
		fields.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return fields
}

// who are all issues of two projects, as the site gives them, with whose they are.
type who struct {
	Fields struct {
		Assignee *struct{ AccountID, AccountType string }
		Status   struct{ StatusCategory struct{ Key string } }
		Team     *struct{ ID string } `json:"customfield_10001"`
	}
}

func whoseIssues(t *testing.T, b harness.Board, account string) (list []who) {
	t.Helper()
	q := url.Values{"jql": {"project in (HARB, LANT)"}, "maxResults": {"100"}, "fields": {"assignee,status,customfield_10001"}}
	for {
		var page struct {
			Issues        []who
			NextPageToken string
		}
		b.Rest(t, account, http.MethodGet, "/rest/api/3/search/jql?"+q.Encode(), nil, &page)
		list = append(list, page.Issues...)
		if page.NextPageToken == "" {
			return list
		}
		q.Set("nextPageToken", page.NextPageToken)
	}
}

// openOf counts open issues by person; "" is nobody.
func openOf(list []who, counts func(who) bool) map[string]string {
	var open []planned
	for _, i := range list {
		if i.Fields.Status.StatusCategory.Key == "done" || !counts(i) {
			continue
		}
		var p planned
		p.Fields.Assignee = i.Fields.Assignee
		open = append(open, p)
	}
	return openByPerson(open, func(planned) bool { return true })
}

// TestGroupsAndTeams finds a group and a team by typing, saves each, and compares the rows
// with a count of what the site says of all issues. A group that is gone is named, and
// everybody is shown.
func TestGroupsAndTeams(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner, said := b.Dashboard.Owner, lang.New().English()
	session := boardSession(t, b, owner)
	all := whoseIssues(t, b, owner)

	group := offered(t, b, "find-group", session, scopeForm(url.Values{"find:group": {"M-LAN"}}))
	var members struct{ Values []struct{ AccountID string } }
	b.Rest(t, owner, http.MethodGet, "/rest/api/3/group/member?includeInactiveUsers=true&groupId="+group.Get("group"), nil, &members)
	isMember := func(i who) bool {
		return i.Fields.Assignee == nil || slices.ContainsFunc(members.Values, func(m struct{ AccountID string }) bool { return m.AccountID == i.Fields.Assignee.AccountID })
	}
	team := offered(t, b, "find-atlassianTeam", session, scopeForm(url.Values{"find:atlassianTeam": {"quay"}}))
	ofTeam := func(i who) bool { return i.Fields.Team != nil && i.Fields.Team.ID == team.Get("atlassianTeam") }
	for name, tc := range map[string]struct {
		fields url.Values
		counts func(who) bool
	}{"group": {group, isMember}, "atlassian": {team, ofTeam}} {
		tc.fields.Set("team", name)
		form := scopeForm(tc.fields)
		text := harness.PlainText(pick(t, b, "preview", session, form).Body)
		status, view := r.Save(t, session, b.Dashboard.ID, b.Item, form)
		if status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", name, status, harness.PlainText(view))
		}
		want := openOf(all, tc.counts)
		if len(want) < 4 || len(want) >= len(openOf(all, func(who) bool { return true })) {
			t.Errorf("%s: %d people show nothing", name, len(want))
		}
		checkOpen(t, b, name, owner, view, want)
		if finds := strings.Contains(text, " people."); finds != (name == "group") || !strings.Contains(text, "open issues") {
			t.Errorf("%s: the preview says %q", name, text)
		}
		again := html.UnescapeString(b.Call(t, b.Address("/gadget/workload/form"), session).Body)
		for field, values := range tc.fields {
			if field != "team" && !strings.Contains(again, `name="`+field+`" value="`+values[0]+`"`) {
				t.Errorf("%s: the form has lost %s", name, field)
			}
		}
	}
	_, page := r.Save(t, session, b.Dashboard.ID, b.Item, scopeForm(url.Values{"team": {"group"}, "group": {"gone"}, "groupName": {"The old crew"}}))
	if got := saved(t, b); got.Group != (workload.Group{ID: "gone", Name: "The old crew"}) {
		t.Errorf("saved %+v", got)
	}
	checkOpen(t, b, "a group that is gone", owner, page, openOf(all, func(who) bool { return true }))
	if !strings.Contains(html.UnescapeString(page), said.Say(said.Workload.GroupUnseen, "The old crew")) {
		t.Errorf("a group that is gone is not named:\n%s", harness.PlainText(page))
	}
}
