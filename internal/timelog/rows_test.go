package timelog_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// drawn are rows with their parts as short texts.
func drawn(rows []timelog.Row) (list []string) {
	name := func(r timelog.Row) string {
		if r.Person.AccountID != "" {
			return r.Person.AccountID
		}
		return r.On.Key
	}
	for _, r := range rows {
		list = append(list, fmt.Sprintf("%s %v", name(r), r.Total.Spent.Hours()))
		for _, part := range r.Parts {
			other := part.On.Key
			if name(r) == other {
				other = part.Person.AccountID
			}
			list = append(list, fmt.Sprintf("- %s %v", other, part.Total.Spent.Hours()))
		}
	}
	return list
}

// TestSheets: every sheet has the same sums; others, apps and unknown authors stay rows
// of their own; issues whose titles are not known are told apart.
func TestSheets(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	log := func(issue, who string, hours int) workload.Worklog {
		return workload.Worklog{Issue: issue, Author: workload.Person{AccountID: who, Name: who, App: who == "bot"}, Started: now.Add(-time.Hour), Spent: time.Duration(hours) * time.Hour}
	}
	in := timelog.Input{
		Worklogs: []workload.Worklog{
			log("1", "ada", 3), log("1", "ada", 1), log("2", "ada", 2), log("1", "ben", 5), log("9", "ben", 1), log("8", "ben", 1),
			log("1", "out", 7), log("1", "unknown", 2), log("2", "bot", 4), log("1", "", 1),
		},
		Team: []workload.Person{{AccountID: "ada", Name: "ada"}, {AccountID: "ben", Name: "ben"}, {AccountID: "idle", Name: "idle"}, {AccountID: "bot", Name: "bot", App: true}},
		Now:  now,
		Titles: map[string]workload.Title{
			"1": {Key: "ABC-10", Summary: "Ten", Project: workload.Value{ID: "ABC", Name: "Alphabet"}},
			"2": {Key: "ABC-9", Summary: "Nine", Project: workload.Value{ID: "ABC", Name: "Alphabet"}},
		},
	}
	people := []string{"ben 7", "ada 6", "idle 0"}
	for sheet, want := range map[workload.Sheet]struct{ rows, groups, apps []string }{
		workload.SheetPeople:       {people, nil, []string{"bot 4"}},
		workload.SheetPeopleIssues: {[]string{"ben 7", "- ABC-10 5", "-  1", "-  1", "ada 6", "- ABC-10 4", "- ABC-9 2", "idle 0"}, nil, []string{"bot 4", "- ABC-9 4"}},
		workload.SheetIssuesPeople: {people, []string{"ABC-10 9", "- ben 5", "- ada 4", "ABC-9 2", "- ada 2", " 1", "- ben 1", " 1", "- ben 1"}, []string{"bot 4"}},
		workload.SheetProjects:     {people, []string{"ABC 11", " 2"}, []string{"bot 4"}},
	} {
		in.Sheet = sheet
		s := timelog.Make(in)
		if got := drawn(s.Rows); !slices.Equal(got, want.rows) {
			t.Errorf("%q: people %q, want %q", sheet, got, want.rows)
		}
		if got := drawn(s.Groups); !slices.Equal(got, want.groups) {
			t.Errorf("%q: groups %q, want %q", sheet, got, want.groups)
		}
		if got := drawn(s.Apps); !slices.Equal(got, want.apps) {
			t.Errorf("%q: apps %q, want %q", sheet, got, want.apps)
		}
		if s.Others.Total.Spent.Hours() != 7 || s.Unknown.Total.Spent.Hours() != 3 || s.Total.Spent.Hours() != 23 {
			t.Errorf("%q: others %v, unknown %v, all %v", sheet, s.Others.Total, s.Unknown.Total, s.Total)
		}
	}
	in.Sheet = workload.SheetIssuesPeople
	if got := drawn(timelog.Make(in).SortedGroups(timelog.Order{ByName: true})); !slices.Equal(got[4:], []string{"ABC-9 2", "- ada 2", "ABC-10 9", "- ben 5", "- ada 4"}) {
		t.Errorf("by name: %q", got)
	}
}
