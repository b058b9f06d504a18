package connecttest

import (
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/chatrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/forgerest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/host"
	"github.com/sightline-go/sightline/connect/connecttest/internal/slackrest"
)

func (s *Site) operation(r *http.Request) string {
	r = forgerest.Inner(r)
	if strings.HasPrefix(r.URL.Path, "/rest/api/") {
		return s.jira.Operation(r)
	}
	if name := s.productOperation(r); name != "" {
		return name
	}
	return ownOperation(r.Method, r.URL.Path)
}

// ownOperation names an operation outside Jira's REST API.
func ownOperation(method, path string) string {
	switch {
	case path == "/oauth2/token":
		return "impersonation.token"
	case path == "/oauth/token":
		return "chat.token"
	case path == forgerest.KeysPath:
		return "forge.keys"
	case path == forgerest.GraphQLPath:
		return "forge.graphql"
	case path == "/_edge/tenant_info":
		return "tenantInfo"
	case strings.HasPrefix(path, "/install-keys/"):
		return "installKey"
	case isReport(path):
		return "accounts.report"
	case strings.HasPrefix(path, host.APIRoot):
		return "connect." + strings.ToLower(method)
	case strings.HasPrefix(path, slackrest.Prefix):
		return slackrest.Operation(path)
	}
	return chatrest.Operation(method, path)
}

// productOperation names an operation of Confluence or Data Center, "" when it
// is neither's.
func (s *Site) productOperation(r *http.Request) string {
	if name := s.confluence.Operation(r); name != "" {
		return confluenceLogName + name
	}
	if name := s.dataCenter.Operation(r); name != "" {
		return dataCenterLogName + name
	}
	return ""
}
