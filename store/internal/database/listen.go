package database

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ChannelPrefix and a table's number on the server are the name of a channel.
const ChannelPrefix = "sightline_"

// pingEvery is how often a connection that listens is asked whether it is there.
const pingEvery = 30 * time.Second

// Listens reports whether the database can tell of what happens: PostgreSQL does,
// unless a pooler stands between that gives the connection to others.
func (d *DB) Listens() bool {
	if !d.OnPostgres() {
		return false
	}
	config, err := pgx.ParseConfig(d.at.dsn)
	return err == nil && !pooled(config)
}

// Listen hears the notices on the channel of a table, on a connection of its own beside
// the pool, until the context ends or the connection is lost. It calls ready once
// nothing is missed any more, and heard for each notice.
func (d *DB) Listen(ctx context.Context, table string, ready func(), heard func(notice string)) error {
	conn, err := d.connectToListen(ctx, table)
	if err != nil {
		return d.explain(ctx, fmt.Errorf("listen: %w", err))
	}
	defer func() {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		_ = conn.Close(within)
	}()
	ready()
	for {
		notice, err := d.nextNotice(ctx, conn)
		if err != nil {
			return d.explain(ctx, fmt.Errorf("listen: %w", err))
		}
		if notice != nil {
			heard(notice.Payload)
		}
	}
}

func (d *DB) connectToListen(ctx context.Context, table string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(d.at.dsn)
	if err != nil {
		return nil, err
	}
	d.limitSession(config)
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	var number int64
	err = conn.QueryRow(ctx, "SELECT $1::text::regclass::oid::bigint", table).Scan(&number)
	if err == nil {
		_, err = conn.Exec(ctx, fmt.Sprintf("LISTEN %s%d", ChannelPrefix, number))
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// nextNotice waits for a notice; nil is none for a while, with the connection still
// there.
func (d *DB) nextNotice(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	within, cancel := context.WithTimeout(ctx, pingEvery)
	defer cancel()
	notice, err := conn.WaitForNotification(within)
	if err == nil || ctx.Err() != nil || within.Err() == nil {
		return notice, err
	}
	ping, cancelPing := d.Within(ctx)
	defer cancelPing()
	return nil, conn.Ping(ping)
}
