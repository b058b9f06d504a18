// Package glance brings what conversations see to what they should see.
//
// It is a reconciler, not a queue: a row holds a desired and a delivered
// state, events only mark it dirty, and workers bring delivered to desired,
// newest state only. Killing the process at any point loses nothing, because
// a row that was not confirmed is still due.
//
// It names no chat and no database: surfaces and rows come in as interfaces.
package glance
