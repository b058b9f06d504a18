package main

import (
	"encoding/base64"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/store"
)

const appKey = "app.sightline"

// testKeys is a key ring for tests.
func testKeys() string {
	return "test:" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
}

// openStore opens a database that the commands use too.
func openStore(t *testing.T, address string) *store.Store {
	t.Helper()
	return openWith(t, address, testKeys())
}

func openWith(t *testing.T, address, keys string) *store.Store {
	t.Helper()
	ring, err := store.ParseKeyRing(keys)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Options{
		URL: address, Keys: ring, Version: sightline.Version, Log: slog.New(slog.DiscardHandler),
		Limits: store.Limits{Call: time.Minute}, // a busy machine changes no answer
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}
