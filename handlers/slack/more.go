package slack

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

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

// usesMore reports whether a channel uses fields that few do.
func usesMore(c glance.Config) bool {
	return c.Measure.Sized() || !c.Narrow.IsZero() || c.Links || c.Weekly.On
}

// more shows all fields. Slack keeps what was entered into those that were there.
func (s *Slack) more(ctx context.Context, r *edge.Request, caller *slackapp.Caller, in input, about metadata) error {
	install, person, err := s.person(ctx, r, caller)
	if err != nil {
		return forbidden(err)
	}
	place := channel{caller.Team(), about.Channel}
	at, err := s.atChannel(ctx, person, caller, place)
	if err != nil {
		return err
	}
	about.More = true
	r.Status(http.StatusOK)
	if err := s.Surface.UpdateView(ctx, place.team, in.View.ID, s.settingsView(ctx, install, at, about)); err != nil {
		r.Note(err) // the modal stays as it is
	}
	return nil
}

// moreBlocks are the fields that few channels need.
func (s *Slack) moreBlocks(ctx context.Context, at room.Setup, config glance.Config) []slack.Block {
	l := at.Language
	blocks := []slack.Block{
		selectBlock(web.FieldMeasure, l.Measures.Measure, "", withValues(form.MeasureOptions(l, config.Measure))),
		s.filterBlock(ctx, at, config.Narrow.Filter),
		jqlBlock(l, config.Narrow.JQL),
	}
	for _, f := range workload.NarrowFields() {
		blocks = append(blocks, narrowBlock(l, f, *f.Values(&config.Narrow)))
	}
	return append(blocks, selectBlock(web.FieldSprint, l.Scope.Sprint, "", withValues(form.SprintOptions(l, config.Narrow.Sprint))))
}

// The names of the fields of the weekly summary.
const (
	fieldWeeklyDay = "weeklyDay"
	fieldWeeklyAt  = "weeklyAt"
)

// usualHour is when a summary is written unless somebody chooses otherwise.
const usualHour = "09:00"

// weeklyBlocks choose when a summary of the week is written, from the person's first day of
// the week on.
func weeklyBlocks(at room.Setup, w glance.Weekly) []slack.Block {
	l := at.Language
	days := []web.Option{{Value: everybody, Label: l.Weekly.Never, Selected: !w.On}}
	for i := range 7 {
		day := (at.FirstDay + time.Weekday(i)) % 7
		days = append(days, web.Option{Value: strconv.Itoa(int(day)), Label: l.Weekly.Days[day], Selected: w.On && w.Day == day})
	}
	return []slack.Block{
		selectBlock(fieldWeeklyDay, l.Weekly.Day, l.Weekly.Help, days),
		timeBlock(fieldWeeklyAt, l.Weekly.At, "", cmp.Or(w.At, usualHour)),
	}
}

// readWeekly reads that choice; a modal without it changes nothing.
func (in input) readWeekly(before glance.Weekly) glance.Weekly {
	if _, asked := in.View.State.Values[fieldWeeklyDay]; !asked {
		return before
	}
	day, err := strconv.Atoi(in.value(fieldWeeklyDay).one())
	if err != nil || day < 0 || day > 6 { // never
		return glance.Weekly{}
	}
	return glance.Weekly{On: true, Day: time.Weekday(day), At: in.value(fieldWeeklyAt).Time}
}

// withValues gives the option without a value one: an option of Slack cannot be empty.
func withValues(options []web.Option) []web.Option {
	for i := range options {
		if options[i].Value == "" {
			options[i].Value = everybody
		}
	}
	return options
}

func (s *Slack) filterBlock(ctx context.Context, at room.Setup, id string) slack.Block {
	l := at.Language
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain(l.Scope.FindFilter), web.FieldFilter)
	none := 0
	element.MinQueryLength = &none
	if id != "" {
		element.InitialOption = choice(id, s.filterName(ctx, at, id))
	}
	return optional(slack.NewInputBlock(web.FieldFilter, plain(l.Chat.FilterWithin), plain(l.Chat.WithinHelp), element))
}

