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
	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	maxKeyBody  = 16 << 10        // bytes of a key host's answer
	keyTimeout  = 5 * time.Second // for all hosts of one key together
	unknownTime = time.Minute     // for which an unknown key id is remembered
	// keyYears is how long a key is kept: a key id never gets another key.
	keyYears = 100

	// Key ids that are not known come from anybody. They may cost so many calls at
	// once and a second; others wait so long for their turn.
	newKeyBurst, newKeyRate = 25, 25
	newKeyWait              = 2 * time.Second
)

var errManyKeys = errors.New("too many unknown key ids")

// KeySet finds the public keys of install tokens.
type KeySet interface {
	// Key returns the key named kid, for a site with the host name siteHost. An
	// unknown kid is an error that wraps [ErrNotFound]; any other error means
	// that the answer is not known. It should wrap [ErrKeysUnavailable].
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

// RemoteKeys fetches keys from Atlassian's key hosts and keeps up to 16 MiB of
// them, as a key id never gets another key. An unknown key id is remembered for a
// minute. All who wait for a key share one fetch, which takes at most 5 seconds
// and 16 KiB and follows no redirect. Whatever else a key host answers than a key
// or 404 is [ErrKeysUnavailable]. Ids that are not known cost 25 calls at once and
// 25 a second at most: others wait for two seconds, sites taking turns, and are
// ErrKeysUnavailable then. Known ids never wait. If more wait than the two seconds
// serve, the newest goes first, so that a flood which is over delays nobody; ids
// that are asked for again have every second turn at least. The zero value is ready;
// it is safe for concurrent use.
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
	// asked are the key ids that had no turn.
	asked kept.Values[string, struct{}]
	lanes kept.Lanes[string] // by site
}

// Key implements [KeySet].
func (k *RemoteKeys) Key(ctx context.Context, siteHost, kid string) (*rsa.PublicKey, error) {
	hosts := k.hosts(siteHost)
	name, now := hosts[0]+"/"+kid, clock(k.Now)
	if _, unknown := k.unknown.Peek(now(), name); unknown {
		return nil, fmt.Errorf("install key: %w", ErrNotFound)
	}
	return k.known.Get(ctx, now, name, func(ctx context.Context) (*rsa.PublicKey, time.Time, error) {
		if !k.mayAsk(ctx, now(), siteHost, name) {
			return nil, time.Time{}, fmt.Errorf("%w: %w", ErrKeysUnavailable, errManyKeys)
		}
		key, err := k.fetch(ctx, hosts, kid)
		switch {
		case errors.Is(err, ErrNotFound):
			k.unknown.Put(now(), name, struct{}{}, now().Add(unknownTime))
		case err != nil:
			err = fmt.Errorf("%w: %w", ErrKeysUnavailable, err)
		}
		return key, now().AddDate(keyYears, 0, 0), err
	})
}

// mayAsk waits for the turn of a call for a key that is not known. One that had
// none comes again, as hosts repeat their installs; made-up ids mostly do not.
func (k *RemoteKeys) mayAsk(ctx context.Context, now time.Time, siteHost, name string) bool {
	_, again := k.asked.Peek(now, name)
	may := k.lanes.Wait(ctx, kept.Rate{Burst: newKeyBurst, PerSecond: newKeyRate}, newKeyWait, siteHost, again)
	if !may {
		k.asked.Put(now, name, struct{}{}, now.Add(unknownTime))
	}
	return may
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
	body, err := io.ReadAll(io.LimitReader(wire.Body(ctx, resp.Body), maxKeyBody+1))
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
