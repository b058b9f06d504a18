package app

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// Of several programs the one that began first removes what is past its retention; when
// it has ended, the next one does.
func TestOneErases(t *testing.T) {
	t.Parallel()
	flags := forgeOnly(t, "http://127.0.0.1:1/jwks.json", "https://api.atlassian.com")
	now := time.Now()
	flags.Retention, flags.Now = "1h", func() time.Time { return now }
	begin := func() *Program {
		t.Helper()
		set, err := flags.Parse(t.Output())
		if err != nil {
			t.Fatal(err)
		}
		p, err := New(t.Context(), set)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		if err := p.store.Attend(t.Context(), p.self); err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := begin()
	now = now.Add(time.Second)
	second := begin()
	in := connect.Install{Key: "k", ClientKey: "c", SharedSecret: connect.NewSecret("s"), BaseURL: "https://a.atlassian.net", ProductType: connect.ProductJira}
	if _, err := first.store.Tenants.SaveInstall(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, err := first.store.Tenants.SetState(t.Context(), "c", connect.StateUninstalled, time.Time{}); err != nil {
		t.Fatal(err)
	}
	left := func() int {
		t.Helper()
		list, err := first.store.Tenants.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	now = now.Add(time.Hour + time.Second)
	for _, p := range []*Program{first, second} {
		if err := p.store.Attend(t.Context(), p.self); err != nil {
			t.Fatal(err)
		}
	}
	if second.eraseOnce(t.Context()); left() != 1 {
		t.Error("the second has erased beside the first")
	}
	if err := first.store.Leave(t.Context(), first.self.Name); err != nil {
		t.Fatal(err)
	}
	if second.eraseOnce(t.Context()); left() != 0 {
		t.Error("the second has not taken over")
	}
}
