package harness

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
)

// AppKey is the key of the app in Jira and in the chat.
const AppKey = "app.sightline"

// Forger makes requests as the host would, and forged ones.
type Forger struct {
	*Running
	App connecttest.App
}

// NewForger starts a program that is installed on a site of its own.
func NewForger(t *testing.T) Forger {
	t.Helper()
	r := Start(t, connecttest.NewSite(t))
	return Forger{r, r.Install(t)}
}

// Claims are those of a valid host-signed request.
func (f Forger) Claims(method, address string) map[string]any {
	path, query, _ := strings.Cut(address, "?")
	now := time.Now()
	return map[string]any{
		"iss": f.App.ClientKey, "iat": now.Unix(), "exp": now.Add(3 * time.Minute).Unix(),
		"sub": f.Site.People()[0].AccountID, "qsh": connecttest.QSH(method, path, query, ""),
	}
}

// With is a copy of claims with one of them changed, or left out when value is nil.
func With(claims map[string]any, name string, value any) map[string]any {
	out := maps.Clone(claims)
	if value == nil {
		delete(out, name)
	} else {
		out[name] = value
	}
	return out
}

// Sign signs claims as the host does.
func (f Forger) Sign(t testing.TB, claims map[string]any) string {
	t.Helper()
	token, err := f.Site.SignHost(AppKey, claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Tenant is the installation's tenant in the database.
func (f Forger) Tenant(t testing.TB) connect.Tenant {
	t.Helper()
	tenant, err := f.Store.Tenants.TenantByClientKey(t.Context(), connect.ClientKey(f.App.ClientKey))
	if err != nil {
		t.Fatal(err)
	}
	return *tenant
}

// Refused checks that an answer is a refusal that reveals nothing.
func Refused(t testing.TB, status int, body, token string) {
	t.Helper()
	if status != http.StatusUnauthorized {
		t.Errorf("status %d, want 401\n%s", status, body)
	}
	if !strings.Contains(body, "This request could not be verified.") {
		t.Errorf("not the constant sentence:\n%s", body)
	}
	if len(token) > 20 && strings.Contains(body, token[len(token)-20:]) {
		t.Errorf("the answer repeats the token:\n%s", body)
	}
}

// HMACToken signs claims with a secret, by any of the HMAC methods.
func HMACToken(t testing.TB, method jwt.SigningMethod, claims map[string]any, secret string) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, jwt.MapClaims(claims)).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}
