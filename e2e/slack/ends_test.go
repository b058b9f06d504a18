package slack

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// TestSlackTokenThatEnds: a token that ends is renewed when Slack says that it
// has, and the channel goes on.
func TestSlackTokenThatEnds(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.Slack.SetRotation(true)
	s.add(t)
	team := s.Slack.State().Team.ID
	before, err := s.Store.Slack.SlackInstall(t.Context(), team)
	if err != nil || before.Refresh.IsZero() || before.Ends.IsZero() {
		t.Fatalf("got %+v, %v", before, err)
	}
	channel, user := s.Slack.State().Channels[0].ID, s.Slack.State().People[0].ID
	s.connect(t, channel, user, s.Site.Objects().Dashboards[0].Owner)
	if err := s.Slack.ExpireToken(); err != nil {
		t.Fatal(err)
	}
	s.SetUp(t, channel, user, s.Site.Objects().Projects[0].Key)
	harness.Eventually(t, "a message", func() bool { return len(s.Written(t, channel)) > 0 })
	after, err := s.Store.Slack.SlackInstall(t.Context(), team)
	if err != nil || after.Token.Reveal() == before.Token.Reveal() || after.Refresh.Reveal() == before.Refresh.Reveal() {
		t.Errorf("not renewed: %v", err)
	}
	for _, secret := range []string{before.Refresh.Reveal(), after.Refresh.Reveal(), after.Token.Reveal()} {
		if strings.Contains(s.Logs.String(), secret) {
			t.Error("the log holds a secret of Slack")
		}
	}
}

