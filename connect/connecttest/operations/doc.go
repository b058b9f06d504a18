// Package operations holds no code, only tests: every API operation that the
// typed clients speak is called once on the local site, its request and answer
// are held against Atlassian's official documents where these are at hand, and
// every documented error arrives as the right sentinel.
package operations
