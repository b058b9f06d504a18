package connect_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

func uninstall(a *app, key string) error {
	const path = "/connect/uninstalled"
	body := installBody(claimSet{"clientKey": key, "sharedSecret": absent{}, "eventType": "uninstalled"})
	_, err := a.life.Uninstalled(call("POST", path, installToken(installClaims(path).with(claimSet{"iss": key})), body), []byte(body))
	return err
}

// notify is an enabled or disabled call.
func notify(a *app, event, secret string, claims, body claimSet) error {
	path := "/connect/" + event
	text := installBody(claimSet{"sharedSecret": absent{}, "eventType": event}.with(body))
	c := pageClaims().with(claimSet{"qsh": connect.QSH("POST", "/"+event, "", "")}).with(claims)
	r := call("POST", path, hs256(claimSet{"alg": "HS256"}, c, secret), text)
	receive := a.life.Disabled
	if event == "enabled" {
		receive = a.life.Enabled
	}
	_, err := receive(r, []byte(text))
	return err
}

func wantState(t *testing.T, a *app, want connect.State) {
	t.Helper()
	if got := a.store.tenants[testClientKey].State; got != want {
		t.Errorf("got state %q, want %q", got, want)
	}
}

func TestReinstall(t *testing.T) {
	t.Parallel()
	a := newApp()
	c, err := a.Host(page(gadgetPath, hostToken(pageClaims())))
	if err != nil {
		t.Fatal(err)
	}
	session, err := a.Sessions.Mint(c, connect.DashboardItem{})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, installed(a, hs256(claimSet{"alg": "HS256"}, installClaims(installedPath), testSecret), installBody(nil)), connect.CodeAlg)
	wantCode(t, installed(a, installToken(installClaims(installedPath)), installBody(nil)), "")

	_, err = a.Host(page(gadgetPath, hostToken(pageClaims())))
	wantCode(t, err, connect.CodeSignature)
	_, err = a.Context(page(gadgetPath, hostToken(contextClaims())))
	wantCode(t, err, connect.CodeSignature)
	_, err = a.Session(page(gadgetPath, session.Reveal()))
	wantCode(t, err, connect.CodeSession)
	c, err = a.Host(page(gadgetPath, hs256(claimSet{"alg": "HS256"}, pageClaims(), "new-secret")))
	if err != nil || c.Tenant().ID != "tenant-1" {
		t.Errorf("got %v, %v; want the same tenant", c, err)
	}
}

func TestUninstalled(t *testing.T) {
	t.Parallel()
	a := newApp()
	changes := 0
	forget := a.life.Changed
	a.life.Changed = func(tenant *connect.Tenant) { changes++; forget(tenant) }
	wantCode(t, notify(a, "disabled", testSecret, nil, nil), "")
	wantState(t, a, connect.StateDisabled)
	wantCode(t, uninstall(a, testClientKey), "")
	wantState(t, a, connect.StateUninstalled)
	_, err := a.Host(page(gadgetPath, hostToken(pageClaims())))
	wantCode(t, err, connect.CodeInactiveTenant)

	wantCode(t, notify(a, "disabled", testSecret, nil, nil), connect.CodeInactiveTenant)
	wantCode(t, notify(a, "enabled", testSecret, nil, nil), connect.CodeInactiveTenant)
	wantCode(t, notify(a, "enabled", "", nil, nil), connect.CodeInactiveTenant)
	wantState(t, a, connect.StateUninstalled)
	wantCode(t, uninstall(a, testClientKey), "")
	wantCode(t, uninstall(a, "client-key-unknown"), "")

	wantCode(t, installed(a, installToken(installClaims(installedPath)), installBody(nil)), "")
	wantState(t, a, connect.StateActive)
	if changes != 4 {
		t.Errorf("got %d changes, want 4", changes)
	}
}

