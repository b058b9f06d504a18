// Package outbox makes the site's calls to apps: at once, or in queues whose
// deliveries are tried again.
package connecttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// answerLimit bounds what is read of an app's answer.
const answerLimit = 1 << 20

// answer is what an app answered; status 0 is no answer at all.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) ok() bool { return a.status == http.StatusOK || a.status == http.StatusNoContent }

// outgoing is a call of the site to an app.
type outgoing struct {
	method, operation string
	target            *url.URL
	to, account       string
	// scheme is that of the Authorization header; empty puts the token into
	// the query.
	scheme, token string
	header        http.Header
	body          []byte
}

// sender calls apps.
type sender struct {
	journal *journal
	client  *http.Client
}

// newSender makes a sender whose calls take at most the timeout; 0: ten
// seconds.
func newSender(j *journal, timeout time.Duration) *sender {
	return &sender{journal: j, client: appClient(timeout)}
}

// appClient follows no redirect, as the hosts do not.
func appClient(timeout time.Duration) *http.Client {
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 8},
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// close ends the connections that nobody uses.
func (s *sender) close() { s.client.CloseIdleConnections() }

// Client is one of the caller's own that treats apps as the site does.
func (s *sender) Client() *http.Client {
	return &http.Client{Transport: s.client.Transport, CheckRedirect: s.client.CheckRedirect}
}

// send makes the call and logs it. The error says that no answer came.
func (s *sender) send(ctx context.Context, o outgoing) (answer, error) {
	entry := Request{
		From: endSite, To: o.to, Method: o.method, Path: o.target.EscapedPath(), Query: scrub(o.target.RawQuery),
		Caller: o.account, Operation: o.operation, Start: s.journal.Now(), Token: decodeToken(o.where(), o.token),
	}
	got, err := s.exchange(ctx, o)
	entry.Status, entry.End = got.status, s.journal.Now()
	if err != nil {
		entry.Reason = err.Error()
	}
	s.journal.keep(entry)
	return got, err
}

func (o outgoing) where() string {
	if o.scheme == "" {
		return "query"
	}
	return "header"
}

func (s *sender) exchange(ctx context.Context, o outgoing) (answer, error) {
	r, err := o.request(ctx)
	if err != nil {
		return answer{}, err
	}
	response, err := s.client.Do(r)
	if err != nil {
		return answer{}, fmt.Errorf("call app: %w", withoutURL(err))
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return answer{}, fmt.Errorf("read answer of app: %w", err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: body}, nil
}

func (o outgoing) request(ctx context.Context) (*http.Request, error) {
	target := *o.target
	if o.scheme == "" && o.token != "" {
		appendQuery(&target, "jwt", o.token)
	}
	r, err := http.NewRequestWithContext(ctx, o.method, target.String(), bytes.NewReader(o.body))
	if err != nil {
		return nil, fmt.Errorf("call app: %w", withoutURL(err))
	}
	for name, values := range o.header {
		r.Header[name] = values
	}
	if len(o.body) > 0 && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if o.scheme != "" {
		r.Header.Set("Authorization", o.scheme+" "+o.token)
	}
	return r, nil
}

// withoutURL takes the address, and with it a token, out of an error.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// fetch reads the descriptor at an address.
func (s *sender) fetch(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("fetch descriptor: %q is not an http address", address)
	}
	got, err := s.send(ctx, outgoing{method: http.MethodGet, operation: "descriptor", target: u, to: u.Host})
	if err != nil {
		return nil, fmt.Errorf("fetch descriptor: %w", err)
	}
	if got.status != http.StatusOK {
		return nil, fmt.Errorf("fetch descriptor: the app host returned HTTP response code %d", got.status)
	}
	return got.body, nil
}
