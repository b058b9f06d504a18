package forgerest

import (
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

const (
	addonRoot = "/rest/atlassian-connect/1/addons/"
	// clientKeyProperty is the reserved app property that tells an app the client
	// key of its Connect days.
	// See https://developer.atlassian.com/platform/adopting-forge-from-connect/
	clientKeyProperty = "connect_client_key_019cdff3-8bfb-71fe-9628-875b700aebb8"
)

// serveProperty answers the reserved property to the app whose manifest has
// that Connect key, when it was a Connect app on this site. No scope is known to
// be needed. Other properties are not kept here.
func (s *Server) serveProperty(w http.ResponseWriter, r *http.Request, a *app) {
	key, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, addonRoot), "/")
	clientKey := a.clientKey
	if now, installed := s.Connect.ClientKey(key); installed {
		clientKey = now
	}
	switch {
	case key == "" || key != a.manifest.connectKey(), name != "properties/"+clientKeyProperty, clientKey == "":
		gatewayError(w, http.StatusNotFound, "there is no such app property")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		gatewayError(w, http.StatusMethodNotAllowed, "the property cannot be changed")
	default:
		reply.JSON(w, http.StatusOK, object{"key": clientKeyProperty, "value": clientKey, "self": s.apiBaseURL() + r.URL.Path})
	}
}
