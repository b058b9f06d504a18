package host

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// APIRoot is where the REST API for Connect apps lives.
const APIRoot = "/rest/atlassian-connect/1/"

const (
	propertyKeyLimit   = 127
	propertyValueLimit = 32768
)

// addonAPI is the REST API that Connect apps have for themselves.
type addonAPI struct{ *Server }

// ServeAPI answers the calls below APIRoot for a known caller.
func (s *Server) ServeAPI(w http.ResponseWriter, r *http.Request, id auth.Identity) {
	addonAPI{s}.serve(w, r, id)
}

// serve answers the app's own description and properties. Only the
// app itself, or a person acting through it, may ask.
// See https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-app-properties/
func (s addonAPI) serve(w http.ResponseWriter, r *http.Request, id auth.Identity) {
	rest, ok := strings.CutPrefix(r.URL.Path, APIRoot+"addons/")
	key, rest, _ := strings.Cut(rest, "/")
	if !ok || key == "" {
		connectMessage(w, http.StatusNotFound, "There is no such resource.")
		return
	}
	if name := reply.UnknownParameter(r, "jwt"); s.Strict && name != "" {
		connectMessage(w, http.StatusBadRequest, "Unknown query parameter '"+name+"'.")
		return
	}
	apps := s.candidates(key)
	if len(apps) == 0 || id.App != key {
		connectMessage(w, http.StatusUnauthorized, "Access to this resource must be authenticated as an app.")
		return
	}
	name, isProperty := strings.CutPrefix(rest, "properties")
	switch {
	case rest == "" && reads(r):
		s.serveAddon(w, apps[0])
	case isProperty && (name == "" || name == "/") && reads(r):
		s.listAppProperties(w, key)
	case isProperty && len(name) > 1:
		s.serveAppProperty(w, r, key, name[1:])
	default:
		connectMessage(w, http.StatusNotFound, "There is no such resource.")
	}
}

func reads(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

func (s addonAPI) serveAddon(w http.ResponseWriter, a *app) {
	reply.JSON(w, http.StatusOK, map[string]any{
		"key": a.key(), "name": a.descriptor.Name, "state": "ENABLED",
		"host":    map[string]any{"product": "Jira", "contacts": []any{}},
		"license": map[string]any{"active": a.license() == "active"},
	})
}

type propertyEntry struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value,omitempty"`
	Self  string          `json:"self"`
}

func appProperties(key string) string { return "app/" + key }

func (s addonAPI) propertyEntry(app, key string, value json.RawMessage) propertyEntry {
	return propertyEntry{Key: key, Value: value, Self: s.URL() + APIRoot + "addons/" + app + "/properties/" + uri.Escape(key)}
}

func (s addonAPI) listAppProperties(w http.ResponseWriter, app string) {
	keys := make([]propertyEntry, 0)
	for _, p := range s.World.Properties(appProperties(app)) {
		keys = append(keys, s.propertyEntry(app, p.Key, nil))
	}
	reply.JSON(w, http.StatusOK, map[string]any{"keys": keys})
}

func (s addonAPI) serveAppProperty(w http.ResponseWriter, r *http.Request, app, key string) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		p, ok := s.World.Property(appProperties(app), key)
		if !ok {
			connectMessage(w, http.StatusNotFound, "Property with key "+key+" not found.")
			return
		}
		reply.JSON(w, http.StatusOK, s.propertyEntry(app, key, p.Value))
	case http.MethodPut:
		s.putAppProperty(w, r, app, key)
	case http.MethodDelete:
		if !s.World.DeleteProperty(appProperties(app), key) {
			connectMessage(w, http.StatusNotFound, "Property with key "+key+" not found.")
			return
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "DELETE, GET, HEAD, PUT")
		connectMessage(w, http.StatusMethodNotAllowed, "HTTP method not allowed.")
	}
}

func (s addonAPI) putAppProperty(w http.ResponseWriter, r *http.Request, app, key string) {
	value, err := io.ReadAll(io.LimitReader(r.Body, propertyValueLimit+1))
	switch {
	case err != nil || !json.Valid(value):
		connectMessage(w, http.StatusBadRequest, "Property value is not valid JSON.")
	case len(value) > propertyValueLimit:
		connectMessage(w, http.StatusBadRequest, "Property value is too long.")
	case len(key) > propertyKeyLimit:
		connectMessage(w, http.StatusBadRequest, "Property key is too long.")
	case s.World.SetProperty(appProperties(app), key, value):
		connectMessage(w, http.StatusCreated, "Property created.")
	default:
		connectMessage(w, http.StatusOK, "Property updated.")
	}
}

// connectMessage answers as this API does without a value.
func connectMessage(w http.ResponseWriter, status int, message string) {
	reply.JSON(w, status, map[string]any{"message": message, "statusCode": status})
}
