package gadget

import (
	"fmt"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
)

// onHosts runs a test on a fresh development instance per host, with the owner
// of the first dashboard looking at its workload.
func onHosts(t *testing.T, test func(t *testing.T, dev *harness.Running, d *hosts.Dashboard)) {
	t.Helper()
	t.Parallel()
	browser := browsertest.Start(t)
	hosts.Each(t, func(t *testing.T, host hosts.Host) {
		dev := harness.Furnished(t)
		dashboard := dev.Site.Objects().Dashboards[0]
		d := hosts.Open(t, host, browser, dev.Site, hosts.View{
			Account: dashboard.Owner, Dashboard: dashboard.ID, Item: dashboard.Items[0].ID,
		})
		d.Shown(hosts.Workload)
		test(t, dev, d)
		d.Clean(dev.URL)
	})
}

// TestGadgetOnHosts is the gadget's life as a person sees it: numbers, the
// host's Configure, the form, a new title.
func TestGadgetOnHosts(t *testing.T) {
	onHosts(t, func(t *testing.T, _ *harness.Running, d *hosts.Dashboard) {
		d.Title("Team workload")
		if open := browsertest.FrameEval[int](d.Gadget, fmt.Sprintf(`Number(document.querySelector(%q).textContent)`, hosts.Count("open"))); open == 0 {
			t.Error("the gadget counts no open issues")
		}
		if people := browsertest.FrameEval[int](d.Gadget, fmt.Sprintf(`document.querySelectorAll(%q).length`, hosts.People)); people == 0 {
			t.Error("the gadget shows nobody")
		}
		d.Configure()
		d.Shown(hosts.Config)
		d.Gadget.Fill("[name=title]", "Who has what")
		d.Gadget.Click(hosts.Config + " [type=submit]")
		d.Shown(hosts.Workload)
		d.Title("Who has what")
	})
}

// TestGadgetRests: a content whose height changes more often than the host follows
// has its own height again once it rests.
func TestGadgetRests(t *testing.T) {
	onHosts(t, func(_ *testing.T, _ *harness.Running, d *hosts.Dashboard) {
		d.Settle()
		d.Gadget.Do(`const e = document.createElement("div");
			e.id = "restless";
			document.querySelector(".ac-content, #content").append(e);
			let changes = 0;
			const timer = setInterval(() => {
				e.style.height = (10 - ++changes) * 60 + "px";
				if (changes === 10) clearInterval(timer);
				document.documentElement.dataset.changes = changes;
			}, 40);`)
		d.Gadget.Until(`document.documentElement.dataset.changes === "10"`)
		d.Fits()
	})
}

// TestGadgetHeight checks that the frame grows and shrinks with its content.
func TestGadgetHeight(t *testing.T) {
	onHosts(t, func(t *testing.T, _ *harness.Running, d *hosts.Dashboard) {
		d.Settle()
		before := d.Height()
		grow := `(() => { const e = document.createElement("div"); e.id = "grown"; e.style.height = "700px"; document.querySelector(".ac-content, #content").append(e) })()`
		browsertest.FrameEval[any](d.Gadget, grow)
		d.Fits()
		if got := d.Height(); got < before+700 {
			t.Errorf("the frame has %d px after its content grew by 700 from %d", got, before)
		}
		browsertest.FrameEval[any](d.Gadget, `document.querySelector("#grown").remove()`)
		d.Fits()
		if got := d.Height(); got > before+1 {
			t.Errorf("the frame has %d px after its content shrank back to %d", got, before)
		}
	})
}

// TestGadgetTheme checks that the gadget's colours follow the host's theme,
// there and back.
func TestGadgetTheme(t *testing.T) {
	onHosts(t, func(_ *testing.T, _ *harness.Running, d *hosts.Dashboard) {
		colour := func() string {
			return browsertest.FrameEval[string](d.Gadget, `getComputedStyle(document.querySelector(".ac-content, #content")).color`)
		}
		d.Theme("light")
		light := colour()
		d.Theme("dark")
		d.Gadget.Until(fmt.Sprintf(`getComputedStyle(document.querySelector(".ac-content, #content")).color !== %q`, light))
		d.Theme("light")
		d.Gadget.Until(fmt.Sprintf(`getComputedStyle(document.querySelector(".ac-content, #content")).color === %q`, light))
	})
}

