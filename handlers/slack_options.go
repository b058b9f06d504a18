package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/slack-go/slack"

	"sightline/connect"
	"sightline/connect/jira"
	"sightline/connect/rest"
)

// maxSlackOptions is how many options Slack takes.
const maxSlackOptions = 100

// slackOptions answers what a person types into a field of the modal, with
// what they may see in Jira.
func (s *Server) slackOptions(c *gin.Context, caller *connect.SlackCaller) error {
	in, about, err := readInput(caller)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), slackPatience)
	defer cancel()
	_, person, err := s.slackWho(ctx, caller)
	if err != nil {
		return forbiddenSlack(err)
	}
	outcome(c).tenant = person.tenant.ID
	j, err := s.Jira(person.tenant, person.account)
	if err != nil {
		return err
	}
	var list []*slack.OptionBlockObject
	switch in.ActionID {
	case blockProjects:
		list, err = projectChoices(ctx, j, in.Value)
	case blockRole:
		list, err = s.roleChoices(ctx, j, slackPlace{caller.Team(), about.Channel}, in.Value)
	default:
		return slackRefusal(http.StatusUnprocessableEntity, "slack.field", "", textSlackField, nil)
	}
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, struct {
		Options []*slack.OptionBlockObject `json:"options"`
	}{append([]*slack.OptionBlockObject{}, list...)})
	return nil
}

// projectChoices are the projects whose name or key has what was typed.
func projectChoices(ctx context.Context, j *jira.Client, typed string) ([]*slack.OptionBlockObject, error) {
	var list []*slack.OptionBlockObject
	options := jira.ProjectSearchOptions{OrderBy: "name", MaxResults: maxSlackOptions, Query: strings.TrimSpace(typed)}
	for project, err := range j.Projects.All(ctx, options) {
		if err != nil {
			return nil, err
		}
		list = append(list, choice(project.Key, project.Name+" ("+project.Key+")"))
		if len(list) == maxSlackOptions {
			break
		}
	}
	return list, nil
}

// roleChoices are everybody and the roles of the projects that the channel
// shows or, before it shows any, of the first that the person sees.
func (s *Server) roleChoices(ctx context.Context, j *jira.Client, place slackPlace, typed string) ([]*slack.OptionBlockObject, error) {
	keys, err := s.roleKeys(ctx, j, place)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, key := range keys {
		roles, err := j.Roles.List(ctx, key)
		if isHidden(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for name, id := range roles {
			names[id] = name
		}
	}
	list := []*slack.OptionBlockObject{}
	for id, name := range names {
		list = append(list, choice(id, name))
	}
	slices.SortFunc(list, func(a, b *slack.OptionBlockObject) int { return strings.Compare(a.Text.Text, b.Text.Text) })
	list = slices.Insert(list, 0, choice(everybody, wordEverybody))
	list = slices.DeleteFunc(list, func(o *slack.OptionBlockObject) bool {
		return !strings.Contains(strings.ToLower(o.Text.Text), strings.ToLower(strings.TrimSpace(typed)))
	})
	return list[:min(len(list), maxSlackOptions)], nil
}

// maxSlackRoles is how many projects are asked for the roles they have.
const maxSlackRoles = 3

// isHidden reports whether Jira hides something from the person.
func isHidden(err error) bool {
	return errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrUnauthorized) ||
		errors.Is(err, rest.ErrNotFound) || errors.Is(err, rest.ErrParam)
}

// hiddenProject is the first of the projects that the person may not browse,
// "" when they may browse all.
func (s *Server) hiddenProject(ctx context.Context, person who, keys []string) (string, error) {
	j, err := s.Jira(person.tenant, person.account)
	if err != nil {
		return "", err
	}
	seen := map[string]bool{}
	for project, err := range j.Projects.All(ctx, jira.ProjectSearchOptions{Keys: keys}) {
		if err != nil {
			return "", err
		}
		seen[project.Key] = true
	}
	for _, key := range keys {
		if !seen[key] {
			return key, nil
		}
	}
	return "", nil
}

func (s *Server) roleKeys(ctx context.Context, j *jira.Client, place slackPlace) ([]string, error) {
	row, err := s.Store.Glance(ctx, place.glance())
	if err != nil && !isAbsent(err) {
		return nil, err
	}
	keys := row.Config.Projects
	if len(keys) == 0 {
		seen, err := projectChoices(ctx, j, "")
		if err != nil {
			return nil, err
		}
		for _, option := range seen {
			keys = append(keys, option.Value)
		}
	}
	return keys[:min(len(keys), maxSlackRoles)], nil
}
