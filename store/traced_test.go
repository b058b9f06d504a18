package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// TestStatementsAreTraced: who traces hears of each statement what ran, since when, and
// in a word why it failed; never a value.
func TestStatementsAreTraced(t *testing.T) {
	onBothURLs(t, func(t *testing.T, url string) {
		var mu sync.Mutex
		var heard []Statement
		opened := time.Now()
		s, err := Open(t.Context(), Options{URL: url, Version: "0.1.0", Keys: ring(t, keyOne), Traced: func(_ context.Context, s Statement) {
			mu.Lock()
			defer mu.Unlock()
			heard = append(heard, s)
		}})
		check(t, err)
		defer func() { check(t, s.Close()) }()
		_, err = s.Tenants.SaveInstall(t.Context(), connect.Install{
			ClientKey: "client-key-value", SharedSecret: connect.NewSecret("shared-secret-value"), BaseURL: "https://base-url-value",
		})
		check(t, err)
		fails := func(ctx context.Context, sql string, args ...any) {
			err := s.db.Writing(ctx, func(db *gorm.DB) error { return db.Exec(sql, args...).Error })
			if err == nil {
				t.Errorf("%s works", sql)
			}
		}
		fails(t.Context(), "INSERT INTO tenants (id, product, base_url, display_url, state, generation, installed_at, updated_at) SELECT id, product, base_url, ?, state, 1, 0, 0 FROM tenants", "display-url-value")
		fails(t.Context(), "SELECT 'constant' FROM no_such_table")
		ended, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("over"))
		fails(ended, "UPDATE tenants SET display_url = ?", "ended-value")
		why := map[string]bool{}
		for _, s := range heard {
			if strings.Contains(s.Text, "-value") || s.Began.Before(opened) || s.Began.After(time.Now()) {
				t.Errorf("%+v", s)
			}
			if s.Failed != "" {
				why[s.Failed] = true
			}
		}
		want := []string{"1555", "1", "canceled"} // SQLite's codes
		if s.db.OnPostgres() {
			want = []string{"23505", "42P01", "canceled"}
		}
		for _, code := range want {
			if !why[code] {
				t.Errorf("no statement failed with %s: %v", code, why)
			}
		}
	})
}
