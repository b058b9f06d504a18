package connect

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	forgeKeysURL = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"

	maxForgeKeys   = 1 << 20 // bytes of a key set
	forgeKeyTime   = 3 * time.Second
	defaultKeyLife = time.Hour // if the server does not say
	minKeyLife     = 5 * time.Minute
	maxKeyLife     = 24 * time.Hour
	// unknownKeyPause is the shortest time between two fetches for unknown key
	// ids.
	unknownKeyPause = time.Minute
	// failedKeyPause is how long after a failed fetch the next call tries again.
	failedKeyPause = 10 * time.Second
	// staleKeyWait is how long a call waits for fresh keys if it has an old
	// one: events must be answered within a second.
	staleKeyWait = 500 * time.Millisecond
)

// ErrKeysUnavailable says that the keys could not be fetched, so that a token
// can be neither accepted nor refused. Answer 503 with Retry-After.
var ErrKeysUnavailable = errors.New("keys are not to be had")

// ForgeKeySet finds the public key of an invocation token by its key id, which
// is opaque and may hold slashes. An unknown id is an error that wraps
// [ErrNotFound]; any other error means that the answer is not known.
type ForgeKeySet interface {
	ForgeKey(ctx context.Context, kid string) (*rsa.PublicKey, error)
}

// ForgeKey implements [ForgeKeySet].
func (k StaticKeys) ForgeKey(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	return k.Key(ctx, "", kid)
}

// ForgeKeys keeps Forge's key set. It is fetched when first needed and again
// after the server's max-age, between five minutes and a day. A fetch is
// limited to three seconds and 1 MiB, follows no redirect, and serves all
// callers that wait. Keys stay valid while the server is down. An unknown key
// id makes one more fetch, at most one a minute. Keys of unknown kinds are
// skipped. The zero value is ready to use; it is safe for concurrent use.
//
// See https://developer.atlassian.com/platform/forge/remote/essentials/
type ForgeKeys struct {
	// URL is where the key set is. Empty: Atlassian's production keys.
	URL string
	// Client makes the calls; its redirect policy is not used. Nil: a plain
	// one.
	Client *http.Client
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	flight singleflight.Group
	mu     sync.RWMutex
	keys   map[string]*rsa.PublicKey // nil before the first successful fetch
	// due is when the keys are to be fetched again, for any key id.
	due time.Time
	// asked is when an unknown key id last made a fetch, failed when a fetch
	// last failed.
	asked, failed time.Time
	fetches       int   // how many ended
	err           error // of the last one
}

// ForgeKey implements [ForgeKeySet].
func (k *ForgeKeys) ForgeKey(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	now := clock(k.Now)()
	key, fresh, fetches := k.look(kid, now)
	if key != nil && fresh {
		return key, nil
	}
	if k.mayFetch(!fresh, now) {
		wait := forgeKeyTime
		if key != nil {
			wait = staleKeyWait
		}
		if err := k.refresh(ctx, fetches, wait); err != nil {
			return nil, err
		}
	}
	return k.decide(kid)
}

// look finds a key, whether the set is still fresh, and how many fetches there
// were.
func (k *ForgeKeys) look(kid string, now time.Time) (key *rsa.PublicKey, fresh bool, fetches int) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.keys[kid], k.keys != nil && now.Before(k.due), k.fetches
}

// mayFetch reports whether a fetch may be made now. A due fetch waits only for
// the pause after a failed one; a fetch for an unknown key id also waits for
// its own.
func (k *ForgeKeys) mayFetch(due bool, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case within(k.failed, failedKeyPause, now):
		return false
	case due:
		return true
	case within(k.asked, unknownKeyPause, now):
		return false
	}
	k.asked = now
	return true
}

// within reports whether a pause since a time is not over. A time in the future
// is one from before the clock was set back.
func within(since time.Time, pause time.Duration, now time.Time) bool {
	return !now.Before(since) && now.Before(since.Add(pause))
}

// decide answers with what is known after the last fetch.
func (k *ForgeKeys) decide(kid string) (*rsa.PublicKey, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	switch key := k.keys[kid]; {
	case key != nil:
		return key, nil
	case k.err != nil:
		return nil, fmt.Errorf("%w: %w", ErrKeysUnavailable, k.err)
	case k.keys == nil:
		return nil, ErrKeysUnavailable // the fetch takes longer than we wait
	}
	return nil, fmt.Errorf("invocation key: %w", ErrNotFound)
}

