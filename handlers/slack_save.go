package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/slack-go/slack"

	"sightline/connect"
	"sightline/internal/glance"
	"sightline/internal/workload"
)

// slackInput is what the app reads of an interaction.
type slackInput struct {
	Type string `json:"type"`
	View struct {
		ID         string `json:"id"`
		CallbackID string `json:"callback_id"`
		Metadata   string `json:"private_metadata"`
		State      struct {
			Values map[string]map[string]slackValue `json:"values"`
		} `json:"state"`
	} `json:"view"`
	Actions []struct {
		ActionID string `json:"action_id"`
	} `json:"actions"`
	// Of a suggestion.
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
}

// slackValue is one input's value; which member is set depends on its type.
type slackValue struct {
	Option  *slackOption  `json:"selected_option"`
	Options []slackOption `json:"selected_options"`
	Time    string        `json:"selected_time"`
}

type slackOption struct {
	Value string `json:"value"`
}

func (in slackInput) value(block string) slackValue { return in.View.State.Values[block][block] }

func (v slackValue) one() string {
	if v.Option == nil {
		return ""
	}
	return v.Option.Value
}

func (v slackValue) all() []string {
	list := make([]string, 0, len(v.Options))
	for _, o := range v.Options {
		list = append(list, o.Value)
	}
	return list
}

// readInput reads an interaction and the channel that its modal is about.
func readInput(caller *connect.SlackCaller) (in slackInput, about slackMetadata, err error) {
	if json.Unmarshal(caller.Payload(), &in) != nil {
		return in, about, &connect.AuthError{Code: connect.CodeSlackBody, Detail: "not an interaction"}
	}
	if in.View.CallbackID == callbackSetup && json.Unmarshal([]byte(in.View.Metadata), &about) != nil {
		return in, about, &connect.AuthError{Code: connect.CodeSlackBody, Detail: "not a modal of ours"}
	}
	return in, about, nil
}

// slackInteraction serves what people do in the modal.
func (s *Server) slackInteraction(c *gin.Context, caller *connect.SlackCaller) error {
	in, about, err := readInput(caller)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), slackPatience)
	defer cancel()
	switch {
	case about.Channel == "":
		c.Status(http.StatusOK) // not ours
		return nil
	case in.Type == "view_submission":
		return s.slackSubmit(ctx, c, caller, in, about)
	case in.Type == "block_actions" && len(in.Actions) > 0 && in.Actions[0].ActionID == actionStop:
		return s.slackStop(ctx, c, caller, in, about)
	}
	c.Status(http.StatusOK)
	return nil
}

// slackSubmit saves the settings and waits for the channel to show them. What
// is wrong stands beside its field, and what was entered stays.
func (s *Server) slackSubmit(ctx context.Context, c *gin.Context, caller *connect.SlackCaller, in slackInput, about slackMetadata) error {
	_, person, err := s.slackWho(ctx, caller)
	if errors.Is(err, errSlackPerson) || errors.Is(err, errSlackTeam) {
		return slackErrors(c, map[string]string{blockProjects: textSlackGone})
	}
	if err != nil {
		return err
	}
	outcome(c).tenant = person.tenant.ID
	place := slackPlace{caller.Team(), about.Channel}
	old, err := s.Store.Glance(ctx, place.glance())
	if err != nil && !isAbsent(err) {
		return err
	}
	config, wrong, err := s.slackConfig(ctx, person, in, old.Config.Language)
	if err != nil {
		outcome(c).err = err
		wrong = map[string]string{blockProjects: textSlackNoJira}
	}
	if len(wrong) > 0 {
		return slackErrors(c, wrong)
	}
	if err := s.saveChannel(ctx, place, person, config); err != nil {
		return err
	}
	return s.answerSaved(ctx, c, place)
}

// saveChannel stores the settings, the same way as of every chat.
func (s *Server) saveChannel(ctx context.Context, place slackPlace, person who, config glance.Config) error {
	conversation := glance.Conversation{
		Surface: glance.SurfaceSlack, Site: place.team, ID: place.channel,
		Tenant: string(person.tenant.ID), InstalledBy: string(person.account),
	}
	if err := s.Store.Begin(ctx, conversation, place.glance(), place.configuration(), s.Now()); err != nil {
		return err
	}
	if err := s.Store.Configure(ctx, place.glance(), place.configuration(), config, s.Now()); err != nil {
		return err
	}
	s.Wake()
	return nil
}

// slackConfig reads and checks the form.
func (s *Server) slackConfig(ctx context.Context, person who, in slackInput, language string) (glance.Config, map[string]string, error) {
	window, _ := strconv.Atoi(in.value(blockWindow).one()) // 0 is refused below
	config := glance.Config{
		Projects: in.value(blockProjects).all(), Role: strings.TrimPrefix(in.value(blockRole).one(), everybody),
		Window: window, Zone: in.value(blockZone).one(), Language: language,
		QuietFrom: in.value(blockQuietFrom).Time, QuietTo: in.value(blockQuietTo).Time,
	}
	chosen := in.value(blockParts).all()
	for _, part := range slackParts() {
		if slices.Contains(chosen, string(part)) {
			config.Parts = append(config.Parts, part)
		}
	}
	wrong := checkChannel(config)
	if wrong[blockProjects] != "" {
		return config, wrong, nil
	}
	unseen, err := s.hiddenProject(ctx, person, config.Projects)
	if unseen != "" {
		wrong[blockProjects] = fmt.Sprintf(textSlackUnseen, unseen)
	}
	return config, wrong, err
}

var (
	projectKeys = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)
	roleIDs     = regexp.MustCompile(`^[0-9]{0,19}$`)
)

// checkChannel finds what is wrong with settings, by block.
func checkChannel(c glance.Config) map[string]string {
	wrong := map[string]string{}
	switch {
	case len(c.Projects) == 0:
		wrong[blockProjects] = textSlackProjects
	case len(c.Projects) > workload.MaxProjects:
		wrong[blockProjects] = fmt.Sprintf(textSlackMany, workload.MaxProjects)
	}
	for _, key := range c.Projects {
		if !projectKeys.MatchString(key) {
			wrong[blockProjects] = fmt.Sprintf(textSlackUnseen, key)
		}
	}
	if !roleIDs.MatchString(c.Role) {
		wrong[blockRole] = textSlackRole
	}
	if !workload.Window(c.Window).Valid() {
		wrong[blockWindow] = textSlackWindow
	}
	if len(c.Parts) == 0 {
		wrong[blockParts] = textSlackParts
	}
	if !knownZone(c.Zone) {
		wrong[blockZone] = textSlackZone
	}
	if block, text := checkQuiet(c.QuietFrom, c.QuietTo); text != "" {
		wrong[block] = text
	}
	return wrong
}

func checkQuiet(from, to string) (block, text string) {
	switch {
	case from == "" && to == "":
		return "", ""
	case !isTime(from):
		return blockQuietFrom, textSlackQuiet
	case !isTime(to):
		return blockQuietTo, textSlackQuiet
	case from == to:
		return blockQuietTo, textSlackEqual
	}
	return "", ""
}

func isTime(text string) bool {
	_, err := time.Parse("15:04", text)
	return err == nil && len(text) == len("15:04")
}

func slackErrors(c *gin.Context, wrong map[string]string) error {
	c.JSON(http.StatusOK, slack.NewErrorsViewSubmissionResponse(wrong))
	return nil
}
