// Package timelog says who logged how much time on which day, and reads what a
// person types to correct one entry. It reads and writes nothing itself.
package timelog
