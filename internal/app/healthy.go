package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// healthyTimeout is how long Healthy waits for an answer.
const healthyTimeout = 5 * time.Second

// Healthy asks the app that listens at an address, as written in its settings,
// whether it is ready; live asks only whether its process is up. Of baseURL only
// the path counts. The error says what was answered.
func Healthy(ctx context.Context, addr, baseURL string, live bool) error {
	var c checks
	host, port, err := net.SplitHostPort(addr)
	c.note("addr", err)
	base, err := url.Parse(baseURL)
	c.note("base-url", err)
	if err := c.err(); err != nil {
		return err
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost" // whichever family it listens on
	}
	path := "/readyz"
	if live {
		path = "/healthz"
	}
	at := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: strings.TrimSuffix(base.Path, "/") + path}
	ctx, cancel := context.WithTimeout(ctx, healthyTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return err
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	return fmt.Errorf("%s answers %s: %s", at.String(), resp.Status, strings.TrimSpace(string(text)))
}
