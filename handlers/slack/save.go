package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// input is what the app reads from an interaction.
type input struct {
	Type string `json:"type"`
	View struct {
		ID         string `json:"id"`
		CallbackID string `json:"callback_id"`
		Metadata   string `json:"private_metadata"`
		State      struct {
			Values map[string]map[string]value `json:"values"`
		} `json:"state"`
	} `json:"view"`
	Actions []struct {
		ActionID string `json:"action_id"`
		Value    string `json:"value"`
	} `json:"actions"`
	// ResponseURL replaces the message in which a button was pressed.
	ResponseURL string `json:"response_url"`
	// Of a suggestion.
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
}

// value is one input's value; which member is set depends on its type.
type value struct {
	Option  *option  `json:"selected_option"`
	Options []option `json:"selected_options"`
	Time    string   `json:"selected_time"`
	Text    string   `json:"value"`
}

type option struct {
	Value string `json:"value"`
}

func (in input) value(block string) value { return in.View.State.Values[block][block] }

// pressed reports whether somebody pressed a button.
func (in input) pressed(action string) bool {
	return in.Type == "block_actions" && len(in.Actions) > 0 && in.Actions[0].ActionID == action
}

func (v value) one() string {
	if v.Option == nil {
		return ""
	}
	return v.Option.Value
}

func (v value) all() []string {
	list := make([]string, 0, len(v.Options))
	for _, o := range v.Options {
		list = append(list, o.Value)
	}
	return list
}

// readInput reads an interaction and the channel that its modal is about.
func readInput(caller *slackapp.Caller) (in input, about metadata, err error) {
	if json.Unmarshal(caller.Payload(), &in) != nil {
		return in, about, &connect.AuthError{Code: slackapp.RefusedBody, Detail: "not an interaction"}
	}
	if in.View.CallbackID == callbackSetup && json.Unmarshal([]byte(in.View.Metadata), &about) != nil {
		return in, about, &connect.AuthError{Code: slackapp.RefusedBody, Detail: "not a modal of ours"}
	}
	return in, about, nil
}

// interaction serves people's actions in the modal.
func (s *Slack) interaction(r *edge.Request, caller *slackapp.Caller) error {
	in, about, err := readInput(caller)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Request.Context(), answerTime)
	defer cancel()
	switch {
	case in.pressed(actionLater):
		return s.later(ctx, r, caller, in)
	case about.Channel == "":
		r.Status(http.StatusOK) // not ours
		return nil
	case in.Type == "view_submission":
		return s.submit(ctx, r, caller, in, about)
	case in.pressed(actionStop):
		return s.stop(ctx, r, caller, in, about)
	case in.pressed(actionMore):
		return s.more(ctx, r, caller, in, about)
	}
	r.Status(http.StatusOK)
	return nil
}

// submit saves the settings and waits for the channel to show them. Errors show
// next to their fields, and the entered values stay.
func (s *Slack) submit(ctx context.Context, r *edge.Request, caller *slackapp.Caller, in input, about metadata) error {
	_, person, err := s.person(ctx, r, caller)
	if isStranger(err) {
		return fieldErrors(r, map[string]string{web.FieldProjects: s.Edge.Languages.Of(caller.Locale()).Slack.Disconnected})
	}
	if err != nil {
		return err
	}
	place := channel{caller.Team(), about.Channel}
	at, err := s.atChannel(ctx, person, caller, place)
	if err != nil {
		return fieldErrors(r, map[string]string{web.FieldProjects: s.failedText(r, at.Language, err)})
	}
	d, wrong := readModal(in, about, at.Row.Config.Choices)
	d.By(at)
	if err := s.Rooms.Check(ctx, at, &d, wrong); err != nil {
		r.Note(err)
		return fieldErrors(r, map[string]string{web.FieldProjects: at.Language.Slack.NothingSaved})
	}
	if len(wrong) == 0 && refusesQuery(ctx, at.Jira, d.Query) {
		wrong[web.FieldQuery] = workload.Wrong{Code: wrongForJira}
	}
	if len(wrong) > 0 {
		return fieldErrors(r, modalTexts(at.Language, wrong, about))
	}
	if err := s.saveChannel(ctx, place, person, d.Config); err != nil {
		return err
	}
	return s.answerSaved(ctx, r, at.Language, place)
}

