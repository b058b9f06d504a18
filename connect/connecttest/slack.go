package connecttest

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
	"github.com/sightline-go/sightline/connect/connecttest/internal/slackrest"
)

// Where the Slack of the site lies.
const (
	slackAPI   = slackrest.Prefix + "api/"
	slackOAuth = slackrest.Prefix + "oauth/"
	// slackResponses are the addresses at which an app answers clicks.
	slackResponses = slackrest.Prefix + "response/"
)

// endSlackApp is the app of the Slack workspace in the log of requests.
const endSlackApp = "slack-app"

// Slack is a little Slack workspace: people, channels, and the app that is
// registered with it. Its Web API is at /slack/api/ on the site, its
// authorization page at /slack/oauth/v2/authorize.
type Slack = slackrest.Server

type (
	// SlackApp is an app as its developer registers it with Slack.
	SlackApp = slackrest.App
	// SlackState is the workspace as it is at one moment.
	SlackState = slackrest.State
	// SlackChannel is a channel with all that is in it.
	SlackChannel = slackrest.Channel
	// SlackMessage is a message of a channel.
	SlackMessage = slackrest.Message
	// SlackUnfurl is what an app has said of a link in a message.
	SlackUnfurl = slackrest.Unfurl
	// SlackBookmark is a chip in a channel's header.
	SlackBookmark = slackrest.Bookmark
	// SlackModal is a view that a person has open.
	SlackModal = slackrest.Modal
	// SlackOption is one suggestion of an external select.
	SlackOption = slackrest.Option
)

// Slack is the site's workspace.
func (s *Site) Slack() *Slack { return s.slack }

type slackEvent struct {
	Channel string `json:"channel"`
}

// sendSlack makes a call to the app and logs it.
func (s *Site) sendSlack(ctx context.Context, c slackrest.Call) (slackrest.Reply, error) {
	target, err := url.Parse(c.URL)
	if err != nil {
		return slackrest.Reply{}, err
	}
	got, err := s.sender.Send(ctx, outbox.Call{
		Method: "POST", Operation: c.Operation, Target: target, To: endSlackApp, Account: c.User,
		Header: c.Header, Body: c.Body,
	})
	return slackrest.Reply{Status: got.Status, Header: got.Header, Body: got.Body}, err
}

// SignSlack makes the headers with which Slack signs a request to an app.
func SignSlack(signingSecret string, at time.Time, body []byte) http.Header {
	return slackrest.Sign(signingSecret, at, body)
}
