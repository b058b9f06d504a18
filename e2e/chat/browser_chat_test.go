package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestChatAppInBrowser is the conversation app as a person in a room sees it:
// installed, set up in the dialog with its live preview, kept up to date, and
// opened in the sidebar, in light and dark mode.
func TestChatAppInBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	dev := harness.Furnished(t)
	r := dev
	room := dev.Site.Objects().Conversations[1]
	member := room.Members[0]
	open := r.Count(t, member, workload.OpenIssues("HARB"))

	tab := browser.Open(t, dev.Site.URL()+"/chat/"+room.ID+"?as="+member, 1000, 900)
	tab.Until(`document.querySelector("[data-glance]")?.textContent.includes("Not set up")`)

	// The sidebar of a new room leads to the dialog.
	tab.Click("[data-glance]")
	sidebar := tab.FrameAt(".side iframe")
	sidebar.Until(`document.readyState === "complete"`)
	tab.Shot("chat sidebar new")
	sidebar.Click("[data-dialog]")
	dialog := tab.FrameAt("dialog iframe")
	dialog.Until(`document.querySelector(".preview-none")`)
	tab.Shot("chat dialog new")

	// The label is counted while the form is filled in.
	dialog.Until(`document.readyState === "complete"`)
	dialog.Click("#sl-search")
	tab.Shot("chat dialog projects")
	dialog.Click(`[role=option][data-key=HARB]`)
	dialog.Until(fmt.Sprintf(`document.querySelector("[data-label]")?.innerText.startsWith("%d open")`, open))
	dialog.Click(`[name=parts][value=overdue]`)
	dialog.Until(fmt.Sprintf(`document.querySelector("[data-label]")?.innerText === "%d open"`, open))
	unassigned := r.Count(t, member, workload.OpenIssues("HARB")+" AND assignee is EMPTY")
	dialog.Click(`[name=parts][value=unassigned]`)
	want := fmt.Sprintf("%d open · %d unassigned", open, unassigned)
	dialog.Until(fmt.Sprintf(`document.querySelector("[data-label]")?.innerText === %q`, want))
	for _, scheme := range []string{"light", "dark"} {
		tab.Prefer(browsertest.Prefers{ColorScheme: scheme})
		tab.Shot("chat dialog " + scheme)
	}

	// With a query, only the people that it finds count.
	dialog.Click("#sl-team-query")
	dialog.Fill("[name=query]", "is assignee of LANT")
	found := `Number(document.querySelector("[data-label]")?.innerText.split(" ")[0])`
	dialog.Until(fmt.Sprintf(`document.querySelector(".person-found") && %s > 0 && %s < %d`, found, found, open))
	tab.Shot("chat dialog query")
	dialog.Click("#sl-team-all")
	dialog.Until(fmt.Sprintf(`document.querySelector("[data-label]")?.innerText === %q`, want))

	// Quiet hours without an end are refused, and what was typed stays.
	dialog.Fill("[name=quietFrom]", "22:00")
	tab.Click("dialog [data-action=save]")
	dialog.Until(`document.querySelector("#sl-quiet-error") && document.querySelector("[name=quietFrom]").value === "22:00"`)
	tab.Until(`!document.querySelector("dialog [data-action=save]").disabled`)
	tab.Shot("chat dialog refused")
	dialog.Fill("[name=quietFrom]", "")

	// Saved by the first press, though the list is open: once the dialog has
	// closed, the room shows it.
	dialog.Mouse("#sl-search", nil)
	dialog.Until(`document.querySelector("#sl-found").checkVisibility()`)
	tab.Mouse("dialog [data-action=save]", nil)
	tab.Until(`document.querySelector("dialog") === null`)
	if got := r.Shown(t, room.ID); got.Label != want || !got.Configured {
		t.Errorf("the dialog has closed and the room shows %+v, want %q", got, want)
	}
	tab.Until(fmt.Sprintf(`document.querySelector("[data-glance]").textContent.includes(%q)`, want))

	r.FinishOneIssue(t, member, "HARB")
	tab.Until(fmt.Sprintf(`document.querySelector("[data-glance]").textContent.includes("%d open")`, open-1))

	// The sidebar notices by itself that the room was set up.
	sidebar.Until(fmt.Sprintf("document.querySelector(%q)", hosts.Workload))
	for _, scheme := range []string{"light", "dark"} {
		tab.Prefer(browsertest.Prefers{ColorScheme: scheme})
		tab.Shot("chat sidebar " + scheme)
	}
	// Each page by itself, at the sizes that the descriptor and a narrow chat
	// give it.
	for name, page := range map[string]struct {
		module, person string
		width, height  int64
	}{
		"sidebar": {"workload-sidebar", member, 320, 800},
		"dialog":  {"setup-dialog", r.Site.People()[6].AccountID, 520, 560}, // German words are long
	} {
		address, err := r.Site.ChatPageURL(harness.AppKey, page.module, room.ID, page.person)
		if err != nil {
			t.Fatal(err)
		}
		alone := browser.Open(t, address, page.width, page.height)
		alone.Until(`document.querySelector("[data-fragment]") && document.readyState === "complete"`)
		if got := browsertest.Eval[int64](alone, `document.documentElement.scrollWidth`); got > page.width {
			t.Errorf("the %s is %d px wide in %d", name, got, page.width)
		}
		for _, scheme := range []string{"light", "dark"} {
			alone.Prefer(browsertest.Prefers{ColorScheme: scheme})
			alone.Shot("chat " + name + " alone " + scheme)
		}
	}

	// The console also reports a form that comes back with errors.
	problems := slices.DeleteFunc(tab.Problems(), func(p string) bool { return strings.Contains(p, "422 (Unprocessable Entity)") })
	if len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
	for _, address := range tab.Requests() {
		if !strings.HasPrefix(address, dev.URL) && !strings.HasPrefix(address, dev.Site.URL()) && !strings.HasPrefix(address, "data:") {
			t.Errorf("asks a foreign host: %s", address)
		}
	}
}

// TestChatBarriers checks the dialog and the sidebar with axe-core, in light
// and dark mode, as wide as the chat makes them. They are as tall as their
// content: axe-core cannot tell that a target under the label's preview can be
// scrolled out from there.
func TestChatBarriers(t *testing.T) {
	t.Parallel()
	packages := browsertest.NeedPackages(t)
	browser := browsertest.Start(t)
	dev := harness.Furnished(t)
	rooms := dev.Site.Objects().Conversations
	for _, page := range []struct {
		name, module  string
		room          int // the first is set up, the second is not
		width, height int64
	}{
		{"dialog", "setup-dialog", 0, 520, 1200},
		{"new dialog", "setup-dialog", 1, 520, 1200},
		{"sidebar", "workload-sidebar", 0, 320, 800},
		{"new sidebar", "workload-sidebar", 1, 320, 800},
	} {
		room := rooms[page.room]
		if _, err := dev.Site.InstallChat(t.Context(), dev.URL+"/atlassian-chat.json", room.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
			t.Fatal(err)
		}
		address, err := dev.Site.ChatPageURL(harness.AppKey, page.module, room.ID, room.Members[0])
		if err != nil {
			t.Fatal(err)
		}
		tab := browser.Open(t, address, page.width, page.height)
		tab.Until(`document.querySelector("[data-fragment]") && document.readyState === "complete"`)
		for _, scheme := range []string{"light", "dark"} {
			tab.Prefer(browsertest.Prefers{ColorScheme: scheme})
			if found := tab.Axe(packages); len(found) > 0 {
				t.Errorf("%s, %s:\n%s", page.name, scheme, browsertest.Barriers(found))
			}
		}
	}
}
