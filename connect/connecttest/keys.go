package connecttest

import (
	"crypto/rsa"

	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
)

// InstallKey returns the private key that signs the installed and uninstalled
// calls and its key id, for tests that need forged ones.
func (s *Site) InstallKey() (key *rsa.PrivateKey, kid string) {
	return s.key.Private, s.key.ID
}

// QSH returns the query string hash that the site signs and expects. path and
// query are raw, as on the request line; basePath is the path of the base URL
// to which the call is relative; it is cut off only at a segment boundary.
//
// It is separate from the framework's own hash on purpose: a mistake in one
// cannot hide behind the same mistake in the other. See
// https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh
func QSH(method, path, query, basePath string) string {
	return sign.QSH(method, path, query, basePath)
}
