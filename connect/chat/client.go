package chat

import (
	"net/http"

	"sightline/connect/rest"
)

// Client calls one chat platform.
type Client struct {
	rest *rest.Client
}

// New returns a client of the platform at baseURL, for example
// https://api.atlassian.com, that calls with hc.
func New(hc *http.Client, baseURL string) (*Client, error) {
	c, err := rest.New(hc, baseURL)
	if err != nil {
		return nil, err
	}
	return &Client{rest: c}, nil
}

const conversationPath = "/site/{cloudId}/conversation/{conversationId}"
