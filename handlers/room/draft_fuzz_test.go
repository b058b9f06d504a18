package room

import (
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
)

// FuzzRead posts any dialog: what is wrong with it has words in every language, and
// what is not named as wrong is a configuration that a label can be made of and that
// the dialog can start from again.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", "projects=HARB&window=14&zone=Europe%2FBerlin&parts=open&parts=overdue&team=all",
		"projects=HARB&window=14&zone=UTC&parts=open&parts=open&quietFrom=22%3A00&quietTo=06%3A30",
		"projects=HARB&window=14&zone=localtime&parts=none&quietFrom=22%3A00", "zone=..%2Fetc&quietFrom=24%3A00&quietTo=-1%3A00&parts=",
		"projects=HARB&window=-1&zone=%00&quietFrom=08%3A00&quietTo=08%3A00", "%zz=;", "projects=%ff&role=%ff&query=a%0D%0Ab&window=7&zone=UTC",
		"projects=HARB&window=14&zone=UTC&role=10002&team=role", "projects=HARB&window=14&zone=UTC&query=is+assignee+of+HARB&team=query",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, posted string) {
		values, _ := url.ParseQuery(posted) // as far as it can be read
		d, wrong := Read(values)
		for _, l := range lang.New().All() {
			for field, text := range Texts(l, wrong) {
				if text == "" {
					t.Errorf("%s: nothing says what is wrong with %s", l.Tag, field)
				}
			}
		}
		if len(wrong) > 0 {
			return
		}
		if _, err := d.Location(); err != nil {
			t.Errorf("%+v: %v", d.Config, err)
		}
		if (d.QuietFrom == "") != (d.QuietTo == "") || d.QuietFrom != "" && d.QuietFrom == d.QuietTo {
			t.Errorf("quiet from %q to %q", d.QuietFrom, d.QuietTo)
		}
		seen := map[glance.Part]bool{}
		for _, p := range d.Parts {
			if !p.Known() || seen[p] {
				t.Errorf("the part %q of %v", p, d.Parts)
			}
			seen[p] = true
		}
		for _, key := range d.Projects {
			if !workload.IsProjectKey(key) {
				t.Errorf("the project %q", key)
			}
		}
		again := Setup{Row: glance.Row{Config: d.Config}, Zone: "UTC"}.Offered()
		if wrong := again.Form.Wrong(); len(wrong) > 0 {
			t.Errorf("%+v starts the dialog with what is wrong: %v", d.Config, wrong)
		}
	})
}
