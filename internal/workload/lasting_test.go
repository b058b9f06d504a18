package workload_test

import (
	"testing"

	"github.com/sightline-go/sightline/internal/workload"
)

// A query whose issues change as people work has no history, and it is said which
// condition that is.
func TestPassing(t *testing.T) {
	t.Parallel()
	for jql, want := range map[string]string{
		`project = ABC`: "",
		`project in (ABC, "A name, with (brackets)") AND NOT labels = urgent ORDER BY updated DESC`: "",
		`(type = Bug or "Epic Link" is not EMPTY) and fixVersion not in ("1.0", '2 \' 0')`:          "",
		`component is EMPTY && priority > Low || key = ABC-1`:                                       "",
		`created >= 2026-01-01 AND created < "2026/02/01 12:30" AND text ~ x`:                       "text",
		`type in standardIssueTypes() AND reporter = currentUser()`:                                 "",
		`summary ~ "status = Done AND assignee"`:                                                    "",
		`"Team[Team]" = 36885b3c-1bf0-4f85-a357-c5b858c31de4`:                                       "",

		`project = ABC AND status = "In Progress"`:    "status",
		`assignee = currentUser()`:                    "assignee",
		`project = ABC OR assignee in (a, b)`:         "assignee",
		`sprint in openSprints() AND project = ABC`:   "sprint",
		`project = ABC AND updated >= -7d`:            "updated",
		`created >= -30d`:                             "created",
		`created >= startOfMonth()`:                   "created",
		`created >= "-4w 2d"`:                         "created",
		`key in issueHistory()`:                       "key",
		`key in (ABC-1, linkedIssues(ABC-2))`:         "key",
		`reporter in membersOf(crew)`:                 "reporter",
		`priority was High`:                           "priority",
		`priority changed AFTER -1w`:                  "priority",
		`fixVersion in unreleasedVersions()`:          "fixVersion",
		`filter = 10200`:                              "filter",
		`cf[10020] = 5`:                               "cf[10020]",
		`"Story Points" > 3`:                          "Story Points",
		`resolution = Unresolved`:                     "resolution",
		`duedate < now()`:                             "duedate",
		`labels = urgent AND (type = Bug OR due > 1)`: "due",
		`project`:           "project",
		`project = (`:       `project = (`,
		`project in (A`:     `project in (A`,
		`project in ()`:     "project",
		`project in (A B)`:  "project",
		`project = "`:       `project = "`,
		`labels = `:         "labels",
		`labels not urgent`: "",
		``:                  "statusCategory",
		`ORDER BY created`:  "statusCategory",
	} {
		w := workload.Where{JQL: jql}
		if jql == "" {
			w = workload.Where{Filter: "1"}
		}
		if got := passing(w, jql); got != want {
			t.Errorf("%s: got %q, want %q", jql, got, want)
		}
	}
	narrow := workload.Where{Narrow: workload.Narrowing{Labels: []string{"status"}}}
	if got := passing(narrow, ""); got != "" {
		t.Errorf("labels: %q", got)
	}
	if narrow.Narrow.Sprint = workload.SprintActive; passing(narrow, "") != "sprint" {
		t.Error("what is in the active sprint changes")
	}
}

// passing is the condition that does not last.
func passing(w workload.Where, jql string) string {
	_, found := w.Lasting(jql)
	return found
}

// What is open is asked for anyway: a query that asks for that has a history, of its other
// conditions.
func TestLasting(t *testing.T) {
	t.Parallel()
	for jql, want := range map[string]string{
		`project = ABC AND statusCategory != Done ORDER BY due`:                    `project = ABC`,
		`statusCategory != "done" and (labels = a OR labels = b) AND "type" = Bug`: `(labels = a OR labels = b) AND "type" = Bug`,
		`project = ABC AND STATUSCATEGORY!=Done && summary ~ "a AND b"`:            `project = ABC AND summary ~ "a AND b"`,
		`project = ABC OR type = Bug`:                                              `project = ABC OR type = Bug`,
	} {
		narrow := workload.Narrowing{Labels: []string{"x"}}
		for _, w := range []workload.Where{{JQL: jql, Narrow: narrow}, {Filter: "1", Narrow: narrow}} {
			got, passing := w.Lasting(jql)
			if got.JQL != want || got.Filter != "" || passing != "" || len(got.Narrow.Labels) != 1 {
				t.Errorf("%s: got %+v, %q; want %s", jql, got, passing, want)
			}
		}
	}
}

// FuzzPassing: no text is mistaken for a condition that lasts, and none is an endless one.
func FuzzPassing(f *testing.F) {
	for _, seed := range []string{`project = ABC`, `project in (A, 'b') and x`, `key in f(`, `"`, `not ( ! )`, "labels = \x00", `created > "2026-01-01"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, jql string) {
		w := workload.Where{JQL: "project = A AND statusCategory = Done AND " + jql}
		if got := passing(w, w.JQL); got == "" {
			t.Errorf("%q lasts", w.JQL)
		}
	})
}
