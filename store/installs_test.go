package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
)

var sameSecret = cmp.Comparer(func(a, b connect.Secret) bool { return a.Reveal() == b.Reveal() })

func TestSaveInstall(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := install("k1")
		in.BaseURL, in.DisplayURL = "https://acme.atlassian.net/", "https://jira.acme.example"
		first := must(w.SaveInstall(t.Context(), in))(t)
		want := &connect.Tenant{
			ID: first.ID, Product: connect.ProductJira, BaseURL: "https://acme.atlassian.net",
			DisplayURL: "https://jira.acme.example", State: connect.StateActive, ClientKey: "k1", AppKey: "sightline",
			SharedSecret: connect.NewSecret("secret of k1"), OAuthClientID: "oauth-k1", InstallationID: "ari:1",
			Environment: connect.EnvironmentProduction, Generation: 1, InstalledAt: w.clock.Now(), UpdatedAt: w.clock.Now(),
		}
		if diff := cmp.Diff(want, first, sameSecret); diff != "" {
			t.Errorf("first install (-want +got):\n%s", diff)
		}
		if len(first.ID) < 22 {
			t.Errorf("id %q is short of 128 bits", first.ID)
		}

		check(t, w.SetCloudID(t.Context(), first.ID, "site"))
		in.SharedSecret, in.BaseURL, in.DisplayURL = connect.NewSecret("rotated"), "https://renamed.atlassian.net", ""
		want.SharedSecret, want.BaseURL, want.DisplayURL = in.SharedSecret, in.BaseURL, in.BaseURL
		want.CloudID, want.Generation, want.UpdatedAt = "site", 2, w.clock.forward(time.Hour)
		again := must(w.SaveInstall(t.Context(), in))(t)
		if diff := cmp.Diff(want, again, sameSecret); diff != "" {
			t.Errorf("rotation (-want +got):\n%s", diff)
		}
		for name, got := range map[string]*connect.Tenant{
			"by client key": must(w.TenantByClientKey(t.Context(), "k1"))(t),
			"by id":         must(w.Tenant(t.Context(), first.ID))(t),
			"by cloud id":   must(w.TenantByCloudID(t.Context(), "site"))(t),
		} {
			if diff := cmp.Diff(want, got, sameSecret); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}

		// A site import: the same address, another client key.
		in.ClientKey = "k2"
		if other := must(w.SaveInstall(t.Context(), in))(t); other.ID == first.ID || other.Generation != 1 || other.CloudID != "" {
			t.Errorf("new client key: got %+v, want a new tenant", other)
		}
	})
}

func TestSaveInstallRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for name, spoil := range map[string]func(*connect.Install){
			"no client key": func(in *connect.Install) { in.ClientKey = "" },
			"no secret":     func(in *connect.Install) { in.SharedSecret = connect.Secret{} },
		} {
			in := install("k")
			spoil(&in)
			if got, err := w.SaveInstall(t.Context(), in); err == nil {
				t.Errorf("%s: got %+v", name, got)
			}
		}
		if list := must(w.Store.Tenants.List(t.Context()))(t); len(list) != 0 {
			t.Errorf("got %+v, want none", list)
		}
	})
}

func TestSetStateCommutes(t *testing.T) {
	const a, d, u = connect.StateActive, connect.StateDisabled, connect.StateUninstalled
	for _, test := range []struct {
		states     []connect.State
		want       connect.State
		generation int64
	}{
		{[]connect.State{d}, d, 1},
		{[]connect.State{d, a}, a, 1},
		{[]connect.State{a, a}, a, 1},
		{[]connect.State{d, u}, u, 2},
		{[]connect.State{u, d}, u, 2},
		{[]connect.State{u, a}, u, 2},
		{[]connect.State{u, d, u, a}, u, 2},
	} {
		t.Run(fmt.Sprint(test.states), func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				w.installed(t, "k", "")
				var last *connect.Tenant
				for _, state := range test.states {
					last = must(w.SetState(t.Context(), "k", state, time.Time{}))(t)
				}
				got := must(w.TenantByClientKey(t.Context(), "k"))(t)
				if got.State != test.want || got.Generation != test.generation || got.SharedSecret.IsZero() != (test.want == u) {
					t.Errorf("got %s, generation %d, secret %q", got.State, got.Generation, got.SharedSecret.Reveal())
				}
				if diff := cmp.Diff(got, last, sameSecret); diff != "" {
					t.Errorf("returned and stored differ: %s", diff)
				}
			})
		})
	}
}

func TestUninstallAndReinstall(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		first := w.installed(t, "k", "site")
		at := w.clock.forward(time.Hour)
		must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t)
		w.clock.forward(time.Hour)
		gone := must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t)
		if !gone.UninstalledAt.Equal(at) || gone.Generation != 2 || !gone.SharedSecret.IsZero() {
			t.Errorf("uninstalled: got %+v", gone)
		}
		if _, err := w.TenantByCloudID(t.Context(), "site"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("by cloud id: got %v, want %v", err, connect.ErrNotFound)
		}
		back := must(w.SaveInstall(t.Context(), install("k")))(t)
		if back.ID != first.ID || back.Generation != 3 || back.State != connect.StateActive || back.CloudID != "site" ||
			!back.UninstalledAt.IsZero() || !back.InstalledAt.Equal(w.clock.Now()) || back.SharedSecret.IsZero() {
			t.Errorf("reinstalled: got %+v", back)
		}
	})
}

func TestFiftyInstallsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		other := w.again(t, keyOne)
		var wait sync.WaitGroup
		results := make([]*connect.Tenant, 50)
		for i := range results {
			wait.Go(func() {
				in, s := install("k"), w.Store
				in.SharedSecret = connect.NewSecret(fmt.Sprintf("secret %d", i))
				if i%2 == 1 {
					s = other
				}
				got, err := s.Tenants.SaveInstall(t.Context(), in)
				if err != nil {
					t.Error(err)
					return
				}
				if got.SharedSecret.Reveal() != in.SharedSecret.Reveal() {
					t.Errorf("got %q back, want %q", got.SharedSecret.Reveal(), in.SharedSecret.Reveal())
				}
				results[i] = got
			})
		}
		wait.Wait()
		if t.Failed() {
			return
		}
		last := must(w.TenantByClientKey(t.Context(), "k"))(t)
		seen := map[int64]bool{}
		for _, got := range results {
			seen[got.Generation] = true
			if got.ID != last.ID {
				t.Errorf("got tenant %s, want %s", got.ID, last.ID)
			}
			if got.Generation == 50 && got.SharedSecret.Reveal() != last.SharedSecret.Reveal() {
				t.Errorf("got %q, want the last committed secret %q", last.SharedSecret.Reveal(), got.SharedSecret.Reveal())
			}
		}
		if len(seen) != 50 || last.Generation != 50 || len(must(w.Store.Tenants.List(t.Context()))(t)) != 1 {
			t.Errorf("got %d generations, last %d", len(seen), last.Generation)
		}
	})
}
