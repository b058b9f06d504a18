package workload_test

import (
	"errors"
	"testing"

	"github.com/sightline-go/sightline/internal/workload"
)

func TestParseZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"UTC", "GMT", "Europe/Berlin", "America/Argentina/Buenos_Aires", "America/Port-au-Prince", "Etc/GMT+12", "US/Pacific",
		"PST8PDT", "GB-Eire", "Asia/Calcutta", "Europe/Kiev",
	} {
		if got, err := workload.ParseZone(name); err != nil || got.String() != name {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	for _, name := range []string{
		"", " ", "Local", "local", "localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/Europe/Berlin", "Posix/UTC",
		"../UTC", "./UTC", "/UTC", "/etc/localtime", "Europe/../UTC", "Europe", "Europe/", "Europe//Berlin", "Europe/Berlin ", "Europe\\Berlin",
		"zone.tab", "tzdata.zi", "leapseconds", "GMT+1", "GMT+01:00", "+01:00", "SystemV/AST4", "No/Such", "UTC\x00", "UTC\n",
	} {
		if got, err := workload.ParseZone(name); !errors.Is(err, workload.ErrZone) || got != nil {
			t.Errorf("%q: got %v, %v, want %v", name, got, err, workload.ErrZone)
		}
	}
}
