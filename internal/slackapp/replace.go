package slackapp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/slack-go/slack"
)

// hooksHost is where Slack's addresses for answers are.
const hooksHost = "hooks.slack.com"

// Replace replaces a message that one person sees by a text, at the address for answers
// that came with a click in it. Only addresses of Slack are called.
// See https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
func (s *Surface) Replace(ctx context.Context, address, text string) error {
	at, err := url.Parse(address)
	api, apiErr := url.Parse(s.apiURL)
	if err != nil || apiErr != nil || at.Host == "" || !isSlack(at, api) {
		return fmt.Errorf("replace a message: not an address of slack")
	}
	body, err := json.Marshal(map[string]any{"replace_original": true, "text": text})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		return callError(ctx, "response_url", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return callError(ctx, "response_url", slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status})
	}
	return nil
}

// isSlack reports whether an address is one of Slack's, or of what stands for it.
func isSlack(at, api *url.URL) bool {
	return at.Scheme == "https" && at.Host == hooksHost || at.Scheme == api.Scheme && at.Host == api.Host
}
