package jql_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jql"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// data is a little world; now is Wednesday 2026-03-11 02:00 UTC, which is
// still the 10th in New York.
const data = `{
 "projects": [{"key":"AB","name":"Alpha"},{"key":"CD","name":"Cedar Works"},{"key":"SECRET","private":true},{"key":"SET","name":"Set"}],
 "users": [
  {"name":"ann","displayName":"Ann Lee","active":true},{"name":"bob","displayName":"Bob","active":true},
  {"name":"sam1","displayName":"Sam","active":true},{"name":"sam2","displayName":"Sam","active":true}],
 "issues": [
  {"key":"AB-1","id":"101","project":"AB","summary":"Fix the login page","issuetype":"Bug","status":"Open","statusCategory":"new","priority":"High",
   "assignee":"ann","reporter":"bob","created":"2026-03-01T10:00:00.000+0000","updated":"2026-03-10T10:00:00.000+0000","duedate":"2026-03-10"},
  {"key":"AB-2","id":"102","project":"AB","summary":"Write \"docs\", now","issuetype":"Task","status":"In Progress","statusCategory":"indeterminate","priority":"Low",
   "assignee":"bob","reporter":"bob","created":"2026-03-02T10:00:00.000+0000","updated":"2026-03-11T01:00:00.000+0000","duedate":"2026-03-11"},
  {"key":"AB-10","id":"103","project":"AB","summary":"Nobody's login","issuetype":"Task","status":"Open","statusCategory":"new",
   "reporter":"ann","created":"2026-03-03T10:00:00.000+0000","updated":"2026-03-04T10:00:00.000+0000"},
  {"key":"CD-1","id":"104","project":"CD","summary":"Paint","issuetype":"Task","status":"Closed","statusCategory":"done","priority":"Medium","resolution":"Fixed",
   "assignee":"ann","reporter":"ann","created":"2026-02-01T10:00:00.000+0000","updated":"2026-02-20T10:00:00.000+0000","resolutiondate":"2026-02-20T10:00:00.000+0000","duedate":"2026-03-20"},
  {"key":"SECRET-1","id":"105","project":"SECRET","summary":"Hidden","issuetype":"Task","status":"Open","statusCategory":"new",
   "assignee":"bob","reporter":"bob","created":"2026-03-01T10:00:00.000+0000","updated":"2026-03-01T10:00:00.000+0000"}],
 "worklogs": [
  {"id":"1","issue":"AB-1","author":"ann","started":"2026-03-11T01:30:00.000+0000","timeSpentSeconds":60},
  {"id":"2","issue":"AB-1","author":"bob","started":"2026-03-01T12:00:00.000+0000","timeSpentSeconds":60},
  {"id":"3","issue":"CD-1","author":"bob","started":"2026-03-05T12:00:00.000+0000","timeSpentSeconds":60}]
}`

func env(t *testing.T) jql.Env {
	t.Helper()
	now := time.Date(2026, 3, 11, 2, 0, 0, 0, time.UTC)
	w, err := world.Load(strings.NewReader(data), now, true)
	if err != nil {
		t.Fatal(err)
	}
	ann := account(t, w, "ann")
	return jql.Env{World: w, Account: ann, Now: now, Browse: func(p string) bool { return p != "SECRET" }}
}

func account(t *testing.T, w *world.World, username string) string {
	t.Helper()
	i := slices.IndexFunc(w.People(), func(p world.Person) bool { return p.Username == username })
	return w.People()[i].AccountID
}

func search(e jql.Env, query string) (string, error) {
	q, err := jql.Parse(query)
	if err != nil {
		return "", err
	}
	found, err := q.Search(e)
	var keys []string
	for _, i := range found {
		keys = append(keys, i.Key)
	}
	return strings.Join(keys, " "), err
}

