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
// to which the call is relative, cut off at a segment boundary only.
//
// It is written apart from the framework's own hash on purpose: a wrong idea
// in one cannot hide behind the same idea in the other.
// See https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh
func QSH(method, path, query, basePath string) string {
	return sign.QSH(method, path, query, basePath)
}
