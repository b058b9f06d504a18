// Package app is the program as a value: its settings, the clients of a tenant,
// the numbers of glances, the background work, metrics and the listeners. The
// serve command runs it and the tests of the whole program start it.
//
// It wires the other packages together and decides nothing about a tenant, a
// view or a state. It knows neither the command line's parser nor the local
// site.
package app
