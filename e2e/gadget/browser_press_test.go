package gadget

import (
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
)

// TestSaveOverOpenList presses Save with the mouse while the list of projects is
// open: the first press saves, at any width and on both hosts.
func TestSaveOverOpenList(t *testing.T) {
	onHosts(t, func(_ *testing.T, _ *harness.Running, d *hosts.Dashboard) {
		for _, width := range []int64{320, 480, 800} {
			d.Resize(width, 1600)
			d.Settle()
			d.Configure()
			d.Shown(hosts.Config)
			d.Gadget.Mouse("#sl-search", nil)
			d.Gadget.Until(`document.querySelector("#sl-found").checkVisibility()`)
			d.Fits()
			d.Settle()
			d.Gadget.Mouse("#sl-save", nil)
			d.Shown(hosts.Workload)
		}
	})
}
