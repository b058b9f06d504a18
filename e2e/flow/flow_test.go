package flow

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestMainFlow is the product from end to end on the local site: install,
// view, configure, view again, webhook, glance.
func TestMainFlow(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	app := r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	item := dashboard.Items[0]

	page := r.Gadget(t, dashboard.Owner, dashboard.ID, item.ID)
	if !strings.Contains(page, `data-fragment="config"`) {
		t.Fatalf("the owner of a new gadget does not get the form:\n%s", page)
	}
	other := r.Viewer(t, dashboard)
	if page := r.Gadget(t, other, dashboard.ID, item.ID); !strings.Contains(page, "not set up yet") {
		t.Errorf("another viewer of a new gadget does not get a sentence:\n%s", page)
	}

	project := r.Site.Objects().Projects[0].Key
	session := harness.Attribute(t, page, "data-session")
	status, body := r.Save(t, session, dashboard.ID, item.ID, url.Values{
		"projects": {project}, "window": {"14"}, "unit": {"hours"}, "title": {"Who has what"},
	})
	if status != http.StatusOK || !strings.Contains(body, `data-fragment="workload"`) {
		t.Fatalf("save: %d\n%s", status, body)
	}

	page = r.Gadget(t, dashboard.Owner, dashboard.ID, item.ID)
	open := r.Count(t, dashboard.Owner, workload.OpenIssues(project))
	if got := harness.Total(t, page); got != open {
		t.Errorf("the gadget counts %d open issues, the site %d", got, open)
	}
	if !strings.Contains(page, "Who has what") {
		t.Error("the title is not shown")
	}

	room := r.Site.Objects().Conversations[0]
	r.SetUpRoom(t, app.Key, room, project)
	r.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", open))

	r.FinishOneIssue(t, dashboard.Owner, project)
	r.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", open-1))
	page = r.Gadget(t, dashboard.Owner, dashboard.ID, item.ID)
	if got := harness.Total(t, page); got != open-1 {
		t.Errorf("after the change the gadget counts %d open issues, want %d", got, open-1)
	}
	r.PullsWhatIsShown(t, app.Key, room)
	r.LeaksNothing(t)
}
