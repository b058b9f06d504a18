package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// customFields are the ids of the custom fields that facts are made of, which differ
// between sites; "" for one that the site lacks.
type customFields struct {
	PointEstimate string `json:"estimate,omitempty"`
	StoryPoints   string `json:"points,omitempty"`
	Team          string `json:"team,omitempty"`
	// Read is when the site was asked; zero: never.
	Read time.Time `json:"read,omitzero"`
}

// CustomField begins the ids of custom fields.
const CustomField = workload.CustomField

// fieldsEvery is how often a site is asked for its fields. It costs a point for each
// of them, and sites hardly ever get another of these.
const fieldsEvery = 90 * 24 * time.Hour

// fieldsOf are those that facts are made of.
func fieldsOf(list []jira.IssueField) customFields {
	found := source.PlanFieldsOf(list)
	return customFields{PointEstimate: found.PointEstimate, StoryPoints: found.StoryPoints, Team: found.Team}
}

// fields asks the site for its fields, if that is due. Others than before mean that
// facts lack some: then the filling begins anew.
func (a *asker) fields(ctx context.Context) error {
	now := a.feed.Now()
	if age := now.Sub(a.notes.Fields.Read); 0 <= age && age < fieldsEvery {
		return nil
	}
	list, err := a.jira.Fields.List(ctx)
	if err != nil && !errors.Is(err, rest.ErrForbidden) && !errors.Is(err, rest.ErrMissingScope) {
		return fmt.Errorf("list fields: %w", err)
	}
	found := fieldsOf(list)
	found.Read = now
	return a.feed.change(ctx, a.tenant, func(s *index.State, n *notes) error {
		before := n.Fields
		before.Read = now
		if before != found && len(n.Projects) > 0 {
			n.refill()
			s.Filled = time.Time{}
		}
		n.Fields = found
		a.notes = *n
		return nil
	})
}

// names are those that the site has.
func (c customFields) names() (ids []string) {
	for _, id := range []string{c.PointEstimate, c.StoryPoints, c.Team} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// take fills an issue with what Jira gave. What is no number, or no team, is none.
func (c customFields) take(i *index.Issue, given map[string]json.RawMessage) {
	for _, f := range []struct {
		id string
		to *index.Points
	}{{c.PointEstimate, &i.PointEstimate}, {c.StoryPoints, &i.StoryPoints}} {
		var points *float64
		if json.Unmarshal(given[f.id], &points) == nil && points != nil {
			*f.to = index.Points{Value: *points, Set: true}
		}
	}
	var team struct {
		ID string `json:"id"`
	}
	raw := given[c.Team]
	if json.Unmarshal(raw, &team) != nil {
		_ = json.Unmarshal(raw, &team.ID) // some sites give nothing but the id
	}
	i.Team = team.ID
}

// told takes the fields from an event. What an event with all fields does not have, the
// issue has not either.
func (c customFields) told(e Event, out *index.Event) {
	whole := e.Due != nil
	for _, f := range []struct {
		id    string
		known index.Known
		to    *index.Points
	}{
		{c.PointEstimate, index.KnowsPointEstimate, &out.Issue.PointEstimate},
		{c.StoryPoints, index.KnowsStoryPoints, &out.Issue.StoryPoints},
	} {
		text, said := e.Custom[f.id]
		if !said && !whole && f.id != "" {
			continue
		}
		out.Known |= f.known
		if points, err := strconv.ParseFloat(text, 64); err == nil {
			*f.to = index.Points{Value: points, Set: true}
		}
	}
	if text, said := e.Custom[c.Team]; said || whole || c.Team == "" {
		out.Issue.Team, out.Known = text, out.Known|index.KnowsTeam
	}
}
