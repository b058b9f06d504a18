package onsite

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/internal/workload"
)

// grouped is a gadget that shows other rows than people.
type grouped struct {
	module, title string
	change        func(c *workload.GadgetConfig, teams string)
}

// groupedGadgets are those that the board with groups gets besides the usual ones.
func groupedGadgets() []grouped {
	return []grouped{
		{"workload", "Open work by epic", func(c *workload.GadgetConfig, _ string) { c.Rows = workload.AxisEpic }},
		{"workload", "Open work by person and team", func(c *workload.GadgetConfig, teams string) {
			c.Split, c.TeamField = workload.AxisTeam, teams
		}},
		{"timelog", "Who worked on which issue", func(c *workload.GadgetConfig, _ string) { c.Sheet = workload.SheetPeopleIssues }},
		{"timelog", "Which issue took whose time", func(c *workload.GadgetConfig, _ string) { c.Sheet = workload.SheetIssuesPeople }},
	}
}

// showGroups puts them on a dashboard that has the usual gadgets, as its owner would.
func (s Stage) showGroups(ctx context.Context, has objects, on dashboard) error {
	var placed struct {
		Gadgets []struct {
			ID        json.Number
			ModuleKey string
		}
	}
	if err := s.rest(ctx, on.Owner, http.MethodGet, "/rest/api/3/dashboard/"+on.ID+"/gadget", nil, &placed); err != nil {
		return err
	}
	teams, err := s.teamField(ctx, on.Owner)
	if err != nil {
		return err
	}
	for _, g := range groupedGadgets() {
		for _, usual := range placed.Gadgets {
			if !strings.HasSuffix(usual.ModuleKey, g.module) {
				continue
			}
			var added struct{ ID json.Number }
			if err := s.rest(ctx, on.Owner, http.MethodPost, "/rest/api/3/dashboard/"+on.ID+"/gadget", map[string]string{"moduleKey": usual.ModuleKey, "title": g.title}, &added); err != nil {
				return err
			}
			config := has.config(0)
			config.Title = g.title
			g.change(&config, teams)
			if err := s.setUpGadget(ctx, on, added.ID.String(), config, false); err != nil {
				return fmt.Errorf("%s: %w", g.title, err)
			}
			break
		}
	}
	return nil
}

// teamField is the id of the site's field of Atlassian's teams.
func (s Stage) teamField(ctx context.Context, account string) (string, error) {
	var fields []struct {
		ID     string
		Schema struct{ Custom string }
	}
	err := s.rest(ctx, account, http.MethodGet, "/rest/api/3/field", nil, &fields)
	for _, f := range fields {
		if strings.HasPrefix(f.Schema.Custom, "com.atlassian.teams:") {
			return f.ID, err
		}
	}
	return "", err
}

// rest calls the site's Jira as one of its people.
func (s Stage) rest(ctx context.Context, account, method, path string, in, out any) error {
	who, err := s.person(ctx, func(p person) bool { return p.AccountID == account })
	if err != nil {
		return err
	}
	body := ""
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = string(text)
	}
	req, err := request(ctx, method, s.Site+path, body)
	if err != nil {
		return err
	}
	req.SetBasicAuth(who.Email, who.Token)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return do(req, out)
}
