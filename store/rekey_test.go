package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

func TestSecretsAreSealed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "")
		w.installed(t, "victim", "")
		if dump := w.dump(t); strings.Contains(dump, "secret of") || !strings.Contains(dump, "oauth-victim") {
			t.Error("the dump has the secret, or not the rest")
		}
		refused := func(name string, s *Store, key connect.ClientKey) {
			t.Helper()
			_, err := s.Tenants.TenantByClientKey(t.Context(), key)
			if !errors.Is(err, ErrSealed) || errors.Is(err, connect.ErrNotFound) || !strings.Contains(err.Error(), string(key)) {
				t.Errorf("%s: got %v, want %v that names %s", name, err, ErrSealed, key)
			}
			if _, err := s.Rekey(t.Context()); !errors.Is(err, ErrSealed) && name != "copied" {
				t.Errorf("%s: rekey: got %v, want %v", name, err, ErrSealed)
			}
		}
		check(t, w.db.Exec(`UPDATE connect_installs SET shared_secret =
			(SELECT shared_secret FROM connect_installs WHERE client_key = 'k') WHERE client_key = 'victim'`).Error)
		refused("copied", w.Store, "victim")
		check(t, w.db.Exec("UPDATE connect_installs SET shared_secret = ?", []byte("secret of k")).Error)
		refused("plain text", w.Store, "k")
		if list := must(w.Store.Tenants.List(t.Context()))(t); len(list) != 2 {
			t.Errorf("list: got %d tenants, want 2", len(list))
		}
		// An install mends it.
		if got := w.installed(t, "k", ""); got.SharedSecret.Reveal() != "secret of k" {
			t.Errorf("got %q", got.SharedSecret.Reveal())
		}
	})
}

func TestUninstalledSecretIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "")
		must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t)
		var left int
		check(t, w.db.Raw("SELECT count(*) FROM connect_installs WHERE shared_secret IS NOT NULL").Scan(&left).Error)
		if left != 0 {
			t.Error("the sealed secret is still there")
		}
	})
}

func TestRekey(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		const n = 2*rekeyBatch + 10
		for i := range n {
			w.installed(t, fmt.Sprintf("k%03d", i), "")
		}
		must(w.SetState(t.Context(), "k000", connect.StateUninstalled, time.Time{}))(t)
		// Stopped after the first batch.
		both := w.again(t, keyTwo+","+keyOne)
		check(t, both.core.db.Transaction(t.Context(), func(tx *gorm.DB) error {
			done, _, more, err := both.rekeySome(tx, sealedColumns()[0], "")
			if done != rekeyBatch || !more {
				t.Errorf("first batch: got %d, more %v", done, more)
			}
			return err
		}))
		if got, want := must(both.Rekey(t.Context()))(t), n-1-rekeyBatch; got != want {
			t.Errorf("the rest: got %d, want %d", got, want)
		}
		if got := must(both.Rekey(t.Context()))(t); got != 0 {
			t.Errorf("again: got %d, want 0", got)
		}
		alone := w.again(t, keyTwo)
		for i := 1; i < n; i++ {
			key := fmt.Sprintf("k%03d", i)
			if got := must(alone.Tenants.TenantByClientKey(t.Context(), connect.ClientKey(key)))(t); got.SharedSecret.Reveal() != "secret of "+key || got.Generation != 1 {
				t.Errorf("%s: got %q, generation %d", key, got.SharedSecret.Reveal(), got.Generation)
			}
		}
	})
}
