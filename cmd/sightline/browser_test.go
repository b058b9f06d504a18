package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/cmd/sightline/internal/localsite"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// startDev runs `sightline dev` in this process until the test ends.
func startDev(t *testing.T) *localsite.Development {
	t.Helper()
	logs := &logBuffer{}
	flags := localsite.DevFlags{Addr: "127.0.0.1:0", SiteAddr: "127.0.0.1:0", LogFlags: app.LogFlags{LogFormat: "text", LogLevel: "debug"}}
	dev, err := flags.Start(t.Context(), logs)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan error, 1)
	var done sync.WaitGroup
	done.Go(func() {
		err := dev.Run(ctx, func(ctx context.Context) error {
			err := dev.Furnish(ctx)
			ready <- err
			return err
		})
		if err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		done.Wait()
		if err := dev.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if t.Failed() {
			t.Log(logs)
		}
	})
	if err := <-ready; err != nil {
		t.Fatal(err)
	}
	return dev
}

func TestDevShowsTheProduct(t *testing.T) {
	t.Parallel()
	dev := startDev(t)
	for _, path := range []string{"/jira/dashboards", "/chat", "/slack", "/issues/"} {
		if status, body := fetch(t, newRequest(t, http.MethodGet, dev.Site.URL()+path, nil)); status != http.StatusOK {
			t.Errorf("%s: %d\n%s", path, status, body)
		}
	}
	room := dev.Site.Objects().Conversations[0].ID
	r := &running{site: dev.Site.Site, store: dev.App.Store(), url: dev.URL}
	eventually(t, "a label in the room", func() bool { return strings.Contains(r.shown(t, room).label, " open") })
	if other := dev.Site.Objects().Conversations[1].ID; r.shown(t, other).configured {
		t.Error("the second room is set up already")
	}
}

// TestBrowser is the main flow as a person sees it, in a real browser.
func TestBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	dev := startDev(t)
	objects := dev.Site.Objects()
	dashboard := objects.Dashboards[0]

	tab := browser.Open(t, dev.Site.URL()+"/jira/dashboards/"+dashboard.ID, 1280, 1100)
	gadget := tab.Frame("/gadget/workload")
	gadget.Until(`document.querySelector('[data-fragment=workload] tbody tr')`)
	tab.Until(`document.body.innerText.includes("Team workload")`)
	before := browsertest.FrameEval[int](gadget, `Number(document.querySelector('[data-count=open]').innerText)`)
	tall := browsertest.FrameEval[int](gadget, `document.querySelector('.ac-content').scrollHeight`)
	tab.Until(fmt.Sprintf(`document.querySelector('iframe').clientHeight >= %d`, tall)) // the frame grows with its content
	tab.Frame("/gadget/timelog").Until(`document.querySelector('[data-fragment=timelog] tbody tr')`)
	tab.Shot("gadget") // the README's picture

	// An issue is finished: the gadget and the room follow.
	r := &running{site: dev.Site.Site, store: dev.App.Store(), url: dev.URL}
	chat := browser.Open(t, dev.Site.URL()+"/chat/"+objects.Conversations[0].ID, 1280, 900)
	chat.Until(fmt.Sprintf(`document.body.innerText.includes("%d open")`, before))
	r.finishOneIssue(t, dashboard.Owner, objects.Projects[0].Key)
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
	dev := startDev(t)
	dashboard := dev.Site.Objects().Dashboards[0]
	address, err := dev.Site.ModuleURL(appKey, "workload", dashboard.Owner, dashboard.ID, dashboard.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(address, "view=default", "view=changed", 1)
	status, body := fetch(t, newRequest(t, http.MethodGet, changed, nil))
	if status != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", status)
	}
	for _, want := range []string{"GET&amp;/gadget/workload&amp;", "view=default", "view=changed"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %q:\n%s", want, body)
		}
	}
	f := newForger(t)
	if address, err = f.site.ModuleURL(appKey, "workload", dashboard.Owner, dashboard.ID, f.site.Objects().Dashboards[0].Items[0].ID); err != nil {
		t.Fatal(err)
	}
	status, body = fetch(t, newRequest(t, http.MethodGet, strings.Replace(address, "view=default", "view=changed", 1), nil))
	refused(t, status, body, "")
	if strings.Contains(body, "view=changed") || strings.Contains(body, "qsh") {
		t.Errorf("the page explains too much:\n%s", body)
	}
}
