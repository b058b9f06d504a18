package connect_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// keyHost answers each key id in its own way and counts the requests.
func keyHost(t *testing.T, answer http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	calls := new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s, calls
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(s)) }
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func endless(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		_, _ = w.Write([]byte(strings.Repeat("-", 4096)))
	}
}

func pemOf(kind string, der []byte, err error) string {
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func certificate() string {
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &installKey().PublicKey, installKey())
	return pemOf("CERTIFICATE", der, err)
}

func publicOf(key any) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	return pemOf("PUBLIC KEY", der, err)
}

func TestRemoteKeysAnswers(t *testing.T) {
	t.Parallel()
	small := new(rsa.PublicKey)
	small.N, small.E = new(big.Int).Rsh(installKey().N, 1), installKey().E
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := keyHost(t, text(publicPEM()))
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   string // "": the key; "unknown"; "failure"
	}{
		{"key", text(publicPEM()), ""},
		{"key and blanks", text("\n" + publicPEM() + "\n\n"), ""},
		{"404", status(404), "unknown"},
		{"404 with a key", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			_, _ = w.Write([]byte(publicPEM()))
		}, "unknown"},
		{"204", status(204), "failure"},
		{"403", status(403), "failure"},
		{"500", status(500), "failure"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) }, "failure"},
		{"hanging", hang, "failure"},
		{"endless", endless, "failure"},
		{"HTML", text("<html><body>no</body></html>"), "failure"},
		{"empty", text(""), "failure"},
		{"certificate", text(certificate()), "failure"},
		{"private key", text(pemOf("PRIVATE KEY", x509.MarshalPKCS1PrivateKey(installKey()), nil)), "failure"},
		{"PKCS1", text(pemOf("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&installKey().PublicKey), nil)), "failure"},
		{"two keys", text(publicPEM() + publicPEM()), "failure"},
		{"text behind", text(publicPEM() + "x"), "failure"},
		{"not a key inside", text(pemOf("PUBLIC KEY", []byte("x"), nil)), "failure"},
		{"2047 bits", text(publicOf(small)), "failure"},
		{"elliptic curve", text(publicOf(&curve.PublicKey)), "failure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, calls := keyHost(t, tt.answer)
			keys := &connect.RemoteKeys{URL: s.URL + "/keys/", Client: s.Client(), Timeout: 300 * time.Millisecond}
			for range 2 {
				key, err := keys.Key(t.Context(), "acme.atlassian.net", testKid)
				if got := outcome(key, err); got != tt.want {
					t.Errorf("got %q (%v), want %q", got, err, tt.want)
				}
			}
			if got, again := calls.Load(), tt.want == "failure"; (got == 2) != again {
				t.Errorf("got %d fetches; failures alone are asked again", got)
			}
		})
	}
}

func outcome(key *rsa.PublicKey, err error) string {
	switch {
	case errors.Is(err, connect.ErrNotFound):
		return "unknown"
	case err != nil || !key.Equal(&installKey().PublicKey):
		return "failure"
	}
	return ""
}

func TestRemoteKeysUnknownIsAskedAgain(t *testing.T) {
	t.Parallel()
	a := newApp()
	var known atomic.Bool
	s, calls := keyHost(t, func(w http.ResponseWriter, r *http.Request) {
		if !known.Load() || r.URL.Path != "/"+testKid {
			http.NotFound(w, r)
			return
		}
		text(publicPEM())(w, r)
	})
	keys := &connect.RemoteKeys{URL: s.URL, Now: a.clock}
	for range 3 {
		if _, err := keys.Key(t.Context(), "", testKid); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %v, want not found", err)
		}
	}
	known.Store(true)
	a.advance(2 * time.Minute)
	if _, err := keys.Key(t.Context(), "", testKid); err != nil || calls.Load() != 2 {
		t.Errorf("got %v after %d fetches, want a key after 2", err, calls.Load())
	}
}

// hostRouter answers for named hosts without a network.
type hostRouter map[string]http.HandlerFunc

