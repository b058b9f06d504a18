package connect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	cloudIDTime     = 10 * time.Second
	maxTenantInfo   = 64 << 10
	tenantInfoPlace = "/_edge/tenant_info"
)

var cloudIDPattern = regexp.MustCompile(`\A[A-Za-z0-9-]{1,64}\z`)

// LookupCloudID asks the site at baseURL for its cloud id, which an install does
// not carry. The call needs no authentication, takes at most ten seconds and
// follows no redirect. A nil client means a plain one.
//
// The address is not an official API, but Atlassian's support pages name it:
// https://support.atlassian.com/jira/kb/retrieve-my-atlassian-sites-cloud-id/
func LookupCloudID(ctx context.Context, client *http.Client, baseURL string) (CloudID, error) {
	ctx, cancel := context.WithTimeout(ctx, cloudIDTime)
	defer cancel()
	id, err := fetchCloudID(ctx, client, strings.TrimSuffix(baseURL, "/")+tenantInfoPlace)
	if err != nil {
		return "", fmt.Errorf("look up cloud id: %w", err)
	}
	return id, nil
}

func fetchCloudID(ctx context.Context, client *http.Client, address string) (CloudID, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", errors.New("base url is not usable")
	}
	req.Header.Set("Accept", "application/json")
	resp, err := withoutRedirects(client).Do(req)
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d", resp.StatusCode)
	}
	return readCloudID(wire.Body(ctx, resp.Body))
}

func withoutRedirects(client *http.Client) *http.Client {
	var c http.Client
	if client != nil {
		c = *client
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

func readCloudID(body io.Reader) (CloudID, error) {
	data, err := io.ReadAll(io.LimitReader(body, maxTenantInfo))
	if err != nil {
		return "", err
	}
	var info struct {
		CloudID CloudID `json:"cloudId"`
	}
	if json.Unmarshal(data, &info) != nil || !cloudIDPattern.MatchString(string(info.CloudID)) {
		return "", errors.New("answer holds no cloud id")
	}
	return info.CloudID, nil
}
