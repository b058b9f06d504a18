package slack

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/web"
)

const (
	// maxOptions is how many options Slack accepts.
	maxOptions = 100
	// maxRoles is how many projects are asked for their roles.
	maxRoles = 3
)

// options answers what a person types into a field of the modal, with
// what they may see in Jira.
func (s *Slack) options(r *edge.Request, caller *slackapp.Caller) error {
	in, about, err := readInput(caller)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Request.Context(), answerTime)
	defer cancel()
	_, person, err := s.person(ctx, r, caller)
	if err != nil {
		return forbidden(err)
	}
	at, err := s.atChannel(ctx, person, caller, channel{caller.Team(), about.Channel})
	if err != nil {
		return err
	}
	var list []web.Option
	switch in.ActionID {
	case web.FieldProjects:
		list, err = projectChoices(ctx, at.Language, at.Jira, in.Value)
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

// projectChoices are the projects whose name or key contains what was typed.
func projectChoices(ctx context.Context, l *lang.Language, j *jira.Client, typed string) ([]web.Option, error) {
	found, err := form.FindProjects(ctx, l, j, form.Draft{Search: strings.TrimSpace(typed)}, maxOptions)
	list := make([]web.Option, 0, len(found.Found))
	for _, project := range found.Found {
		list = append(list, web.Option{Value: project.Key, Label: project.Name + " (" + project.Key + ")"})
	}
	return list, err
}

// roleChoices are "everybody" and the roles of the channel's projects or,
// before it has any, of the first ones that the person sees.
func roleChoices(ctx context.Context, at room.Setup, typed string) ([]web.Option, error) {
	keys, err := roleKeys(ctx, at)
	if err != nil {
		return nil, err
	}
	names, _, err := form.ReadRoles(ctx, at.Jira, keys[:min(len(keys), maxRoles)])
	if err != nil {
		return nil, err
	}
	typed = strings.ToLower(strings.TrimSpace(typed))
	list := slices.DeleteFunc(withEverybody(at.Language, form.RoleOptions(at.Language, names, "")), func(o web.Option) bool {
		return !strings.Contains(strings.ToLower(o.Label), typed)
	})
	return list[:min(len(list), maxOptions)], nil
}

func roleKeys(ctx context.Context, at room.Setup) ([]string, error) {
	if keys := form.ProjectKeys(at.Row.Config.Projects); len(keys) > 0 {
		return keys, nil
	}
	seen, err := projectChoices(ctx, at.Language, at.Jira, "")
	keys := make([]string, 0, len(seen))
	for _, option := range seen {
		keys = append(keys, option.Value)
	}
	return keys, err
}
