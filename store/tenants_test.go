package store

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sightline/connect"
	"sightline/internal/glance"
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
			Generation: 1, InstalledAt: w.clock.Now(), UpdatedAt: w.clock.Now(),
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
		if list := must(w.Tenants(t.Context()))(t); len(list) != 0 {
			t.Errorf("got %+v, want none", list)
		}
	})
}

func TestClientKeysAreOpaque(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		keys := []string{"k", "K", " k", "k ", "k'; DROP TABLE tenants; --", "k?@now", "ключ", strings.Repeat("k", 4000)}
		for _, key := range keys {
			w.installed(t, key, "")
		}
		for _, key := range keys {
			got := must(w.TenantByClientKey(t.Context(), connect.ClientKey(key)))(t)
			if got.ClientKey != connect.ClientKey(key) || got.SharedSecret.Reveal() != "secret of "+key {
				t.Errorf("%q: got %+v", key, got)
			}
		}
		if got := must(w.Tenants(t.Context()))(t); len(got) != len(keys) {
			t.Errorf("got %d tenants, want %d", len(got), len(keys))
		}
	})
}

func TestNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "")
		ctx := t.Context()
		for name, call := range map[string]func() error{
			"client key":       func() error { _, err := w.TenantByClientKey(ctx, "nobody"); return err },
			"empty client key": func() error { _, err := w.TenantByClientKey(ctx, ""); return err },
			"tenant":           func() error { _, err := w.Tenant(ctx, "nobody"); return err },
			"cloud id":         func() error { _, err := w.TenantByCloudID(ctx, "nowhere"); return err },
			"empty cloud id":   func() error { _, err := w.TenantByCloudID(ctx, ""); return err },
			"set active":       func() error { _, err := w.SetState(ctx, "nobody", connect.StateActive); return err },
			"set uninstalled":  func() error { _, err := w.SetState(ctx, "nobody", connect.StateUninstalled); return err },
			"set cloud id":     func() error { return w.SetCloudID(ctx, "nobody", "site") },
			"gadget":           func() error { _, _, err := w.GadgetConfig(ctx, "nobody", connect.DashboardItem{}); return err },
			"conversation":     func() error { _, err := w.Conversation(ctx, "site", "room"); return err },
			"glance":           func() error { _, err := w.Glance(ctx, glanceKey("site", "room")); return err },
			"configure nothing": func() error {
				return w.Configure(ctx, glanceKey("a", "b"), setupKey("a", "b"), glance.Config{Projects: []string{"A"}}, w.clock.Now())
			},
		} {
			if err := call(); !errors.Is(err, connect.ErrNotFound) {
				t.Errorf("%s: got %v, want %v", name, err, connect.ErrNotFound)
			}
		}
		tenant := must(w.TenantByClientKey(ctx, "k"))(t)
		if err := w.SetCloudID(ctx, tenant.ID, ""); err == nil || errors.Is(err, connect.ErrNotFound) {
			t.Errorf("empty cloud id: got %v", err)
		}
		if _, err := w.SetState(ctx, "k", "asleep"); err == nil || errors.Is(err, connect.ErrNotFound) {
			t.Errorf("unknown state: got %v", err)
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
					last = must(w.SetState(t.Context(), "k", state))(t)
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
		must(w.SetState(t.Context(), "k", connect.StateUninstalled))(t)
		w.clock.forward(time.Hour)
		gone := must(w.SetState(t.Context(), "k", connect.StateUninstalled))(t)
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

func TestTenantByCloudID(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		confluence := install("confluence")
		confluence.ProductType = connect.ProductConfluence
		check(t, w.SetCloudID(t.Context(), must(w.SaveInstall(t.Context(), confluence))(t).ID, "site"))
		w.installed(t, "old", "site")
		w.clock.forward(time.Hour)
		w.installed(t, "new", "site")
		w.clock.forward(time.Hour)
		w.installed(t, "elsewhere", "other")
		for _, want := range []connect.ClientKey{"new", "old"} {
			if got := must(w.TenantByCloudID(t.Context(), "site"))(t); got.ClientKey != want {
				t.Errorf("got %s, want %s", got.ClientKey, want)
			}
			must(w.SetState(t.Context(), want, connect.StateDisabled))(t)
		}
		if got, err := w.TenantByCloudID(t.Context(), "site"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %+v, %v, want %v", got, err, connect.ErrNotFound)
		}
	})
}

