package form

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/workload"
)

// FuzzReadDraft posts any configuration form: what is not named as wrong is a
// configuration that can be read again.
func FuzzReadDraft(f *testing.F) {
	for _, seed := range []string{
		"", "projects=HARB&window=14&unit=hours&refresh=15&team=all", "projects=HARB&projects=HARB&window=-1&unit=x&refresh=9999999999999999999",
		"team=role&role=10002&roleName=Developers&window=14", "team=query&query=a%0D%0Ab%09c", "%zz=;", "title=%00%ff&projects=%ff&window=7", "refresh=&window=",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, posted string) {
		values, _ := url.ParseQuery(posted) // as far as it can be read
		d := ReadDraft(values)
		if strings.ContainsAny(d.query, "\r\n\t") {
			t.Errorf("the query has several lines: %q", d.query)
		}
		if len(d.Wrong()) > 0 {
			return
		}
		value, err := json.Marshal(d.GadgetConfig)
		if err != nil {
			t.Fatalf("%+v: %v", d.GadgetConfig, err)
		}
		if _, err := workload.ParseGadgetConfig(value); err != nil {
			t.Errorf("saved as %s, read again: %v", value, err)
		}
	})
}
