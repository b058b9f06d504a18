package connecttest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
)

// quick is a site that sends refused webhooks again at once.
func quick(t *testing.T) *Site {
	t.Helper()
	return NewSite(t, Options{RetryDelay: time.Millisecond})
}

func anIssue(s *Site) (key, project string) {
	project = s.Objects().Projects[0].Key
	return s.world.ProjectIssues(project)[0].Key, project
}

func TestChangesSendWebhooks(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	installed := app.mustInstall(t, site)
	key, project := anIssue(site)
	account := site.People()[0].AccountID
	site.host.Changed(jirarest.Change{
		Event: "jira:issue_updated", Account: account, IssueKey: key, ProjectKey: project,
		Body: map[string]any{"webhookEvent": "jira:issue_updated", "issue": map[string]any{"id": "1", "key": key}},
	})
	if err := site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := app.to("/hook")
	if len(calls) != 1 {
		t.Fatalf("webhooks: got %d, want 1", len(calls))
	}
	got := calls[0]
	claims := verifyHost(t, app.installed().SharedSecret, got)
	if claims.Issuer != installed.ClientKey || claims.Subject != account {
		t.Errorf("claims: got %+v", claims)
	}
	if want := "i=" + key + "&p=" + project; got.query != want {
		t.Errorf("query: got %q, want %q", got.query, want)
	}
	h := got.header
	if h.Get("X-Atlassian-Webhook-Identifier") == "" || h.Get("X-Atlassian-Webhook-Flow") != "Primary" ||
		h.Values("X-Atlassian-Webhook-Retry") != nil || h.Get("Content-Type") != "application/json" {
		t.Errorf("header: got %v", h)
	}
	var body struct{ WebhookEvent string }
	if err := json.Unmarshal(got.body, &body); err != nil || body.WebhookEvent != "jira:issue_updated" {
		t.Errorf("body: got %s", got.body)
	}
}

func TestEditingThroughTheAPISendsAWebhook(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	app.mustInstall(t, site)
	key, _ := anIssue(site)
	got := do(t, http.MethodPut, site.URL()+"/rest/api/3/issue/"+key, "application/json",
		`{"fields":{"summary":"Another summary"}}`, basic(admin(site)))
	if got.status != http.StatusNoContent {
		t.Fatalf("edit: got %d %s", got.status, got.body)
	}
	if err := site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(app.to("/hook")); n != 1 {
		t.Errorf("webhooks: got %d, want 1", n)
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, statuses string
		want           int
	}{
		{"taken at once", "\x00", 1},
		{"503, then taken", "\x01\x01\x00", 3},
		{"409, 425, 408, 429, 500", "\x02\x03\x04\x05\x01\x00", 6},
		{"for ever", "\x01\x01\x01\x01\x01\x01\x01\x01", 6},
		{"404 is not tried again", "\x06\x00", 1},
	} {
		site, app := quick(t), newTestApp(t)
		app.mustInstall(t, site)
		statuses := []int{204, 503, 409, 425, 408, 429, 404}
		tries := 0
		app.answers(func(call) int { tries++; return statuses[test.statuses[tries-1]] })
		key, _ := anIssue(site)
		fire(t, site, Webhook{Event: "worklog_created", Issue: key, Identifier: "same"})
		calls := app.to("/worklog")
		if len(calls) != test.want {
			t.Errorf("%s: got %d calls, want %d", test.name, len(calls), test.want)
		}
		for i, c := range calls {
			retry := c.header.Get("X-Atlassian-Webhook-Retry")
			if (i == 0) != (retry == "") || i > 0 && retry != string(rune('0'+i)) ||
				c.header.Get("X-Atlassian-Webhook-Identifier") != "same" || len(c.body) != 0 {
				t.Errorf("%s: call %d: got %v %q", test.name, i, c.header, c.body)
			}
		}
	}
}

// fire sends a webhook and waits until it is done.
func fire(t *testing.T, s *Site, hook Webhook) int {
	t.Helper()
	sent, err := s.host.Fire(hook)
	if err != nil {
		t.Fatalf("fire: %v", err)
	}
	if err := s.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	return sent
}

func TestFireReachesWhoListens(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	app.mustInstall(t, site)
	key, project := anIssue(site)
	for _, test := range []struct {
		hook Webhook
		want int
	}{
		{Webhook{Event: "jira:issue_updated", Issue: key}, 1},
		{Webhook{Event: "jira:issue_updated", Issue: key, App: "com.example.other"}, 0},
		{Webhook{Event: "jira:issue_created", Issue: key}, 0},
		{Webhook{Event: "project_updated", Project: project}, 0},
	} {
		if got := fire(t, site, test.hook); got != test.want {
			t.Errorf("%+v: got %d, want %d", test.hook, got, test.want)
		}
	}
	for _, bad := range []Webhook{{}, {Event: "jira:issue_updated", Issue: "NONE-1"}, {Event: "x", Account: "nobody"}} {
		if err := site.Fire(t.Context(), bad); err == nil {
			t.Errorf("%+v: got no error", bad)
		}
	}
}

func TestFilterLetsThroughWhatMatches(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	app.mustInstall(t, site)
	_, project := anIssue(site)
	for summary, want := range map[string]int{"Something else": 0, "nothing has this": 1} {
		before := len(app.to("/filtered"))
		body := marshal(t, map[string]any{"fields": map[string]any{
			"project": map[string]string{"key": project}, "summary": summary, "issuetype": map[string]string{"name": "Task"},
		}})
		got := do(t, http.MethodPost, site.URL()+"/rest/api/3/issue", "application/json", string(body), basic(admin(site)))
		if got.status != http.StatusCreated {
			t.Fatalf("create: got %d %s", got.status, got.body)
		}
		if err := site.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(app.to("/filtered")) - before; n != want {
			t.Errorf("%s: got %d webhooks, want %d", summary, n, want)
		}
	}
}

func TestWaitIdleEndsWithItsContext(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t, Options{RetryDelay: time.Hour}), newTestApp(t)
	app.mustInstall(t, site)
	app.answers(func(call) int { return http.StatusServiceUnavailable })
	key, _ := anIssue(site)
	if err := site.Fire(t.Context(), Webhook{Event: "jira:issue_updated", Issue: key}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := site.WaitIdle(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
