package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// connectPostgres opens a pool whose connections do not outlive their use.
func (d *DB) connectPostgres(ctx context.Context, dsn string) (*gorm.DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	d.limitSession(config)
	pool := stdlib.OpenDB(*config, stdlib.OptionResetSession(refuseStandby))
	pool.SetConnMaxIdleTime(d.limits.Idle)
	pool.SetConnMaxLifetime(d.limits.Lifetime)
	db, err := connectTo(ctx, postgres.New(postgres.Config{Conn: pool}), d.limits.MaxConns)
	if refused := new(pgconn.PgError); errors.As(err, &refused) && refused.Code == protocolViolation && !pooled(config) {
		err = fmt.Errorf("%w: if that is a pooler such as PgBouncer, add default_query_exec_mode=exec to the URL", err)
	}
	return db, err
}

// protocolViolation is how a pooler refuses a setting for the session.
const protocolViolation = "08P01"

// pooled reports whether the URL says that a session is not ours alone: nothing is
// prepared or set in it.
func pooled(config *pgx.ConnConfig) bool {
	return config.DefaultQueryExecMode == pgx.QueryExecModeExec || config.DefaultQueryExecMode == pgx.QueryExecModeSimpleProtocol
}

// limitSession has the server give up by itself, too: a call's context may not
// reach it. A lock is waited for less long than a statement, so that the error
// says what it was. The URL's own values win.
// See https://www.postgresql.org/docs/current/runtime-config-client.html
func (d *DB) limitSession(config *pgx.ConnConfig) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = d.limits.Call
	}
	if pooled(config) {
		return // the role's own settings count: a pooler has sessions that outlive ours
	}
	for name, limit := range map[string]time.Duration{
		"lock_timeout":                        d.limits.lock(),
		"statement_timeout":                   d.limits.Call,
		"idle_in_transaction_session_timeout": openTime,
	} {
		if _, ok := config.RuntimeParams[name]; !ok {
			config.RuntimeParams[name] = strconv.FormatInt(limit.Milliseconds(), 10)
		}
	}
}

// refuseStandby has the pool connect anew instead of using a connection to a
// server that takes no writes: after a failover the same address is another
// server. Servers before 14 do not report it; there a connection's age ends it.
func refuseStandby(_ context.Context, conn *pgx.Conn) error {
	for _, name := range []string{"in_hot_standby", "default_transaction_read_only"} {
		if conn.PgConn().ParameterStatus(name) == "on" {
			return driver.ErrBadConn
		}
	}
	return nil
}
