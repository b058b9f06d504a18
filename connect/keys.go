package connect

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/internal/kept"
)

const (
	maxKeyBody  = 16 << 10        // bytes of a key host's answer
	keyTimeout  = 5 * time.Second // for all hosts of one key together
	unknownTime = time.Minute     // for which an unknown key id is remembered
	// keyYears is how long a key is kept: a key id never gets another key.
	keyYears = 100
)

// KeySet finds the public keys of install tokens.
type KeySet interface {
	// Key returns the key named kid, for a site with the host name siteHost. An
	// unknown kid is an error that wraps [ErrNotFound]; any other error means
	// that the answer is not known.
	Key(ctx context.Context, siteHost, kid string) (*rsa.PublicKey, error)
}

// StaticKeys are keys by kid that are known from the start, as tests have them.
type StaticKeys map[string]*rsa.PublicKey

// Key implements [KeySet].
func (k StaticKeys) Key(_ context.Context, _, kid string) (*rsa.PublicKey, error) {
	if key := k[kid]; key != nil {
		return key, nil
	}
	return nil, fmt.Errorf("install key: %w", ErrNotFound)
}

// RemoteKeys fetches keys from Atlassian's key hosts and keeps up to 10,000 of
// them, as a key id never gets another key. An unknown key id is remembered for a
// minute. All who wait for a key share one fetch, which takes at most 5 seconds
// and 16 KiB and follows no redirect. The zero value is ready; it is safe for
// concurrent use.
//
// See https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/#validating-installation-lifecycle-requests
type RemoteKeys struct {
	// Client makes the calls; its redirect policy is ignored. Nil means a plain
	// one.
	Client *http.Client
	// URL is where keys are, as URL/{kid}. Empty means Atlassian's production
	// hosts for the site; the second one is asked when the first fails.
	URL string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Timeout bounds the calls to all hosts for one key together; 0 means 5
	// seconds.
	Timeout time.Duration

	// By address of the key. Guessed key ids fill unknown and leave known alone.
	known   kept.Values[string, *rsa.PublicKey]
	unknown kept.Values[string, struct{}]
}

// Key implements [KeySet].
func (k *RemoteKeys) Key(ctx context.Context, siteHost, kid string) (*rsa.PublicKey, error) {
	hosts := k.hosts(siteHost)
	name, now := hosts[0]+"/"+kid, clock(k.Now)
	if _, unknown := k.unknown.Peek(now(), name); unknown {
		return nil, fmt.Errorf("install key: %w", ErrNotFound)
	}
	return k.known.Get(ctx, now, name, func(ctx context.Context) (*rsa.PublicKey, time.Time, error) {
		key, err := k.fetch(ctx, hosts, kid)
		if errors.Is(err, ErrNotFound) {
			k.unknown.Put(now(), name, struct{}{}, now().Add(unknownTime))
		}
		return key, now().AddDate(keyYears, 0, 0), err
	})
}

// hosts are the places to ask, in order. Staging hosts are not among them.
func (k *RemoteKeys) hosts(siteHost string) []string {
	const public = "https://connect-install-keys.atlassian.com"
	switch {
	case k.URL != "":
		return []string{strings.TrimSuffix(k.URL, "/")}
	case strings.HasSuffix(siteHost, ".atlassian.net"), strings.HasSuffix(siteHost, ".jira.com"):
		return []string{"https://asap-distribution.us-west-2.prod.atl-asap.net", public}
	case strings.HasSuffix(siteHost, ".atlassian-us-gov-mod.net"):
		return []string{
			"https://asap-distribution.us-west-2.prod.atl-auth-us-gov-mod.net",
			"https://cs-migrations--fedrampcdn.us-east-1.prod.cdn.atlassian-us-gov-mod.com",
		}
	}
	return []string{public}
}

// fetch asks one host after the other. The key is unknown only when all of
// them say so.
func (k *RemoteKeys) fetch(ctx context.Context, hosts []string, kid string) (*rsa.PublicKey, error) {
	limit := k.Timeout
	if limit == 0 {
		limit = keyTimeout
	}
	failure := fmt.Errorf("install key: %w", ErrNotFound)
	for _, host := range hosts {
		key, err := k.fetchFrom(ctx, host+"/"+kid, limit/time.Duration(len(hosts)))
		if err == nil {
			return key, nil
		}
		if !errors.Is(err, ErrNotFound) {
			failure = err
		}
	}
	return nil, failure
}

func (k *RemoteKeys) fetchFrom(ctx context.Context, address string, limit time.Duration) (*rsa.PublicKey, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("make key request: %w", err)
	}
	resp, err := withoutRedirects(k.Client).Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch install key: %w", err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, fmt.Errorf("install key: %w", ErrNotFound)
	default:
		return nil, fmt.Errorf("fetch install key: %s answered status %d", req.URL.Host, resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxKeyBody+1))
	if err != nil {
		return nil, fmt.Errorf("read install key: %w", err)
	}
	return parsePublicKey(body)
}

// parsePublicKey reads one PEM block of a public RSA key of at least 2048 bits.
func parsePublicKey(body []byte) (*rsa.PublicKey, error) {
	if len(body) > maxKeyBody {
		return nil, errors.New("parse install key: the answer is too long")
	}
	block, rest := pem.Decode(body)
	if block == nil || block.Type != "PUBLIC KEY" || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("parse install key: not one PEM public key")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parse install key: %w", err)
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok || public.N.BitLen() < 2048 {
		return nil, errors.New("parse install key: not an RSA key of 2048 bits or more")
	}
	return public, nil
}
