package chat_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/rest"
)

const clientSecret = "very-secret"

var credentialsNow = time.Unix(1700000000, 0)

// platform is a chat platform with its token endpoint. Each token is named
// after its number; the API takes those that accept allows.
type platform struct {
	*httptest.Server
	fetches atomic.Int64
	calls   atomic.Int64
	accept  func(token string) bool
	onToken func(http.ResponseWriter, *http.Request) bool // true: answered
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{accept: func(string) bool { return true }}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, r *http.Request) {
		n := p.fetches.Add(1)
		if p.onToken == nil || !p.onToken(w, r) {
			clienttest.Answer(w, http.StatusOK, fmt.Sprintf(`{"access_token":"token-%d","expires_in":3600,"scope":"participate:conversation","token_type":"Bearer"}`, n))
		}
	})
	mux.HandleFunc("/site/", func(w http.ResponseWriter, r *http.Request) {
		p.calls.Add(1)
		if !p.accept(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.Copy(w, r.Body)
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *platform) credentials() *chat.Credentials {
	return &chat.Credentials{
		TokenURL: p.URL + "/oauth/token", ClientID: "client-1", Audience: "api.atlassian.com",
		ClientSecret: func() string { return clientSecret },
		Base:         p.Client().Transport,
		Now:          func() time.Time { return credentialsNow },
	}
}

func call(ctx context.Context, rt http.RoundTripper, address string, body io.Reader) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, address, body)
	if err != nil {
		return 0, "", err
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data), err
}

func wantCount(t *testing.T, what string, got *atomic.Int64, want int64) {
	t.Helper()
	if got.Load() != want {
		t.Errorf("%s: got %d, want %d", what, got.Load(), want)
	}
}

func TestCredentialsAsk(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	var got map[string]any
	p.onToken = func(_ http.ResponseWriter, r *http.Request) bool {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		return false
	}
	if status, _, err := call(t.Context(), p.credentials(), p.URL+"/site/x", nil); status != http.StatusOK || err != nil {
		t.Fatalf("got %d, %v, want 200", status, err)
	}
	want := map[string]any{"grant_type": "client_credentials", "client_id": "client-1", "client_secret": clientSecret, "audience": "api.atlassian.com"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCredentialsKeepTheToken(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	c, now := p.credentials(), credentialsNow
	c.Now = func() time.Time { return now }
	for _, step := range []struct {
		name string
		wait time.Duration
		want int64
	}{{"first", 0, 1}, {"second", 0, 1}, {"61 s before the end", 3539 * time.Second, 1}, {"60 s before the end", time.Second, 2}, {"the new one", time.Second, 2}} {
		now = now.Add(step.wait)
		if status, _, err := call(t.Context(), c, p.URL+"/site/x", nil); status != http.StatusOK || err != nil {
			t.Fatalf("%s: got %d, %v, want 200", step.name, status, err)
		}
		wantCount(t, step.name, &p.fetches, step.want)
	}
}

func TestCredentialsShareTheFetch(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	entered, release := make(chan struct{}), make(chan struct{})
	p.onToken = func(http.ResponseWriter, *http.Request) bool {
		close(entered)
		<-release
		return false
	}
	c := p.credentials()
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error, 9)
	first := make(chan error, 1)
	go func() {
		_, _, err := call(ctx, c, p.URL+"/site/x", nil)
		first <- err
	}()
	<-entered
	for range 9 {
		go func() {
			_, _, err := call(t.Context(), c, p.URL+"/site/x", nil)
			results <- err
		}()
	}
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("first: got %v, want context.Canceled", err)
	}
	close(release)
	for range 9 {
		if err := <-results; err != nil {
			t.Errorf("other: %v", err)
		}
	}
	wantCount(t, "fetches", &p.fetches, 1)
}

func TestCredentialsRefusedByTheAPI(t *testing.T) {
	t.Parallel()
	notFirst := func(token string) bool { return token != "token-1" }
	cases := []struct {
		name           string
		accept         func(string) bool
		body           func() io.Reader
		status         int
		calls, fetches int64
	}{
		{"once", notFirst, func() io.Reader { return strings.NewReader("again") }, 200, 2, 2},
		{"once, no body", notFirst, func() io.Reader { return nil }, 200, 2, 2},
		{"for ever", func(string) bool { return false }, func() io.Reader { return strings.NewReader("again") }, 401, 2, 2},
		{"body cannot be replayed", notFirst, func() io.Reader { return io.MultiReader(strings.NewReader("again")) }, 401, 1, 1},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			p.accept = tc.accept
			body := tc.body()
			status, got, err := call(t.Context(), p.credentials(), p.URL+"/site/x", body)
			if err != nil || status != tc.status {
				t.Errorf("got %d, %v, want %d", status, err, tc.status)
			}
			if status == http.StatusOK && body != nil && got != "again" {
				t.Errorf("replayed body: got %q, want %q", got, "again")
			}
			wantCount(t, "calls", &p.calls, tc.calls)
			wantCount(t, "fetches", &p.fetches, tc.fetches)
		})
	}
}