func TestTenantLists(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for _, key := range []string{"c", "a", "B"} {
			w.installed(t, key, "")
			w.clock.forward(time.Minute)
		}
		w.installed(t, "located", "site")
		must(w.SetState(t.Context(), "a", connect.StateUninstalled))(t)
		must(w.SetState(t.Context(), "c", connect.StateDisabled))(t)
		keys := func(list []connect.Tenant) (keys []connect.ClientKey) {
			for _, one := range list {
				keys = append(keys, one.ClientKey)
				if !one.SharedSecret.IsZero() {
					t.Errorf("%s: listed with its secret", one.ClientKey)
				}
			}
			return keys
		}
		if diff := cmp.Diff([]connect.ClientKey{"c", "a", "B", "located"}, keys(must(w.Tenants(t.Context()))(t))); diff != "" {
			t.Errorf("all (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]connect.ClientKey{"c", "B"}, keys(must(w.TenantsWithoutCloudID(t.Context()))(t))); diff != "" {
			t.Errorf("without cloud id (-want +got):\n%s", diff)
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
				got, err := s.SaveInstall(t.Context(), in)
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
		if len(seen) != 50 || last.Generation != 50 || len(must(w.Tenants(t.Context()))(t)) != 1 {
			t.Errorf("got %d generations, last %d", len(seen), last.Generation)
		}
	})
}

func TestInstallsAndUninstallsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		var wait sync.WaitGroup
		calls := []func() error{
			func() error { _, err := w.SaveInstall(t.Context(), install("k")); return err },
			func() error { _, err := w.SetState(t.Context(), "k", connect.StateUninstalled); return err },
			func() error { _, err := w.SetState(t.Context(), "k", connect.StateDisabled); return err },
			func() error { _, err := w.SetState(t.Context(), "k", connect.StateActive); return err },
			func() error { _, err := w.Rekey(t.Context()); return err },
			func() error { _, err := w.Erase(t.Context(), w.clock.Now().Add(time.Hour)); return err },
			func() error {
				return w.Begin(t.Context(), glance.Conversation{Cloud: "site", ID: "room"},
					glanceKey("site", "room"), setupKey("site", "room"), w.clock.Now())
			},
			func() error {
				return w.Configure(t.Context(), glanceKey("site", "room"), setupKey("site", "room"),
					glance.Config{Projects: []string{"ABC"}}, w.clock.Now())
			},
			func() error { return w.RemoveConversation(t.Context(), "site", "room") },
			func() error { _, err := w.MarkOlder(t.Context(), w.clock.Now(), w.clock.Now()); return err },
		}
		for range 10 {
			for i, call := range calls {
				wait.Go(func() {
					// Erased or removed meanwhile is an answer, a deadlock is not.
					if err := call(); err != nil && !errors.Is(err, connect.ErrNotFound) {
						t.Errorf("call %d: %v", i, err)
					}
				})
			}
		}
		wait.Wait()
		must(w.SaveInstall(t.Context(), install("k")))(t)
		got := must(w.TenantByClientKey(t.Context(), "k"))(t)
		if got.State != connect.StateActive || got.SharedSecret.Reveal() != "secret of k" {
			t.Errorf("after the last install: got %s, secret %q", got.State, got.SharedSecret.Reveal())
		}
	})
}

