package workload

import (
	"errors"
	"regexp"
	"time"
)

// ErrZone says that a name is not that of a place's time zone.
var ErrZone = errors.New("not a time zone")

// zoneName is the form of the names of the IANA database. A machine's folder has
// other files beside them, such as localtime and posixrules, and right/..., whose
// clocks count leap seconds.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}$`)

// ParseZone returns the time zone with an IANA name, such as Europe/Berlin, UTC or
// the old US/Pacific. Everything else is an ErrZone: no name, the machine's own
// zone (Local), the database's place holder (Factory), and Java's names that the
// database does not have, such as GMT+1.
func ParseZone(name string) (*time.Location, error) {
	if name == "Local" || name == "Factory" || !zoneName.MatchString(name) {
		return nil, ErrZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, ErrZone
	}
	return zone, nil
}
