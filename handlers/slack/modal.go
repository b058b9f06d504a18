package slack

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// The modal asks for the same as the chat's dialog. A block, and its only
// input, has the name of the dialog's field.
const (
	actionStop    = "stop"
	actionMore    = "more"
	callbackSetup = "setup"
	// everybody is the value for no role: an option cannot be empty.
	everybody = "*"
)

// metadata travels with the modal.
type metadata struct {
	Channel string `json:"channel"`
	Command string `json:"command"`
	// More says that the modal shows all fields.
	More bool `json:"more,omitempty"`
}

// shows reports whether the modal has a field.
func (m metadata) shows(field string) bool {
	return m.More || !slices.Contains(moreFieldNames(), field)
}

// settingsView is the modal that sets up a channel. Fields that few channels need are
// in it if the channel uses them, or if somebody asks for them.
func (s *Slack) settingsView(ctx context.Context, in slackapp.Install, at room.Setup, about metadata) slack.ModalViewRequest {
	l, config := at.Language, at.Offered().Config
	about.More = about.More || usesMore(at.Row.Config)
	blocks := []slack.Block{
		projectsBlock(l, config.Projects),
		roleBlock(l, form.RoleOptions(l, s.nameRole(ctx, at), config.Role)),
		queryBlock(l, config.Query),
		selectBlock(web.FieldWindow, l.Form.LoggedTime, l.Form.LoggedTimeHelp, form.PeriodOptions(l, workload.Window(config.Window), config.Period)),
		partsBlock(l, room.PartOptions(l, config.Parts)),
		selectBlock(web.FieldZone, l.Form.Zone, room.ZoneHelp(l, config), room.ZoneOptions(s.Edge.Now(), at.Zone, config.Zone)),
		timeBlock(web.FieldQuietFrom, l.Slack.QuietFrom, "", config.QuietFrom),
		timeBlock(web.FieldQuietTo, l.Slack.QuietTo, l.Chat.QuietHelp, config.QuietTo),
	}
	if about.More {
		blocks = append(blocks, s.moreBlocks(ctx, at, config)...)
		blocks = append(blocks, weeklyBlocks(at, config.Weekly)...)
		blocks = append(blocks, linksBlock(l, in, config.Links))
	}
	if buttons := buttonsBlock(l, !about.More, len(config.Projects) > 0); buttons != nil {
		blocks = append(blocks, buttons)
	}
	if note := stoppedNote(l, at.Row); note != "" {
		blocks = slices.Insert(blocks, 0, slack.Block(slack.NewContextBlock("", plain(note))))
	}
	view := modal(l, blocks...)
	view.CallbackID, view.Submit, view.Close = callbackSetup, plain(l.Form.Save), plain(l.Form.Cancel)
	metadata, _ := json.Marshal(about) // texts always encode
	view.PrivateMetadata = string(metadata)
	return view
}

// nameRole finds the name of the role that a channel shows. A role that Jira
// does not name in time stays chosen.
func (s *Slack) nameRole(ctx context.Context, at room.Setup) map[string]string {
	if at.Row.Config.Role == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.Views.Patience.Modal)
	defer cancel()
	roles, err := form.ReadRoles(ctx, at.Jira, form.ProjectKeys(at.Row.Config.Projects))
	if err != nil {
		return nil
	}
	return roles.Names
}

// stoppedNote says why a channel shows nothing; "" if it shows something or
// another attempt follows.
func stoppedNote(l *lang.Language, row glance.Row) string {
	if !row.Stopped && !row.NextAttempt.IsZero() || row.Reason() == glance.ReasonNone {
		return ""
	}
	return l.Say(l.Slack.NotShown, because(l, row.Reason()))
}

func modal(l *lang.Language, blocks ...slack.Block) slack.ModalViewRequest {
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(edge.Product), Close: plain(l.Slack.Close), Blocks: slack.Blocks{BlockSet: blocks}}
}

