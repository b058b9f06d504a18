// Package app is the program as a value: its settings, the clients of a tenant,
// the numbers of glances, the background work, metrics and the listeners. The
// serve command runs it and the tests of the whole program start it.
//
// It wires what the other packages offer and decides nothing about a tenant, a
// view or a state. It knows nothing of the command line's parser and nothing of
// the local site.
package app