// refresh fetches the set, or waits for the fetch under way, unless one has
// ended since the caller looked. The fetch belongs to no caller: one that gives
// up leaves it to the others. Its outcome is noted and is not an error here.
func (k *ForgeKeys) refresh(ctx context.Context, seen int, wait time.Duration) error {
	done := k.flight.DoChan("", func() (any, error) {
		if _, _, fetches := k.look("", time.Time{}); fetches == seen {
			k.note(k.fetch(context.WithoutCancel(ctx)))
		}
		return nil, nil //nolint:nilnil // the outcome is in k
	})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	case <-done:
	}
	return nil
}

// note keeps the result of a fetch; after a failed one the old keys stay.
func (k *ForgeKeys) note(keys map[string]*rsa.PublicKey, life time.Duration, err error) {
	now := clock(k.Now)()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.fetches++
	if k.err = err; err != nil {
		k.failed = now
		return
	}
	k.keys, k.due, k.failed = keys, now.Add(life), time.Time{}
}

func (k *ForgeKeys) fetch(ctx context.Context) (map[string]*rsa.PublicKey, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, forgeKeyTime)
	defer cancel()
	address := k.URL
	if address == "" {
		address = forgeKeysURL
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, fmt.Errorf("make key request: %w", err)
	}
	resp, err := withoutRedirects(k.Client).Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("fetch keys: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("fetch keys: %s answered status %d", req.URL.Host, resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(wire.Body(ctx, resp.Body), maxForgeKeys+1))
	if err != nil {
		return nil, 0, fmt.Errorf("read keys: %w", err)
	}
	keys, err := parseForgeKeys(body)
	return keys, keyLife(resp.Header), err
}

var maxAge = regexp.MustCompile(`(?i)(?:^|[,\s])max-age=\s*"?([0-9]{1,9})`)

// keyLife is how long the server allows the set to be cached.
func keyLife(h http.Header) time.Duration {
	found := maxAge.FindStringSubmatch(h.Get("Cache-Control"))
	if found == nil {
		return defaultKeyLife
	}
	seconds, _ := strconv.Atoi(found[1]) // nine digits
	return min(max(time.Duration(seconds)*time.Second, minKeyLife), maxKeyLife)
}

// forgeJWK is a key of a set, as RFC 7517 has it.
type forgeJWK struct {
	Kind string `json:"kty"`
	ID   string `json:"kid"`
	Use  string `json:"use"`
	Alg  string `json:"alg"`
	N    string `json:"n"`
	E    string `json:"e"`
}

// parseForgeKeys keeps the keys that can verify an invocation token and skips
// those that cannot be read.
func parseForgeKeys(body []byte) (map[string]*rsa.PublicKey, error) {
	if len(body) > maxForgeKeys {
		return nil, errors.New("parse keys: the answer is longer than 1 MiB")
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("parse keys: the answer is not a key set")
	}
	keys := make(map[string]*rsa.PublicKey, len(set.Keys))
	for _, data := range set.Keys {
		var jwk forgeJWK
		if json.Unmarshal(data, &jwk) != nil {
			continue
		}
		if key := jwk.public(); key != nil && keys[jwk.ID] == nil {
			keys[jwk.ID] = key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("parse keys: no usable key")
	}
	return keys, nil
}

// public is the RSA key for RS256 signatures, nil if it is something else.
func (j forgeJWK) public() *rsa.PublicKey {
	if j.Kind != "RSA" || j.ID == "" || j.Use != "" && j.Use != "sig" || j.Alg != "" && j.Alg != "RS256" {
		return nil
	}
	n, err := base64.RawURLEncoding.DecodeString(j.N)
	if err != nil {
		return nil
	}
	e, err := base64.RawURLEncoding.DecodeString(j.E)
	if err != nil || len(e) > 4 {
		return nil
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	if bits := key.N.BitLen(); bits < 2048 || bits > 8192 || key.E < 3 || key.E%2 == 0 {
		return nil
	}
	return key
}
