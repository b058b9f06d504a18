package connect_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// onCloud is a call of another site, under the same installation.
func (c claimSet) onCloud(id string) claimSet {
	return c.inContext(claimSet{"cloudId": id}).inApp(claimSet{"installation": absent{}})
}

// tenantRefusals are verified calls whose tenant is not the caller's, or not
// known.
func tenantRefusals() refusals {
	other := pageInvocation().onCloud("other")
	return refusals{
		"tenant-cloud":       func(t *testing.T) { wantOtherSite(t, other, 0) },
		"tenant-cloud-later": func(t *testing.T) { wantOtherSite(t, other, time.Minute) },
		"tenant-environment": func(t *testing.T) {
			wantOtherSite(t, pageInvocation().inApp(claimSet{"environment": claimSet{"type": "DEVELOPMENT", "id": "x"}}), 0)
		},
		"tenant-uninstalled": tenantUninstalled,
		"tenant-store": func(t *testing.T) {
			f := newForgeSide(t, http.NotFound)
			f.store.err = errStore
			_, err := f.Caller(t.Context(), f.call(t, pageInvocation(), "", ""), connect.ForgePage)
			if refused := new(connect.AuthError); !errors.Is(err, errStore) || errors.As(err, &refused) {
				t.Errorf("got %v", err)
			}
		},
		"uninstall-cloud": func(t *testing.T) {
			f := newForgeSide(t, http.NotFound)
			f.opens(t, pageInvocation())
			wantDenied(t, f.Uninstall(t.Context(), f.call(t, other, "", "")), connect.CodeOtherSite)
		},
		"uninstall-unknown": func(t *testing.T) {
			f := newForgeSide(t, http.NotFound)
			if err := f.Uninstall(t.Context(), f.call(t, pageInvocation(), "", "")); err != nil {
				t.Errorf("got %v", err)
			}
		},
		"link-unavailable": func(t *testing.T) {
			f := newForgeSide(t, status(503))
			f.ConnectKey = testAppKey
			_, err := f.Caller(t.Context(), f.call(t, pageInvocation(), oauth("system", time.Hour), ""), connect.ForgePage)
			if !errors.Is(err, connect.ErrLinkUnavailable) || len(f.store.tenants) > 0 {
				t.Errorf("got %v, %d tenants", err, len(f.store.tenants))
			}
		},
		"link-redirect": func(t *testing.T) {
			other, calls := keyHost(t, text(`{"value":"`+testClientKey+`"}`))
			f := newForgeSide(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
			f.ConnectKey = testAppKey
			_, _ = f.Caller(t.Context(), f.call(t, pageInvocation(), oauth("system", time.Hour), ""), connect.ForgePage)
			if calls.Load() > 0 {
				t.Error("the redirect was followed")
			}
		},
	}
}

// opens is a call that has to be taken.
func (f *forgeSide) opens(t *testing.T, c claimSet) *connect.Tenant {
	t.Helper()
	caller, err := f.Caller(t.Context(), f.call(t, c, "", ""), connect.ForgePage)
	if err != nil {
		t.Fatal(err)
	}
	return caller.Tenant()
}

// wantOtherSite wants a call denied some time after the first of its installation.
func wantOtherSite(t *testing.T, c claimSet, later time.Duration) {
	t.Helper()
	f := newForgeSide(t, http.NotFound)
	f.opens(t, pageInvocation())
	f.now = f.now.Add(later)
	_, err := f.Caller(t.Context(), f.call(t, c, "", ""), connect.ForgePage)
	wantDenied(t, err, connect.CodeOtherSite)
}

// tenantUninstalled sends what may be late after an uninstall.
func tenantUninstalled(t *testing.T) {
	for event, after := range map[connect.ForgeEvent]time.Duration{
		connect.ForgePage: time.Second, connect.ForgeTrigger: 2 * time.Hour, connect.ForgeTick: 2 * time.Hour,
	} {
		f := newForgeSide(t, http.NotFound)
		f.opens(t, pageInvocation())
		if err := f.Uninstall(t.Context(), f.call(t, pageInvocation(), "", "")); err != nil {
			t.Fatal(err)
		}
		at := testStart.Add(after).Unix()
		late := pageInvocation().with(claimSet{"iat": at, "nbf": at, "exp": at + 25})
		_, err := f.Caller(t.Context(), f.call(t, late, "", ""), event)
		wantCode(t, err, connect.CodeInactiveTenant)
	}
}

// outboundRefusals are calls that must not leave, and tokens that must stay.
func outboundRefusals() refusals {
	return refusals{
		"out-host": func(t *testing.T) {
			canary, calls := keyHost(t, text("{}"))
			_, f, tenant := newForgeAPI(t)
			f.store.token, f.store.expires = connect.NewSecret(oauth("system", time.Hour)), testStart.Add(time.Hour)
			f.answers(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, canary.URL+r.URL.Path, http.StatusFound)
			})
			client := &http.Client{Transport: f.Outbound.App(tenant)}
			for _, address := range []string{canary.URL + "/ex/jira/" + forgeCloud + "/rest", tenant.APIBaseURL + "/rest"} {
				resp, err := client.Get(address)
				if err == nil {
					_ = resp.Body.Close()
				}
				if !errors.Is(err, connect.ErrForeignOrigin) || calls.Load() > 0 {
					t.Errorf("%s: got %v, %d calls", address, err, calls.Load())
				}
			}
		},
		"out-site": func(t *testing.T) {
			wantStays(t, "/ex/jira/other/rest", "/ex/jira/"+forgeCloud+"-2/rest", "/ex/jira/"+forgeCloud)
		},
		"out-way-up": func(t *testing.T) {
			wantStays(t, "/ex/jira/"+forgeCloud+"/../../../graphql", "/ex/jira/"+forgeCloud+"/%2e%2e/%2e%2e/../graphql", "/ex/jira/"+forgeCloud+"/..%2f..%2f../graphql")
		},
		"offline-redirect": func(t *testing.T) {
			canary, calls := keyHost(t, text("{}"))
			_, f, tenant := newForgeAPI(t)
			f.store.token, f.store.expires = connect.NewSecret(oauth("system", time.Hour)), testStart.Add(time.Hour)
			f.answers(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, canary.URL, http.StatusTemporaryRedirect)
			})
			_, err := getAs(t, f.Outbound.User(tenant, "absent"), tenant.APIBaseURL+"/rest")
			if err == nil || calls.Load() > 0 {
				t.Errorf("got %v, %d calls", err, calls.Load())
			}
		},
		"system-absent": func(t *testing.T) { wantSystem(t, "") },
		"system-older":  func(t *testing.T) { wantSystem(t, oauth("older", time.Hour)) },
	}
}

