package database

import (
	"cmp"
	"time"
)

// The default limits. Four replicas, twice as many while they are replaced, fit
// into a PostgreSQL server's default of 100 connections.
const (
	defaultMaxConns = 10
	defaultIdle     = 5 * time.Minute
	defaultLifetime = 30 * time.Minute
	defaultCall     = 3 * time.Second
)

// maxReaders is how many connections read an SQLite file at most.
const maxReaders = 4

// openTime bounds the first contact with a database, and each wait for a lock
// while the schema is brought up to date.
const openTime = 30 * time.Second

// Never is an age that a connection does not reach.
const Never time.Duration = -1

// Limits say how much of the database server a store uses, and for how long one
// call may last. A zero field means its default.
type Limits struct {
	// MaxConns is how many connections there are at most: 10. A call waits for a
	// free one. An SQLite file has one for writes and at most four for reads.
	MaxConns int
	// Idle is after how long PostgreSQL's unused connections are closed: five
	// minutes. Lifetime is how old they get: half an hour.
	Idle, Lifetime time.Duration
	// Call bounds every method of the store: 3 s. It covers the wait for a
	// connection, for locks and for the database's answer.
	Call time.Duration
}

func (l Limits) withDefaults() Limits {
	return Limits{
		MaxConns: cmp.Or(l.MaxConns, defaultMaxConns),
		Idle:     cmp.Or(l.Idle, defaultIdle),
		Lifetime: cmp.Or(l.Lifetime, defaultLifetime),
		Call:     cmp.Or(l.Call, defaultCall),
	}
}

// lock is how long a statement waits for a lock: less than its call may last, so
// that the error says what it was.
func (l Limits) lock() time.Duration { return l.Call * 2 / 3 }
