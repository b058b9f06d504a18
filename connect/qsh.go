package connect

import "github.com/sightline-go/sightline/connect/internal/qsh"

// contextQSH is the fixed query string hash of tokens that are not bound to an
// address.
const contextQSH = "context-qsh"

// Canonical writes a request the way both sides hash it: METHOD&PATH&QUERY.
// rawPath and rawQuery are as they were sent, still percent-encoded; basePath is
// the path of the base URL that the request is relative to, or empty.
//
// Implementations differ in some points. This one cuts a base path at a segment
// boundary only; keeps a parameter with an empty name; takes brackets in names
// literally; does not split at semicolons; lets a percent sign that starts no
// escape stand for itself; and sorts names as decoded UTF-16.
// See https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh
func Canonical(method, rawPath, rawQuery, basePath string) string {
	return string(qsh.Canonical(method, rawPath, basePath, qsh.Parse(rawQuery), qsh.ByName))
}

// QSH is the query string hash: the lower-case hexadecimal SHA-256 of
// [Canonical].
func QSH(method, rawPath, rawQuery, basePath string) string {
	return qsh.Hash(qsh.Canonical(method, rawPath, basePath, qsh.Parse(rawQuery), qsh.ByName))
}