func TestSearch(t *testing.T) {
	t.Parallel()
	e := env(t)
	bob := account(t, e.World, "bob")
	tests := []struct{ query, want string }{
		{"", "AB-10 AB-2 AB-1 CD-1"},
		{"order by key", "AB-1 AB-2 AB-10 CD-1"},
		{"project = AB order by key desc", "AB-10 AB-2 AB-1"},
		{"project = ab order by key", "AB-1 AB-2 AB-10"},
		{`PROJECT = "cedar works"`, "CD-1"},
		{"project = 10001", "CD-1"},
		{"project in (AB, CD) ORDER BY project desc, key asc", "CD-1 AB-1 AB-2 AB-10"},
		{"project != AB", "CD-1"},
		{"project not in (AB)", "CD-1"},
		{`project = "SET"`, ""},
		{"project is not empty and project = CD", "CD-1"},
		{"project is empty", ""},
		{"assignee is empty", "AB-10"},
		{"assignee = null", "AB-10"},
		{"assignee is not EMPTY order by key", "AB-1 AB-2 CD-1"},
		{"assignee = currentUser() order by key", "AB-1 CD-1"},
		{"assignee != currentUser()", "AB-2"},
		{"not assignee = currentUser()", "AB-2"},
		{"assignee in (currentUser(), EMPTY) order by key", "AB-1 AB-10 CD-1"},
		{"assignee not in (currentUser(), EMPTY)", "AB-2"},
		{`assignee = "` + bob + `"`, "AB-2"},
		{"assignee = " + bob, "AB-2"},
		{`assignee = "Bob" or assignee = "ANN@example.com" order by key`, "AB-1 AB-2 CD-1"},
		{"reporter = Bob order by key", "AB-1 AB-2"},
		{"creator = Bob order by key", "AB-1 AB-2"},
		{"status = open order by key", "AB-1 AB-10"},
		{`status in ("In Progress", Closed) order by key`, "AB-2 CD-1"},
		{"statusCategory != Done order by key", "AB-1 AB-2 AB-10"},
		{`statusCategory = "To Do" order by key`, "AB-1 AB-10"},
		{"statusCategory = indeterminate", "AB-2"},
		{"statusCategory = 3", "CD-1"},
		{"statusCategory = undefined", ""},
		{`statusCategory in (new, "No Category") order by key`, "AB-1 AB-10"},
		{"statusCategory != 1 order by key", "AB-1 AB-2 AB-10 CD-1"},
		{"issuetype = Bug", "AB-1"},
		{"type != bug and project = AB", "AB-10 AB-2"},
		{"resolution = Unresolved and project = AB order by key", "AB-1 AB-2 AB-10"},
		{"resolution is empty and project = CD", ""},
		{"resolution = Fixed", "CD-1"},
		{"priority = high", "AB-1"},
		{"priority > Low order by key", "AB-1 CD-1"},
		{"priority <= Medium order by key", "AB-2 CD-1"},
		{"priority is empty", "AB-10"},
		{"priority in (High, Low) order by priority desc", "AB-1 AB-2"},
		{"key = AB-2", "AB-2"},
		{"issuekey in (ab-1, CD-1) order by key", "AB-1 CD-1"},
		{"id = 103", "AB-10"},
		{"key > AB-2", "AB-10"},
		{"key <= AB-2 order by key", "AB-1 AB-2"},
		{"key != AB-2 and project = AB order by key", "AB-1 AB-10"},
		{"summary ~ login order by key", "AB-1 AB-10"},
		{`summary ~ "fix LOGIN"`, "AB-1"},
		{"summary ~ 'log*' and project = AB order by key", "AB-1 AB-10"},
		{"summary !~ login order by key", "AB-2 CD-1"},
		{"summary ~ docs", "AB-2"},
		{"text ~ paint", "CD-1"},
		{"description is empty and text ~ paint", "CD-1"},
		{"project = AB AND (status = Open OR assignee = Bob) AND NOT key = AB-10 order by key", "AB-1 AB-2"},
		{"project = AB && (status = Open || assignee = Bob) && !key = AB-10 order by key", "AB-1 AB-2"},
		{"project = CD or project = AB and key = AB-1 order by key", "AB-1 CD-1"},
		{"not (project = AB or key = CD-1)", ""},
		{"not not project = CD", "CD-1"},
		{"NOT (status = Open AND assignee is not EMPTY) order by key", "AB-2 AB-10 CD-1"},
		{"project = AB order by assignee, key", "AB-1 AB-2 AB-10"},
		{"project = AB order by due desc", "AB-10 AB-2 AB-1"},
		{"project = AB order by due asc", "AB-1 AB-2 AB-10"},
		{"order by created", "CD-1 AB-1 AB-2 AB-10"},
		{"order by updated desc", "AB-2 AB-1 AB-10 CD-1"},
		{"order by statusCategory, key", "AB-1 AB-10 AB-2 CD-1"},
		{"order by resolved, summary", "CD-1 AB-1 AB-10 AB-2"},
		{"order by type desc, status, reporter, key", "CD-1 AB-2 AB-10 AB-1"},
	}
	for _, tt := range tests {
		got, err := search(e, tt.query)
		if err != nil || got != tt.want {
			t.Errorf("%s\n got %q, %v\nwant %q", tt.query, got, err, tt.want)
		}
	}
}

