package handlers

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// offered is what the dialog starts from: how the room is set up, else what
// suits most.
func (at roomSetup) offered() roomDraft {
	config := at.row.Config
	if config.Window == 0 {
		config.Window = int(workload.NewGadgetConfig().Window)
	}
	if len(config.Parts) == 0 {
		config.Parts = glance.DefaultParts()
	}
	config.Zone = cmp.Or(config.Zone, at.zone)
	return roomDraft{Config: config, form: draftOf(sharedConfig(config))}
}

// setupForm offers the projects and people that this person may see in Jira.
func (s *Server) setupForm(ctx context.Context, at roomSetup, d roomDraft) (web.ConfigForm, error) {
	form, err := s.gadgetConfigForm(ctx, at.l, at.jira, s.setupSpot(at), d.form)
	s.forRoom(&form, at, d)
	return form, err
}

// refilledSetup is the form with as much as Jira says in time.
func (s *Server) refilledSetup(ctx context.Context, at roomSetup, d roomDraft) web.ConfigForm {
	form := s.refilledForm(ctx, at.l, at.jira, s.setupSpot(at), d.form)
	s.forRoom(&form, at, d)
	return form
}

// plainSetup is the form without anything that Jira has to be asked about.
func (s *Server) plainSetup(at roomSetup, d roomDraft) web.ConfigForm {
	form := plainForm(at.l, s.setupSpot(at), d.form)
	s.forRoom(&form, at, d)
	return form
}

// setupSpot is where the form's later calls go.
func (s *Server) setupSpot(at roomSetup) spot {
	return spot{Place: viewer.Place{Person: at.Person}, Address: edge.Address{Base: s.edge.Path("/chat/setup")}}
}

// forRoom makes the dialog's form of a gadget's.
func (s *Server) forRoom(form *web.ConfigForm, at roomSetup, d roomDraft) {
	form.Kind, form.Save = web.FormChat, s.edge.Path("/chat/setup")
	form.Chat = s.chatForm(at, d.Config)
}

// chatForm fills in the fields that only the dialog has.
func (s *Server) chatForm(at roomSetup, config glance.Config) *web.ChatForm {
	form := &web.ChatForm{
		L: at.l, Parts: partOptions(at.l, config.Parts), Zones: zoneOptions(s.Now(), at.zone, config.Zone),
		QuietFrom: config.QuietFrom, QuietTo: config.QuietTo,
		LabelURL: s.edge.Path("/chat/setup/label"), Label: web.LabelPreview{L: at.l, Problem: at.l.Chat.PreviewEmpty},
	}
	if len(at.row.Config.Projects) > 0 {
		form.Shown = s.pulled(at.l, at.row)
		form.Label = web.LabelPreview{L: at.l, Label: form.Shown}
	}
	return form
}

// partOptions offers what a label can show, in the order in which it does.
func partOptions(l *lang.Language, chosen []glance.Part) []web.Option {
	names := map[glance.Part]string{
		glance.PartOpen: l.Chat.Open, glance.PartOverdue: l.Chat.Overdue, glance.PartDueSoon: l.Chat.DueSoon,
		glance.PartUnassigned: l.Chat.Unassigned, glance.PartHeavy: l.Chat.Heavy,
	}
	var list []web.Option
	for _, p := range glance.AllParts() {
		list = append(list, web.Option{Value: string(p), Label: names[p], Selected: slices.Contains(chosen, p)})
	}
	return list
}

// zones are places enough for every offset that people live at. A zone that is
// not among them is offered to those who have it.
const zones = `Pacific/Honolulu America/Anchorage America/Los_Angeles America/Denver America/Phoenix America/Chicago
	America/Mexico_City America/New_York America/Toronto America/Bogota America/Halifax America/Santiago America/St_Johns
	America/Sao_Paulo America/Argentina/Buenos_Aires Atlantic/Azores UTC Europe/London Europe/Lisbon Africa/Lagos
	Europe/Berlin Europe/Madrid Europe/Paris Europe/Warsaw Africa/Cairo Africa/Johannesburg Europe/Athens Europe/Kyiv
	Asia/Jerusalem Europe/Istanbul Africa/Nairobi Asia/Riyadh Asia/Tehran Asia/Dubai Asia/Kabul Asia/Karachi Asia/Kolkata
	Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Jakarta Asia/Shanghai Asia/Singapore Australia/Perth
	Asia/Tokyo Asia/Seoul Australia/Darwin Australia/Adelaide Australia/Brisbane Australia/Sydney Pacific/Auckland`

// zoneOptions offers zones by their offset now, among them the person's own
// and the one in use.
func zoneOptions(now time.Time, own, chosen string) []web.Option {
	type place struct {
		name   string
		offset int
		clock  string
	}
	var places []place
	for _, name := range append(strings.Fields(zones), own, chosen) {
		zone, err := time.LoadLocation(name)
		if err != nil || name == "" || slices.ContainsFunc(places, func(p place) bool { return p.name == name }) {
			continue
		}
		at := now.In(zone)
		_, offset := at.Zone()
		places = append(places, place{name, offset, at.Format("-07:00")})
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.name, b.name))
	})
	list := make([]web.Option, 0, len(places))
	for _, p := range places {
		label := strings.ReplaceAll(p.name, "_", " ") + " (UTC" + p.clock + ")"
		list = append(list, web.Option{Value: p.name, Label: label, Selected: p.name == chosen})
	}
	return list
}