// TestCrash kills a process within a transaction; the child runs the same
// test with the address of the database.
func TestCrash(t *testing.T) {
	const variable = "SIGHTLINE_TEST_CRASH"
	if url := os.Getenv(variable); url != "" {
		s := must(Open(t.Context(), Options{URL: url, Keys: ring(t, keyOne)}))(t)
		must(s.SaveInstall(t.Context(), install("committed")))(t)
		check(t, s.transaction(t.Context(), func(tx *gorm.DB) error {
			must(s.saveInstall(tx, install("committed")))(t)
			must(s.saveInstall(tx, install("lost")))(t)
			return syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}))
		return
	}
	onBothURLs(t, func(t *testing.T, url string) {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrash$")
		child.Env = append(os.Environ(), variable+"="+url)
		out, err := child.CombinedOutput()
		if err == nil || err.Error() != "signal: killed" {
			t.Fatalf("child: got %v, want it killed: %s", err, out)
		}
		w := newWorld(t, url)
		if got := must(w.TenantByClientKey(t.Context(), "committed"))(t); got.Generation != 1 {
			t.Errorf("got generation %d, want 1", got.Generation)
		}
		if _, err := w.TenantByClientKey(t.Context(), "lost"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %v, want %v", err, connect.ErrNotFound)
		}
		w.installed(t, "lost", "")
	})
}

func TestSecretsAreSealed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "")
		w.installed(t, "victim", "")
		if dump := w.dump(t); strings.Contains(dump, "secret of") || !strings.Contains(dump, "oauth-victim") {
			t.Error("the dump has the secret, or not the rest")
		}
		refused := func(name string, s *Store, key connect.ClientKey) {
			t.Helper()
			_, err := s.TenantByClientKey(t.Context(), key)
			if !errors.Is(err, ErrSealed) || errors.Is(err, connect.ErrNotFound) || !strings.Contains(err.Error(), string(key)) {
				t.Errorf("%s: got %v, want %v that names %s", name, err, ErrSealed, key)
			}
			if _, err := s.Rekey(t.Context()); !errors.Is(err, ErrSealed) && name != "copied" {
				t.Errorf("%s: rekey: got %v, want %v", name, err, ErrSealed)
			}
		}
		refused("missing key", w.again(t, keyTwo), "k")
		check(t, w.db.Exec(`UPDATE connect_installs SET shared_secret =
			(SELECT shared_secret FROM connect_installs WHERE client_key = 'k') WHERE client_key = 'victim'`).Error)
		refused("copied", w.Store, "victim")
		check(t, w.db.Exec("UPDATE connect_installs SET shared_secret = ?", []byte("secret of k")).Error)
		refused("plain text", w.Store, "k")
		if list := must(w.Tenants(t.Context()))(t); len(list) != 2 {
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
		must(w.SetState(t.Context(), "k", connect.StateUninstalled))(t)
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
		must(w.SetState(t.Context(), "k000", connect.StateUninstalled))(t)
		// Stopped after the first batch.
		both := w.again(t, keyTwo+","+keyOne)
		check(t, both.transaction(t.Context(), func(tx *gorm.DB) error {
			done, _, more, err := both.rekeySome(tx, "")
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
			if got := must(alone.TenantByClientKey(t.Context(), connect.ClientKey(key)))(t); got.SharedSecret.Reveal() != "secret of "+key || got.Generation != 1 {
				t.Errorf("%s: got %q, generation %d", key, got.SharedSecret.Reveal(), got.Generation)
			}
		}
	})
}

