package connecttest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// For each refused call the site says which check failed, and what was signed where
// another address was due.
func TestWhyRefused(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	self := app.selfURL(site)
	const path = "/rest/atlassian-connect/1/addons/com.example.app"
	for _, tt := range []struct {
		name    string
		token   string
		want    Refusal
		mistake string
	}{
		{"method", app.token(t, "POST", self, nil), Refusal{Check: "qsh", Expected: "GET&" + path + "&a=b%20c", Signed: "POST&" + path + "&"}, "for the method POST, the query was left out"},
		{"no query", app.token(t, "GET", self, nil), Refusal{Check: "qsh", Expected: "GET&" + path + "&a=b%20c", Signed: "GET&" + path + "&"}, "the query was left out"},
		{"base", app.token(t, "GET", self, map[string]any{"qsh": QSH("GET", path, "a=b%20c", "/rest")}), Refusal{
			Check: "qsh", Expected: "GET&" + path + "&a=b%20c", Signed: "GET&" + strings.TrimPrefix(path, "/rest") + "&a=b%20c",
		}, "/rest belongs to the path"},
		{"upper case", app.token(t, "GET", self, map[string]any{"qsh": strings.ToUpper(QSH("GET", path, "a=b%20c", ""))}), Refusal{
			Check: "qsh", Expected: "GET&" + path + "&a=b%20c", Signed: "GET&" + path + "&a=b%20c",
		}, "lower case"},
		{"unknown", app.token(t, "GET", self+"/x?y=z", nil), Refusal{Check: "qsh", Expected: "GET&" + path + "&a=b%20c"}, ""},
		{"issuer", app.token(t, "GET", self, map[string]any{"iss": "other"}), Refusal{Check: "iss"}, "no app of this key"},
		{"expired", app.token(t, "GET", self, map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}), Refusal{Check: "exp"}, "expired"},
		{"algorithm", signed(t, jwt.SigningMethodHS384, []byte("x"), jwt.MapClaims{"iss": "com.example.app", "exp": time.Now().Add(time.Minute).Unix()}), Refusal{Check: "alg"}, "HS384"},
		{"not a token", "abc", Refusal{Check: "form"}, "not a JWT"},
	} {
		before := len(site.Requests(0))
		if got := get(t, self+"?a=b%20c", "JWT "+tt.token); got.status != http.StatusUnauthorized {
			t.Errorf("%s: got %d", tt.name, got.status)
		}
		seen := site.Requests(before)
		got := seen[len(seen)-1].Refusal
		if got == nil || got.Check != tt.want.Check || got.Expected != tt.want.Expected || got.Signed != tt.want.Signed || !strings.Contains(got.Say, tt.mistake) {
			t.Errorf("%s: got %+v, want %+v with %q", tt.name, got, tt.want, tt.mistake)
		}
	}
}

// An app that refuses the site's token is shown what it should have computed.
func TestWhyAppRefused(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	app.mu.Lock()
	app.answer = func(call) int { return http.StatusUnauthorized }
	app.mu.Unlock()
	if err := site.Fire(t.Context(), Webhook{Event: "jira:issue_updated", Issue: site.Objects().Projects[0].Key + "-1"}); err != nil {
		t.Fatal(err)
	}
	if err := site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range site.Requests(0) {
		if r.From == "site" && r.Status == http.StatusUnauthorized {
			if r.Refusal == nil || !strings.HasPrefix(r.Refusal.Expected, "POST&"+strings.TrimPrefix(r.Path, "/base")+"&") {
				t.Errorf("got %+v", r.Refusal)
			}
			return
		}
	}
	t.Error("the app refused nothing")
}
