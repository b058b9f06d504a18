// Package harness starts the whole program beside a local site, for the tests of
// e2e, and plays who uses it: people with gadgets and rooms, Jira's and the
// chat's servers, forgers. A test says what it expects; nothing here does.
package harness
