package gadget

import (
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
)

// TestNoScrollbarOfItsOwn: a scrollbar in the frame takes width from the page,
// which may be less tall then, so that the frame stays too small for it and the
// scrollbar stays. The page is as wide as its frame, at any width of a column.
func TestNoScrollbarOfItsOwn(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t, browsertest.Scrollbars())
	dev := harness.Furnished(t)
	dashboard := dev.Site.Objects().Dashboards[0]
	d := hosts.Open(t, hosts.All()[0], browser, dev.Site, hosts.View{
		Account: dashboard.Owner, Dashboard: dashboard.ID, Item: dashboard.Items[1].ID, Columns: 2, Width: 1300, Height: 1257,
	})
	d.Shown("[data-fragment=timelog]")
	for width := int64(1240); width <= 1360; width += 12 {
		d.Resize(width, 1257)
		d.Fits()
		d.Gadget.Until(`document.documentElement.clientWidth === innerWidth`)
	}
}
