package form

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

func TestReadDraft(t *testing.T) {
	t.Parallel()
	base := func(more string) url.Values {
		form, err := url.ParseQuery("projects=ABC&window=7&unit=hours&" + more)
		if err != nil {
			t.Fatal(err)
		}
		return form
	}
	days := func(window, from, to string) url.Values {
		form := base("")
		form.Set("window", window)
		form.Set("from", from)
		form.Set("to", to)
		return form
	}
	for name, tc := range map[string]struct {
		form        url.Values
		team        web.TeamChoice
		role, query string // of the configuration
		refresh     workload.Refresh
		wrong       string // the wrong fields
	}{
		"a form of before":    {base("role=1"), web.TeamRole, "1", "", 15, ""},
		"no choice, a query":  {base("query=is+voter+of+A"), web.TeamQuery, "", "is voter of A", 15, ""},
		"no choice, both":     {base("role=1&query=is+voter+of+A"), web.TeamQuery, "1", "is voter of A", 15, "query"},
		"all, with the rest":  {base("team=all&role=1&query=x"), web.TeamAll, "", "", 15, ""},
		"role, with a query":  {base("team=role&role=1&query=x"), web.TeamRole, "1", "", 15, ""},
		"role, none":          {base("team=role&query=x"), web.TeamRole, "", "", 15, "role"},
		"query, with a role":  {base("team=query&role=1&query=+is+voter%0D%0Aof%09A+"), web.TeamQuery, "", "is voter of A", 15, ""},
		"query, none":         {base("team=query&query=+%0A"), web.TeamQuery, "", "", 15, "query"},
		"a group":             {base("team=group&group=g&groupName=crew&role=1"), web.TeamGroup, "", "", 15, ""},
		"a group, none":       {base("team=group&role=1"), web.TeamGroup, "", "", 15, "group"},
		"a group of no name":  {base("team=group&group=g"), web.TeamGroup, "", "", 15, "group"},
		"a team":              {base("team=atlassian&atlassianTeam=t&atlassianTeamName=A&atlassianTeamOf=customfield_1"), web.TeamAtlassian, "", "", 15, ""},
		"a team, none":        {base("team=atlassian"), web.TeamAtlassian, "", "", 15, "atlassianTeam"},
		"a team of no field":  {base("team=atlassian&atlassianTeam=t&atlassianTeamName=A"), web.TeamAtlassian, "", "", 15, "atlassianTeam"},
		"no choice, a group":  {base("group=g&groupName=crew"), web.TeamGroup, "", "", 15, ""},
		"all, with a team":    {base("team=all&atlassianTeam=t"), web.TeamAll, "", "", 15, ""},
		"last week":           {days("lastWeek", "", ""), web.TeamAll, "", "", 15, ""},
		"a range":             {days("range", "2026-11-01", "2026-11-30"), web.TeamAll, "", "", 15, ""},
		"a range of no days":  {days("range", "today", ""), web.TeamAll, "", "", 15, "window"},
		"days of no range":    {days("14", "2026-11-01", ""), web.TeamAll, "", "", 15, ""},
		"another period":      {days("nextWeek", "", ""), web.TeamAll, "", "", 15, "window"},
		"another choice":      {base("team=some&role=1"), "some", "", "", 15, "team"},
		"never":               {base("refresh=0"), web.TeamAll, "", "", 0, ""},
		"hourly":              {base("refresh=60"), web.TeamAll, "", "", 60, ""},
		"an empty refresh":    {base("refresh="), web.TeamAll, "", "", -1, "refresh"},
		"a refresh too large": {base("refresh=99999999999999999999"), web.TeamAll, "", "", -1, "refresh"},
		"nothing":             {url.Values{}, web.TeamAll, "", "", 15, "projects unit window"},
	} {
		d := ReadDraft(tc.form)
		if d.team != tc.team || d.Role != tc.role || d.Query != tc.query || d.Refresh != tc.refresh {
			t.Errorf("%s: got %+v", name, d)
		}
		var fields []string
		for field := range d.Wrong() {
			fields = append(fields, field)
		}
		slices.Sort(fields)
		if got := strings.Join(fields, " "); got != tc.wrong {
			t.Errorf("%s: %q is wrong, want %q", name, got, tc.wrong)
		}
	}
}

