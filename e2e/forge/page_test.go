package forge

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// TestGadgetInBrowser sets up a gadget on its dashboard and reads it, as the
// page is written and as "npm ci" builds it with Atlassian's bridge.
func TestGadgetInBrowser(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*testing.T, harness.Forge){
		"written": func(*testing.T, harness.Forge) {},
		"built":   build,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			prepare(t, f)
			setUp(t, f)
		})
	}
}

// build installs the page again as "npm ci" builds it.
func build(t *testing.T, f harness.Forge) {
	t.Helper()
	harness.PutPage(t, f.Folder, harness.BuildPage(t))
	f.InstallFolder(t, f.Folder)
}

func setUp(t *testing.T, f harness.Forge) {
	t.Helper()
	item, owner := f.Item(t, "workload"), f.Dashboard.Owner
	address, err := f.Site.ModuleURL(f.App.AppID, "workload-gadget", owner, f.Dashboard.ID, item)
	if err != nil {
		t.Fatal(err)
	}
	tab := browsertest.Start(t).Open(t, address, 1000, 800)
	frame := tab.FrameAt("[data-item='" + item + "'] iframe")
	frame.Until(`document.querySelector("[data-fragment]")?.textContent.includes("not set up")`)

	project := f.Site.Objects().Projects[0].Key
	tab.Click("[data-item='" + item + "'] [title='More actions']")
	tab.ClickText("Configure")
	frame.Fill("#sl-search", project)
	frame.Click("#sl-option-" + project)
	frame.Until(fmt.Sprintf(`document.querySelector("[data-picks] input")?.value === %q`, project))
	frame.Click("#sl-save")
	frame.Until(`document.querySelector("[data-fragment=workload]")`)
	if kept := string(f.Site.ForgeConfiguration(f.Dashboard.ID, item)); !strings.Contains(kept, project) {
		t.Errorf("kept: got %s", kept)
	}
	// The frame is as tall as the page in it.
	tall := browsertest.FrameEval[int64](frame, `document.documentElement.offsetHeight`)
	tab.Until(fmt.Sprintf(`document.querySelector("[data-item='%s'] iframe").offsetHeight === %d`, item, tall))
	tab.Shot("forge")
	if problems := tab.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	f.LeaksNothing(t)
}

// TestFormOpensInItsOwnProcess: in browsers that give a sandboxed frame a process of
// its own, as people's do, a gadget and its form are shown.
func TestFormOpensInItsOwnProcess(t *testing.T) {
	t.Parallel()
	f := start(t)
	item := f.Item(t, "workload")
	address, err := f.Site.ModuleURL(f.App.AppID, "workload-gadget", f.Dashboard.Owner, f.Dashboard.ID, item)
	if err != nil {
		t.Fatal(err)
	}
	tab := browsertest.Start(t, browsertest.Isolated()).Open(t, address, 1000, 800)
	shown := fmt.Sprintf(`(() => { const g = document.querySelector("[data-item='%s']"); return g?.querySelector("iframe") && !g.closest(".loading") && !g.querySelector(".loading"); })()`, item)
	tab.Until(shown)
	hides := fmt.Sprintf(`(() => {
		const g = document.querySelector("[data-item='%s']").closest(".gadget"); g.classList.add("loading");
		const is = getComputedStyle(g.querySelector("iframe")).visibility; g.classList.remove("loading"); return is; })()`, item)
	if got := browsertest.Eval[string](tab, hides); got != "visible" {
		t.Errorf("a frame that loads is %s: its page may never learn how tall it is", got)
	}
	tab.Click("[data-item='" + item + "'] [title='More actions']")
	tab.ClickText("Configure")
	tab.Until(fmt.Sprintf(`document.querySelector("[data-item='%s'] iframe")?.offsetHeight > 300`, item))
	tab.Until(shown)
}

// TestFrameFits: a page that is as tall as its frame has nothing to scroll,
// wide tables included.
func TestFrameFits(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	f := start(t)
	for _, p := range f.Site.Objects().Projects {
		f.Configure(t, "timelog", p.Key)
	}
	item := f.Item(t, "timelog")
	address, err := f.Site.ModuleURL(f.App.AppID, "timelog-gadget", f.Dashboard.Owner, f.Dashboard.ID, item)
	if err != nil {
		t.Fatal(err)
	}
	tab := browser.Open(t, address, 1280, 1100)
	frame := tab.FrameAt("[data-item='" + item + "'] iframe")
	frame.Until(`document.querySelector("[data-fragment=timelog] tbody tr")`)
	frame.Until(`document.documentElement.scrollHeight === document.documentElement.clientHeight`)
}