func TestEnabledDisabled(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		secret       string
		claims, body claimSet
		want         string
	}{
		{"right", testSecret, nil, nil, ""},
		{"wrong secret", "other", nil, nil, connect.CodeSignature},
		{"issuer is another tenant", testSecret, claimSet{"iss": "client-key-2"}, nil, connect.CodeUnknownTenant},
		{"body is about another tenant", testSecret, nil, claimSet{"clientKey": "client-key-2"}, connect.CodeClientKey},
		{"body is about another app", testSecret, nil, claimSet{"key": "other"}, connect.CodeAppKey},
		{"body is about another event", testSecret, nil, claimSet{"eventType": "installed"}, "body"},
		{"context token", testSecret, claimSet{"qsh": "context-qsh"}, nil, connect.CodeQSHContext},
		{"token of a page", testSecret, claimSet{"qsh": gadgetQSH}, nil, connect.CodeQSHMismatch},
		{"site that may not install", testSecret, nil, claimSet{"baseUrl": "https://evil.com"}, connect.CodeHost},
	}
	for _, tt := range tests {
		a := newApp()
		for _, event := range []string{"disabled", "enabled"} {
			err := notify(a, event, tt.secret, tt.claims, tt.body)
			if got := code(err); got != tt.want {
				t.Errorf("%s, %s: got %q, want %q", tt.name, event, got, tt.want)
			}
		}
		wantState(t, a, connect.StateActive)
	}
	a := newApp()
	body := installBody(claimSet{"eventType": "disabled"})
	_, err := a.Lifecycle(call("POST", "/connect/disabled", installToken(installClaims("/connect/disabled")), body), []byte(body))
	wantCode(t, err, connect.CodeAlg)
	wantCode(t, uninstall(a, "client-key-2"), "")
}

func TestLifecycleStoreDown(t *testing.T) {
	t.Parallel()
	a := newApp()
	a.store.err = errStore
	wantCode(t, installed(a, installToken(installClaims(installedPath)), installBody(nil)), "failure: save install of client-key-1: the store is down")
	wantCode(t, uninstall(a, testClientKey), "failure: set client-key-1 uninstalled: the store is down")
	wantCode(t, notify(a, "disabled", testSecret, nil, nil), "failure: find tenant: the store is down")
}

// The same address with a new client key is a new tenant.
func TestSiteImport(t *testing.T) {
	t.Parallel()
	a := newApp()
	err := installed(a, installToken(installClaims(installedPath).with(claimSet{"iss": "client-key-2"})),
		installBody(claimSet{"clientKey": "client-key-2"}))
	wantCode(t, err, "")
	c, err := a.Host(page(gadgetPath, hs256(claimSet{"alg": "HS256"}, pageClaims().with(claimSet{"iss": "client-key-2"}), "new-secret")))
	if err != nil || c.Tenant().ID != "tenant-2" {
		t.Errorf("got %v, %v; want a new tenant", c, err)
	}
	_, err = a.Host(page(gadgetPath, hs256(claimSet{"alg": "HS256"}, pageClaims(), "new-secret")))
	wantCode(t, err, connect.CodeSignature)
}

func TestInstallsAtOnce(t *testing.T) {
	t.Parallel()
	a := newApp()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			if err := installed(a, installToken(installClaims(installedPath)), installBody(claimSet{"sharedSecret": fmt.Sprintf("secret-%d", i)})); err != nil {
				t.Error(err)
			}
			_, _ = a.Host(page(gadgetPath, hostToken(pageClaims())))
		})
	}
	wg.Wait()
	last := a.store.tenants[testClientKey].SharedSecret.Reveal()
	if _, err := a.Host(page(gadgetPath, hs256(claimSet{"alg": "HS256"}, pageClaims(), last))); err != nil {
		t.Errorf("token of the last install: %v", err)
	}
	_, err := a.Host(page(gadgetPath, hostToken(pageClaims())))
	wantCode(t, err, connect.CodeSignature)
}
