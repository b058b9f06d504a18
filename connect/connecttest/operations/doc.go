// Package operations holds no code, only tests: every API operation of the
// typed clients is called once on the local site, its request and answer are
// checked against Atlassian's official documents if they are available, and
// every documented error arrives as the right sentinel.
package operations