// wantStays wants calls refused that leave a tenant's part of the API.
func wantStays(t *testing.T, paths ...string) {
	t.Helper()
	a, f, tenant := newForgeAPI(t)
	f.store.token, f.store.expires = connect.NewSecret(oauth("system", time.Hour)), testStart.Add(time.Hour)
	for _, path := range paths {
		if _, err := getAs(t, f.Outbound.App(tenant), f.api.URL+path); !errors.Is(err, connect.ErrForeignOrigin) {
			t.Errorf("%s: got %v", path, err)
		}
	}
	if calls := a.seen(); len(calls) > 0 {
		t.Errorf("sent %v", calls)
	}
}

// wantSystem wants a system token kept when a call comes with another header.
func wantSystem(t *testing.T, header string) {
	t.Helper()
	a, f, tenant := newForgeAPI(t)
	good := oauth("system", 3*time.Hour)
	for _, token := range []string{good, header} {
		if _, err := f.Caller(t.Context(), f.call(t, pageInvocation(), token, ""), connect.ForgePage); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := getAs(t, f.Outbound.App(tenant), tenant.APIBaseURL+"/rest"); err != nil {
		t.Error(err)
	}
	if calls := a.seen(); len(calls) != 1 || !strings.Contains(calls[0], good) {
		t.Errorf("got %q", calls)
	}
}
