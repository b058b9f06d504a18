package harness

import (
	"testing"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/store"
)

// OpenStore opens the program's database a second time.
func OpenStore(t *testing.T, address string) *store.Store {
	t.Helper()
	keys, err := store.ParseKeyRing(Keys())
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Options{URL: address, Keys: keys, Version: sightline.Version, Log: Quiet()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}
