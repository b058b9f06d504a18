package source_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// A due date of any year that Jira holds is read and sorted, and none comes last.
func TestListDatesOfAnyYear(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	admin := site.named(lead)
	var want []string
	for i, due := range []string{`"-0004-11-05"`, `"2026-03-10"`, `"9999-12-31"`, `"20226-11-05"`, `null`} {
		key := "LANT-" + string(rune('1'+i))
		site.edit(admin, key, `{"fields":{"duedate":`+due+`}}`)
		want = append(want, key)
	}
	list, _, err := site.reader(admin).List(t.Context(), "key in ("+strings.Join(want, ", ")+")", source.ByDue)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, issue := range list {
		got = append(got, issue.Key)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if due := (workload.Date{Year: 20226, Month: 11, Day: 5}); list[3].Due != due {
		t.Errorf("got %v, want %v", list[3].Due, due)
	}
}

// One odd date among a team's issues does not hide the others.
func TestOpenWithADateOfAnyYear(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	admin := site.named(lead)
	before, err := site.reader(admin).Open(t.Context(), []string{"LANT"})
	if err != nil {
		t.Fatal(err)
	}
	site.edit(admin, before.Issues[0].Key, `{"fields":{"duedate":"20226-11-05"}}`)
	after, err := site.reader(admin).Open(t.Context(), []string{"LANT"})
	if err != nil || len(after.Issues) != len(before.Issues) {
		t.Errorf("got %d issues, %v, want %d", len(after.Issues), err, len(before.Issues))
	}
}

// edit changes an issue without using the project's own code.
func (s siteOf) edit(p connecttest.Person, key, body string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPut, s.URL()+"/rest/api/3/issue/"+key, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.SetBasicAuth(p.Email, p.Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.Client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent {
		s.t.Fatalf("edit %s: got %s", key, resp.Status)
	}
}
