package world

import (
	"math/rand/v2"
	"strings"
)

const (
	largeTeam   = 80
	largeIssues = 480
	largeLogs   = 640
)

// addLargeTeam adds a project that eighty people work on. Its numbers come from
// a source of their own, so that everything else is the same without it.
func (b *sampler) addLargeTeam() {
	b.rng = rand.New(rand.NewPCG(2990, 80))
	first := len(b.accounts)
	p := sampleProject{
		key: "FLEET", name: "Fleet", category: "Operations",
		description: "Every ship's systems, kept running by a large team.",
		issues:      largeIssues, access: AccessOpen,
		actions: []string{
			"Inspect", "Replace", "Calibrate", "Update the firmware of", "Order spares for", "Document the wiring of",
			"Run the yearly test of", "Train the crew on", "Investigate the alarm of", "Renew the certificate of",
			"Plan the dry dock work on", "Measure the wear of", "Repaint", "Connect the sensors of",
		},
		subjects: []string{
			"the main engine", "the bow thruster", "the ballast pumps", "the radar", "the echo sounder", "the gyrocompass",
			"the fire detectors", "the lifeboats", "the cargo crane", "the refrigeration plant", "the emergency generator",
			"the steering gear", "the water maker", "the mooring winches", "the bilge alarms", "the satellite terminal",
			"the galley ovens", "the hull coating", "the fuel separators", "the voyage recorder", "the deck lights",
			"the air conditioning", "the gangway", "the pilot ladder", "the boilers", "the anchor windlass", "the hatch covers",
			"the signal flags", "the stabiliser fins", "the sewage plant", "the propeller shaft", "the oil mist detectors",
			"the cabin doors", "the engine room fans", "the scrubber",
		},
	}
	for n := range largeTeam {
		b.addLargePerson(first + n)
		p.team = append(p.team, first+n)
	}
	before := len(b.all)
	b.addProject(len(b.s.projects), p)
	b.addWorklogs(largeLogs, b.all[before:])
}

// addLargePerson makes one of the eighty: ten first names by eight last names.
func (b *sampler) addLargePerson(place int) {
	firsts := []string{"Ailis", "Benoit", "Chiara", "Dmitri", "Elowen", "Farid", "Greta", "Hiroshi", "Ines", "Jamal"}
	lasts := []string{"Abara", "Brennick", "Coldewey", "Dahlstedt", "Escoffery", "Farquharson", "Giordanelli", "Holmqvist"}
	zones := []string{"Europe/Oslo", "Asia/Singapore", "America/Sao_Paulo", "Europe/London", "Asia/Dubai"}
	locales := []string{"en_GB", "de_DE", "fr_FR", "en_US", "nb_NO"}
	n := place - len(sampleTeam())
	name := firsts[n%len(firsts)] + " " + lasts[n/len(firsts)]
	username := strings.ToLower(name[:1] + lasts[n/len(firsts)] + firsts[n%len(firsts)][1:3])
	p := newPerson(place, username, name, zones[n%len(zones)])
	p.Locale = locales[n%len(locales)]
	b.accounts = append(b.accounts, p.AccountID)
	b.s.addPerson(p)
}
