// Package wire is what the protocol and the typed clients share about calls: whether a call stays on the origin that its secret is for, how
// its body is sent a second time, and how a token endpoint's answer is read.
//
// It imports the standard library only. Public names that are defined here
// are exported by the packages that return them.
package wire
