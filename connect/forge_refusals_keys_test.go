package connect_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// keyed is a verifier over a key server, with the times of its calls.
type keyed struct {
	*connect.ForgeVerifier
	*forgeKeyHost
}

func newKeyed(t *testing.T, answer http.HandlerFunc) keyed {
	t.Helper()
	k := keyed{newForge(), newForgeKeys(t, answer)}
	k.Keys = k.ForgeKeys
	return k
}

// calls signs with a key under a key id and verifies that.
func (k keyed) verify(kid string, key *rsa.PrivateKey) error {
	_, err := k.Verify(invoke(rs256(forgeHeader(claimSet{"kid": kid}), pageInvocation(), key)), forgeGadget())
	return err
}

// wants checks how a call ends and how many fetches there were by then.
func (k keyed) wants(t *testing.T, kid string, key *rsa.PrivateKey, ok bool, fetches int64) {
	t.Helper()
	if err := k.verify(kid, key); (err == nil) != ok || k.calls.Load() != fetches {
		t.Errorf("%s: got %v after %d fetches, want %t after %d", kid, err, k.calls.Load(), ok, fetches)
	}
}

func goodKeys() string { return jwks(jwk(forgeKid, installKey())) }

// keySetRefusals are key sets that are not to be had: a failure, no refusal.
func keySetRefusals() refusals {
	unavailable := func(answers ...http.HandlerFunc) func(*testing.T) {
		return func(t *testing.T) {
			for _, answer := range answers {
				err := newKeyed(t, answer).verify(forgeKid, installKey())
				if refused := new(connect.AuthError); !errors.Is(err, connect.ErrKeysUnavailable) || errors.As(err, &refused) {
					t.Errorf("got %v", err)
				}
			}
		}
	}
	answer := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
		}
	}
	return refusals{
		"keys-status": unavailable(answer(404, goodKeys()), answer(500, goodKeys()), answer(503, goodKeys()), answer(202, goodKeys())),
		"keys-redirect": func(t *testing.T) {
			other, calls := keyHost(t, text(goodKeys()))
			unavailable(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })(t)
			if calls.Load() != 0 {
				t.Error("the redirect was followed")
			}
		},
		"keys-text":  unavailable(text("<html>"), text(""), text("[]"), text(goodKeys()[:300]), text(certificate())),
		"keys-empty": unavailable(text(`{"keys":[]}`), text(`{}`), text(`{"keys":[{"kty":"EC","kid":"`+forgeKid+`"}]}`)),
		"keys-long":  unavailable(text(strings.Repeat(" ", 1<<20) + goodKeys())),
		"keys-slow": func(t *testing.T) {
			k := newKeyed(t, hang)
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
			defer cancel()
			_, err := k.Verify(invoke(forgeToken(pageInvocation())).WithContext(ctx), forgeGadget())
			if !errors.Is(err, connect.ErrKeysUnavailable) {
				t.Errorf("got %v", err)
			}
		},
	}
}

// keyRefusals are keys of a set that cannot have signed an invocation token.
func keyRefusals() refusals {
	unusable := func(name string, value any) func(*testing.T) {
		return func(t *testing.T) {
			odd := jwk("odd", otherKey())
			odd[name] = value
			k := newKeyed(t, for1Hour(jwks(odd, jwk(forgeKid, installKey()))))
			wantRefusal(t, k.verify("odd", otherKey()), anyRefusal)
		}
	}
	return refusals{
		"key-use":  unusable("use", "enc"),
		"key-alg":  unusable("alg", "RS512"),
		"key-kind": unusable("kty", "oct"),
		"key-small": func(t *testing.T) {
			small, err := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // that is the case
			if err != nil {
				t.Fatal(err)
			}
			k := newKeyed(t, for1Hour(jwks(jwk("small", small), jwk(forgeKid, installKey()))))
			wantRefusal(t, k.verify("small", small), anyRefusal)
		},
		"key-twice": func(t *testing.T) {
			k := newKeyed(t, for1Hour(jwks(jwk(forgeKid, installKey()), jwk(forgeKid, otherKey()))))
			wantRefusal(t, k.verify(forgeKid, otherKey()), anyRefusal)
		},
		"key-junk": func(t *testing.T) {
			k := newKeyed(t, for1Hour(jwks("a text", 7, claimSet{"kty": 7}, jwk(forgeKid, installKey()))))
			k.wants(t, forgeKid, installKey(), true, 1)
		},
	}
}

