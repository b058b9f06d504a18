// Package harness starts the whole program with a local site, for the tests of
// e2e, and plays its users: people with gadgets and rooms, Jira's and the
// chat's servers, forgers. Expectations are in the tests, not here.
package harness
