package connecttest

import (
	"net/http"
	"slices"

	"sightline/connect/connecttest/internal/world"
)

// Settings are what a site's administrators may switch off. The zero value is
// everything on.
type Settings struct {
	TimeTrackingOff bool `json:"timeTrackingOff"`
	AttachmentsOff  bool `json:"attachmentsOff"`
	// EmailsOff makes Confluence's e-mail operations answer 501.
	EmailsOff bool `json:"emailsOff"`
	// ClusterOff makes Data Center a single server.
	ClusterOff bool `json:"clusterOff"`
	// NodeDown is that the node which runs Data Center's anonymizations has
	// gone: a running one stands still and is stale.
	NodeDown bool `json:"nodeDown"`
}

// Settings are those in force.
func (s *Site) Settings() Settings { return Settings(s.world.Settings()) }

// SetSettings puts others in force, until the next Reset.
func (s *Site) SetSettings(settings Settings) { s.world.SetSettings(world.Settings(settings)) }

func (s *Site) serveSettings(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.Settings())
}

func (s *Site) serveSetSettings(w http.ResponseWriter, r *http.Request) {
	var settings Settings
	if err := decode(w, r, &settings); err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	s.SetSettings(settings)
	s.serveSettings(w, r)
}

// unknownParameter finds a query parameter that an operation does not have.
// Only a strict site minds; then it is named.
func (s *Site) unknownParameter(r *http.Request, known ...string) string {
	if !s.strict {
		return ""
	}
	for _, name := range sortedKeys(r.URL.Query()) {
		if !slices.Contains(known, name) {
			return name
		}
	}
	return ""
}
