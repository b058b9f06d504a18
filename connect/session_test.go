package connect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

func mint(t *testing.T, a *app, item connect.DashboardItem) string {
	t.Helper()
	c, err := a.Host(page(gadgetPath, hostToken(pageClaims())))
	if err != nil {
		t.Fatal(err)
	}
	session, err := a.Sessions.Mint(c, item)
	if err != nil {
		t.Fatal(err)
	}
	return session.Reveal()
}

func TestSession(t *testing.T) {
	t.Parallel()
	a := newApp()
	item := connect.DashboardItem{Dashboard: "10001", Item: "10022"}
	token := mint(t, a, item)
	c, err := a.Session(call("GET", "/connect/api", token, ""))
	if err != nil {
		t.Fatal(err)
	}
	if c.Tenant().ID != "tenant-1" || c.Account() != testAccount || c.Item() != item {
		t.Errorf("got %v, %v, %v", c.Tenant().ID, c.Account(), c.Item())
	}
	_, err = a.Host(page(gadgetPath, token))
	wantCode(t, err, connect.CodeIssuer)
	_, err = a.Context(page(gadgetPath, token))
	wantCode(t, err, connect.CodeIssuer)
	a.advance(15*time.Minute + 29*time.Second)
	if _, err := a.Session(call("GET", "/connect/api", token, "")); err != nil {
		t.Errorf("within the leeway: %v", err)
	}
	a.advance(time.Second)
	_, err = a.Session(call("GET", "/connect/api", token, ""))
	wantCode(t, err, connect.CodeExpired)
}

func TestSessionAnonymous(t *testing.T) {
	t.Parallel()
	a := newApp()
	c, err := a.Context(page(gadgetPath, hostToken(contextClaims().with(claimSet{"sub": absent{}}))))
	if err != nil {
		t.Fatal(err)
	}
	session, err := a.Sessions.Mint(c, connect.DashboardItem{})
	if err != nil {
		t.Fatal(err)
	}
	c, err = a.Session(page(gadgetPath, session.Reveal()))
	if err != nil || c.Account() != "" || !c.Item().IsZero() {
		t.Errorf("got %+v, %v; want nobody", c, err)
	}
}

func TestSessionRefuses(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("k", 32)
	header := claimSet{"alg": "HS256", "typ": "session+jwt"}
	claims := claimSet{
		"iss": testAppKey, "sub": testAccount, "aud": []string{testClientKey}, "token_use": "session",
		"tenant": "tenant-1", "generation": 1, "iat": testStart.Unix(), "exp": testStart.Unix() + 60,
	}
	made := func(changes claimSet) string { return hs256(header, claims.with(changes), key) }
	tests := []struct{ name, token, want string }{
		{"right", made(nil), ""},
		{"page token", hostToken(pageClaims()), connect.CodeNotSession},
		{"context token", hostToken(contextClaims()), connect.CodeNotSession},
		{"signed with the tenant's secret", hs256(header, claims, testSecret), connect.CodeSignature},
		{"signed with an empty key", hs256(header, claims, ""), connect.CodeSignature},
		{"other type", hs256(claimSet{"alg": "HS256", "typ": "JWT"}, claims, key), connect.CodeNotSession},
		{"other algorithm", hs256(claimSet{"alg": "HS512", "typ": "session+jwt"}, claims, key), connect.CodeAlg},
		{"other use", made(claimSet{"token_use": "x"}), connect.CodeNotSession},
		{"no use", made(claimSet{"token_use": absent{}}), connect.CodeNotSession},
		{"other issuer", made(claimSet{"iss": testClientKey}), connect.CodeNotSession},
		{"other tenant", made(claimSet{"tenant": "tenant-2"}), connect.CodeSession},
		{"other generation", made(claimSet{"generation": 0}), connect.CodeSession},
		{"generation of the future", made(claimSet{"generation": 2}), connect.CodeSession},
		{"unknown client key", made(claimSet{"aud": "client-key-2"}), connect.CodeSession},
		{"no audience", made(claimSet{"aud": absent{}}), connect.CodeSession},
		{"no expiry", made(claimSet{"exp": absent{}}), connect.CodeNoExpiry},
		{"missing", "", connect.CodeMissing},
	}
	for _, tt := range tests {
		_, err := newApp().Session(call("GET", "/connect/api", tt.token, ""))
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	a := newApp()
	token := mint(t, a, connect.DashboardItem{})
	session := func() error {
		_, err := a.Session(call("GET", "/connect/api", token, ""))
		return err
	}
	wantCode(t, notify(a, "disabled", testSecret, nil, nil), "")
	wantCode(t, session(), connect.CodeSession)
	wantCode(t, notify(a, "enabled", testSecret, nil, nil), "")
	wantCode(t, session(), "")
	wantCode(t, uninstall(a, testClientKey), "")
	wantCode(t, session(), connect.CodeSession)
	a.store.err = errStore
	wantCode(t, session(), "failure: find tenant: the store is down")
	a.Verifier.Sessions = nil
	wantCode(t, session(), connect.CodeNotSession)
}

func TestSessionKeys(t *testing.T) {
	t.Parallel()
	a := newApp()
	token := mint(t, a, connect.DashboardItem{})
	old := a.Sessions.Keys[0]
	a.Sessions.Keys = [][]byte{[]byte(strings.Repeat("n", 32)), old}
	_, err := a.Session(page(gadgetPath, token))
	wantCode(t, err, "")
	a.Sessions.Keys = a.Sessions.Keys[:1]
	_, err = a.Session(page(gadgetPath, token))
	wantCode(t, err, connect.CodeSignature)
	for _, keys := range [][][]byte{nil, {nil}, {[]byte("short")}} {
		a.Sessions.Keys = keys
		if _, err := a.Sessions.Mint(&connect.Caller{}, connect.DashboardItem{}); err == nil {
			t.Errorf("minted with the keys %q", keys)
		}
		_, err = a.Session(page(gadgetPath, token))
		wantCode(t, err, connect.CodeSignature)
	}
}
