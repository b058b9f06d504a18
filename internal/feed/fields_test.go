package feed

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/index"
)

// Fields are found by their kinds, wherever they are and whatever they are called.
func TestFieldsOf(t *testing.T) {
	t.Parallel()
	field := func(id, name, kind string, clauses ...string) jira.IssueField {
		return jira.IssueField{ID: id, Name: name, ClauseNames: clauses, Schema: jira.FieldSchema{Custom: kind}}
	}
	const (
		estimate = "com.pyxis.greenhopper.jira:jsw-story-points"
		float    = "com.atlassian.jira.plugin.system.customfieldtypes:float"
		team     = "com.atlassian.teams:rm-teams-custom-field-team"
	)
	for name, tt := range map[string]struct {
		list []jira.IssueField
		want customFields
	}{
		"none": {[]jira.IssueField{field("summary", "Story Points", "")}, customFields{}},
		"all": {[]jira.IssueField{
			field("customfield_10016", "Storypoint-Schätzung", estimate), field("customfield_10026", "story points", float), field("customfield_10001", "Team", team),
		}, customFields{PointEstimate: "customfield_10016", StoryPoints: "customfield_10026", Team: "customfield_10001"}},
		"translated":         {[]jira.IssueField{field("customfield_7", "Punkte", float, "cf[7]", "Story Points")}, customFields{StoryPoints: "customfield_7"}},
		"another number":     {[]jira.IssueField{field("customfield_7", "Budget", float, "cf[7]", "Budget")}, customFields{}},
		"doubled":            {[]jira.IssueField{field("customfield_100", "Story Points", float), field("customfield_20", "Story Points", float)}, customFields{StoryPoints: "customfield_20"}},
		"another app's team": {[]jira.IssueField{field("customfield_7", "Team", "com.example:team")}, customFields{}},
		"the other team":     {[]jira.IssueField{field("customfield_7", "Team", "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team")}, customFields{Team: "customfield_7"}},
	} {
		if diff := cmp.Diff(tt.want, fieldsOf(tt.list)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// Custom fields of issues and of events say the same, and what they cannot mean is
// nothing.
func TestCustomFields(t *testing.T) {
	t.Parallel()
	n := notes{Fields: customFields{PointEstimate: "customfield_1", StoryPoints: "customfield_2", Team: "customfield_3"}}
	for name, tt := range map[string]struct {
		given  map[string]string
		custom map[string]string
		want   index.Issue
	}{
		"none":          {map[string]string{"customfield_1": "null"}, map[string]string{"customfield_1": ""}, index.Issue{}},
		"not there":     {nil, nil, index.Issue{}},
		"points":        {map[string]string{"customfield_1": "3", "customfield_2": "0.5"}, map[string]string{"customfield_1": "3", "customfield_2": "0.5"}, index.Issue{PointEstimate: index.Points{Value: 3, Set: true}, StoryPoints: index.Points{Value: 0.5, Set: true}}},
		"zero":          {map[string]string{"customfield_1": "0"}, map[string]string{"customfield_1": "0"}, index.Issue{PointEstimate: index.Points{Set: true}}},
		"no number":     {map[string]string{"customfield_1": `"many"`, "customfield_2": "{}"}, map[string]string{"customfield_1": "many"}, index.Issue{}},
		"team":          {map[string]string{"customfield_3": `{"id":"t-1","name":"Crew"}`}, map[string]string{"customfield_3": "t-1"}, index.Issue{Team: "t-1"}},
		"a team's id":   {map[string]string{"customfield_3": `"t-1"`}, map[string]string{"customfield_3": "t-1"}, index.Issue{Team: "t-1"}},
		"another field": {map[string]string{"customfield_4": "7"}, map[string]string{"customfield_4": "7"}, index.Issue{}},
	} {
		raw := map[string]json.RawMessage{}
		for id, text := range tt.given {
			raw[id] = json.RawMessage(text)
		}
		var got index.Issue
		n.Fields.take(&got, raw)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s, issue: (-want +got)\n%s", name, diff)
		}
		e := whole()
		e.Custom = tt.custom
		var out index.Event
		n.Fields.told(e, &out)
		if diff := cmp.Diff(tt.want, out.Issue); diff != "" {
			t.Errorf("%s, event: (-want +got)\n%s", name, diff)
		}
		const all = index.KnowsPointEstimate | index.KnowsStoryPoints | index.KnowsTeam
		if out.Known != all {
			t.Errorf("%s: known %b, want %b", name, out.Known, all)
		}
	}
	var out index.Event
	n.Fields.told(Event{Custom: map[string]string{"customfield_2": "5"}}, &out)
	if out.Known != index.KnowsStoryPoints || out.Issue.StoryPoints.Value != 5 {
		t.Errorf("an event with few fields: got %+v", out)
	}
}
