// Package pageread reads Jira in the viewer's own page: the calls of an ordinary
// reading are not sent to Jira but handed to a page of Forge, which makes them
// with requestJira of @forge/bridge and brings the answers back. Such calls cost
// the app no points.
//
// A reading is the same code as on the server; only its client's transport is
// this package's. A call that has no answer yet is wanted: the goroutine that
// makes it waits. When all that a page's call waits for is wanted, the page's call
// ends with the list of it ([Call.Wants]), and the reading goes on when a later
// call brings answers.
//
// A page's call may bring more than is wanted yet. What is asked for before that
// call ends is answered from it, so a program that has never seen a reading can
// take it over: it starts the same reading, which asks for the same in the same
// order. Nothing else of an answer is believed: one whose key belongs to no
// request of ours is dropped with the call.
//
// All that is read this way belongs to one viewer. It is bounded in number, bytes
// and time, and ends when the viewer's pages stop calling.
package pageread
