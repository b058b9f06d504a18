// Package doctor says whether an installation is right: its settings, its database
// and the secrets in it, the services outside that it needs, and what its public
// address answers. It changes nothing but one row that shows that the database takes
// writes.
//
// What is checked is the table in checks.go, which docs/operate.md repeats; a test
// compares the two, and another one puts in each fault and sees its line.
package doctor
