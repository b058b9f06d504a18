package userquery_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/userquery"
)

var (
	sydney = userquery.Property("location", "office", "city").Is("Sydney")
	abc    = userquery.AssigneeOf("ABC")
	issues = userquery.ReporterOf("ABC-1", "XY_2-30")
)

func TestBuild(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		query userquery.Query
		want  string
	}{
		{"project", abc, `is assignee of ABC`},
		{"one issue", userquery.AssigneeOf("ABC-1"), `is assignee of (ABC-1)`},
		{"issues", issues, `is reporter of (ABC-1, XY_2-30)`},
		{"watcher", userquery.WatcherOf("A-1"), `is watcher of (A-1)`},
		{"voter", userquery.VoterOf("A-1"), `is voter of (A-1)`},
		{"commenter", userquery.CommenterOf("A-1"), `is commenter of (A-1)`},
		{"transitioner", userquery.TransitionerOf("A-1"), `is transitioner of (A-1)`},
		{"property", sydney, `[location].office.city is "Sydney"`},
		{"quoting", userquery.Property("a.b c[", "größe", "x-1").Is(`say "\"`), `[a.b c[].größe.x-1 is "say \"\\\""`},
		{"no text", userquery.Property("k", "is").Is(""), `[k].is is ""`},
		{"and", userquery.And(abc, sydney, issues), `is assignee of ABC AND [location].office.city is "Sydney" AND is reporter of (ABC-1, XY_2-30)`},
		{"or", userquery.Or(abc, sydney), `is assignee of ABC OR [location].office.city is "Sydney"`},
		{"or of ands", userquery.Or(userquery.And(abc, sydney), issues), `is assignee of ABC AND [location].office.city is "Sydney" OR is reporter of (ABC-1, XY_2-30)`},
		{
			"and of ors", userquery.And(userquery.Or(abc, sydney), userquery.Or(issues, userquery.VoterOf("A-1"))),
			`is assignee of ABC AND is reporter of (ABC-1, XY_2-30) OR is assignee of ABC AND is voter of (A-1) OR ` +
				`[location].office.city is "Sydney" AND is reporter of (ABC-1, XY_2-30) OR [location].office.city is "Sydney" AND is voter of (A-1)`,
		},
		{"and of one", userquery.And(abc), `is assignee of ABC`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if err := tc.query.Check(); err != nil {
				t.Fatal(err)
			}
			if got := tc.query.String(); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			back, err := userquery.Parse(tc.want)
			if err != nil || !reflect.DeepEqual(back, tc.query) {
				t.Errorf("read again: got %v, %v", back, err)
			}
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	role := func(r userquery.Role) userquery.Query { return userquery.Query{Any: [][]userquery.Term{{r}}} }
	cases := map[string]userquery.Query{
		"nothing":              {},
		"an empty alternative": {Any: [][]userquery.Term{nil}},
		"and of nothing":       userquery.And(),
		"or of nothing":        userquery.Or(),
		"and with nothing":     userquery.And(abc, userquery.Query{}),
		"no target":            userquery.AssigneeOf(),
		"empty target":         userquery.AssigneeOf(""),
		"no project key":       userquery.AssigneeOf("ABC OR is voter of X"),
		"project and issue":    userquery.AssigneeOf("ABC", "ABC-1"),
		"issue zero":           userquery.AssigneeOf("ABC-0"),
		"injected issue":       userquery.ReporterOf("A-1", "A-2) OR is voter of (A-3"),
		"both":                 role(userquery.Role{Kind: userquery.Voter, Project: "A", Issues: []string{"A-1"}}),
		"no kind":              role(userquery.Role{Kind: "owner", Project: "A"}),
		"no key":               userquery.Property("", "a").Is("x"),
		"long key":             userquery.Property(strings.Repeat("ä", 256), "a").Is("x"),
		"bracket in key":       userquery.Property("a]b", "a").Is("x"),
		"broken key":           userquery.Property("\xff", "a").Is("x"),
		"no path":              userquery.Property("k").Is("x"),
		"empty name":           userquery.Property("k", "a", "").Is("x"),
		"dot in name":          userquery.Property("k", "a.b").Is("x"),
		"space in name":        userquery.Property("k", "a b").Is("x"),
		"broken text":          userquery.Property("k", "a").Is("\xff"),
	}
	for name, query := range cases {
		if err := query.Check(); !errors.Is(err, userquery.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	if err := userquery.Property(strings.Repeat("ä", 255), "a").Is("x").Check(); err != nil {
		t.Errorf("a key of 255 characters: got %v", err)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want userquery.Query
	}{
		{" is  assignee\tof\nABC ", abc},
		{"is assignee of AND", userquery.AssigneeOf("AND")},
		{"is reporter of(ABC-1,XY_2-30)", issues},
		{`[location].office.city is"Sydney"AND is assignee of ABC`, userquery.And(sydney, abc)},
		// AND binds closer than OR.
		{`is assignee of A OR is assignee of B AND is assignee of C`, userquery.Or(userquery.AssigneeOf("A"), userquery.And(userquery.AssigneeOf("B"), userquery.AssigneeOf("C")))},
	}
	for _, tc := range cases {
		if got, err := userquery.Parse(tc.text); err != nil || !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: got %v, %v, want %v", tc.text, got, err, tc.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		pos  int
		says string
	}{
		{"", 1, `"is" or "["`},
		{"  ", 3, `"is" or "["`},
		{"assignee of A", 1, `"is"`},
		{"IS assignee of A", 1, `"is"`},
		{"isassignee of A", 1, `"is"`},
		{"is owner of A", 4, "a role"},
		{"is assignee A", 13, `"of"`},
		{"is assignee of", 15, "a project key"},
		{"is assignee of A-1", 16, "in parentheses"},
		{"is assignee of 1A", 16, "a project key"},
		{"is assignee of ()", 17, "an issue key"},
		{"is assignee of (A)", 17, "an issue key"},
		{"is assignee of (A-1", 20, `"," or ")"`},
		{"is assignee of (A-1 A-2)", 21, `"," or ")"`},
		{"is assignee of (A-1,)", 21, "an issue key"},
		{"is assignee of A is voter of B", 18, "AND, OR or the end"},
		{"is assignee of A and is voter of B", 18, "AND, OR or the end"},
		{"is assignee of A AND", 21, `"is" or "["`},
		{"(is assignee of A)", 1, `"is" or "["`},
		{"NOT is assignee of A", 1, `"is" or "["`},
		{`[k`, 2, `without "]"`},
		{`[].a is "x"`, 2, "1 to 255"},
		{`[k] is "x"`, 4, `"." and a name`},
		{`[k]. is "x"`, 5, "a name"},
		{`[k].a..b is "x"`, 7, "a name"},
		{`[k].a = "x"`, 7, `"is"`},
		{`[k].a is x`, 10, "quotation marks"},
		{`[k].a is 'x'`, 10, "quotation marks"},
		{`[größe].a is "x`, 15, "not closed"},
		{`[k].a is "x\n"`, 13, "backslash"},
		{`[k].a is "x\`, 13, "backslash"},
		{`[k].a is "x" "y"`, 14, "AND, OR or the end"},
		{"is assignee of \xff", 1, "UTF-8"},
	}
	for _, tc := range cases {
		_, err := userquery.Parse(tc.text)
		var syntax *userquery.SyntaxError
		if !errors.As(err, &syntax) || !errors.Is(err, userquery.ErrInvalid) {
			t.Errorf("%q: got %v, want a *SyntaxError that is ErrInvalid", tc.text, err)
			continue
		}
		if syntax.Pos != tc.pos || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%q: got %v, want character %d and %s", tc.text, err, tc.pos, tc.says)
		}
	}
}

// FuzzParse reads any text; what it takes, it writes and reads again.
func FuzzParse(f *testing.F) {
	f.Add(`is assignee of ABC AND [location].office.city is "Sydney" OR is voter of (A-1, B-2)`)
	f.Add(`[k].a is "\"\\" OR is reporter of A`)
	f.Add("is assignee of (A-1")
	f.Fuzz(func(t *testing.T, text string) {
		query, err := userquery.Parse(text)
		if err != nil {
			return
		}
		if err := query.Check(); err != nil {
			t.Fatalf("%q was read but is refused: %v", text, err)
		}
		back, err := userquery.Parse(query.String())
		if err != nil || !reflect.DeepEqual(back, query) {
			t.Errorf("%q: got %v, %v after writing %q", text, back, err, query)
		}
	})
}

// FuzzBuild builds from any texts; what Check takes, can be read again.
func FuzzBuild(f *testing.F) {
	f.Add("ABC", "ABC-1", "location", "city", `a "quoted" text`)
	f.Add("ABC-1", "is", "]", "a.b", `\`)
	f.Fuzz(func(t *testing.T, project, issue, key, name, text string) {
		query := userquery.And(
			userquery.Or(userquery.AssigneeOf(project), userquery.VoterOf(issue, issue)),
			userquery.Property(key, name, name).Is(text),
		)
		if query.Check() != nil {
			return
		}
		back, err := userquery.Parse(query.String())
		if err != nil || !reflect.DeepEqual(back, query) {
			t.Errorf("got %v, %v after writing %q", back, err, query)
		}
	})
}
