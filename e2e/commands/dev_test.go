package commands

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/onsite"
)

// TestDevShowsTheProduct runs `sightline dev` until it prints the addresses,
// visits them, and interrupts it.
func TestDevShowsTheProduct(t *testing.T) {
	t.Parallel()
	site := startDev(t)
	for _, path := range []string{"/jira/dashboards", "/chat", "/slack", "/issues/", "/plugins/servlet/upm"} {
		read(t, site+path)
	}
	shows(t, site)
}

// startDev runs `sightline dev` and returns the address of its site. At the end
// of the test it is interrupted, and must end well.
func startDev(t *testing.T) (site string) {
	t.Helper()
	out, logs := &harness.LogBuffer{}, &harness.LogBuffer{}
	dev := exec.Command(binary(t), "dev", "--addr", "127.0.0.1:0", "--site-addr", "127.0.0.1:0")
	dev.Stdout, dev.Stderr = out, logs
	if err := dev.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(dev.Process.Signal(os.Interrupt), dev.Wait()); err != nil {
			t.Errorf("dev: %v\n%s", err, logs)
		}
	})
	harness.Eventually(t, "greeting", func() bool { return strings.Contains(out.String(), "Stop with Ctrl+C") })
	address := regexp.MustCompile(`Chat +(http://\S+)/chat`).FindStringSubmatch(out.String())
	if address == nil {
		t.Fatalf("no address in the greeting:\n%s", out)
	}
	return address[1]
}

// shows checks that both gadgets, the rooms and Slack are set up.
func shows(t *testing.T, site string) {
	t.Helper()
	var objects connecttest.Objects
	decode(t, site+"/-/objects", &objects)
	for _, item := range objects.Dashboards[0].Items {
		if !strings.HasSuffix(item.Module, "-gadget") {
			t.Errorf("the first dashboard has %s, want the gadgets of Forge", item.Module)
		}
		showsOnForge(t, site, objects.Dashboards[0], item)
	}
	showsGroups(t, site, objects.Dashboards[2])
	dashboard := objects.Dashboards[1]
	for _, item := range dashboard.Items {
		harness.Eventually(t, "the numbers of "+item.Module, func() bool {
			var signed struct{ URL string }
			decode(t, site+"/-/apps/"+harness.AppKey+"/modules/"+item.Module+"?as="+dashboard.Owner+"&dashboard="+dashboard.ID+"&item="+item.ID, &signed)
			return strings.Contains(read(t, signed.URL), `data-fragment="`+item.Module+`"`)
		})
	}
	harness.Eventually(t, "a label in the room", func() bool {
		return strings.Contains(harness.ShownAt(t, site, objects.Conversations[0].ID).Label, " open")
	})
	if harness.ShownAt(t, site, objects.Conversations[1].ID).Configured {
		t.Error("the second room is set up already")
	}
	var workspace connecttest.SlackState
	decode(t, site+"/-/slack", &workspace)
	if !workspace.Installed {
		t.Error("the app is not in Slack")
	}
}

// showsGroups checks that a dashboard has gadgets whose rows are not people, or are
// divided.
func showsGroups(t *testing.T, site string, on connecttest.Dashboard) {
	t.Helper()
	pages := ""
	for _, item := range on.Items {
		var signed struct{ URL string }
		decode(t, site+"/-/apps/"+harness.AppKey+"/modules/"+item.Module+"?as="+on.Owner+"&dashboard="+on.ID+"&item="+item.ID, &signed)
		harness.Eventually(t, "the numbers of "+item.Module, func() bool {
			page := read(t, signed.URL)
			if strings.Contains(page, `data-fragment="loading"`) {
				return false
			}
			pages += page
			return true
		})
	}
	for _, want := range []string{"Epic </", "Quayside", `class="part"`, ">HARB-", "Issue </", "Heavy"} {
		if !strings.Contains(pages, want) {
			t.Errorf("the third dashboard shows no %s:\n%s", want, harness.PlainText(pages))
		}
	}
}

// showsOnForge looks at a gadget of Forge as its page does.
func showsOnForge(t *testing.T, site string, dashboard connecttest.Dashboard, item connecttest.DashboardItem) {
	t.Helper()
	at := url.Values{"as": {dashboard.Owner}, "dashboard": {dashboard.ID}, "item": {item.ID}, "module": {item.Module}, "app": {onsite.ForgeAppID}}
	call := harness.AsJSON(connecttest.ForgeCall{Dashboard: dashboard.ID, Item: item.ID, Path: "/forge/ui/" + item.Module + "/view?fresh=1"})
	req := harness.NewRequest(t, http.MethodPost, site+"/-/ui/forge/invoke?"+at.Encode(), strings.NewReader(call))
	req.Header.Set("Content-Type", "application/json")
	kind := strings.TrimSuffix(item.Module, "-gadget")
	if status, body := harness.Fetch(t, req); status != http.StatusOK || !strings.Contains(body, `data-fragment=\"`+kind+`\"`) {
		t.Errorf("%s: %d\n%s", item.Module, status, body)
	}
}

func read(t *testing.T, address string) string {
	t.Helper()
	status, body := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil))
	if status != http.StatusOK {
		t.Fatalf("%s: %d\n%s", address, status, body)
	}
	return body
}

func decode(t *testing.T, address string, out any) {
	t.Helper()
	if err := json.NewDecoder(bytes.NewBufferString(read(t, address))).Decode(out); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
}
