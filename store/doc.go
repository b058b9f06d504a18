// Package store keeps tenants, conversations, glances and caches in SQLite or
// PostgreSQL. Both speak the same schema and give the same answers: times are
// UTC milliseconds, keys are text, and nothing depends on a collation.
//
// Secrets are sealed before they reach the database, see [KeyRing]. What does
// not exist is an error that wraps connect.ErrNotFound; every other error is a
// failure and never means absence.
//
// The schema is numbered SQL files, forward only. Each says the oldest release
// that can work on the database after it, and the database keeps that, so that
// an older program knows whether it can go on, see [Store.Ready].
//
// This package holds the subjects, one file or a few for each. Connections, limits,
// calls and migrations are package database below it, sealed values package seal.
//
// It knows no server, no client of an API and no page.
package store
