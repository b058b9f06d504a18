package main

import (
	"context"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
)

// backupCmd writes all data to a file.
type backupCmd struct {
	app.StoreFlags `embed:""`
	File           string `arg:"" help:"The new file, an SQLite database."`
}

// Run is safe while the app serves.
func (b backupCmd) Run(ctx context.Context, con console) error {
	return operator.Backup(ctx, con.stdout, b.StoreFlags, b.File)
}

// restoreCmd brings a backup back.
type restoreCmd struct {
	app.StoreFlags `embed:""`
	Force          bool   `help:"Replace what the database holds."`
	File           string `arg:"" help:"What the backup command wrote."`
}

// Run refuses while a program works on the database.
func (r restoreCmd) Run(ctx context.Context, con console) error {
	return operator.Restore(ctx, con.stdout, r.StoreFlags, r.File, r.Force)
}

// migrateCmd moves all data to another database.
type migrateCmd struct {
	app.StoreFlags `embed:""`
	To             string `required:"" placeholder:"URL" help:"The other database: sqlite://PATH or postgres://…, empty or not there yet."`
}

// Run refuses while a program works on either database.
func (m migrateCmd) Run(ctx context.Context, con console) error {
	return operator.Move(ctx, con.stdout, m.StoreFlags, m.To)
}
