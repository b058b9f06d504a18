package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/slack-go/slack"

	"sightline/internal/glance"
	"sightline/internal/surfaces"
	"sightline/internal/workload"
)

// The blocks of the modal; the only input of a block bears its name, too.
const (
	blockProjects  = "projects"
	blockRole      = "role"
	blockWindow    = "window"
	blockParts     = "parts"
	blockZone      = "zone"
	blockQuietFrom = "quietFrom"
	blockQuietTo   = "quietTo"
	actionStop     = "stop"
	callbackSetup  = "setup"
	// everybody is the value of no role: an option cannot be empty.
	everybody = "*"
)

// slackMetadata travels with the modal.
type slackMetadata struct {
	Channel string `json:"channel"`
	Command string `json:"command"`
}

// settingsView is the modal in which a channel is set up.
func (s *Server) settingsView(ctx context.Context, person who, place slackPlace, row glance.Row, command string) slack.ModalViewRequest {
	extras := s.slackExtras(ctx, person, row.Config)
	config, known := row.Config, len(row.Config.Projects) > 0
	if !known {
		config = startConfig(extras.zone)
	}
	blocks := []slack.Block{
		projectsBlock(config.Projects), roleBlock(config.Role, extras.role), windowBlock(config.Window),
		partsBlock(config.Parts), zoneBlock(extras.zone, cmp.Or(config.Zone, extras.zone)),
		timeBlock(blockQuietFrom, wordQuietFrom, config.QuietFrom), timeBlock(blockQuietTo, wordQuietTo, config.QuietTo),
	}
	if known {
		blocks = append(blocks, stopBlock())
	}
	if note := stoppedNote(row); note != "" {
		blocks = slices.Insert(blocks, 0, slack.Block(slack.NewContextBlock("", plain(note))))
	}
	view := slackView(blocks...)
	view.CallbackID, view.Submit, view.Close = callbackSetup, plain(wordSave), plain(wordCancel)
	metadata, _ := json.Marshal(slackMetadata{place.channel, command}) // two strings always encode
	view.PrivateMetadata = string(metadata)
	return view
}

// stoppedNote says why a channel shows nothing, "" when it does.
func stoppedNote(row glance.Row) string {
	switch {
	case row.StoppedFor != "":
		return fmt.Sprintf(wordStoppedReason, row.StoppedFor)
	case row.LastError != "" && row.NextAttempt.IsZero():
		return fmt.Sprintf(wordStoppedReason, failureText(row.LastError))
	}
	return ""
}

func slackView(blocks ...slack.Block) slack.ModalViewRequest {
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(wordTitle), Close: plain(wordClose), Blocks: slack.Blocks{BlockSet: blocks}}
}

// textView is a modal that only says something.
func textView(text string) slack.ModalViewRequest {
	return slackView(slack.NewSectionBlock(plain(text), nil, nil))
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

func choice(value, text string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plain(clip(text)), nil)
}

// maxChoice is how long an option's text may be, in characters.
const maxChoice = 75

func clip(text string) string {
	if runes := []rune(text); len(runes) > maxChoice {
		return string(runes[:maxChoice-1]) + "…"
	}
	return text
}

func projectsBlock(chosen []string) slack.Block {
	element := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeExternal, plain(wordFindProjects), blockProjects)
	for _, key := range chosen {
		element.InitialOptions = append(element.InitialOptions, choice(key, key))
	}
	most, none := workload.MaxProjects, 0
	element.MaxSelectedItems, element.MinQueryLength = &most, &none
	return slack.NewInputBlock(blockProjects, plain(wordProjects), plain(wordProjectsHint), element)
}

func roleBlock(role, name string) slack.Block {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain(wordTeam), blockRole)
	none := 0
	element.MinQueryLength = &none
	element.InitialOption = choice(everybody, wordEverybody)
	if role != "" {
		element.InitialOption = choice(role, name)
	}
	return slack.NewInputBlock(blockRole, plain(wordTeam), plain(wordTeamHint), element)
}

func windowBlock(chosen int) slack.Block {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, blockWindow)
	for _, w := range []workload.Window{workload.Week, workload.Fortnight, workload.Month} {
		option := choice(strconv.Itoa(int(w)), fmt.Sprintf(wordDays, w))
		element.Options = append(element.Options, option)
		if int(w) == chosen {
			element.InitialOption = option
		}
	}
	return slack.NewInputBlock(blockWindow, plain(wordWindow), nil, element)
}

// slackParts are the numbers of a label, in the order in which it shows them.
func slackParts() []glance.Part {
	return []glance.Part{glance.PartOpen, glance.PartOverdue, glance.PartDueSoon, glance.PartUnassigned, glance.PartHeavy}
}

func partsBlock(chosen []glance.Part) slack.Block {
	if len(chosen) == 0 {
		chosen = []glance.Part{glance.PartOpen, glance.PartOverdue}
	}
	element := slack.NewCheckboxGroupsBlockElement(blockParts)
	for _, part := range slackParts() {
		option := choice(string(part), partWords()[string(part)])
		element.Options = append(element.Options, option)
		if slices.Contains(chosen, part) {
			element.InitialOptions = append(element.InitialOptions, option)
		}
	}
	return slack.NewInputBlock(blockParts, plain(wordParts), nil, element)
}

// zoneBlock offers the person's own zone, the one in use and UTC.
func zoneBlock(own, chosen string) slack.Block {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, blockZone)
	names := []string{own, chosen, "UTC"}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		option := choice(name, name)
		element.Options = append(element.Options, option)
		if name == chosen {
			element.InitialOption = option
		}
	}
	return slack.NewInputBlock(blockZone, plain(wordZone), plain(wordZoneHint), element)
}

func timeBlock(name, label, at string) slack.Block {
	element := slack.NewTimePickerBlockElement(name)
	element.InitialTime = at
	block := slack.NewInputBlock(name, plain(label), nil, element)
	block.Optional = true
	if name == blockQuietTo {
		block.Hint = plain(wordQuietHint)
	}
	return block
}

func stopBlock() slack.Block {
	button := slack.NewButtonBlockElement(actionStop, actionStop, plain(wordStop))
	button.Style = slack.StyleDanger
	button.Confirm = slack.NewConfirmationBlockObject(plain(wordStopSure), plain(wordStopText), plain(wordStop), plain(wordCancel))
	return slack.NewActionBlock("actions", button)
}

func isSlackCode(err error, codes ...string) bool {
	said := slackCode(err)
	return said != "" && slices.Contains(codes, said)
}

// slackCode is what Slack answered, "" when it answered no such thing.
func slackCode(err error) string {
	var logical *surfaces.SlackError
	if errors.As(err, &logical) {
		return logical.Code
	}
	return ""
}