func TestCredentialsWithoutToken(t *testing.T) {
	t.Parallel()
	reply := func(status int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			return true
		}
	}
	cases := []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request) bool
		want   chat.TokenError
	}{
		{"not enabled", reply(403, `{"error":"access_denied","error_description":"hidden"}`), chat.TokenError{Status: 403, Code: "access_denied"}},
		{"wrong secret", reply(401, `{"error":"hidden words"}`), chat.TokenError{Status: 401}},
		{"down", reply(503, `<p>hidden</p>`), chat.TokenError{Status: 503}},
		{"html", reply(200, `<p>hidden</p>`), chat.TokenError{Status: 200}},
		{"no token", reply(200, `{}`), chat.TokenError{Status: 200}},
		{"token breaks the header", reply(200, `{"access_token":"a\nb","expires_in":3600}`), chat.TokenError{Status: 200}},
		{"endless", func(w http.ResponseWriter, r *http.Request) bool {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat(" ", 4096)); err != nil {
					break
				}
			}
			return true
		}, chat.TokenError{Status: 200}},
		{"redirect", func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "/site/steal", http.StatusTemporaryRedirect)
			return true
		}, chat.TokenError{Status: 307}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			p.onToken = tc.answer
			c := p.credentials()
			_, _, err := call(t.Context(), c, p.URL+"/site/x", strings.NewReader("x"))
			var got *chat.TokenError
			if !errors.As(err, &got) || *got != tc.want {
				t.Fatalf("got %v, want %+v", err, tc.want)
			}
			if text := err.Error(); strings.Contains(text, "hidden") || strings.Contains(text, clientSecret) {
				t.Errorf("error %q quotes the exchange", text)
			}
			if got, want := got.Temporary(), tc.want.Status/100 != 4; got != want {
				t.Errorf("temporary: got %v, want %v", got, want)
			}
			wantCount(t, "calls", &p.calls, 0)
			// A failure is not kept.
			p.onToken = nil
			if status, _, err := call(t.Context(), c, p.URL+"/site/x", nil); status != http.StatusOK || err != nil {
				t.Errorf("second call: got %d, %v, want 200", status, err)
			}
		})
	}
}

func TestCredentialsStayAtHome(t *testing.T) {
	t.Parallel()
	p, other := newPlatform(t), newPlatform(t)
	elsewhere := p.credentials()
	elsewhere.BaseURL = other.URL + "/some/path"
	unusable := p.credentials()
	unusable.TokenURL = "ftp://x"
	noSecret := p.credentials()
	noSecret.ClientSecret = nil
	cases := []struct {
		name    string
		c       *chat.Credentials
		address string
		bad     bool
		foreign bool
	}{
		{"token url's origin", p.credentials(), p.URL + "/site/x", false, false},
		{"foreign", p.credentials(), other.URL + "/site/x", true, true},
		{"other scheme", p.credentials(), strings.Replace(p.URL, "http:", "https:", 1) + "/site/x", true, true},
		{"own base url", elsewhere, other.URL + "/site/x", false, false},
		{"no longer the token url's", elsewhere, p.URL + "/site/x", true, true},
		{"unusable", unusable, "ftp://x/", true, false},
		{"no secret", noSecret, p.URL + "/site/x", true, false},
	}
	for _, tc := range cases {
		status, _, err := call(t.Context(), tc.c, tc.address, strings.NewReader("x"))
		if (err != nil) != tc.bad || errors.Is(err, rest.ErrForeignOrigin) != tc.foreign {
			t.Errorf("%s: got %d, %v", tc.name, status, err)
		}
	}
	away := newPlatform(t)
	away.accept = func(string) bool { t.Error("the token went away"); return false }
	moved := httptest.NewServer(http.RedirectHandler(away.URL+"/site/x", http.StatusTemporaryRedirect))
	defer moved.Close()
	c := p.credentials()
	c.BaseURL = moved.URL
	resp, err := (&http.Client{Transport: c}).Get(moved.URL)
	if err == nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, rest.ErrForeignOrigin) {
		t.Errorf("redirect: got %v, want ErrForeignOrigin", err)
	}
}

// Whatever the endpoint says of its life, a token serves the call that it was
// fetched for; it is kept if its end is known.
func TestTokenOfAnyLife(t *testing.T) {
	t.Parallel()
	for life, want := range map[string]int64{
		`3600`: 1, `3600.5`: 1, `"3600"`: 1, `1e400`: 1, `99999999999999999999`: 1,
		`null`: 2, `0`: 2, `-1`: 2, `""`: 2, `"soon"`: 2, `true`: 2, `{}`: 2,
	} {
		p := newPlatform(t)
		p.onToken = func(w http.ResponseWriter, _ *http.Request) bool {
			clienttest.Answer(w, http.StatusOK, `{"access_token":"abc","expires_in":`+life+`}`)
			return true
		}
		c := p.credentials()
		for range 2 {
			if got, _, err := call(t.Context(), c, p.URL+"/site/x", nil); err != nil || got != http.StatusOK {
				t.Errorf("%s: got %d, %v", life, got, err)
			}
		}
		if got := p.fetches.Load(); got != want {
			t.Errorf("%s: fetched %d times, want %d", life, got, want)
		}
	}
}
