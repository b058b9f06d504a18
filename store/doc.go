// Package store keeps tenants, conversations, glances and caches in SQLite or
// PostgreSQL. Both speak the same schema and give the same answers: times are
// UTC milliseconds, keys are text, and nothing depends on a collation.
//
// Secrets are sealed before they reach the database, see [KeyRing]. What does
// not exist is an error that wraps connect.ErrNotFound; every other error is a
// failure and never means absence.
package store
