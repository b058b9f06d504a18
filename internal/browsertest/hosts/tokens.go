package hosts

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// Tokens are the context tokens that the host of a site hands out, one for each
// request of an app's page.
type Tokens struct {
	site *connecttest.Site

	mu       sync.Mutex
	asked    int
	outdated int
}

// watchTokens replaces the site's own handler.
func watchTokens(site *connecttest.Site) *Tokens {
	t := &Tokens{site: site}
	site.Handle("POST /-/ui/context-token", t)
	return t
}

// Asked returns how many tokens pages have asked for.
func (t *Tokens) Asked() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.asked
}

// Outdate makes the next n tokens expired, like those of a host that keeps a
// token for too long.
func (t *Tokens) Outdate(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outdated = n
}

// ServeHTTP answers like the site, and counts.
func (t *Tokens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	t.asked++
	old := t.outdated > 0
	if old {
		t.outdated--
	}
	t.mu.Unlock()
	token, err := t.token(r, old)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"token": token})
}

func (t *Tokens) token(r *http.Request, old bool) (string, error) {
	app, account := r.URL.Query().Get("app"), r.URL.Query().Get("as")
	if account == "anonymous" {
		account = ""
	}
	token, err := t.site.ContextToken(app, account)
	if err != nil || !old {
		return token, err
	}
	claims, err := claimsOf(token)
	if err != nil {
		return "", err
	}
	const hour = 3600
	for _, name := range []string{"iat", "exp"} {
		seconds, _ := claims[name].(float64)
		claims[name] = int64(seconds) - hour
	}
	return t.site.SignHost(app, claims)
}

func claimsOf(token string) (map[string]any, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("read token: it has %d parts", len(parts))
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, fmt.Errorf("read token: %w", err)
	}
	claims := map[string]any{}
	if err := json.Unmarshal(data, &claims); err != nil {
		return nil, fmt.Errorf("read token: %w", err)
	}
	return claims, nil
}
