// Package outbox makes the site's calls to apps: at once, or in queues whose
// deliveries are tried again.
package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// answerLimit bounds what is read of an app's answer.
const answerLimit = 1 << 20

// Answer is what an app answered; status 0 means that no answer came.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK says whether the app accepted a lifecycle call: 200 or 204.
func (a Answer) OK() bool { return a.Status == http.StatusOK || a.Status == http.StatusNoContent }

// Call is a call of the site to an app.
type Call struct {
	Method, Operation string
	Target            *url.URL
	To, Account       string
	// Scheme is that of the Authorization header; empty puts the token into
	// the query.
	Scheme, Token string
	Header        http.Header
	Body          []byte
}

// Sender calls apps.
type Sender struct {
	journal *journal.Journal
	client  *http.Client
}

// Dial opens a connection to an address, as net.Dialer's DialContext does.
type Dial = func(ctx context.Context, network, address string) (net.Conn, error)

// NewSender makes a sender whose calls take at most the timeout; 0: ten
// seconds. A nil dial is the machine's network.
func NewSender(j *journal.Journal, timeout time.Duration, dial Dial) *Sender {
	return &Sender{journal: j, client: appClient(timeout, dial)}
}

// appClient follows no redirect, as the hosts do not.
func appClient(timeout time.Duration, dial Dial) *http.Client {
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 8, DialContext: dial},
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Close closes idle connections.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Client makes a client that follows no redirects, like the site's own.
func (s *Sender) Client() *http.Client {
	return &http.Client{Transport: s.client.Transport, CheckRedirect: s.client.CheckRedirect}
}

// Send makes the call and logs it. The error says that no answer came.
func (s *Sender) Send(ctx context.Context, o Call) (Answer, error) {
	entry := journal.Request{
		From: journal.Site, To: o.To, Method: o.Method, Path: o.Target.EscapedPath(), Query: journal.Scrub(o.Target.RawQuery),
		Caller: o.Account, Operation: o.Operation, Start: s.journal.Now(), Token: journal.Decode(o.where(), o.Token),
	}
	got, err := s.exchange(ctx, o)
	entry.Status, entry.End = got.Status, s.journal.Now()
	if err != nil {
		entry.Reason = err.Error()
	}
	s.journal.Keep(entry)
	return got, err
}

func (o Call) where() string {
	if o.Scheme == "" {
		return "query"
	}
	return "header"
}

func (s *Sender) exchange(ctx context.Context, o Call) (Answer, error) {
	r, err := o.request(ctx)
	if err != nil {
		return Answer{}, err
	}
	response, err := s.client.Do(r)
	if err != nil {
		return Answer{}, fmt.Errorf("call app: %w", withoutURL(err))
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return Answer{}, fmt.Errorf("read answer of app: %w", err)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

func (o Call) request(ctx context.Context) (*http.Request, error) {
	target := *o.Target
	if o.Scheme == "" && o.Token != "" {
		uri.AppendQuery(&target, "jwt", o.Token)
	}
	r, err := http.NewRequestWithContext(ctx, o.Method, target.String(), bytes.NewReader(o.Body))
	if err != nil {
		return nil, fmt.Errorf("call app: %w", withoutURL(err))
	}
	for name, values := range o.Header {
		r.Header[name] = values
	}
	if len(o.Body) > 0 && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if o.Scheme != "" {
		r.Header.Set("Authorization", o.Scheme+" "+o.Token)
	}
	return r, nil
}

// withoutURL removes the address, and with it a token, from an error.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// Fetch reads the descriptor at an address.
func (s *Sender) Fetch(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("fetch descriptor: %q is not an http address", address)
	}
	got, err := s.Send(ctx, Call{Method: http.MethodGet, Operation: "descriptor", Target: u, To: u.Host})
	if err != nil {
		return nil, fmt.Errorf("fetch descriptor: %w", err)
	}
	if got.Status != http.StatusOK {
		return nil, fmt.Errorf("fetch descriptor: the app host returned HTTP response code %d", got.Status)
	}
	return got.Body, nil
}
