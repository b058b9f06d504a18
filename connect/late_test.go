package connect_test

import (
	"testing"

	"github.com/sightline-go/sightline/connect"
)

// A call that was issued before the installation that it would end ends nothing.
func TestLateLifecycleCalls(t *testing.T) {
	t.Parallel()
	a := newApp()
	a.life.Store = new(connect.Memory)
	a.Tenants = &connect.TenantCache{Source: a.life.Store, Now: a.Now}
	a.life.Changed = nil
	at := func(seconds int64) claimSet {
		return claimSet{"iss": "late", "iat": testStart.Unix() + seconds}
	}
	send := func(event string, seconds int64) error {
		path := "/connect/" + event
		claims := claimSet{"eventType": event, "clientKey": "late", "sharedSecret": "late-secret"}
		if event == "installed" || event == "uninstalled" {
			text := installBody(claims)
			receive := a.life.Installed
			if event == "uninstalled" {
				receive = a.life.Uninstalled
			}
			_, err := receive(call("POST", path, installToken(installClaims(path).with(at(seconds))), text), []byte(text))
			return err
		}
		return notify(a, event, "late-secret", at(seconds).with(claimSet{"aud": absent{}}), claimSet{"clientKey": "late"})
	}
	for i, step := range []struct {
		event string
		at    int64
		want  string
		state connect.State
	}{
		{"installed", -100, "", connect.StateActive},
		{"uninstalled", -101, connect.IgnoredOld, connect.StateActive},
		{"disabled", -90, "", connect.StateDisabled},
		{"enabled", -91, connect.IgnoredOld, connect.StateDisabled},
		{"enabled", -80, "", connect.StateActive},
		{"disabled", -85, connect.IgnoredOld, connect.StateActive},
		{"disabled", -80, "", connect.StateDisabled}, // in the same second: what comes last
		{"installed", -70, "", connect.StateActive},
		{"installed", -75, connect.IgnoredOld, connect.StateActive},
		{"uninstalled", -70, "", connect.StateUninstalled},
		{"uninstalled", -70, "", connect.StateUninstalled},
		{"installed", -71, connect.IgnoredOld, connect.StateUninstalled},
		{"installed", -60, "", connect.StateActive},
		{"uninstalled", -65, connect.IgnoredOld, connect.StateActive},
	} {
		if got := code(send(step.event, step.at)); got != step.want {
			t.Errorf("step %d, %s at %d: got %q, want %q", i, step.event, step.at, got, step.want)
		}
		tenant, err := a.life.Store.TenantByClientKey(t.Context(), "late")
		if err != nil || tenant.State != step.state {
			t.Fatalf("step %d, %s at %d: got %v, %v, want %s", i, step.event, step.at, tenant, err, step.state)
		}
	}
}