// keyTimeRefusals are about when keys are fetched.
func keyTimeRefusals() refusals {
	before, after := for1Hour(goodKeys()), for1Hour(jwks(jwk("new", otherKey())))
	aged := func(cache string, first, then time.Duration) func(*testing.T) {
		return func(t *testing.T) {
			answer := withAge(cache, goodKeys())
			k := newKeyed(t, answer)
			k.wants(t, forgeKid, installKey(), true, 1)
			if first > 0 {
				k.becomes(answer, first-time.Second)
				k.wants(t, forgeKid, installKey(), true, 1)
			}
			if then > 0 {
				k.becomes(answer, then-max(first-time.Second, 0))
				k.wants(t, forgeKid, installKey(), true, 2)
			}
		}
	}
	return refusals{
		"keys-at-once": keysAtOnce,
		"keys-flood": func(t *testing.T) {
			k := newKeyed(t, before)
			for i := range 500 {
				wantRefusal(t, k.verify(fmt.Sprint("forge/invocation-token/", i), installKey()), anyRefusal)
			}
			if got := k.calls.Load(); got > 2 {
				t.Errorf("got %d fetches, want 2", got)
			}
		},
		"keys-rotated": func(t *testing.T) {
			k := newKeyed(t, before)
			k.wants(t, forgeKid, installKey(), true, 1)
			k.wants(t, "made-up", installKey(), false, 2)
			k.becomes(after, time.Minute)
			k.wants(t, "new", otherKey(), true, 3)
		},
		"keys-withdrawn": func(t *testing.T) {
			k := newKeyed(t, before)
			k.wants(t, forgeKid, installKey(), true, 1)
			k.becomes(after, 25*time.Hour)
			k.wants(t, forgeKid, installKey(), false, 2)
		},
		"keys-stale": func(t *testing.T) {
			k := newKeyed(t, before)
			k.wants(t, forgeKid, installKey(), true, 1)
			k.becomes(status(503), 25*time.Hour)
			k.wants(t, forgeKid, installKey(), true, 2)
		},
		"keys-pause": func(t *testing.T) {
			k := newKeyed(t, status(500))
			k.wants(t, forgeKid, installKey(), false, 1)
			k.becomes(before, 9*time.Second)
			k.wants(t, forgeKid, installKey(), false, 1)
		},
		"keys-again": func(t *testing.T) {
			k := newKeyed(t, status(500))
			k.wants(t, forgeKid, installKey(), false, 1)
			k.becomes(before, 10*time.Second)
			k.wants(t, forgeKid, installKey(), true, 2)
		},
		"keys-age":        aged("public, max-age=7200, immutable", 2*time.Hour, 2*time.Hour),
		"keys-age-least":  aged("max-age=1", 5*time.Minute, 0),
		"keys-age-most":   aged("max-age=31536000", 0, 24*time.Hour),
		"keys-age-unsaid": aged("no-store", time.Hour, time.Hour),
	}
}

// keysAtOnce makes a thousand first calls while the server answers the first.
func keysAtOnce(t *testing.T) {
	var begun atomic.Int64
	all := make(chan struct{})
	k := newKeyed(t, func(w http.ResponseWriter, r *http.Request) {
		<-all
		for1Hour(goodKeys())(w, r)
	})
	token := forgeToken(pageInvocation())
	var calls sync.WaitGroup
	for range 1000 {
		calls.Go(func() {
			if begun.Add(1) == 1000 {
				close(all)
			}
			if _, err := k.Verify(invoke(token), forgeGadget()); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if got := k.calls.Load(); got != 1 {
		t.Errorf("got %d fetches, want 1", got)
	}
}
