package handlers

import (
	"net/http"

	"github.com/sightline-go/sightline/internal/lang"
)

// slackRefusal is an error with a heading of its own, nil for that of the
// status.
func slackRefusal(status int, code string, heading, text says, err error) error {
	return &problem{status: status, code: code, heading: heading, text: text, err: err}
}

func slackForbidden(text says, err error) error {
	return slackRefusal(http.StatusForbidden, "slack.person", nil, text, err)
}

func slackFieldProblem() error {
	return slackRefusal(http.StatusUnprocessableEntity, "slack.field", nil, func(t *lang.Texts) string { return t.Slack.NoField }, nil)
}

func slackStateProblem(err error) error {
	return slackRefusal(http.StatusForbidden, "slack.state", saysLinkExpired, func(t *lang.Texts) string { return t.Slack.InstallExpired }, err)
}

func slackCodeProblem(err error) error {
	return slackRefusal(http.StatusForbidden, "slack.code", saysLinkExpired, func(t *lang.Texts) string { return t.Slack.CodeExpired }, err)
}

func saysLinkExpired(t *lang.Texts) string { return t.Slack.LinkExpired }

func slackDenied() error {
	return slackRefusal(http.StatusForbidden, "slack.denied",
		func(t *lang.Texts) string { return t.Slack.Denied }, func(t *lang.Texts) string { return t.Slack.DeniedText }, nil)
}

func slackExchangeProblem(err error) error {
	return slackRefusal(http.StatusBadGateway, "slack.exchange",
		func(t *lang.Texts) string { return t.Slack.NotFinished }, func(t *lang.Texts) string { return t.Slack.NotFinishedText }, err)
}

func slackTakenProblem(err error) error {
	return slackRefusal(http.StatusConflict, "slack.taken",
		func(t *lang.Texts) string { return t.Slack.Taken }, func(t *lang.Texts) string { return t.Slack.TakenText }, err)
}
