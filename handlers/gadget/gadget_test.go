package gadget

import (
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/descriptor"
)

// timelog is another gadget.
type timelog struct{ *Workload }

func (timelog) Key() string { return "timelog" }

// TestGadgetsAreThoseOfTheDescriptor: a gadget missing on either side stops the
// program at its start.
func TestGadgetsAreThoseOfTheDescriptor(t *testing.T) {
	t.Parallel()
	app := func(keys ...string) *descriptor.Descriptor {
		d := &descriptor.Descriptor{}
		for _, key := range keys {
			var m descriptor.DashboardItemModule
			m.Key = key
			d.Modules.DashboardItems = append(d.Modules.DashboardItems, m)
		}
		return d
	}
	gadgets := &Gadgets{Kinds: []Gadget{&Workload{}, timelog{}}}
	if err := gadgets.Check(app("timelog", "workload")); err != nil {
		t.Errorf("both: %v", err)
	}
	for name, d := range map[string]*descriptor.Descriptor{"burndown": app("workload", "timelog", "burndown"), "timelog": app("workload")} {
		if err := gadgets.Check(d); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
