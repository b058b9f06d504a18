package jirarest_test

import (
	"encoding/json"
	"strings"
	"testing"
)

type issue struct {
	ID, Key string
	Fields  struct {
		Summary            string
		Description        json.RawMessage
		Assignee, Reporter *user
		Status             struct {
			Name           string
			StatusCategory struct {
				ID        int
				Key, Name string
			}
		}
		Priority       *struct{ Name string }
		IssueType      struct{ Name string }
		Project        struct{ Key string }
		DueDate        *string
		Resolution     *struct{ Name string }
		ResolutionDate *string
		Labels         []string
		TimeEstimate   *int64
		TimeSpent      *int64
		TimeTracking   struct{ OriginalEstimate, RemainingEstimate string }
		Updated        string
		Parent         *struct{ Key string }
	}
}

func (s *site) issue(as, path string) issue {
	s.Helper()
	var i issue
	s.Get(as, path).Into(200, &i)
	return i
}

func TestGetIssue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	i := s.issue(lead, "/rest/api/3/issue/harb-1")
	kept, _ := s.World.Issue("HARB-1")
	if i.Key != "HARB-1" || i.ID != kept.ID || i.Fields.Project.Key != "HARB" || i.Fields.Reporter.AccountID != kept.Reporter || !strings.HasSuffix(i.Fields.Updated, "+0100") {
		t.Errorf("got %+v", i)
	}
	if !strings.HasPrefix(string(i.Fields.Description), `{"type":"doc"`) {
		t.Errorf("version 3: got %s", i.Fields.Description)
	}
	if two := s.issue(lead, "/rest/api/2/issue/"+i.ID); !strings.HasPrefix(string(two.Fields.Description), `"`) {
		t.Errorf("version 2: got %s", two.Fields.Description)
	}
	var few struct{ Fields map[string]any }
	s.Get(lead, "/rest/api/3/issue/HARB-1?fields=summary&fields=status,-status").Into(200, &few)
	if len(few.Fields) != 1 {
		t.Errorf("few: got %v", few)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/issue/HARB-999", "", 404, "Issue does not exist or you do not have permission to see it."},
		{outsider, "GET", "/rest/api/3/issue/VALT-1", "", 404, "Issue does not exist or you do not have permission to see it."},
		{nobody, "GET", "/rest/api/3/issue/HARB-1", "", 404, ""},
	})
}

