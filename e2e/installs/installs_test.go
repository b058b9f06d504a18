// Package installs compares the storage of the app with that of other apps.
package installs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/sqlstore"
	"github.com/sightline-go/sightline/store"
)

const keys = "one:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="

// both are what an app may keep its installations in.
type both interface {
	connect.Installations
	connect.ForgeInstallations
}

// outcome is what an operation returned, in words that do not depend on ids.
type outcome struct {
	Tenant connect.Tenant
	Err    string
}

var sameSecret = cmp.Comparer(func(a, b connect.Secret) bool { return a.Reveal() == b.Reveal() })

// player plays operations on one storage and calls its tenants by the order in
// which it met them.
type player struct {
	both
	names map[connect.TenantID]connect.TenantID
	ids   []connect.TenantID
}

func (p *player) outcome(t *connect.Tenant, err error) outcome {
	for _, known := range []error{connect.ErrNotFound, connect.ErrOldEvent, connect.ErrOtherSite} {
		if errors.Is(err, known) {
			return outcome{Err: known.Error()}
		}
	}
	if err != nil {
		return outcome{Err: "failed"}
	}
	got := *t
	if _, ok := p.names[t.ID]; !ok {
		p.names[t.ID] = connect.TenantID(fmt.Sprint("tenant ", len(p.ids)))
		p.ids = append(p.ids, t.ID)
	}
	got.ID = p.names[t.ID]
	return outcome{Tenant: got}
}

// operation is something that may happen to an app's installations; n chooses.
type operation struct {
	name string
	do   func(ctx context.Context, p *player, n int) outcome
}

// operations use few names, so that they meet each other.
func operations(now func() time.Time) []operation {
	past := func(n int) time.Time { return now().Add(-time.Duration(n%4) * time.Minute) }
	key := func(n int) connect.ClientKey { return connect.ClientKey(fmt.Sprint("key", n%3)) }
	installation := func(n int) connect.ForgeInstallationID { return connect.ForgeInstallationID(fmt.Sprint("i", n%5)) }
	return []operation{
		{"install", func(ctx context.Context, p *player, n int) outcome {
			return p.outcome(p.SaveInstall(ctx, connect.Install{
				Key: "app", ClientKey: key(n), SharedSecret: connect.NewSecret(fmt.Sprint("secret", n)), ProductType: connect.ProductJira,
				BaseURL: fmt.Sprintf("https://site%d.atlassian.net", n%3), InstallationID: string(installation(n / 3)), IssuedAt: past(n / 5),
			}))
		}},
		{"state", func(ctx context.Context, p *player, n int) outcome {
			state := []connect.State{connect.StateActive, connect.StateDisabled, connect.StateUninstalled}[n/3%3]
			return p.outcome(p.SetState(ctx, key(n), state, past(n/9)))
		}},
		{"by key", func(ctx context.Context, p *player, n int) outcome {
			return p.outcome(p.TenantByClientKey(ctx, key(n)))
		}},
		{"call", func(ctx context.Context, p *player, n int) outcome {
			in := connect.ForgeInstall{
				ID: installation(n), Cloud: connect.CloudID(fmt.Sprint("cloud", n/5%2)), Environment: connect.EnvironmentProduction, EnvironmentID: "environment",
				APIBaseURL: fmt.Sprintf("https://api.atlassian.com/ex/jira/cloud%d", n/5%2), SiteURL: []string{"", "https://browser.example"}[n/10%2],
				Version: "1.0.0", SystemToken: connect.NewSecret(fmt.Sprint("token", n)), SystemExpires: now().Add(time.Duration(n%7) * time.Minute),
				Linked: n%2 == 0, Revives: n%3 > 0, Tick: n%4 == 0, InUse: n%4 < 2, ConnectOver: n%11 == 0,
			}
			if n%6 == 0 {
				in.InstalledAt = past(n / 6)
			}
			if n%5 == 0 {
				in.ClientKey = key(n / 5)
			}
			if n%13 == 0 {
				in.Environment = "development"
			}
			return p.outcome(p.SaveForgeInstall(ctx, in))
		}},
		{"uninstall", func(ctx context.Context, p *player, n int) outcome {
			return p.outcome(p.UninstallForge(ctx, installation(n), past(n/5)))
		}},
		{"by installation", func(ctx context.Context, p *player, n int) outcome {
			t, status, err := p.ForgeTenant(ctx, installation(n))
			got := p.outcome(t, err)
			if err == nil {
				status.Tenant = p.names[status.Tenant]
				got.Err = fmt.Sprintf("%+v", status)
			}
			return got
		}},
		{"token", func(ctx context.Context, p *player, n int) outcome {
			token, expires, err := p.ForgeToken(ctx, p.known(n))
			got := p.outcome(&connect.Tenant{}, err)
			got.Tenant = connect.Tenant{SharedSecret: token, InstalledAt: expires}
			return got
		}},
		{"refused", func(ctx context.Context, p *player, n int) outcome {
			return outcome{Err: fmt.Sprint(p.ForgeRefused(ctx, p.known(n)))}
		}},
		{"has", func(ctx context.Context, p *player, n int) outcome {
			has, err := p.HasForgeTenant(ctx, connect.CloudID(fmt.Sprint("cloud", n%2)), connect.EnvironmentProduction)
			return outcome{Err: fmt.Sprint(has, err)}
		}},
	}
}

// known is a tenant that was met, or nobody.
func (p *player) known(n int) connect.TenantID {
	if len(p.ids) == 0 {
		return "nobody"
	}
	return p.ids[n%len(p.ids)]
}

// The app's own storage and connect/sqlstore are two implementations of one
// contract: whatever happens in whatever order, they answer alike.
func TestStoragesAgree(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	ring, err := store.ParseKeyRing(keys)
	if err != nil {
		t.Fatal(err)
	}
	app, err := store.Open(t.Context(), store.Options{URL: "sqlite://" + filepath.Join(t.TempDir(), "app.db"), Keys: ring, Version: "0.1.0", Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.Close() })
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "other.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(off)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	other, err := sqlstore.Open(t.Context(), db, keys)
	if err != nil {
		t.Fatal(err)
	}
	other.Now = clock
	one, two := &player{both: app.Forge, names: map[connect.TenantID]connect.TenantID{}}, &player{both: other, names: map[connect.TenantID]connect.TenantID{}}
	seed := rand.Uint64()
	random, all := rand.New(rand.NewPCG(seed, 1)), operations(clock)
	for step := range 600 {
		now = now.Add(time.Duration(random.IntN(3)) * 20 * time.Minute)
		o, n := all[random.IntN(len(all))], random.IntN(10_000)
		want, got := o.do(t.Context(), one, n), o.do(t.Context(), two, n)
		if diff := cmp.Diff(want, got, sameSecret); diff != "" {
			t.Fatalf("seed %d, step %d: %s(%d): (-app's +sqlstore's)\n%s", seed, step, o.name, n, diff)
		}
	}
}
