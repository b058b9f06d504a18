package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/slackapp"
)

const (
	slackSecret  = "the client secret"
	slackAddress = "https://app.example/slack"
)

// direct answers a program's calls with a handler, without a network: so that they do
// not keep the clock of a test from moving.
type direct struct{ http.Handler }

func (d direct) RoundTrip(req *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	d.ServeHTTP(answer, req)
	return answer.Result(), nil
}

// tended is a program of which only the work for Slack runs, with a workspace of the
// local site whose token ends.
type tended struct {
	Program
	logs    logBuffer
	slack   *connecttest.Slack
	surface *slackapp.Surface
}

func newTended(t *testing.T) *tended {
	t.Helper()
	p := new(tended)
	site, err := connecttest.New(connecttest.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	p.slack, p.store = site.Slack(), newStore(t, time.Now)
	p.log = slog.New(slog.NewTextHandler(&p.logs, nil))
	p.outages = outage.New(p.log, time.Now)
	app := slackapp.New(slackapp.Config{
		ClientID: "1.2", ClientSecret: connect.NewSecret(slackSecret), APIURL: site.URL() + "/slack/api/",
		Find: p.store.Slack.SlackInstall, Renewals: p.store.Slack, First: p.store.Slack.FirstSlackRequest, Log: p.log, Network: direct{site}, Now: time.Now,
	})
	p.surface = app.Surface
	p.slack.SetRotation(true)
	err = p.slack.Register(connecttest.SlackApp{
		Name: "App", ClientID: "1.2", ClientSecret: slackSecret, SigningSecret: "s", RedirectURL: slackAddress, Command: "/sightline",
		CommandURL: slackAddress, InteractionsURL: slackAddress, OptionsURL: slackAddress, EventsURL: slackAddress,
	})
	if err != nil {
		t.Fatal(err)
	}
	in, err := app.Exchange(t.Context(), p.approved(t, site), slackAddress)
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := p.store.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: "app.sightline", ClientKey: "k", SharedSecret: connect.NewSecret("s"), BaseURL: "https://harbour.example", ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	in.Tenant = tenant.ID
	if err := p.store.Slack.SaveSlackInstall(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	return p
}

// approved is the code with which a person who approves the app comes back.
func (p *tended) approved(t *testing.T, site http.Handler) string {
	t.Helper()
	form := url.Values{
		"client_id": {"1.2"}, "scope": {"chat:write"}, "redirect_uri": {slackAddress}, "user": {p.slack.State().People[0].ID}, "answer": {"allow"},
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/slack/oauth/v2/authorize", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	site.ServeHTTP(answer, req)
	to, err := url.Parse(answer.Header().Get("Location"))
	if err != nil || to.Query().Get("code") == "" {
		t.Fatalf("%d, %v: %s", answer.Code, err, answer.Body)
	}
	return to.Query().Get("code")
}

func (p *tended) install(t *testing.T) slackapp.Install {
	t.Helper()
	in, err := p.store.Slack.SlackInstall(t.Context(), p.slack.State().Team.ID)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// after lets the time of the work in the background pass.
func after(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// TestSlackIsTendedEachMinute: within a minute of its time a token is renewed, though
// nobody calls Slack, and signatures that are too old are forgotten. What Slack
// refuses is not tried again, and is an error in the log once.
func TestSlackIsTendedEachMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newTended(t)
		first := p.install(t)
		if _, err := p.store.Slack.FirstSlackRequest(t.Context(), "v0=1"); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go p.tendSlack(ctx, p.surface)

		after(time.Until(first.RenewAt) - time.Second)
		if got := p.install(t); got.Token.Reveal() != first.Token.Reveal() {
			t.Error("renewed before its time")
		}
		if fresh, err := p.store.Slack.FirstSlackRequest(t.Context(), "v0=1"); err != nil || !fresh {
			t.Errorf("an old signature is remembered: %v", err)
		}
		after(renewEvery + time.Second)
		second := p.install(t)
		if second.Token.Reveal() == first.Token.Reveal() || !second.Ends.After(first.Ends) || second.Unrenewed {
			t.Errorf("not renewed within a minute: %+v", second)
		}

		second.Refresh = first.Refresh // it works once
		if err := p.store.Slack.SaveSlackInstall(t.Context(), second); err != nil {
			t.Fatal(err)
		}
		after(time.Until(second.RenewAt) + renewEvery + time.Second)
		if got := p.install(t); !got.Unrenewed || got.Stopped != glance.ReasonNone || !got.Ends.Equal(second.Ends) {
			t.Errorf("refused: got %+v", got)
		}
		after(time.Hour)
		if got := strings.Count(p.logs.String(), "token cannot be renewed"); got != 1 {
			t.Errorf("the log says it %d times:\n%s", got, p.logs.String())
		}
		stop()
		synctest.Wait()
	})
}
