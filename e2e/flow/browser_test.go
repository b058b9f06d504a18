package flow

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// TestBrowser is the main flow as a person sees it, in a real browser.
func TestBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	dev := harness.Furnished(t)
	objects := dev.Site.Objects()
	dashboard := objects.Dashboards[0]

	tab := browser.Open(t, dev.Site.URL()+"/jira/dashboards/"+dashboard.ID, 1280, 1100)
	gadget := tab.Frame("/gadget/workload")
	gadget.Until(`document.querySelector('[data-fragment=workload] tbody tr')`)
	tab.Until(`document.body.innerText.includes("Team workload")`)
	before := browsertest.FrameEval[int](gadget, `Number(document.querySelector('[data-count=open]').innerText)`)
	harness.Eventually(t, "the frame is as high as its content", func() bool {
		tall := browsertest.FrameEval[int](gadget, `document.querySelector('.ac-content').scrollHeight`)
		return browsertest.FrameEval[int](tab.Main(), `document.querySelector('iframe').clientHeight`) >= tall
	})
	tab.Frame("/gadget/timelog").Until(`document.querySelector('[data-fragment=timelog] tbody tr')`)
	tab.Shot("gadget") // the README's picture

	// An issue is finished: the gadget and the room follow.
	r := dev
	chat := browser.Open(t, dev.Site.URL()+"/chat/"+objects.Conversations[0].ID, 1280, 900)
	chat.Until(fmt.Sprintf(`document.body.innerText.includes("%d open")`, before))
	r.FinishOneIssue(t, dashboard.Owner, objects.Projects[0].Key)
	chat.Until(fmt.Sprintf(`document.body.innerText.includes("%d open")`, before-1))

	for name, one := range map[string]*browsertest.Tab{"dashboard": tab, "chat": chat} {
		if problems := one.Problems(); len(problems) > 0 {
			t.Errorf("%s: the console complains: %q", name, problems)
		}
		for _, address := range one.Requests() {
			if !strings.HasPrefix(address, dev.URL) && !strings.HasPrefix(address, dev.Site.URL()) && !strings.HasPrefix(address, "data:") {
				t.Errorf("%s: asks a foreign host: %s", name, address)
			}
		}
	}
}

// TestWhyInDevelopment opens a gadget whose address was changed after it was
// signed: in development the page shows both canonical requests, in
// production one constant sentence.
func TestWhyInDevelopment(t *testing.T) {
	t.Parallel()
	dev := harness.Furnished(t)
	dashboard := dev.Site.Objects().Dashboards[0]
	address, err := dev.Site.ModuleURL(harness.AppKey, "workload", dashboard.Owner, dashboard.ID, dashboard.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(address, "view=default", "view=changed", 1)
	status, body := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, changed, nil))
	if status != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", status)
	}
	for _, want := range []string{"GET&amp;/gadget/workload&amp;", "view=default", "view=changed"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %q:\n%s", want, body)
		}
	}
	f := harness.NewForger(t)
	if address, err = f.Site.ModuleURL(harness.AppKey, "workload", dashboard.Owner, dashboard.ID, f.Site.Objects().Dashboards[0].Items[0].ID); err != nil {
		t.Fatal(err)
	}
	status, body = harness.Fetch(t, harness.NewRequest(t, http.MethodGet, strings.Replace(address, "view=default", "view=changed", 1), nil))
	harness.Refused(t, status, body, "")
	if strings.Contains(body, "view=changed") || strings.Contains(body, "qsh") {
		t.Errorf("the page explains too much:\n%s", body)
	}
}
