package slackapp_test

import (
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

func TestAuthorizeAddress(t *testing.T) {
	t.Parallel()
	app := slackapp.New(slackapp.Config{ClientID: clientID, ClientSecret: connect.NewSecret(secret), AuthorizeURL: "https://slack.example/oauth/v2/authorize"})
	text, err := app.AuthorizeAddress("a state&more", redirect)
	if err != nil {
		t.Fatal(err)
	}
	got, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	query := got.Query()
	if got.Host != "slack.example" || query.Get("client_id") != clientID || query.Get("state") != "a state&more" ||
		query.Get("redirect_uri") != redirect || query.Get("scope") == "" || len(query) != 4 {
		t.Errorf("got %s", text)
	}
	if _, err := slackapp.New(slackapp.Config{AuthorizeURL: "http://a b"}).AuthorizeAddress("s", redirect); err == nil {
		t.Error("an invalid address: got no error")
	}
}

// TestWorkspaceOutOfReach: without the app or its token Slack is not asked, and
// only what storage knows for certain stops a channel.
func TestWorkspaceOutOfReach(t *testing.T) {
	t.Parallel()
	storage := errors.New("database is locked")
	for name, tt := range map[string]struct {
		install slackapp.Install
		err     error
		want    glance.Reason
		gone    bool
	}{
		"not installed": {slackapp.Install{}, fmt.Errorf("workspace: %w", connect.ErrNotFound), glance.ReasonRevoked, true},
		"revoked":       {slackapp.Install{Team: "T1"}, nil, glance.ReasonRevoked, true},
		"storage":       {slackapp.Install{}, storage, glance.ReasonInternal, false},
	} {
		r := newRig(t)
		at := r.place(t, 0)
		r.install, r.findErr = tt.install, tt.err
		before := len(r.site.Requests(0))
		_, err := r.PutGlance(t.Context(), at, glance.State{Label: "1 open"})
		if got := glance.ReasonOf(&glance.StageError{Stage: glance.StagePush, Err: err}); got != tt.want || errors.Is(err, glance.ErrGone) != tt.gone {
			t.Errorf("%s: got %v, which is %q, want %q", name, err, got, tt.want)
		}
		if !tt.gone && !errors.Is(err, storage) {
			t.Errorf("%s: got %v, want %v", name, err, storage)
		}
		if n := len(r.site.Requests(0)) - before; n != 0 {
			t.Errorf("%s: %d calls were made", name, n)
		}
	}
}

// TestViewRefused tells a bad trigger from a view that is not open.
func TestViewRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	title := slack.NewTextBlockObject(slack.PlainTextType, "Settings", false, false)
	view := slack.ModalViewRequest{Type: slack.VTModal, Title: title, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
	err := r.OpenView(t.Context(), r.install.Team, "no such trigger", view)
	if !slackapp.IsCode(err, slackapp.CodeTriggerExpired, slackapp.CodeTriggerInvalid) {
		t.Errorf("open: got %v, want a code of triggers", err)
	}
	if err := r.UpdateView(t.Context(), r.install.Team, "V1", view); !slackapp.IsCode(err, slackapp.CodeNotFound) {
		t.Errorf("update: got %v, want %s", err, slackapp.CodeNotFound)
	}
}
