package judge

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// canary is a host that no app may trust: it has a stranger's key, and counts who calls
// with credentials.
type canary struct {
	url string
	end func()

	calls atomic.Int64 // those that came with credentials
}

// newCanary listens beside the site, on another port.
func newCanary(ctx context.Context, site string, key *rsa.PublicKey) (*canary, error) {
	u, err := url.Parse(site)
	if err != nil {
		return nil, fmt.Errorf("read address of site: %w", err)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(u.Hostname(), "0"))
	if err != nil {
		return nil, fmt.Errorf("listen beside the site: %w", err)
	}
	c := &canary{url: "http://" + listener.Addr().String()}
	server := &http.Server{Handler: c.handler(key), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	c.end = func() { _ = server.Close() }
	return c, nil
}

func (c *canary) handler(key *rsa.PublicKey) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/key", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(pemOf(key)) })
	mux.HandleFunc("/jwks", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(object{"keys": []any{jwkOf(key)}})
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.URL.Query().Has("jwt") {
			c.calls.Add(1)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	})
	return mux
}

// heard is how many calls came with credentials.
func (c *canary) heard() int64 { return c.calls.Load() }

func pemOf(key *rsa.PublicKey) []byte {
	der, _ := x509.MarshalPKIXPublicKey(key) // an RSA key can be written
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// jwkOf is a key as a member of a key set. See https://www.rfc-editor.org/rfc/rfc7517
func jwkOf(key *rsa.PublicKey) object {
	number := func(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }
	return object{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "judge", "n": number(key.N), "e": number(big.NewInt(int64(key.E)))}
}

func (s *stand) strangerJWK() object { return jwkOf(&s.stranger.PublicKey) }