func (h hostRouter) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, found := h[r.URL.Scheme+"://"+r.URL.Host+r.URL.Path]
	if !found {
		return nil, errors.New("no such host: " + r.URL.String())
	}
	w := httptest.NewRecorder()
	answer(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

func TestRemoteKeysHosts(t *testing.T) {
	t.Parallel()
	const (
		primary = "https://asap-distribution.us-west-2.prod.atl-asap.net/" + testKid
		public  = "https://connect-install-keys.atlassian.com/" + testKid
		gov     = "https://asap-distribution.us-west-2.prod.atl-auth-us-gov-mod.net/" + testKid
		govCDN  = "https://cs-migrations--fedrampcdn.us-east-1.prod.cdn.atlassian-us-gov-mod.com/" + testKid
	)
	key := text(publicPEM())
	tests := []struct {
		name, site string
		hosts      hostRouter
		want       string
	}{
		{"primary", "acme.atlassian.net", hostRouter{primary: key}, ""},
		{"fallback after 404", "acme.jira.com", hostRouter{primary: status(404), public: key}, ""},
		{"fallback after 500", "acme.atlassian.net", hostRouter{primary: status(500), public: key}, ""},
		{"fallback when down", "acme.atlassian.net", hostRouter{public: key}, ""},
		{"fallback when hanging", "acme.atlassian.net", hostRouter{primary: hang, public: key}, ""},
		{"unknown to both", "acme.atlassian.net", hostRouter{primary: status(404), public: status(404)}, "unknown"},
		{"unknown to the one that answers", "acme.atlassian.net", hostRouter{primary: status(500), public: status(404)}, "failure"},
		{"unknown, then down", "acme.atlassian.net", hostRouter{primary: status(404)}, "failure"},
		{"government", "acme.atlassian-us-gov-mod.net", hostRouter{gov: status(404), govCDN: key}, ""},
		{"staging has no host of its own", "acme.jira-dev.com", hostRouter{public: key}, ""},
		{"any other site", "jira.example.com", hostRouter{public: key}, ""},
		{"look-alike", "acmeatlassian.net", hostRouter{public: key}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			keys := &connect.RemoteKeys{Client: &http.Client{Transport: tt.hosts}, Timeout: 200 * time.Millisecond}
			k, err := keys.Key(t.Context(), tt.site, testKid)
			if got := outcome(k, err); got != tt.want {
				t.Errorf("got %q (%v), want %q", got, err, tt.want)
			}
		})
	}
}

// Many who ask at once cause one fetch, and who hangs up spoils it for nobody.
func TestRemoteKeysOneFetch(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	s, calls := keyHost(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		text(publicPEM())(w, r)
	})
	keys := &connect.RemoteKeys{URL: s.URL}
	first, hangUp := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := keys.Key(first, "", testKid)
		done <- err
	}()
	<-arrived
	hangUp()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := keys.Key(t.Context(), "", testKid); err != nil {
				t.Error(err)
			}
		})
	}
	close(release)
	wg.Wait()
	if got := calls.Load(); got != 1 {
		t.Errorf("got %d fetches, want 1", got)
	}
}

// An install with a key host: what a failure of it reads as.
func TestInstallWithRemoteKeys(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"known":   {text(publicPEM()), ""},
		"unknown": {status(404), connect.CodeKey},
		"another": {text(publicOf(&otherKey().PublicKey)), connect.CodeSignature},
	} {
		a := newApp()
		s, _ := keyHost(t, tt.answer)
		a.Keys = &connect.RemoteKeys{URL: s.URL}
		err := installed(a, installToken(installClaims(installedPath)), installBody(nil))
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		wantWrites(t, a, err)
	}
	a := newApp()
	s, _ := keyHost(t, status(503))
	a.Keys = &connect.RemoteKeys{URL: s.URL}
	if got := code(installed(a, installToken(installClaims(installedPath)), installBody(nil))); !strings.HasPrefix(got, "failure: get install key") {
		t.Errorf("got %q, want a failure", got)
	}
}
