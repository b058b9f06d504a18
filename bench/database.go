package main

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// database makes an empty database: a file of SQLite in a folder of its own, or
// a schema of the PostgreSQL server that was named, which psql makes.
func (b *bench) database(ctx context.Context) (address string, drop func(), err error) {
	if b.postgres == "" {
		dir, err := os.MkdirTemp(b.temp, "data-")
		return "sqlite://" + filepath.Join(dir, "sightline.db"), func() { _ = os.RemoveAll(dir) }, err
	}
	u, err := url.Parse(b.postgres)
	if err != nil {
		return "", nil, err
	}
	schema := strings.ToLower("sightline_bench_" + rand.Text())
	run := func(ctx context.Context, statement string) error {
		_, err := output(ctx, "", "psql", "-q", b.postgres, "-c", statement)
		return err
	}
	if err := run(ctx, "CREATE SCHEMA "+schema); err != nil {
		return "", nil, err
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	drop = func() { _ = run(context.WithoutCancel(ctx), "DROP SCHEMA "+schema+" CASCADE") }
	return u.String(), drop, nil
}