func TestCreateIssue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	doc := `{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"why"}]}]}`
	var made struct{ ID, Key, Self string }
	s.Send(lead, "POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"HARB"},"issuetype":{"name":"bug"},"summary":" New one ",
		"description":`+doc+`,"assignee":{"accountId":"`+s.Account(other)+`"},"priority":{"name":"High"},"duedate":"2026-04-01",
		"labels":["a"],"timetracking":{"originalEstimate":"1d 2h"},"parent":{"key":"HARB-1"}},"properties":[{"key":"p","value":[1]}]}`).Into(201, &made)
	i := s.issue(lead, "/rest/api/3/issue/"+made.Key)
	f := i.Fields
	if made.Key != "HARB-131" || f.Summary != "New one" || f.Assignee.AccountID != s.Account(other) || f.Priority.Name != "High" || *f.DueDate != "2026-04-01" ||
		*f.TimeEstimate != 36000 || f.TimeTracking.OriginalEstimate != "1d 2h" || f.Status.StatusCategory.Key != "new" || f.Parent.Key != "HARB-1" || f.Reporter.AccountID != s.Account(lead) {
		t.Errorf("got %+v", i)
	}
	if got, want := s.events(), "jira:issue_created HARB-131"; got != want {
		t.Errorf("events: got %s, want %s", got, want)
	}
	if got := s.Get(lead, "/rest/api/3/issue/HARB-131/properties/p"); got.Status != 200 {
		t.Errorf("property: got %d", got.Status)
	}
	s.Refuses([]refusal{
		{lead, "POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"HARB"}}}`, 400, `"summary":"You must specify a summary of the issue."`},
		{lead, "POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"HARB"},"summary":"x"}}`, 400, `"issuetype"`},
		{lead, "POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"HARB"},"summary":"x","issuetype":{"name":"Nope"}}}`, 400, `"issuetype"`},
		{lead, "POST", "/rest/api/3/issue", `{"fields":{"summary":"x"}}`, 400, `"project"`},
		{lead, "POST", "/rest/api/3/issue", `{"fields":{"project":"HARB"}}`, 400, `"project"`},
		{lead, "POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"HARB"},"summary":"x","issuetype":{"name":"Bug"},"customfield_1":1}}`, 400, "Field 'customfield_1' cannot be set."},
		{lead, "POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"HARB"}},"properties":[{"key":"p"}]}`, 400, "properties"},
		{outsider, "POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"VALT"},"summary":"x"}}`, 400, `"project"`},
		{outsider, "POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"LANT"},"summary":"x"}}`, 403, "permission"},
		{nobody, "POST", "/rest/api/3/issue", `{}`, 401, ""},
	})
}

func TestEditIssue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const path = "/rest/api/3/issue/HARB-1"
	edit := func(body string) issue {
		t.Helper()
		s.Send(lead, "PUT", path, body).Empty(204)
		return s.issue(lead, path)
	}
	if f := edit(`{"fields":{"summary":"A","duedate":"2026-05-05","labels":["x","y"],"priority":{"id":"1"},"issuetype":{"name":"Story"}}}`).Fields; f.Summary != "A" || *f.DueDate != "2026-05-05" || len(f.Labels) != 2 || f.Priority.Name != "Highest" || f.IssueType.Name != "Story" {
		t.Errorf("got %+v", f)
	}
	if f := edit(`{"fields":{"duedate":null,"assignee":null,"description":null}}`).Fields; f.DueDate != nil || f.Assignee != nil || string(f.Description) != "null" {
		t.Errorf("got %+v", f)
	}
	if f := edit(`{"update":{"labels":[{"add":"z"},{"remove":"x"}],"summary":[{"set":"B"}],"timetracking":[{"set":{"remainingEstimate":"3h 20m"}}]}}`).Fields; strings.Join(f.Labels, " ") != "y z" || f.Summary != "B" || *f.TimeEstimate != 12000 {
		t.Errorf("got %+v", f)
	}
	s.events()
	edit(`{"fields":{"summary":"B"}}`)
	if got := s.events(); got != "" {
		t.Errorf("an edit that changes nothing told %s", got)
	}
	s.Send(lead, "PUT", "/rest/api/2/issue/HARB-1", `{"fields":{"description":"plain"}}`).Empty(204)
	if f := s.issue(lead, path).Fields; !strings.Contains(string(f.Description), `"text":"plain"`) {
		t.Errorf("version 2: got %s", f.Description)
	}
	var back issue
	s.Send(lead, "PUT", path+"?returnIssue=true", `{"fields":{"summary":"C"}}`).Into(200, &back)
	if back.Fields.Summary != "C" {
		t.Errorf("returned: got %+v", back)
	}
}

func TestEditIssueRefuses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const path = "/rest/api/3/issue/HARB-1"
	before := s.Get(lead, path).Body
	bad := func(fields, part string) refusal {
		return refusal{lead, "PUT", path, `{"fields":` + fields + `}`, 400, part}
	}
	s.Refuses([]refusal{
		bad(`{"nope":1}`, "Field 'nope' cannot be set. It is not on the appropriate screen, or unknown."),
		bad(`{"status":{"name":"Done"}}`, "Field 'status' cannot be set."),
		bad(`{"summary":"OK","duedate":"soon"}`, "duedate"),
		bad(`{"summary":""}`, "You must specify a summary"),
		bad(`{"summary":"a\nb"}`, "newline"),
		bad(`{"summary":"`+strings.Repeat("é", 256)+`"}`, "255"),
		bad(`{"summary":5}`, "string"),
		bad(`{"description":"plain"}`, "Atlassian Document"),
		bad(`{"assignee":{"accountId":"nobody"}}`, "assignee"),
		bad(`{"assignee":"x"}`, "assignee"),
		bad(`{"assignee":{"accountId":"`+s.Account("nhaddad")+`"}}`, "cannot be assigned"),
		bad(`{"labels":["a b"]}`, "spaces"),
		bad(`{"labels":"a"}`, "array"),
		bad(`{"priority":{"name":"Nope"}}`, "priority"),
		bad(`{"priority":null}`, "Priority"),
		bad(`{"issuetype":5}`, "issue type"),
		bad(`{"timetracking":{"remainingEstimate":"long"}}`, "duration"),
		bad(`{"timetracking":5}`, "object"),
		bad(`{"parent":{"key":"LANT-1"}}`, "parent"),
		bad(`{"parent":{"key":"HARB-1"}}`, "parent"),
		{lead, "PUT", path, `{}`, 400, "one of 'fields' or 'update' required"},
		{lead, "PUT", path, `{"feilds":{}}`, 400, "payload"},
		{lead, "PUT", path, `{"fields":{"summary":"x"},"update":{"summary":[{"set":"y"}]}}`, 400, "both"},
		{lead, "PUT", path, `{"update":{"summary":[{"add":"y"}]}}`, 400, "Operation 'add'"},
		{outsider, "PUT", "/rest/api/3/issue/LANT-1", `{"fields":{"summary":"x"}}`, 403, "permission"},
		{outsider, "PUT", "/rest/api/3/issue/VALT-1", `{"fields":{"summary":"x"}}`, 404, ""},
		{nobody, "PUT", path, `{"fields":{"summary":"x"}}`, 404, ""},
	})
	if after := s.Get(lead, path).Body; after != before {
		t.Errorf("a refused edit changed the issue:\n%s\n%s", before, after)
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const path = "/rest/api/3/issue/HARB-1/assignee"
	for body, want := range map[string]string{
		`{"accountId":"` + s.Account(other) + `"}`: s.Account(other), `{"accountId":null}`: "", `{"accountId":"-1"}`: "",
	} {
		s.Send(lead, "PUT", path, body).Empty(204)
		if kept, _ := s.World.Issue("HARB-1"); kept.Assignee != want {
			t.Errorf("%s: got %q", body, kept.Assignee)
		}
	}
	s.Refuses([]refusal{
		{lead, "PUT", path, `{"accountId":"nobody"}`, 400, "nobody"},
		{lead, "PUT", path, `{"accountId":"` + s.Account("tfaleolo") + `"}`, 400, "cannot be assigned"},
		{lead, "PUT", path, `[`, 400, "payload"},
		{outsider, "PUT", "/rest/api/3/issue/LANT-1/assignee", `{"accountId":null}`, 403, ""},
		{lead, "PUT", "/rest/api/3/issue/HARB-999/assignee", `{"accountId":null}`, 404, ""},
	})
}

func TestTransitions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const path = "/rest/api/3/issue/HARB-1/transitions"
	var list struct {
		Transitions []struct {
			ID, Name string
			To       struct{ StatusCategory struct{ Key string } }
		}
	}
	s.Get(lead, path).Into(200, &list)
	if len(list.Transitions) != 4 || list.Transitions[3].ID != "41" || list.Transitions[3].To.StatusCategory.Key != "done" {
		t.Fatalf("got %+v", list)
	}
	s.Send(lead, "POST", path, `{"transition":{"id":"11"}}`).Empty(204)
	s.events()
	s.Send(lead, "POST", path, `{"transition":{"id":"41"},"fields":{"summary":"Finished"}}`).Empty(204)
	f := s.issue(lead, "/rest/api/3/issue/HARB-1").Fields
	if f.Status.Name != "Done" || f.Resolution.Name != "Done" || f.ResolutionDate == nil || f.Summary != "Finished" {
		t.Errorf("done: got %+v", f)
	}
	if got, want := s.events(), "jira:issue_updated HARB-1"; got != want {
		t.Errorf("events: got %s, want %s", got, want)
	}
	s.Send(lead, "POST", path, `{"transition":{"id":"21"}}`).Empty(204)
	if f := s.issue(lead, "/rest/api/3/issue/HARB-1").Fields; f.Resolution != nil || f.ResolutionDate != nil {
		t.Errorf("open again: got %+v", f)
	}
	s.Get(outsider, "/rest/api/3/issue/LANT-1/transitions").Into(200, &list)
	if len(list.Transitions) != 0 {
		t.Errorf("without permission: got %+v", list)
	}
	s.Refuses([]refusal{
		{lead, "POST", path, `{"transition":{"id":"99"}}`, 400, "'99' is not valid"},
		{lead, "POST", path, `{}`, 400, "Missing 'transition'"},
		{lead, "POST", path, `{"transition":{"id":"41"},"fields":{"nope":1}}`, 400, "nope"},
		{outsider, "POST", "/rest/api/3/issue/LANT-1/transitions", `{"transition":{"id":"41"}}`, 400, "not valid"},
		{lead, "GET", "/rest/api/3/issue/HARB-999/transitions", "", 404, ""},
	})
}

func TestDeleteIssue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Refuses([]refusal{
		{other, "DELETE", "/rest/api/3/issue/HARB-1", "", 403, ""},
		{outsider, "DELETE", "/rest/api/3/issue/VALT-1", "", 404, ""},
		{nobody, "DELETE", "/rest/api/3/issue/HARB-1", "", 404, ""},
	})
	s.Send(lead, "DELETE", "/rest/api/3/issue/HARB-1", "").Empty(204)
	s.Get(lead, "/rest/api/3/issue/HARB-1").Fails(404, "")
	if got, want := s.events(), "jira:issue_deleted HARB-1"; got != want {
		t.Errorf("events: got %s, want %s", got, want)
	}
}

