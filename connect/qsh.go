package connect

import "github.com/sightline-go/sightline/connect/internal/qsh"

// contextQSH is the fixed query string hash of tokens that are not bound to an
// address.
const contextQSH = "context-qsh"

// Canonical writes a request the way both sides hash it: METHOD&PATH&QUERY.
// rawPath and rawQuery are as sent, still percent-encoded; basePath is the
// path of the base URL that the request is relative to, empty for none.
//
// Where implementations differ, this is what is done: a base path is cut at a
// segment boundary only; a parameter with an empty name is kept; names are
// literal, brackets and all; a semicolon does not separate; a percent sign
// that starts no escape stands for itself; names sort as decoded UTF-16.
// See https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh
func Canonical(method, rawPath, rawQuery, basePath string) string {
	return string(qsh.Canonical(method, rawPath, basePath, qsh.Parse(rawQuery), qsh.ByName))
}

// QSH is the query string hash: the lower-case hexadecimal SHA-256 of
// [Canonical].
func QSH(method, rawPath, rawQuery, basePath string) string {
	return qsh.Hash(qsh.Canonical(method, rawPath, basePath, qsh.Parse(rawQuery), qsh.ByName))
}
