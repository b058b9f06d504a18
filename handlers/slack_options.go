package handlers

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/web"
)

const (
	// maxSlackOptions is how many options Slack takes.
	maxSlackOptions = 100
	// maxSlackRoles is how many projects are asked for the roles they have.
	maxSlackRoles = 3
)

// slackOptions answers what a person types into a field of the modal, with
// what they may see in Jira.
func (s *Server) slackOptions(r *edge.Request, caller *slackapp.Caller) error {
	in, about, err := readInput(caller)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Request.Context(), slackPatience)
	defer cancel()
	_, person, err := s.slackPerson(ctx, r, caller)
	if err != nil {
		return forbiddenSlack(err)
	}
	at, err := s.atChannel(ctx, person, caller, slackPlace{caller.Team(), about.Channel})
	if err != nil {
		return err
	}
	var list []web.Option
	switch in.ActionID {
	case web.FieldProjects:
		list, err = projectChoices(ctx, at.l, at.jira, in.Value)
	case web.FieldRole:
		list, err = roleChoices(ctx, at, in.Value)
	default:
		return edge.Refuse(lang.ProblemSlackField)
	}
	if err != nil {
		return err
	}
	all, _ := choices(list)
	r.JSON(http.StatusOK, struct {
		Options []*slack.OptionBlockObject `json:"options"`
	}{append([]*slack.OptionBlockObject{}, all...)})
	return nil
}

// projectChoices are the projects whose name or key has what was typed.
func projectChoices(ctx context.Context, l *lang.Language, j *jira.Client, typed string) ([]web.Option, error) {
	found, err := findProjects(ctx, l, j, draft{search: strings.TrimSpace(typed)}, maxSlackOptions)
	list := make([]web.Option, 0, len(found.Found))
	for _, project := range found.Found {
		list = append(list, web.Option{Value: project.Key, Label: project.Name + " (" + project.Key + ")"})
	}
	return list, err
}

// roleChoices are everybody and the roles of the projects that the channel
// shows or, before it shows any, of the first that the person sees.
func roleChoices(ctx context.Context, at roomSetup, typed string) ([]web.Option, error) {
	keys, err := roleKeys(ctx, at)
	if err != nil {
		return nil, err
	}
	names, _, err := readRoles(ctx, at.jira, keys[:min(len(keys), maxSlackRoles)])
	if err != nil {
		return nil, err
	}
	typed = strings.ToLower(strings.TrimSpace(typed))
	list := slices.DeleteFunc(withEverybody(at.l, roleOptions(at.l, names, "")), func(o web.Option) bool {
		return !strings.Contains(strings.ToLower(o.Label), typed)
	})
	return list[:min(len(list), maxSlackOptions)], nil
}

func roleKeys(ctx context.Context, at roomSetup) ([]string, error) {
	if keys := projectKeys(at.row.Config.Projects); len(keys) > 0 {
		return keys, nil
	}
	seen, err := projectChoices(ctx, at.l, at.jira, "")
	keys := make([]string, 0, len(seen))
	for _, option := range seen {
		keys = append(keys, option.Value)
	}
	return keys, err
}
