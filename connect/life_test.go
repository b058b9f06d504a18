package connect_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
)

// tokenLives are what an endpoint may say of a token's life, and whether such a
// token is kept for a second call.
func tokenLives() map[string]bool {
	return map[string]bool{
		`900`: true, `900.5`: true, `"900"`: true, `9e2`: true, `1e400`: true, `99999999999999999999`: true,
		`null`: false, `0`: false, `-900`: false, `""`: false, `"soon"`: false, `true`: false, `[900]`: false,
	}
}

// Whatever the endpoint says of its life, a token serves the call that it was
// fetched for; it is kept if its end is known.
func TestUserTokenOfAnyLife(t *testing.T) {
	t.Parallel()
	for life, kept := range tokenLives() {
		site := newActSite(t)
		site.onToken = func(w http.ResponseWriter, _ *http.Request) bool {
			clienttest.Answer(w, http.StatusOK, `{"access_token":"abc","expires_in":`+life+`}`)
			return true
		}
		out, tenant := site.outbound(), outboundTenant(site.URL)
		for range 2 {
			if got := site.status(t, out.User(tenant, "ann")); got != http.StatusOK {
				t.Errorf("%s: got %d", life, got)
			}
		}
		want := int64(2)
		if kept {
			want = 1
		}
		wantCount(t, "exchanges of life "+life, &site.exchanges, want)
	}
}

func TestForgeOfflineTokenOfAnyLife(t *testing.T) {
	t.Parallel()
	for life, kept := range tokenLives() {
		a, f, tenant := newForgeAPI(t)
		f.store.token, f.store.expires = connect.NewSecret(oauth("system", time.Hour)), testStart.Add(time.Hour)
		a.offline = `{"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"abc","ttl":` + life + `}}}}`
		for range 2 {
			if got, err := getAs(t, f.Outbound.User(tenant, testAccount), tenant.APIBaseURL+"/rest/api/3/myself"); err != nil || got != http.StatusOK {
				t.Errorf("%s: got %d, %v", life, got, err)
			}
		}
		asked, want := 0, 2
		for _, call := range a.seen() {
			if strings.HasPrefix(call, "/graphql") {
				asked++
			}
		}
		if kept {
			want = 1
		}
		if asked != want {
			t.Errorf("%s: asked %d times, want %d", life, asked, want)
		}
	}
}
