// Package connect speaks the Atlassian Connect protocol from the app's side:
// the descriptor, the lifecycle, the four classes of JWT, the query string
// hash, session tokens of the app's own, and signed calls back to the host as
// an [net/http.RoundTripper].
//
// It needs the standard library and golang-jwt, and works with any router and
// any storage: a server hands requests to a [Verifier] and gets a [Caller] or
// an [AuthError]; storage is the few methods of [Installations].
package connect
