package store

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

// TestForget: when a key is lost, what only it opened can be removed, and nothing
// else is: tenants, rooms and the other keys' secrets stay, and what is installed
// again works.
func TestForget(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "old", "")
		tenant := w.saved(t, w.called("install-1", "site"))
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID)))
		channel := w.setUpChannel(t, tenant.ID, "C1")
		w.use(w.again(t, keyTwo+","+keyOne))
		w.installed(t, "new", "")

		_, err := openWith(t.Context(), Options{URL: w.url, Keys: ring(t, keyTwo), Version: "0.1.0"}, migrationFiles)
		if !errors.Is(err, ErrSealed) || !strings.Contains(err.Error(), `"one"`) {
			t.Fatalf("open without the key: got %v, want %v that names it", err, ErrSealed)
		}
		_, err = openWith(t.Context(), Options{URL: w.url, Keys: ring(t, keyTwo), Lost: []string{"three"}, Version: "0.1.0"}, migrationFiles)
		if !errors.Is(err, ErrSealed) {
			t.Fatalf("another key is lost: got %v, want %v", err, ErrSealed)
		}
		st, err := openWith(t.Context(), Options{URL: w.url, Keys: ring(t, keyTwo), Lost: []string{"one"}, Version: "0.1.0"}, migrationFiles)
		check(t, err)
		t.Cleanup(func() { _ = st.Close() })
		if _, err := st.Forget(t.Context(), "two"); err == nil {
			t.Error("a key that is there is forgotten")
		}
		want := []Sealed{
			{SealedConnect, "old", "https://acme.atlassian.net"},
			{SealedForge, "install-1", "https://site.atlassian.net"},
			{SealedSlack, "T1", "Harbour"},
		}
		for name, look := range map[string][]Sealed{
			"listed":  must(st.SealedUnder(t.Context(), "one"))(t),
			"removed": must(st.Forget(t.Context(), "one"))(t),
		} {
			if diff := cmp.Diff(want, look); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if left := must(st.Forget(t.Context(), "one"))(t); len(left) != 0 {
			t.Errorf("left: %v", left)
		}

		w.use(w.again(t, keyTwo)) // it opens
		if list := must(w.Store.Tenants.List(t.Context()))(t); len(list) != 3 {
			t.Errorf("%d tenants, want 3", len(list))
		}
		if got := must(w.Store.Tenants.TenantByClientKey(t.Context(), "new"))(t); got.SharedSecret.IsZero() {
			t.Error("a secret under another key is gone")
		}
		if got := must(w.Store.Tenants.TenantByClientKey(t.Context(), "old"))(t); !got.SharedSecret.IsZero() || got.State != connect.StateActive {
			t.Errorf("got %+v, want it without its secret", got)
		}
		if row := w.row(t, channel); !row.Stopped || row.StoppedFor != glance.ReasonRevoked {
			t.Errorf("channel: got %+v, want it stopped", row)
		}
		if got := w.installed(t, "old", ""); got.SharedSecret.Reveal() != "secret of old" {
			t.Errorf("installed again: %q", got.SharedSecret.Reveal())
		}
		w.saved(t, w.called("install-1", "site"))
		if got := w.token(t, tenant.ID); got != "token of install-1" {
			t.Error("the next call of Forge brings no token")
		}
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID)))
		if row := w.row(t, channel); row.Stopped {
			t.Errorf("channel: got %+v, want it to go on", row)
		}
	})
}