// textView is a modal that only says something.
func textView(l *lang.Language, text string) slack.ModalViewRequest {
	return modal(l, slack.NewSectionBlock(plain(text), nil, nil))
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

func projectsBlock(l *lang.Language, chosen []string) slack.Block {
	element := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeExternal, plain(l.Form.SearchProjects), web.FieldProjects)
	options := make([]web.Option, 0, len(chosen))
	for _, key := range chosen {
		options = append(options, web.Option{Value: key, Label: key})
	}
	element.InitialOptions, _ = choices(options)
	most, none := workload.MaxProjects, 0
	element.MaxSelectedItems, element.MinQueryLength = &most, &none
	return slack.NewInputBlock(web.FieldProjects, plain(l.Form.Projects), plain(l.Slack.ProjectsHelp), element)
}

func roleBlock(l *lang.Language, roles []web.Option) slack.Block {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain(l.Form.Team), web.FieldRole)
	none := 0
	element.MinQueryLength = &none
	_, selected := choices(withEverybody(l, roles))
	element.InitialOption = selected[0]
	return slack.NewInputBlock(web.FieldRole, plain(l.Form.Team), plain(l.Slack.TeamHelp), element)
}

// queryBlock is a text field: Slack has no element that could show whom the
// query finds.
func queryBlock(l *lang.Language, query string) slack.Block {
	element := slack.NewPlainTextInputBlockElement(nil, web.FieldQuery)
	element.InitialValue, element.MaxLength = query, workload.MaxQuery
	block := slack.NewInputBlock(web.FieldQuery, plain(l.Form.ByQuery), plain(l.Slack.QueryHelp), element)
	block.Optional = true
	return block
}

// withEverybody is a form's roles with "everybody" in place of no role.
func withEverybody(l *lang.Language, roles []web.Option) []web.Option {
	roles[0].Value, roles[0].Label = everybody, l.Form.Everybody
	return roles
}

func selectBlock(name, label, help string, options []web.Option) slack.Block {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, name)
	all, selected := choices(options)
	element.Options = all
	if len(selected) > 0 {
		element.InitialOption = selected[0]
	}
	block := slack.NewInputBlock(name, plain(label), nil, element)
	if help != "" {
		block.Hint = plain(clip(help, maxHint))
	}
	return block
}

func partsBlock(l *lang.Language, options []web.Option) slack.Block {
	element := slack.NewCheckboxGroupsBlockElement(web.FieldParts)
	element.Options, element.InitialOptions = choices(options)
	return slack.NewInputBlock(web.FieldParts, plain(l.Chat.Label), plain(l.Chat.LabelHelp), element)
}

func timeBlock(name, label, help, at string) slack.Block {
	element := slack.NewTimePickerBlockElement(name)
	element.InitialTime = at
	block := slack.NewInputBlock(name, plain(label), nil, element)
	block.Optional = true
	if help != "" {
		block.Hint = plain(help)
	}
	return block
}

// buttonsBlock are the buttons below the fields; nil if there are none.
func buttonsBlock(l *lang.Language, more, stop bool) slack.Block {
	var buttons []slack.BlockElement
	if more {
		buttons = append(buttons, slack.NewButtonBlockElement(actionMore, actionMore, plain(l.Slack.More)))
	}
	if stop {
		buttons = append(buttons, stopButton(l))
	}
	if len(buttons) == 0 {
		return nil
	}
	return slack.NewActionBlock("actions", buttons...)
}

func stopButton(l *lang.Language) slack.BlockElement {
	button := slack.NewButtonBlockElement(actionStop, actionStop, plain(l.Slack.Stop))
	button.Style = slack.StyleDanger
	button.Confirm = slack.NewConfirmationBlockObject(
		plain(l.Slack.StopSure), plain(l.Slack.StopText), plain(l.Slack.Stop), plain(l.Form.Cancel))
	return button
}