func TestWebhookBodies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1/assignee", `{"accountId":null}`).Empty(204)
	s.events()
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1/assignee", `{"accountId":"`+s.Account(other)+`"}`).Empty(204)
	raw, err := json.Marshal(s.changes[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		Timestamp    int64
		WebhookEvent string
		Kind         string `json:"issue_event_type_name"`
		User         user
		Issue        issue
		Changelog    struct {
			ID    string
			Items []struct{ Field, FieldType, From, FromString, To, ToString string }
		}
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		t.Fatal(err)
	}
	item := body.Changelog.Items[0]
	if body.Timestamp != clock().UnixMilli() || body.WebhookEvent != "jira:issue_updated" || body.Kind != "issue_assigned" || body.User.AccountID != s.Account(lead) ||
		body.Issue.Fields.Assignee.AccountID != s.Account(other) || len(body.Changelog.Items) != 1 ||
		item.Field != "assignee" || item.To != s.Account(other) || item.ToString != "Priya Raghunathan" || item.From != "" {
		t.Errorf("got %s", raw)
	}
	if strings.Contains(string(raw), "@example.com") || !strings.Contains(body.User.Self, "/rest/api/2/") {
		t.Errorf("got an address or another version: %s", raw)
	}
	if c := s.changes[0]; c.Account != s.Account(lead) || c.ProjectKey != "HARB" {
		t.Errorf("got %+v", c)
	}
}
