package room

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// Offered is what the dialog starts from: the room's configuration, or defaults
// that suit most rooms.
func (at Setup) Offered() Draft {
	config := at.Row.Config
	if config.Window == 0 {
		config.Window = int(workload.NewGadgetConfig().Window)
	}
	if len(config.Parts) == 0 {
		config.Parts = glance.DefaultParts()
	}
	config.Zone = cmp.Or(config.Zone, at.Zone)
	return Draft{Config: config, Form: form.DraftOf(config.Shared())}
}

// PartOptions offers what a label can show, in the label's order.
func PartOptions(l *lang.Language, chosen []glance.Part) []web.Option {
	names := map[glance.Part]string{
		glance.PartOpen: l.Chat.Open, glance.PartOverdue: l.Chat.Overdue, glance.PartDueSoon: l.Chat.DueSoon,
		glance.PartUnassigned: l.Chat.Unassigned, glance.PartHeavy: l.Chat.Heavy, glance.PartBlank: l.Chat.Blank, glance.PartLogged: l.Chat.Logged,
	}
	var list []web.Option
	for _, p := range glance.AllParts() {
		list = append(list, web.Option{Value: string(p), Label: names[p], Selected: slices.Contains(chosen, p)})
	}
	return list
}

// ZoneHelp says what a zone is for, or that the one in use is none.
func ZoneHelp(l *lang.Language, config glance.Config) string {
	if _, err := config.Location(); err != nil {
		return l.Say(l.Form.OddZone, config.Zone)
	}
	return l.Form.ZoneHelp
}

// zones covers every offset that people live at. A zone outside it is offered
// to those who have it.
const zones = `Pacific/Honolulu America/Anchorage America/Los_Angeles America/Denver America/Phoenix America/Chicago
	America/Mexico_City America/New_York America/Toronto America/Bogota America/Halifax America/Santiago America/St_Johns
	America/Sao_Paulo America/Argentina/Buenos_Aires Atlantic/Azores UTC Europe/London Europe/Lisbon Africa/Lagos
	Europe/Berlin Europe/Madrid Europe/Paris Europe/Warsaw Africa/Cairo Africa/Johannesburg Europe/Athens Europe/Kyiv
	Asia/Jerusalem Europe/Istanbul Africa/Nairobi Asia/Riyadh Asia/Tehran Asia/Dubai Asia/Kabul Asia/Karachi Asia/Kolkata
	Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Jakarta Asia/Shanghai Asia/Singapore Australia/Perth
	Asia/Tokyo Asia/Seoul Australia/Darwin Australia/Adelaide Australia/Brisbane Australia/Sydney Pacific/Auckland`

// ZoneOptions offers zones by their offset now, among them the person's own
// and the one in use: UTC if that is not a zone.
func ZoneOptions(now time.Time, own, chosen string) []web.Option {
	if _, err := workload.ParseZone(chosen); err != nil {
		chosen = time.UTC.String()
	}
	type place struct {
		name   string
		offset int
		clock  string
	}
	var places []place
	for _, name := range append(strings.Fields(zones), own, chosen) {
		zone, err := workload.ParseZone(name)
		if err != nil || slices.ContainsFunc(places, func(p place) bool { return p.name == name }) {
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