// TestGadgetToken checks that a page whose session has ended asks the host for
// a token once and continues.
func TestGadgetToken(t *testing.T) {
	onHosts(t, func(t *testing.T, _ *harness.Running, d *hosts.Dashboard) {
		if got := d.Tokens.Asked(); got != 0 {
			t.Errorf("the host was asked for %d tokens while the session was valid", got)
		}
		d.EndSessions(harness.AppKey)
		d.Excuse("401 (Unauthorized)")
		d.Configure()
		d.Shown(hosts.Config)
		if got := d.Tokens.Asked(); got != 1 {
			t.Errorf("the host was asked for %d tokens, want 1", got)
		}
	})
}

// TestGadgetRefresh checks that the host's Refresh loads the gadget anew.
func TestGadgetRefresh(t *testing.T) {
	onHosts(t, func(_ *testing.T, _ *harness.Running, d *hosts.Dashboard) {
		browsertest.FrameEval[any](d.Gadget, `document.documentElement.dataset.old = "1"`)
		d.Refresh()
		d.Gadget.Until(`document.documentElement.dataset.old === undefined`)
		d.Shown(hosts.Workload)
		d.Title("Team workload")
	})
}

// TestGadgetOldTokens checks that a host that returns only expired tokens is
// not asked forever: the gadget says what is wrong, and works again once the
// host does.
func TestGadgetOldTokens(t *testing.T) {
	onHosts(t, func(t *testing.T, _ *harness.Running, d *hosts.Dashboard) {
		d.EndSessions(harness.AppKey)
		d.Excuse("401 (Unauthorized)")
		d.Tokens.Outdate(1)
		d.Configure()
		d.Gadget.Until(`document.querySelector("[data-status]").textContent !== ""`)
		if got := d.Tokens.Asked(); got != 1 {
			t.Errorf("the host was asked for %d tokens, want 1", got)
		}
		d.Configure()
		d.Shown(hosts.Config)
	})
}

// TestGadgetBarriers checks the gadget and its form with axe-core, in both
// themes, wide and as narrow as a phone.
func TestGadgetBarriers(t *testing.T) {
	packages := browsertest.NeedPackages(t)
	onHosts(t, func(t *testing.T, _ *harness.Running, d *hosts.Dashboard) {
		look := func(what string) {
			for _, theme := range []string{"light", "dark"} {
				d.Theme(theme)
				for _, width := range []int64{1280, 320} {
					d.Resize(width, 900)
					d.Fits()
					if found := d.Gadget.Axe(packages); len(found) > 0 {
						t.Errorf("%s, %s, %d px:\n%s", what, theme, width, browsertest.Barriers(found))
					}
					d.Shot(fmt.Sprintf("%s %s %s %d", t.Name(), what, theme, width))
				}
			}
		}
		look("workload")
		d.Configure()
		d.Shown(hosts.Config)
		look("form")
	})
}

// TestChatSetupInBrowser sets up a room as a person does: the prompt, the
// dialog with the host's buttons, and the room is set up.
func TestChatSetupInBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	dev := harness.Furnished(t)
	room := dev.Site.Objects().Conversations[1]
	tab := browser.Open(t, dev.Site.URL()+"/chat/"+room.ID, 1280, 900)
	tab.Click("[data-configure]")
	dialog := tab.FrameAt("dialog iframe")
	dialog.Until(`document.readyState === "complete"`)
	dialog.Click("[role=option][data-key]")
	tab.ClickText("Save")
	tab.Until(`document.querySelector("dialog") === null`)
	tab.Until(`document.querySelector("[data-configure]") === null`)
	tab.Until(`document.querySelector("[data-glance]").textContent.includes(" open")`)
	tab.Click("[data-glance]")
	sidebar := tab.FrameAt(".side iframe")
	sidebar.Until(fmt.Sprintf("document.querySelector(%q)", hosts.Workload))
	if problems := tab.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
}
