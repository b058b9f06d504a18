package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// crowd plays the other tenants of a program: sites that install it, send events
// and answer nothing but who they are.
type crowd struct {
	// keyHost is where the program finds the keys of installs: the crowd's own,
	// and those of the local site, which it asks.
	keyHost string
	host    string
	client  *http.Client
	key     *rsa.PrivateKey
	site    string
	server  *http.Server
	told    atomic.Int64 // how many tenants were asked for their cloud ids
}

const (
	crowdKey    = "crowd" // the id of its key
	crowdSecret = "a secret that all tenants of the crowd share, 0123456789"
	// crowdHands is how many of its tenants call at a time.
	crowdHands = 8
	// lookUpTime is how long the look-ups of their cloud ids may take.
	lookUpTime = 5 * time.Minute
)

// newCrowd opens a crowd beside a local site.
func newCrowd(ctx context.Context, s *site) (*crowd, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &crowd{
		host: listener.Addr().String(), key: key, site: s.url,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: crowdHands}},
	}
	c.keyHost = "http://" + c.host + "/install-keys"
	mux := http.NewServeMux()
	mux.HandleFunc("GET /install-keys/{id}", c.answerKey)
	mux.HandleFunc("GET /_edge/tenant_info", func(w http.ResponseWriter, _ *http.Request) {
		c.told.Add(1)
		_, _ = fmt.Fprintf(w, `{"cloudId":"%s"}`, rand.Text())
	})
	c.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = c.server.Serve(listener) }()
	return c, nil
}

func (c *crowd) close() { _ = c.server.Close() }

func (c *crowd) answerKey(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != crowdKey {
		body, err := get(r.Context(), c.client, c.site+r.URL.Path, "")
		if err != nil {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body)
		return
	}
	der, err := x509.MarshalPKIXPublicKey(&c.key.PublicKey)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = pem.Encode(w, &pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// install installs the program for n tenants, and waits until it has looked up
// their cloud ids.
func (c *crowd) install(ctx context.Context, base string, n int) error {
	if err := c.installEach(ctx, base, n); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	for poll := time.NewTicker(10 * pollTime); c.told.Load() < int64(n); {
		select {
		case <-poll.C:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d cloud ids were looked up: %w", c.told.Load(), n, ctx.Err())
		}
	}
	return nil
}

func (c *crowd) installEach(ctx context.Context, base string, n int) error {
	return c.each(ctx, n, func(ctx context.Context, tenant string) error {
		body, err := json.Marshal(map[string]string{
			"key": appKey, "clientKey": tenant, "sharedSecret": crowdSecret, "baseUrl": "http://" + c.host,
			"productType": "jira", "eventType": "installed", "oauthClientId": "client-of-" + tenant,
		})
		if err != nil {
			return err
		}
		token, err := c.token("RS256", tenant, base, "/lifecycle/installed")
		if err != nil {
			return err
		}
		return c.post(ctx, base+"/lifecycle/installed", token, body)
	})
}

// events sends an event of each of n tenants, which makes them known.
func (c *crowd) events(ctx context.Context, base string, n int) error {
	const event = `{"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"ABC-1","fields":{"project":{"id":"10000","key":"ABC"}}}}`
	return c.each(ctx, n, func(ctx context.Context, tenant string) error {
		token, err := c.token("HS256", tenant, "", "/webhooks/issue")
		if err != nil {
			return err
		}
		return c.post(ctx, base+"/webhooks/issue", token, []byte(event))
	})
}

// each does something for each of n tenants, several at a time.
func (c *crowd) each(ctx context.Context, n int, do func(ctx context.Context, tenant string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(crowdHands)
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error { return do(ctx, fmt.Sprintf("client-key-of-tenant-%05d", i)) })
	}
	return g.Wait()
}

// token signs a call to a path: installs with the crowd's key, others with the
// secret.
func (c *crowd) token(alg, tenant, audience, path string) (string, error) {
	now := time.Now()
	hash := sha256.Sum256([]byte("POST&" + path + "&"))
	claims := map[string]any{"iss": tenant, "iat": now.Unix(), "exp": now.Add(3 * time.Minute).Unix(), "qsh": hex.EncodeToString(hash[:])}
	header := map[string]string{"typ": "JWT", "alg": alg}
	if audience != "" {
		claims["aud"], header["kid"] = audience, crowdKey
	}
	var parts []string
	for _, part := range []any{header, claims} {
		data, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(data))
	}
	signed := strings.Join(parts, ".")
	var signature []byte
	if alg == "RS256" {
		sum := sha256.Sum256([]byte(signed))
		var err error
		if signature, err = rsa.SignPKCS1v15(rand.Reader, c.key, crypto.SHA256, sum[:]); err != nil {
			return "", err
		}
	} else {
		mac := hmac.New(sha256.New, []byte(crowdSecret))
		mac.Write([]byte(signed))
		signature = mac.Sum(nil)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func (c *crowd) post(ctx context.Context, address, token string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "JWT "+token)
	resp, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s: %w", address, &statusError{resp.StatusCode, answer})
	}
	return err
}
