package app

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/store"
)

func TestDatabaseLimits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		flags StoreFlags
		want  store.Limits
		wrong string
	}{
		"not set": {StoreFlags{}, store.Limits{}, ""},
		"all": {
			StoreFlags{DatabaseMaxConns: "1", DatabaseConnIdle: "90s", DatabaseConnLifetime: "1h", DatabaseStatementTimeout: "500ms"},
			store.Limits{MaxConns: 1, Idle: 90 * time.Second, Lifetime: time.Hour, Call: 500 * time.Millisecond},
			"",
		},
		"never":            {StoreFlags{DatabaseConnIdle: "0", DatabaseConnLifetime: "0s"}, store.Limits{Idle: store.Never, Lifetime: store.Never}, ""},
		"no connection":    {StoreFlags{DatabaseMaxConns: "0"}, store.Limits{}, "SIGHTLINE_DATABASE_MAX_CONNS"},
		"too many":         {StoreFlags{DatabaseMaxConns: "1001"}, store.Limits{}, "SIGHTLINE_DATABASE_MAX_CONNS"},
		"no number":        {StoreFlags{DatabaseMaxConns: "ten"}, store.Limits{}, "SIGHTLINE_DATABASE_MAX_CONNS"},
		"idle, no unit":    {StoreFlags{DatabaseConnIdle: "5"}, store.Limits{}, "SIGHTLINE_DATABASE_CONN_IDLE"},
		"negative age":     {StoreFlags{DatabaseConnLifetime: "-1s"}, store.Limits{}, "SIGHTLINE_DATABASE_CONN_LIFETIME"},
		"no time at all":   {StoreFlags{DatabaseStatementTimeout: "0"}, store.Limits{}, "SIGHTLINE_DATABASE_STATEMENT_TIMEOUT"},
		"longer than long": {StoreFlags{DatabaseStatementTimeout: "2m"}, store.Limits{}, "SIGHTLINE_DATABASE_STATEMENT_TIMEOUT"},
	} {
		var c checks
		tt.flags.DatabaseURL, tt.flags.SecretKeys = "sqlite://x.db", "k:"+NewKey()
		got := tt.flags.check(&c).Limits
		err := c.err()
		switch {
		case tt.wrong == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong+":")):
			t.Errorf("%s: got %v, want a complaint about %s", name, err, tt.wrong)
		case tt.wrong == "" && !cmp.Equal(tt.want, got):
			t.Errorf("%s: (-want +got):\n%s", name, cmp.Diff(tt.want, got))
		}
	}
}
