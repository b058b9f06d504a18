package operator

import (
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
)

// TestOddZoneIsListed: a row whose zone is none works, and the list says what its
// days are.
func TestOddZoneIsListed(t *testing.T) {
	t.Parallel()
	l := lang.New().English()
	for zone, said := range map[string]bool{"": false, "Europe/Berlin": false, "localtime": true} {
		for _, row := range []glance.Row{{}, {LastError: "boom"}} {
			row.Config.Zone = zone
			got := lastError(row, l)
			if strings.Contains(got, `"localtime" is not a time zone, so days are in UTC`) != said || !strings.Contains(got, row.LastError) || strings.HasPrefix(got, ";") {
				t.Errorf("%q: got %q", zone, got)
			}
		}
	}
}