// readModal reads the modal like the chat's dialog.
func readModal(in input, about metadata, before glance.Choices) (room.Draft, workload.FieldErrors) {
	parts := in.value(web.FieldParts).all()
	slices.SortStableFunc(parts, byPlaceInLabel) // Slack keeps the order of the clicks
	fields := moreFields(in, about.More, before)
	maps.Copy(fields, url.Values{
		web.FieldProjects: in.value(web.FieldProjects).all(),
		web.FieldRole:     {strings.TrimPrefix(in.value(web.FieldRole).one(), everybody)},
		web.FieldQuery:    {in.value(web.FieldQuery).Text},
		web.FieldWindow:   {in.value(web.FieldWindow).one()}, web.FieldZone: {in.value(web.FieldZone).one()},
		web.FieldQuietFrom: {in.value(web.FieldQuietFrom).Time}, web.FieldQuietTo: {in.value(web.FieldQuietTo).Time},
		web.FieldParts: parts,
	})
	d, wrong := room.Read(fields)
	d.Links = in.readLinks(before.Links)
	d.Weekly = in.readWeekly(before.Weekly)
	if _, err := glance.ParseClock(d.Weekly.At); d.Weekly.On && err != nil {
		wrong[fieldWeeklyAt] = workload.Wrong{Code: wrongAt}
	}
	if len(parts) == 0 { // Slack asks for one
		wrong[web.FieldParts] = workload.Wrong{Code: room.WrongParts}
	}
	return d, wrong
}

// wrongAt is a weekly summary without a time of day.
const wrongAt workload.WrongCode = "not a time of day"

// wrongForJira is a query that only Jira knows to be wrong.
const wrongForJira workload.WrongCode = "not a query for Jira"

// refusesQuery reports whether Jira refuses a query, which no preview has
// checked before. Other failures keep nobody from saving: the app will ask with
// its own rights.
func refusesQuery(ctx context.Context, j *jira.Client, query string) bool {
	if query == "" {
		return false
	}
	team, err := source.Reader{Jira: j}.Team(ctx, source.Choice{Query: query})
	return err == nil && team.Refused == source.RefusedQuery
}

func byPlaceInLabel(a, b string) int {
	all := glance.AllParts()
	return cmp.Compare(slices.Index(all, glance.Part(a)), slices.Index(all, glance.Part(b)))
}

// modalTexts are the errors, by the block that they belong to.
func modalTexts(l *lang.Language, wrong workload.FieldErrors, about metadata) map[string]string {
	texts := room.Texts(l, wrong)
	if wrong[web.FieldQuery].Code == wrongForJira {
		texts[web.FieldQuery] = l.Form.QueryRefused
	}
	if wrong.Has(fieldWeeklyAt) {
		texts[fieldWeeklyAt] = l.Weekly.WrongAt
	}
	if text, ok := texts[web.FieldQuiet]; ok {
		delete(texts, web.FieldQuiet)
		texts[web.FieldQuietTo] = text
	}
	for field, text := range texts {
		if !about.shows(field) { // Slack shows an error only at a field
			delete(texts, field)
			texts[web.FieldProjects] = text
		}
	}
	return texts
}

// saveChannel stores the settings, as for every chat.
func (s *Slack) saveChannel(ctx context.Context, place channel, person viewer.Person, config glance.Config) error {
	conversation := glance.Conversation{
		Surface: glance.SurfaceSlack, Site: place.team, ID: place.channel,
		Tenant: string(person.Tenant.ID), InstalledBy: string(person.Account),
	}
	if err := s.Store.Begin(ctx, conversation, place.glance(), place.configuration(), s.Edge.Now()); err != nil {
		return err
	}
	if err := s.Store.Configure(ctx, place.glance(), place.configuration(), config, s.Edge.Now()); err != nil {
		return err
	}
	s.Wake()
	return nil
}

func fieldErrors(r *edge.Request, wrong map[string]string) error {
	r.JSON(http.StatusOK, slack.NewErrorsViewSubmissionResponse(wrong))
	return nil
}
