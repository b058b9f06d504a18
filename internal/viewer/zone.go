package viewer

import (
	"log/slog"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// ZoneOf is a person's time zone, and whether Jira names one that this program
// knows; else it is UTC. Jira runs on Java, which has more names, and gives none
// to callers that may not see it.
func ZoneOf(person jira.User) (zone *time.Location, known bool) {
	zone, err := workload.ParseZone(person.TimeZone)
	if err != nil {
		return time.UTC, false
	}
	return zone, true
}

// maxOddZones is how many names of unknown zones are remembered.
const maxOddZones = 100

// OddZones logs names of time zones that this program does not know, each once and
// at most a hundred.
type OddZones struct {
	Log *slog.Logger

	mu   sync.Mutex
	told map[string]bool
}

// of sets the view's note about its zone, and returns the zone. What a page says
// fills no log.
func (o *OddZones) of(p Person, person jira.User, v *View) *time.Location {
	zone, known := ZoneOf(person)
	v.Zone = zone
	if !known {
		v.UnknownZone, v.NoZone = person.TimeZone, person.TimeZone == ""
		if p.Page == nil {
			o.Tell("a person", person.TimeZone)
		}
	}
	return zone
}

// Tell logs a name, and what has it.
func (o *OddZones) Tell(whose, name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.told[name] || len(o.told) >= maxOddZones {
		return
	}
	if o.told == nil {
		o.told = map[string]bool{}
	}
	o.told[name] = true
	o.Log.Warn("unknown time zone of "+whose+": days are in UTC", "zone", name[:min(len(name), 100)])
}
