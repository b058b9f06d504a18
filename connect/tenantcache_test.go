package connect_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

func TestTenantCache(t *testing.T) {
	t.Parallel()
	a := newApp()
	cache := &connect.TenantCache{Source: a.store, Now: a.clock}
	steps := []struct {
		name  string
		do    func()
		key   connect.ClientKey
		reads int
	}{
		{"first", func() {}, testClientKey, 1},
		{"again", func() {}, testClientKey, 1},
		{"just before its time", func() { a.advance(30*time.Second - 1) }, testClientKey, 1},
		{"at its time", func() { a.advance(1) }, testClientKey, 2},
		{"forgotten", func() { cache.Forget(testClientKey) }, testClientKey, 3},
		{"another forgotten", func() { cache.Forget("other") }, testClientKey, 3},
		{"unknown", func() {}, "client-key-2", 4},
		{"unknown again", func() {}, "client-key-2", 5},
		{"disabled", func() { setTenant(a.store, connect.StateDisabled, testSecret); cache.Forget(testClientKey) }, testClientKey, 6},
		{"disabled again", func() {}, testClientKey, 7},
	}
	for _, s := range steps {
		s.do()
		_, err := cache.TenantByClientKey(t.Context(), s.key)
		if a.store.reads != s.reads || (err != nil) != (s.key != testClientKey) {
			t.Errorf("%s: got %d reads (%v), want %d", s.name, a.store.reads, err, s.reads)
		}
	}
	a.store.err = errStore
	if _, err := cache.TenantByClientKey(t.Context(), testClientKey); !errors.Is(err, errStore) {
		t.Errorf("got %v, want the store's error", err)
	}
}

func TestTenantCacheGivesCopies(t *testing.T) {
	t.Parallel()
	cache := &connect.TenantCache{Source: newApp().store}
	for range 3 {
		tenant, err := cache.TenantByClientKey(t.Context(), testClientKey)
		if err != nil || tenant.BaseURL != testSiteURL {
			t.Fatalf("got %v, %v", tenant, err)
		}
		tenant.BaseURL = "https://changed.example.com"
	}
}

// slowFinder answers what it saw before it was told to go on.
type slowFinder struct {
	connect.TenantFinder
	read, goOn chan struct{}
}

func (f slowFinder) TenantByClientKey(ctx context.Context, key connect.ClientKey) (*connect.Tenant, error) {
	t, err := f.TenantFinder.TenantByClientKey(ctx, key)
	f.read <- struct{}{}
	<-f.goOn
	return t, err
}

// A tenant read before a change is not remembered after it.
func TestTenantCacheForgetWhileReading(t *testing.T) {
	t.Parallel()
	a := newApp()
	slow := slowFinder{a.store, make(chan struct{}), make(chan struct{})}
	cache := &connect.TenantCache{Source: slow, Now: a.clock}
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := cache.TenantByClientKey(t.Context(), testClientKey); err != nil {
			t.Error(err)
		}
	})
	<-slow.read
	cache.Forget(testClientKey)
	close(slow.goOn)
	wg.Wait()
	wg.Go(func() { <-slow.read })
	if _, err := cache.TenantByClientKey(t.Context(), testClientKey); err != nil || a.store.reads != 2 {
		t.Errorf("got %d reads (%v), want 2", a.store.reads, err)
	}
	wg.Wait()
}

// A secret that another process has changed is seen at once, and what does not
// verify under any is refused after one look.
func TestVerifierReloads(t *testing.T) {
	t.Parallel()
	a := newApp()
	_, err := a.Host(page(gadgetPath, hostToken(pageClaims())))
	wantCode(t, err, "")
	setTenant(a.store, connect.StateActive, "rotated")
	_, err = a.Host(page(gadgetPath, hs256(claimSet{"alg": "HS256"}, pageClaims(), "rotated")))
	wantCode(t, err, "")
	if a.store.reads != 2 {
		t.Errorf("got %d reads, want 2", a.store.reads)
	}
	_, err = a.Host(page(gadgetPath, hostToken(pageClaims())))
	wantCode(t, err, connect.CodeSignature)
	if a.store.reads != 3 {
		t.Errorf("got %d reads, want 3", a.store.reads)
	}
	a.store.err = errStore
	_, err = a.Host(page(gadgetPath, hostToken(pageClaims())))
	wantCode(t, err, "failure: find tenant: the store is down")
}

func TestTenantCacheAtOnce(t *testing.T) {
	t.Parallel()
	a := newApp()
	cache := &connect.TenantCache{Source: a.store, Now: a.clock, TTL: time.Nanosecond}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if _, err := cache.TenantByClientKey(t.Context(), testClientKey); err != nil {
					t.Error(err)
				}
				cache.Forget(testClientKey)
				a.advance(1)
			}
		})
	}
	wg.Wait()
}

// anyTenant finds a tenant under every client key.
type anyTenant struct{ reads int }

func (f *anyTenant) TenantByClientKey(_ context.Context, key connect.ClientKey) (*connect.Tenant, error) {
	f.reads++
	return &connect.Tenant{ClientKey: key, State: connect.StateActive}, nil
}

// Memory follows what lives: tenants that nobody asks for any more go.
func TestTenantCacheIsBounded(t *testing.T) {
	t.Parallel()
	a, source := newApp(), &anyTenant{}
	cache := &connect.TenantCache{Source: source, Now: a.clock}
	read := func(prefix string, n int) {
		for i := range n {
			if _, err := cache.TenantByClientKey(t.Context(), connect.ClientKey(fmt.Sprint(prefix, i))); err != nil {
				t.Fatal(err)
			}
		}
	}
	read("a", 20_000)
	if got := connect.Remembered(cache); got < 10_000 || got >= 20_000 {
		t.Errorf("full: %d tenants", got)
	}
	a.advance(time.Hour)
	read("b", 3)
	if got, want := connect.Remembered(cache), 3; got != want {
		t.Errorf("an hour later: %d tenants, want %d", got, want)
	}
}