// TestSlackRenewalRefused: as soon as Slack refuses to renew a token, the page for
// admins says until when it works, on the admin's own clock, and what to do; what it
// says to do helps.
func TestSlackRenewalRefused(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.Slack.SetRotation(true)
	s.add(t)
	in, err := s.Store.Slack.SlackInstall(t.Context(), s.Slack.State().Team.ID)
	if err != nil {
		t.Fatal(err)
	}
	in.Refresh, in.RenewAt = connect.NewSecret("xoxe-1-used-before"), time.Now().Add(-time.Minute)
	if err := s.Store.Slack.SaveSlackInstall(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	s.Restart(t) // what is due is renewed at the start, and then each minute
	admin := s.person(t, true)
	zone, err := time.LoadLocation(admin.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	until := lang.New().English().Moment(in.Ends.In(zone)) + " (" + admin.TimeZone + ")"
	page := ""
	harness.Eventually(t, "the refusal on the page for admins", func() bool {
		page = s.configurePage(t, admin.AccountID)
		return strings.Contains(page, "Slack has refused to renew")
	})
	if !strings.Contains(page, "until "+until) || strings.Contains(page, "Connected:") || !strings.Contains(page, "Add to Slack") {
		t.Errorf("the page does not say until when, %s:\n%s", until, page)
	}
	s.add(t)
	if page := s.configurePage(t, admin.AccountID); !strings.Contains(page, "Connected:") || strings.Contains(page, "has refused") {
		t.Errorf("added again, the page says:\n%s", page)
	}
}

// TestSlackRenewalLate: a workspace whose access could not be renewed in time, though
// Slack did not refuse, is not told as connected.
func TestSlackRenewalLate(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.Slack.SetRotation(true)
	s.add(t)
	in, err := s.Store.Slack.SlackInstall(t.Context(), s.Slack.State().Team.ID)
	if err != nil {
		t.Fatal(err)
	}
	in.Ends, in.RenewAt = time.Now().Add(-time.Minute), time.Now().Add(time.Hour)
	if err := s.Store.Slack.SaveSlackInstall(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if page := s.configurePage(t, s.person(t, true).AccountID); !strings.Contains(page, "access has ended") || strings.Contains(page, "Connected:") {
		t.Errorf("the page says:\n%s", page)
	}
}

// TestSlackOrganisation: an install for a whole organisation is refused at once,
// in the person's language, and the log says what was seen and what to do.
func TestSlackOrganisation(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.Slack.SetOrgWide(true)
	for language, want := range map[string]string{"en": "whole organisation", "de": "ganzen Organisation"} {
		req := s.Return(t, s.Allow(t, s.installLink(t), "allow"))
		req.Header.Set("Accept-Language", language)
		if status, page := harness.Fetch(t, req); status != http.StatusConflict || !strings.Contains(page, want) {
			t.Errorf("%s: %d, want %q:\n%s", language, status, want, page)
		}
	}
	for _, want := range []string{"is_enterprise_install true", "E0SLHARBOR", "add it to one workspace"} {
		if !strings.Contains(s.Logs.String(), want) {
			t.Errorf("the log has no %q", want)
		}
	}
	if _, err := s.Store.Slack.SlackInstall(t.Context(), s.Slack.State().Team.ID); !isAbsent(err) {
		t.Errorf("something is stored: %v", err)
	}
}

// TestCapturedSlackRequestAtAnotherReplica: what one program took, another on the
// same database refuses.
func TestCapturedSlackRequestAtAnotherReplica(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		site := connecttest.NewSite(t)
		first := &onSlack{Workspace: harness.Start(t, site, harness.On(database)).RegisterSlack(t)}
		second := &onSlack{Workspace: harness.Workspace{Running: harness.Start(t, site, harness.On(database)), Slack: site.Slack()}}
		now, body := time.Now(), first.commandBody("T999", "U1")
		for i, at := range []*onSlack{first, second, first} {
			status, answer := harness.Fetch(t, at.signed(t, "/slack/command", formType, body, onsite.SlackSigningSecret, now))
			if want := []int{http.StatusOK, http.StatusUnauthorized, http.StatusUnauthorized}[i]; status != want {
				t.Errorf("call %d: got %d %s, want %d", i, status, answer, want)
			}
		}
	})
}

// TestSlackInstallOfAnotherBrowser: what one browser began, another cannot end; the
// first still can.
func TestSlackInstallOfAnotherBrowser(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	back := s.Allow(t, s.installLink(t), "allow")
	other := s.Return(t, s.Allow(t, s.installLink(t), "allow")).Header.Get("Cookie")
	for name, cookie := range map[string]string{"none": "", "of another installation": other, "made up": "sightline-slack=x"} {
		for language, want := range map[string]string{"en": "did not begin in this browser", "de": "nicht in diesem Browser begonnen"} {
			req := harness.NewRequest(t, http.MethodGet, back, nil)
			req.Header.Set("Cookie", cookie)
			req.Header.Set("Accept-Language", language)
			if status, page := harness.Fetch(t, req); status != http.StatusForbidden || !strings.Contains(page, want) {
				t.Errorf("cookie %s: %d, want %q:\n%s", name, status, want, page)
			}
		}
	}
	if status, page := harness.Fetch(t, s.Return(t, back)); status != http.StatusOK {
		t.Errorf("its own browser: %d\n%s", status, page)
	}
}

// TestSlackSiteIsNamed: before Slack asks anything, the admin of two Jira sites reads
// which one they are about to connect, in their browser's language and on a page
// that runs nothing and that nobody frames.
func TestSlackSiteIsNamed(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	second, err := s.Store.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: s.jira.Key, ClientKey: "second", SharedSecret: connect.NewSecret("s"), BaseURL: "https://tides.example", ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	state, err := s.tickets(t).Issue(slackapp.Ticket{Use: slackapp.UseInstall, Tenant: second.ID, Generation: second.Generation})
	if err != nil {
		t.Fatal(err)
	}
	own := strings.TrimPrefix(s.Site.URL(), "http://")
	for link, site := range map[string]string{
		s.installLink(t): own,
		s.URL + "/slack/install?" + url.Values{"state": {state}}.Encode(): "tides.example",
	} {
		for language, want := range map[string]string{"en": "Connect a Slack workspace to %s?", "de": "Einen Slack-Workspace mit %s verbinden?"} {
			req := harness.NewRequest(t, http.MethodGet, link, nil)
			req.Header.Set("Accept-Language", language)
			got := harness.Ask(t, req)
			if got.Status != http.StatusOK || !strings.Contains(got.Body, fmt.Sprintf(want, site)) || !onsite.AuthorizeLink.MatchString(got.Body) {
				t.Errorf("%s of %s: %d\n%s", language, site, got.Status, got.Body)
			}
			for name, want := range map[string]string{
				"Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
				"Referrer-Policy":         "no-referrer", "Cache-Control": "no-cache, no-store", "X-Content-Type-Options": "nosniff",
			} {
				if got := got.Header.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		}
	}
}

// TestSlackBrowserCookie: on https the cookie is one that no other host can set.
func TestSlackBrowserCookie(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"":                             "sightline-slack=",
		"https://sightline.example/us": "__Host-sightline-slack=",
	} {
		s := startSlack(t)
		link := s.installLink(t)
		if base != "" {
			s.Restart(t, func(f *app.ServeFlags) { f.BaseURL = base })
		}
		got := startCookie(t, s, link, base)
		if !strings.HasPrefix(got, want) || !strings.Contains(got, "Path=/;") || !strings.Contains(got, "Max-Age=600") ||
			!strings.Contains(got, "HttpOnly") || !strings.Contains(got, "SameSite=Lax") || strings.Contains(got, "Secure") != (base != "") {
			t.Errorf("at %q: got %s", base, got)
		}
	}
}

// startCookie asks the program's handler for the start of an installation.
func startCookie(t *testing.T, s *onSlack, link, base string) string {
	t.Helper()
	at, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	prefix, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	s.Handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, prefix.Path+at.RequestURI(), nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("start: %d %s", answer.Code, answer.Body)
	}
	return answer.Header().Get("Set-Cookie")
}
