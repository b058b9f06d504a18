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

// firstProjects is how many projects are asked for their roles before the channel
// has any.
const firstProjects = 3

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
	var found suggestions
	switch in.ActionID {
	case web.FieldProjects:
		found, err = projectChoices(ctx, at.Language, at.Jira, in.Value)
	case web.FieldRole:
		found, err = roleChoices(ctx, at, in.Value)
	default:
		var known bool
		if found, known, err = valueChoices(ctx, at, in.ActionID, in.Value); !known {
			return edge.Refuse(lang.ProblemSlackField)
		}
	}
	if err != nil {
		return err
	}
	r.JSON(http.StatusOK, found.answer())
	return nil
}

// suggestions are options, and what a person is told about what is not among them.
type suggestions struct {
	list []web.Option
	note string
}

// answer is the options as Slack reads them. A list has no place for a sentence, so
// that becomes the heading of a group: nobody can choose it.
// See https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element#external_multi_select
func (s suggestions) answer() any {
	all, _ := choices(s.list)
	if s.note == "" || len(all) == 0 {
		return struct {
			Options []*slack.OptionBlockObject `json:"options"`
		}{append([]*slack.OptionBlockObject{}, all...)}
	}
	return slack.OptionGroupsResponse{OptionGroups: []*slack.OptionGroupBlockObject{
		slack.NewOptionGroupBlockElement(plain(clip(s.note, maxChoice)), all...),
	}}
}

// projectChoices are the projects whose name or key contains what was typed.
func projectChoices(ctx context.Context, l *lang.Language, j *jira.Client, typed string) (suggestions, error) {
	found, err := form.FindProjects(ctx, l, j, form.Draft{Search: strings.TrimSpace(typed)}, maxOptions)
	var s suggestions
	for _, project := range found.Found {
		if len(project.Key) > maxValue {
			s.note = l.Slack.LongKeys
			continue
		}
		s.list = append(s.list, web.Option{Value: project.Key, Label: named(project.Name, project.Key)})
	}
	if found.More {
		s.note = l.Say(l.Slack.FirstOnly, l.Number(len(s.list)))
	}
	return s, err
}

// roleChoices are "everybody" and the roles of the channel's projects or,
// before it has any, of the first ones that the person sees.
func roleChoices(ctx context.Context, at room.Setup, typed string) (suggestions, error) {
	keys, note, err := roleKeys(ctx, at)
	if err != nil {
		return suggestions{}, err
	}
	roles, err := form.ReadRoles(ctx, at.Jira, keys)
	if err != nil {
		return suggestions{}, err
	}
	typed = strings.ToLower(strings.TrimSpace(typed))
	list := slices.DeleteFunc(withEverybody(at.Language, form.RoleOptions(at.Language, roles.Names, "")), func(o web.Option) bool {
		return !strings.Contains(strings.ToLower(o.Label), typed)
	})
	if len(list) > maxOptions {
		list, note = list[:maxOptions], at.Language.Say(at.Language.Slack.FirstOnly, at.Language.Number(maxOptions))
	}
	return suggestions{list, note}, nil
}

// roleKeys are the projects whose roles are offered, and a sentence if they are not
// the channel's.
func roleKeys(ctx context.Context, at room.Setup) (keys []string, note string, err error) {
	if keys := form.ProjectKeys(at.Row.Config.Projects); len(keys) > 0 {
		return keys, "", nil
	}
	seen, err := form.FindProjects(ctx, at.Language, at.Jira, form.Draft{}, firstProjects)
	for _, project := range seen.Found {
		keys = append(keys, project.Key)
	}
	if seen.More {
		note = at.Language.Say(at.Language.Slack.RolesOf, at.Language.List(keys))
	}
	return keys, note, err
}