// filterName is what the chosen filter is called, if the person sees it and Jira says so
// in time.
func (s *Slack) filterName(ctx context.Context, at room.Setup, id string) string {
	ctx, cancel := context.WithTimeout(ctx, s.Views.Patience.Modal)
	defer cancel()
	if name := form.FilterName(ctx, at.Jira, id); name != "" {
		return name
	}
	return at.Language.Say(at.Language.Scope.FilterNumber, id)
}

func jqlBlock(l *lang.Language, jql string) slack.Block {
	element := slack.NewPlainTextInputBlockElement(nil, web.FieldJQL)
	element.InitialValue, element.MaxLength = jql, workload.MaxJQL
	return optional(slack.NewInputBlock(web.FieldJQL, plain(l.Chat.JQLWithin), plain(l.Scope.JQLHelp), element))
}

func narrowBlock(l *lang.Language, f workload.NarrowField, chosen []string) slack.Block {
	element := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeExternal, plain(l.Scope.FindValue), f.Name)
	options := make([]web.Option, 0, len(chosen))
	for _, v := range chosen {
		options = append(options, web.Option{Value: v, Label: v})
	}
	element.InitialOptions, _ = choices(options)
	most, none := workload.MaxNarrow, 0
	element.MaxSelectedItems, element.MinQueryLength = &most, &none
	return optional(slack.NewInputBlock(f.Name, plain(form.NarrowName(l, f.Name)), nil, element))
}

func optional(block *slack.InputBlock) slack.Block {
	block.Optional = true
	return block
}

// moreFieldNames are the fields that few channels need.
func moreFieldNames() []string {
	names := []string{web.FieldMeasure, web.FieldPoints, web.FieldFilter, web.FieldJQL, web.FieldSprint}
	for _, f := range workload.NarrowFields() {
		names = append(names, f.Name)
	}
	return names
}

// moreFields reads the fields that few channels need. Those that the modal does not show
// stay as the channel has them.
func moreFields(in input, more bool, c glance.Choices) url.Values {
	fields := url.Values{web.FieldPoints: {strings.Join(c.Points, ",")}}
	if !more {
		fields.Set(web.FieldMeasure, string(c.Measure))
		fields.Set(web.FieldFilter, c.Narrow.Filter)
		fields.Set(web.FieldJQL, c.Narrow.JQL)
		fields.Set(web.FieldSprint, string(c.Narrow.Sprint))
		for _, f := range workload.NarrowFields() {
			fields[f.Name] = *f.Values(&c.Narrow)
		}
		return fields
	}
	fields.Set(web.FieldMeasure, strings.TrimPrefix(in.value(web.FieldMeasure).one(), everybody))
	fields.Set(web.FieldFilter, in.value(web.FieldFilter).one())
	fields.Set(web.FieldJQL, in.value(web.FieldJQL).Text)
	fields.Set(web.FieldSprint, strings.TrimPrefix(in.value(web.FieldSprint).one(), everybody))
	for _, f := range workload.NarrowFields() {
		fields[f.Name] = in.value(f.Name).all()
	}
	return fields
}

// valueChoices are the values of a field that a person typed letters of, as far as they
// see them.
func valueChoices(ctx context.Context, at room.Setup, field, typed string) (s suggestions, known bool, err error) {
	if field == web.FieldFilter {
		return suggestions{list: form.FindFilters(ctx, at.Language, at.Jira, typed)}, true, nil
	}
	for _, f := range workload.NarrowFields() {
		if f.Name == field {
			s.list, err = form.FindValues(ctx, at.Jira, f, form.ProjectKeys(at.Row.Config.Projects), strings.TrimSpace(typed))
			return s, true, err
		}
	}
	return s, false, nil
}
