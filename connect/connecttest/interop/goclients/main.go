// Command goclients runs two Go clients of Jira against the local site: go-jira and
// go-atlassian. It reads the site's address and people from its input and prints a line
// of JSON for each check.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"

	gojira "github.com/andygrunwald/go-jira"
	v3 "github.com/ctreminiom/go-atlassian/jira/v3"
	"github.com/ctreminiom/go-atlassian/pkg/infra/models"
)

type person struct{ AccountID, Username, Email, Token, DisplayName string }

type site struct {
	URL    string
	People []person
}

func main() {
	var s site
	if err := json.NewDecoder(os.Stdin).Decode(&s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	at := slices.IndexFunc(s.People, func(p person) bool { return p.Username == "mlindqvist" })
	lead := s.People[at]
	check("go-jira on Cloud", func() error { return withGoJira(s.URL+"/", lead, lead.Email, false) })
	check("go-jira on Data Center", func() error { return withGoJira(s.URL+"/dc/", lead, lead.Username, true) })
	check("go-atlassian on Cloud", func() error { return withGoAtlassian(s.URL, lead) })
}

// check prints what became of a check.
func check(name string, do func() error) {
	outcome := map[string]string{"check": name}
	if err := do(); err != nil {
		outcome["error"] = err.Error()
	}
	_ = json.NewEncoder(os.Stdout).Encode(outcome)
}

func withGoJira(address string, who person, login string, dataCenter bool) error {
	auth := gojira.BasicAuthTransport{Username: login, Password: who.Token}
	client, err := gojira.NewClient(auth.Client(), address)
	if err != nil {
		return err
	}
	me, _, err := client.User.GetSelf()
	if err != nil || me.DisplayName != who.DisplayName {
		return fmt.Errorf("who am I: %+v, %w", me, err)
	}
	projects, _, err := client.Project.GetList()
	if err != nil || len(*projects) < 2 {
		return fmt.Errorf("projects: %v, %w", projects, err)
	}
	fields, _, err := client.Field.GetList()
	if err != nil || len(fields) < 10 {
		return fmt.Errorf("%d fields, %w", len(fields), err)
	}
	issue, _, err := client.Issue.Get("HARB-1", nil)
	if err != nil || issue.Fields.Summary == "" {
		return fmt.Errorf("issue: %+v, %w", issue, err)
	}
	log, _, err := client.Issue.AddWorklogRecord("HARB-1", &gojira.WorklogRecord{TimeSpent: "1h 30m"})
	if err != nil || log.TimeSpentSeconds != 5400 {
		return fmt.Errorf("work log: %+v, %w", log, err)
	}
	found, answer, err := client.Issue.Search("project = HARB ORDER BY key", &gojira.SearchOptions{StartAt: 5, MaxResults: 10})
	if !dataCenter { // as on the real site, whose search by places is gone
		if answer == nil || answer.StatusCode != http.StatusGone {
			return fmt.Errorf("search: want 410: %w", err)
		}
		return nil
	}
	if err != nil || len(found) != 10 || answer.StartAt != 5 || answer.Total < 100 {
		return fmt.Errorf("search: %d of %+v, %w", len(found), answer, err)
	}
	return nil
}

func withGoAtlassian(address string, who person) error {
	ctx := context.Background()
	client, err := v3.New(nil, address)
	if err != nil {
		return err
	}
	client.Auth.SetBasicAuth(who.Email, who.Token)
	me, _, err := client.MySelf.Details(ctx, nil)
	if err != nil || me.AccountID != who.AccountID {
		return fmt.Errorf("who am I: %+v, %w", me, err)
	}
	projects, _, err := client.Project.Search(ctx, &models.ProjectSearchOptionsScheme{}, 0, 50)
	if err != nil || len(projects.Values) < 2 {
		return fmt.Errorf("projects: %+v, %w", projects, err)
	}
	fields, _, err := client.Issue.Field.Gets(ctx)
	if err != nil || len(fields) < 10 {
		return fmt.Errorf("%d fields, %w", len(fields), err)
	}
	issue, _, err := client.Issue.Get(ctx, "HARB-1", nil, nil)
	if err != nil || issue.Fields.Summary == "" {
		return fmt.Errorf("issue: %+v, %w", issue, err)
	}
	boards, _, err := client.Dashboard.Gets(ctx, 0, 10, "")
	if err != nil || len(boards.Dashboards) == 0 {
		return fmt.Errorf("dashboards: %+v, %w", boards, err)
	}
	logs, _, err := client.Issue.Worklog.Issue(ctx, "HARB-1", 0, 10, 0, nil)
	if err != nil || logs == nil {
		return fmt.Errorf("work logs: %w", err)
	}
	people, _, err := client.User.Search.Do(ctx, "", "mara", 0, 10)
	if err != nil || len(people) != 1 {
		return fmt.Errorf("people: %d, %w", len(people), err)
	}
	client.Auth.SetBasicAuth(who.Email, "wrong")
	if _, answer, err := client.MySelf.Details(ctx, nil); err == nil || answer == nil || answer.Code != http.StatusUnauthorized {
		return errors.New("a wrong token is accepted")
	}
	return nil
}
