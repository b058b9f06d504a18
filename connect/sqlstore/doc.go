// Package sqlstore keeps the installations of an app in a database of its own
// choice, SQLite or PostgreSQL, through database/sql. The driver is the caller's
// import:
//
//	import _ "modernc.org/sqlite"
//
//	db, err := sql.Open("sqlite", "file:hello.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)")
//	store, err := sqlstore.Open(ctx, db, os.Getenv("SECRET_KEYS"))
//	app, err := connect.NewApp(connect.AppConfig{Store: store, SessionKeys: store.SessionKeys(), …})
//
// A [Store] is a [connect.Installations] and a [connect.ForgeInstallations], so that
// a site that moves from Connect to Forge keeps its tenant. Shared secrets and
// tokens are sealed with AES-256-GCM, each bound to its row: who reads the database
// without the keys can sign nothing.
//
// It is for apps with their data elsewhere, or in other tables of the same database,
// under the tenant's id. Its own tables begin with connect_ and may be read, not
// written. It keeps no queue, no cache and no data of the app; put a
// [connect.TenantCache] in front, as [connect.NewApp] does.
package sqlstore
