package store

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

// What runs is in the log of a program that is being looked into, its values
// are not.
func TestStatementsAreLogged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		level slog.Level
		want  bool
	}{{slog.LevelDebug, true}, {slog.LevelInfo, false}} {
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: tt.level}))
		s, err := Open(t.Context(), Options{URL: "sqlite://" + t.TempDir() + "/log.db", Version: "0.1.0", Keys: ring(t, keyOne), Log: log})
		check(t, err)
		_, err = s.Tenants.SaveInstall(t.Context(), connect.Install{
			ClientKey: "client-key-value", SharedSecret: connect.NewSecret("shared-secret-value"), BaseURL: "https://base-url-value",
		})
		check(t, err)
		_, err = s.Tenants.TenantByClientKey(t.Context(), "client-key-value")
		check(t, err)
		check(t, s.Close())
		for _, part := range []string{"msg=transaction", "INSERT INTO connect_installs", "transaction=true", "SELECT tenants.id", "transaction=false"} {
			if got := strings.Contains(out.String(), part); got != tt.want {
				t.Errorf("%s: %q in the log: %v, want %v\n%s", tt.level, part, got, tt.want, &out)
			}
		}
		if strings.Contains(out.String(), "-value") {
			t.Errorf("%s: the log holds a value:\n%s", tt.level, &out)
		}
	}
}