func TestErase(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		item := connect.DashboardItem{Dashboard: "1", Item: "2"}
		for _, key := range []string{"old", "recent", "alive"} {
			tenant := w.installed(t, key, "site-"+key)
			w.begun(t, "site-"+key, "room")
			w.configured(t, "site-"+key, "room", "ABC")
			check(t, w.SaveGadgetConfig(t.Context(), tenant.ID, item, []byte(`{"of":"`+key+`"}`), w.clock.Now()))
			must(w.MarkDirty(t.Context(), tenant.ID, "", "delivery-"+key, w.clock.Now()))(t)
		}
		old := must(w.SetState(t.Context(), "old", connect.StateUninstalled))(t)
		edge := w.clock.forward(time.Hour)
		must(w.SetState(t.Context(), "recent", connect.StateUninstalled))(t)
		if got := must(w.Erase(t.Context(), edge))(t); got != 1 {
			t.Errorf("got %d erased, want 1", got)
		}
		if got := must(w.Erase(t.Context(), edge))(t); got != 0 {
			t.Errorf("again: got %d erased, want 0", got)
		}
		if got := must(w.Tenants(t.Context()))(t); len(got) != 2 {
			t.Errorf("got %d tenants, want 2", len(got))
		}
		for _, table := range []string{"connect_installs", "gadget_configs", "deliveries"} {
			var left int
			check(t, w.read.Raw("SELECT count(*) FROM "+table+" WHERE tenant_id = ?", string(old.ID)).Scan(&left).Error)
			if left != 0 {
				t.Errorf("%s: %d rows of the erased tenant left", table, left)
			}
		}
		var deliveries int
		check(t, w.read.Raw("SELECT count(*) FROM deliveries").Scan(&deliveries).Error)
		if deliveries != 0 {
			t.Errorf("got %d old deliveries, want 0", deliveries)
		}
		if got := must(w.Conversation(t.Context(), "site-old", "room"))(t); got.Tenant != "" || got.InstalledBy != "ann" {
			t.Errorf("conversation: got %+v", got)
		}
		if got := len(must(w.Glances(t.Context()))(t)); got != 4 {
			t.Errorf("got %d glance rows, want 4", got)
		}
		if again := w.installed(t, "old", ""); again.ID == old.ID || again.Generation != 1 {
			t.Errorf("after the erase: got %+v, want a new tenant", again)
		}
	})
}

func TestGadgetConfig(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		one, two := w.installed(t, "one", ""), w.installed(t, "two", "")
		item, at := connect.DashboardItem{Dashboard: "10", Item: "20"}, w.clock.Now()
		for _, step := range []struct {
			value  []byte
			readAt time.Time
			want   string
		}{
			{[]byte(`{"projects":["ABC"],"title":"Größe"}`), at, `{"projects":["ABC"],"title":"Größe"}`},
			{nil, at.Add(time.Second), ""},
			{[]byte(`{"late":true}`), at, ""},
			{[]byte(`{"same":true}`), at.Add(time.Second), `{"same":true}`},
			{[]byte{}, at.Add(2 * time.Second), ""},
		} {
			check(t, w.SaveGadgetConfig(t.Context(), one.ID, item, step.value, step.readAt))
			got, _, err := w.GadgetConfig(t.Context(), one.ID, item)
			if err != nil || string(got) != step.want || (got == nil) != (step.want == "") {
				t.Errorf("save %s: got %q, %v, want %q", step.value, got, err, step.want)
			}
		}
		if _, got, _ := w.GadgetConfig(t.Context(), one.ID, item); !got.Equal(at.Add(2 * time.Second)) {
			t.Errorf("read at: got %v", got)
		}
		for name, call := range map[string]func() error{
			"other tenant": func() error { _, _, err := w.GadgetConfig(t.Context(), two.ID, item); return err },
			"other item": func() error {
				_, _, err := w.GadgetConfig(t.Context(), one.ID, connect.DashboardItem{Dashboard: "20", Item: "10"})
				return err
			},
		} {
			if err := call(); !errors.Is(err, connect.ErrNotFound) {
				t.Errorf("%s: got %v, want %v", name, err, connect.ErrNotFound)
			}
		}
		if err := w.SaveGadgetConfig(t.Context(), "nobody", item, nil, at); err == nil {
			t.Error("saved for a tenant that does not exist")
		}
	})
}
