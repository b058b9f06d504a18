package host

import (
	"context"
	"net/http"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
)

// webhookCall is a webhook to one app.
type webhookCall struct {
	event, identifier, account, path string
	body                             []byte
}

// sendWebhook sends once. retry is 0 for the first time.
func (s *Server) sendWebhook(ctx context.Context, a *app, d webhookCall, retry int) (int, error) {
	target, err := a.url(d.path)
	if err != nil {
		return http.StatusNotFound, nil //nolint:nilerr // an address that cannot be made is not tried again
	}
	token, err := s.hostToken(a, d.account, http.MethodPost, target)
	if err != nil {
		return 0, err
	}
	header := http.Header{
		"User-Agent":                     {"Atlassian Webhook HTTP Client"},
		"X-Atlassian-Webhook-Identifier": {d.identifier},
		"X-Atlassian-Webhook-Flow":       {"Primary"},
		"X-Atlassian-Webhook-Retry":      {strconv.Itoa(retry)},
	}
	if retry == 0 {
		delete(header, "X-Atlassian-Webhook-Retry")
	}
	got, err := s.Sender.Send(ctx, outbox.Call{
		Method: http.MethodPost, Operation: "webhook " + d.event, Target: target, To: a.key(),
		Account: d.account, Scheme: "JWT", Token: token, Header: header, Body: d.body,
	})
	return got.Status, err
}

func retried(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500
}

// delivery is what is queued. One to an installation that has ended is dropped.
func (s *Server) delivery(to *app, d webhookCall) outbox.Delivery {
	return outbox.Delivery{App: to.key(), Retries: maxRetries, Attempt: func(ctx context.Context, retry int) bool {
		a, err := s.app(to.key())
		if err != nil || a.clientKey != to.clientKey {
			return false
		}
		status, err := s.sendWebhook(ctx, a, d, retry)
		return err != nil || retried(status)
	}}
}

// maxRetries is how often a webhook is sent again.
const maxRetries = 5