func TestDraftKeepsWhatIsNotTicked(t *testing.T) {
	t.Parallel()
	l := lang.New().English()
	form := Plain(l, For{Address: edge.Address{Base: "/gadget", Query: "?x=1"}}, ReadDraft(url.Values{
		"projects": {"ABC", "", "ABC", "<b>"}, "q": {" har "}, "team": {"all"}, "role": {"7"}, "query": {"is voter of A"},
		"title": {" T "}, "cancel": {"1"},
	}))
	if form.Team.Query != "is voter of A" || !form.Team.Roles.Roles[1].Selected || form.Projects.Typed != "har" || form.Title != "T" || !form.Cancel {
		t.Errorf("got %+v, team %+v", form, form.Team)
	}
	want := []web.Project{{Key: "ABC"}, {Key: "<b>"}}
	if diff := cmp.Diff(want, form.Projects.Chosen); diff != "" {
		t.Errorf("projects (-want +got)\n%s", diff)
	}
	if form.Save != "/gadget/form?x=1" || form.Projects.URL != "/gadget/projects?x=1" || form.Team.PeopleURL != "/gadget/people?x=1" {
		t.Errorf("addresses: %s, %s, %s", form.Save, form.Projects.URL, form.Team.PeopleURL)
	}
}

func TestFormTexts(t *testing.T) {
	t.Parallel()
	c := lang.New()
	de, en := c.Of("de"), c.English()
	site := func(on bool, hours, days float64) jira.Settings {
		return jira.Settings{TimeTrackingEnabled: on, TimeTracking: jira.TimeTracking{WorkingHoursPerDay: hours, WorkingDaysPerWeek: days}}
	}
	long := workload.QueryProblem("is assignee of A is voter of somebody else")
	for _, tt := range []struct{ got, want string }{
		{unitHelp(en, site(true, 7.5, 5)), "By your site’s settings: 7.5 hours a day, 5 days a week."},
		{unitHelp(de, site(true, 7.5, 4)), "Nach den Einstellungen Ihrer Site: 7,5 Stunden am Tag, 4 Tage in der Woche."},
		{unitHelp(en, site(false, 0, 0)), en.Form.NoTimeTracking},
		{unitHelp(en, site(true, 0, 5)), en.Form.NoTimeTracking},
		{wrongText(en, long), "This is not a user query from character 18 on: “is voter of somebody els…”."},
		{wrongText(de, workload.QueryProblem("is")), de.Wrong.QueryEnds},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	// Every code has words in every language.
	for _, code := range []workload.WrongCode{
		workload.WrongNoProjects, workload.WrongTooManyProjects, workload.WrongNotProject, workload.WrongTwice, workload.WrongNotVisible,
		workload.WrongTitleLong, workload.WrongControl, workload.WrongRole, workload.WrongQuery, workload.WrongQueryLong, workload.WrongNoQuery,
		workload.WrongTeam, workload.WrongTwoTeams, workload.WrongWindow, workload.WrongUnit, workload.WrongZone, workload.WrongRefresh,
		workload.WrongLoad, workload.WrongPercent, workload.WrongOrder, workload.WrongDueSoon, workload.WrongRegion, workload.WrongDay, workload.WrongManyDays,
		workload.WrongHours, workload.WrongAway, workload.WrongManyAway, workload.WrongManyPeople, workload.WrongCalendar,
		workload.WrongMeasure, workload.WrongPoints, workload.WrongScope, workload.WrongFilter, workload.WrongJQL, workload.WrongValue,
		workload.WrongManyValues, workload.WrongSprint, workload.WrongGroup, workload.WrongAtlassianTeam, workload.WrongRange,
	} {
		for _, l := range []*lang.Language{en, de} {
			if text := wrongText(l, workload.Wrong{Code: code, Text: "x", Limit: 3, At: 1}); text == string(code) || strings.Contains(text, "%!") {
				t.Errorf("%s in %s: %q", code, l.Tag, text)
			}
		}
	}
}
