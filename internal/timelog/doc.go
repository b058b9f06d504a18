// Package timelog counts the time logged by person and day, and parses what a
// person types to correct one entry. It is pure: no clock, no network, no store.
package timelog
