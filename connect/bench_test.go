package connect_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect"
)

const benchQuery = "dashboardItemId=10022&dashboardId=10001&view=default&xdm_e=https%3A%2F%2Fexample.atlassian.net" +
	"&xdm_c=channel-com.example.app__gadget&cp=&xdm_deprecated_addon_key_do_not_use=com.example.app&lic=none&cv=1001.0.0-SNAPSHOT"

func benchToken() string {
	return hostToken(pageClaims().with(claimSet{"qsh": connect.QSH("GET", "/gadget", benchQuery, "")}))
}

// BenchmarkVerify is one signed gadget page, its tenant in the cache, beside
// the least that any verification does: the HMAC of the same token and the
// hash of the same canonical request.
func BenchmarkVerify(b *testing.B) {
	token := benchToken()
	b.Run("page", func(b *testing.B) {
		a := newApp()
		r := page("/connect/gadget?"+benchQuery, token)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := a.Host(r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("session", func(b *testing.B) {
		a := newApp()
		c, err := a.Host(page("/connect/gadget?"+benchQuery, token))
		if err != nil {
			b.Fatal(err)
		}
		session, err := a.Sessions.Mint(c, connect.DashboardItem{Dashboard: "10001", Item: "10022"})
		if err != nil {
			b.Fatal(err)
		}
		r := call(http.MethodGet, "/connect/api", session.Reveal(), "")
		b.ReportAllocs()
		for b.Loop() {
			if _, err := a.Session(r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("floor", func(b *testing.B) {
		signed := []byte(token[:len(token)-44])
		canonical := []byte(connect.Canonical("GET", "/gadget", benchQuery, ""))
		b.ReportAllocs()
		for b.Loop() {
			mac := hmac.New(sha256.New, []byte(testSecret))
			mac.Write(signed)
			sum := sha256.Sum256(canonical)
			if hmac.Equal(mac.Sum(nil), sum[:]) {
				b.Fatal("equal")
			}
		}
	})
}

// BenchmarkInvocation is one call of a Forge gadget whose configuration is
// 1 kB, beside golang-jwt's own reading and signature check of the same token.
func BenchmarkInvocation(b *testing.B) {
	extension := claimSet{"gadgetConfiguration": claimSet{"title": strings.Repeat("x", 1000)}}
	token := forgeToken(pageInvocation().inContext(claimSet{"extension": extension}))
	b.Run("verify", func(b *testing.B) {
		v, r := newForge(), invoke(token)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(r, forgeGadget()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("floor", func(b *testing.B) {
		parser := jwt.NewParser(jwt.WithTimeFunc(func() time.Time { return testStart }))
		key := &installKey().PublicKey
		b.ReportAllocs()
		for b.Loop() {
			if _, err := parser.ParseWithClaims(token, new(jwt.RegisteredClaims), func(*jwt.Token) (any, error) { return key, nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
}