func TestSearchByDate(t *testing.T) {
	t.Parallel()
	utc := env(t)
	newYork := utc
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	newYork.Zone = zone
	tests := []struct {
		env         jql.Env
		query, want string
	}{
		{utc, `duedate < "2026-03-11"`, "AB-1"},
		{utc, `due <= 2026-03-11 order by due`, "AB-1 AB-2"},
		{utc, `due = "2026/03/11"`, "AB-2"},
		{utc, `due != 2026-3-11 order by key`, "AB-1 CD-1"},
		{utc, `not due < 2026-03-11 order by key`, "AB-2 CD-1"},
		{utc, `due in (2026-03-10, "2026-03-20", EMPTY) order by key`, "AB-1 AB-10 CD-1"},
		{utc, `due not in (2026-03-10) order by key`, "AB-2 CD-1"},
		{utc, `due is empty`, "AB-10"},
		{utc, `due is not empty and project = AB order by key`, "AB-1 AB-2"},
		{utc, `due < now()`, "AB-1"},
		{newYork, `due < now()`, ""},
		{utc, `due = startOfDay()`, "AB-2"},
		{newYork, `due = startOfDay()`, "AB-1"},
		{utc, `due >= startOfDay(+9d)`, "CD-1"},
		{utc, `due > -1d and due < 1w order by key`, "AB-2"},
		{utc, `due >= -1d and due < "2w" order by key`, "AB-1 AB-2 CD-1"},
		{utc, `due <= endOfWeek() order by key`, "AB-1 AB-2"},
		{utc, `due >= startOfWeek() and due <= endOfMonth() order by key`, "AB-1 AB-2 CD-1"},
		{utc, `updated >= startOfDay()`, "AB-2"},
		{newYork, `updated >= startOfDay() order by key`, "AB-1 AB-2"},
		{utc, `updated > -2h`, "AB-2"},
		{utc, `updated > "-1d 30m" order by key`, "AB-1 AB-2"},
		{utc, `updated <= "2026-03-04 10:00" order by key`, "AB-10 CD-1"},
		{utc, `updated < "2026/03/04 10:00"`, "CD-1"},
		{newYork, `updated = "2026-03-04 05:00"`, "AB-10"},
		{utc, `created >= startOfMonth() order by key`, "AB-1 AB-2 AB-10"},
		{utc, `created < startOfMonth() and created > startOfYear()`, "CD-1"},
		{utc, `created > endOfDay(-9)`, "AB-10"},
		{utc, `resolved is not empty`, "CD-1"},
		{utc, `resolved is empty and key = CD-1`, ""},
		{utc, `worklogAuthor = currentUser()`, "AB-1"},
		{utc, `worklogAuthor = Bob order by key`, "AB-1 CD-1"},
		{utc, `worklogAuthor != Bob`, "AB-1"},
		{utc, `worklogAuthor is empty order by key`, "AB-2 AB-10"},
		{utc, `worklogDate >= "2026-03-05" order by key`, "AB-1 CD-1"},
		{utc, `worklogDate = 2026-03-11`, "AB-1"},
		{newYork, `worklogDate = 2026-03-11`, ""},
		{newYork, `worklogDate = 2026-03-10`, "AB-1"},
		{utc, `worklogDate < 2026-03-02`, "AB-1"},
		{utc, `worklogDate >= 2026-03-02 and worklogDate <= 2026-03-06 order by key`, "AB-1 CD-1"},
		{utc, `worklogDate is empty order by key`, "AB-2 AB-10"},
		{utc, `worklogAuthor = Bob and worklogDate = 2026-03-11`, "AB-1"},
	}
	for _, tt := range tests {
		got, err := search(tt.env, tt.query)
		if err != nil || got != tt.want {
			t.Errorf("%s\n got %q, %v\nwant %q", tt.query, got, err, tt.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	e := env(t)
	tests := []struct{ query, want string }{
		{"foo = 1", "Field 'foo' does not exist or you do not have permission to view it."},
		{"project = NOPE", "The value 'NOPE' does not exist for the field 'project'."},
		{"project = SECRET", "The value 'SECRET' does not exist for the field 'project'."},
		{"project in (AB, SECRET, NOPE)", "'SECRET' does not exist for the field 'project'. The value 'NOPE'"},
		{"key = SECRET-1", "An issue with key 'SECRET-1' does not exist for field 'key'."},
		{"id = 105", "An issue with ID '105' does not exist"},
		{"key > AB-99", "An issue with key 'AB-99' does not exist"},
		{"status = Gone", "The value 'Gone' does not exist for the field 'status'."},
		{"statusCategory = x", "'x' does not exist for the field 'statusCategory'"},
		{"issuetype = x", "'x' does not exist for the field 'issuetype'"},
		{"priority > x", "'x' does not exist for the field 'priority'"},
		{"assignee = nobody", "'nobody' does not exist for the field 'assignee'"},
		{"assignee = Sam", "'Sam' does not exist for the field 'assignee'"},
		{"project ~ AB", "The operator '~' is not supported by the 'project' field."},
		{"summary = x", "The operator '=' is not supported by the 'summary' field."},
		{"assignee > x", "The operator '>' is not supported by the 'assignee' field."},
		{"due > EMPTY", "The operator '>' does not support searching for EMPTY"},
		{"due = soon", "Date value 'soon' for field 'due' is invalid."},
		{"due < 2026-13-40", "Date value '2026-13-40'"},
		{"due < 5x", "Date value '5x'"},
		{"due < startOfDay(x)", "Incorrect increment 'x'"},
		{"due < startOfDay(1, 2)", "can not be used"},
		{"due < currentUser()", "'currentUser' can not be used with the field 'due'"},
		{"assignee = now()", "'now' can not be used with the field 'assignee'"},
		{"assignee in membersOf(x)", "Function 'membersOf' can not generate a list of usernames for group 'x'; the group does not exist."},
		{"assignee in (membersNamed(x))", "Unable to find JQL function 'membersNamed(x)'."},
		{"summary ~ now()", "can not be used"},
		{"assignee is Bob", "only takes EMPTY or NULL"},
		{"project", "Expecting operator before the end of the query. (line 1, character 8)"},
		{"project =", "Expecting a value before the end of the query."},
		{"project AB", "Expecting operator but got 'AB'. (line 1, character 9)"},
		{"project = AB status = x", "Expecting either 'OR' or 'AND' but got 'status'. (line 1, character 14)"},
		{"project = AB AND", "Expecting a field name before the end of the query."},
		{"(project = AB", "Expecting ')' before the end"},
		{"project = AB)", "but got ')'"},
		{"project in AB", "Expecting '(' but got 'AB'"},
		{"project in ()", "Expecting a value but got ')'"},
		{"project in (AB", "Expecting ')'"},
		{"project not AB", "Expecting 'IN' but got 'AB'"},
		{"and = 1", "'and' is a reserved JQL word"},
		{"project = SET", "'SET' is a reserved JQL word. You must surround it in quotation marks"},
		{"summary ~ 'abc", "The quoted string 'abc' has not been completed. (line 1, character 11)"},
		{"key = AB-1 or\n summary ~ \"x", "has not been completed. (line 2, character 12)"},
		{`summary ~ "a\x"`, "illegal JQL escape sequence"},
		{`summary ~ "a\é"`, "illegal JQL escape sequence"},
		{`summary ~ "\u12"`, "illegal JQL escape sequence"},
		{`summary ~ "\`, "has not been completed"},
		{"summary ~ a%b", `The character '%' is a reserved JQL character. You must enclose it in a string or use the escape '\u0025' instead.`},
		{"reporter = a@b.c", "The character '@' is a reserved"},
		{"due = 2026/01/01", "The character '/' is a reserved"},
		{"project = A & key = x", "reserved JQL character"},
		{"project = \x01", "not allowed here"},
		{"order by", "Expecting a field name"},
		{"order key", "Expecting 'BY' but got 'key'"},
		{"order by foo", "Not able to sort using field 'foo'."},
		{"order by worklogDate", "Not able to sort"},
		{"order by key desc asc", "but got 'asc'"},
		{"order by key,", "Expecting a field name"},
		{"due < startOfDay(1 2)", "Expecting ')' or ',' but got '2'"},
	}
	for _, tt := range tests {
		got, err := search(e, tt.query)
		var wrong *jql.Error
		if !errors.As(err, &wrong) || !strings.Contains(strings.Join(wrong.Messages, " "), tt.want) {
			t.Errorf("%s\n got %q, %v\nwant %q", tt.query, got, err, tt.want)
		}
	}
}

func TestQuoting(t *testing.T) {
	t.Parallel()
	e := env(t)
	for _, query := range []string{
		`summary ~ 'docs'`, `summary ~ "\u0064ocs"`, `"summary" ~ docs`, `summary ~ "docs\t"`, `project='AB'and summary~"\"docs\""`,
		"summary\n~\tdocs",
	} {
		if got, err := search(e, query); got != "AB-2" {
			t.Errorf("%s: got %q, %v", query, got, err)
		}
	}
}

func TestHostileQueries(t *testing.T) {
	t.Parallel()
	e := env(t)
	deep := strings.Repeat("(", 100_000) + "key = AB-1" + strings.Repeat(")", 100_000)
	for _, query := range []string{deep, strings.Repeat("not ", 100_000) + "key = AB-1", strings.Repeat("(", 1_000_000)} {
		if _, err := search(e, query); err == nil || !strings.Contains(err.Error(), "nested too deeply") {
			t.Errorf("deep: got %v", err)
		}
	}
	long := "key = AB-1" + strings.Repeat(" or key = AB-1", 20_000)
	if got, err := search(e, long); got != "AB-1" || err != nil {
		t.Errorf("long: got %q, %v", got, err)
	}
	values := make([]string, 20_000)
	for i := range values {
		values[i] = "x" + strconv.Itoa(i)
	}
	_, err := search(e, "project in ("+strings.Join(values, ",")+")")
	var wrong *jql.Error
	if !errors.As(err, &wrong) || len(wrong.Messages) > 50 {
		t.Errorf("many unknown values: got %v", err)
	}
	_, err = search(e, `summary = "`+strings.Repeat("é", 100_000)+`x`)
	if err == nil || len(err.Error()) > 1000 {
		t.Errorf("a long quotation: got an error of %d bytes", len(err.Error()))
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	e := env(t)
	e.Browse = nil
	issue, _ := e.World.Issue("SECRET-1")
	for query, want := range map[string]bool{"project = SECRET": true, "project = AB": false, "": true} {
		q, err := jql.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := q.Match(e, issue); got != want || err != nil {
			t.Errorf("%s: got %v, %v", query, got, err)
		}
	}
	q, _ := jql.Parse("foo = 1")
	if _, err := q.Match(e, issue); err == nil {
		t.Error("an unknown field must be an error")
	}
}

func TestMidnightThatDoesNotExist(t *testing.T) {
	t.Parallel()
	e := env(t)
	zone, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	e.Zone, e.Now = zone, time.Date(2018, 11, 4, 12, 0, 0, 0, zone) // the day starts at 01:00
	issue, _ := e.World.Issue("AB-10")
	for start, want := range map[time.Time]bool{
		time.Date(2018, 11, 4, 3, 0, 0, 0, time.UTC): true, time.Date(2018, 11, 4, 2, 59, 0, 0, time.UTC): false,
	} {
		if _, err := e.World.AddWorklog(world.Worklog{IssueID: issue.ID, Started: start}, nil); err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{"worklogDate = 2018-11-04", "worklogDate = startOfDay()"} {
			if got, err := search(e, query); (got == "AB-10") != want || err != nil {
				t.Errorf("%s at %v: got %q, %v", query, start, got, err)
			}
		}
		logs := e.World.Worklogs(issue.ID)
		if _, err := e.World.DeleteWorklog(logs[0].ID, e.Now, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`project = AB and (due < -7d or worklogDate >= startOfWeek(-1)) order by key desc`, `a in ("x\u0041", 'y', EMPTY) or not b !~ c`,
		`"`, `\`, `(((`, `x is not empty`, `due = +1d`, "a\x00=\xff", `key = AB-1 || !status in (1)`,
	} {
		f.Add(s)
	}
	now := time.Date(2026, 3, 11, 2, 0, 0, 0, time.UTC)
	w, err := world.Load(strings.NewReader(data), now, true)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := jql.Parse(query)
		if err == nil {
			_, err = q.Search(jql.Env{World: w, Now: now})
		}
		var wrong *jql.Error
		if err != nil && !errors.As(err, &wrong) {
			t.Errorf("got %v of another type", err)
		}
		if wrong != nil {
			if _, err := json.Marshal(wrong.Messages); err != nil || len(wrong.Messages) == 0 {
				t.Errorf("got %v, %v", wrong.Messages, err)
			}
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "..", "shared", "data", "real-jira.json"))
	if err != nil {
		b.Skipf("the data of public trackers is not here: %v", err)
	}
	defer func() { _ = f.Close() }()
	now := time.Date(2026, 3, 11, 2, 0, 0, 0, time.UTC)
	w, err := world.Load(f, now, false)
	if err != nil {
		b.Fatal(err)
	}
	for _, query := range []string{
		"project in (ARROW, TIMOB) and statusCategory != Done",
		"statusCategory != Done order by updated desc, key",
		"worklogDate >= -14d",
		"project = MOD and due < now()",
	} {
		b.Run(strings.ReplaceAll(query, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				q, err := jql.Parse(query)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := q.Search(jql.Env{World: w, Now: now}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
