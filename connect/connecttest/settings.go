package connecttest

import (
	"errors"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Settings are what a site's administrators may switch off. The zero value is
// everything on.
type Settings struct {
	// TimeTrackingOff hides everything about time: worklogs answer 404, issues
	// have no such fields, queries do not know them.
	TimeTrackingOff bool `json:"timeTrackingOff"`
	// TimeTracking is the app that was selected to track time; nil is Jira
	// itself. Worklogs work as before.
	TimeTracking *TimeTrackingProvider `json:"timeTracking,omitempty"`
	// WorkingHoursPerDay and WorkingDaysPerWeek are the length of a working day
	// and week; 0: 8 and 5.
	WorkingHoursPerDay float64 `json:"workingHoursPerDay,omitempty"`
	WorkingDaysPerWeek float64 `json:"workingDaysPerWeek,omitempty"`
	AttachmentsOff     bool    `json:"attachmentsOff"`
	// EmailsOff makes Confluence's e-mail operations answer 501.
	EmailsOff bool `json:"emailsOff"`
	// ClusterOff makes Data Center a single server.
	ClusterOff bool `json:"clusterOff"`
	// NodeDown says that the node that runs Data Center's anonymizations is
	// down: a running one stands still and is stale.
	NodeDown bool `json:"nodeDown"`
}

// TimeTrackingProvider is an app that tracks time instead of Jira. URL is that
// of its configuration, relative to the site; empty: it has none.
type TimeTrackingProvider struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

// Settings are the ones in force.
func (s *Site) Settings() Settings {
	w := s.world.Settings()
	out := Settings{
		TimeTrackingOff: w.TimeTrackingOff, WorkingHoursPerDay: w.WorkingHours, WorkingDaysPerWeek: w.WorkingDays,
		AttachmentsOff: w.AttachmentsOff, EmailsOff: w.EmailsOff, ClusterOff: w.ClusterOff, NodeDown: w.NodeDown,
	}
	if w.TimeTracking.Key != "" {
		out.TimeTracking = &TimeTrackingProvider{w.TimeTracking.Key, w.TimeTracking.Name, w.TimeTracking.URL}
	}
	return out
}

// SetSettings puts new settings in force until the next Reset.
func (s *Site) SetSettings(settings Settings) {
	w := world.Settings{
		TimeTrackingOff: settings.TimeTrackingOff, WorkingHours: settings.WorkingHoursPerDay, WorkingDays: settings.WorkingDaysPerWeek,
		AttachmentsOff: settings.AttachmentsOff, EmailsOff: settings.EmailsOff, ClusterOff: settings.ClusterOff, NodeDown: settings.NodeDown,
	}
	if settings.TimeTracking != nil {
		w.TimeTracking = world.TimeTrackingProvider(*settings.TimeTracking)
	}
	s.world.SetSettings(w)
}

// SetIndexDelay makes Jira's search index that much behind, as it is by seconds,
// and after large changes by minutes: searches and counts find issues as they were,
// and show them as they are. Zero is an index that is never behind.
func (s *Site) SetIndexDelay(d time.Duration) { s.world.Delay(d) }

// check says what is wrong with settings that somebody sent.
func (s Settings) check() error {
	switch {
	case s.WorkingHoursPerDay < 0 || s.WorkingHoursPerDay > 24:
		return errors.New("workingHoursPerDay: must be from 0 to 24")
	case s.WorkingDaysPerWeek < 0 || s.WorkingDaysPerWeek > 7:
		return errors.New("workingDaysPerWeek: must be from 0 to 7")
	case s.TimeTracking != nil && s.TimeTracking.Key == "":
		return errors.New("timeTracking.key: is missing")
	}
	return nil
}

func (s *Site) serveSettings(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.Settings())
}

func (s *Site) serveSetSettings(w http.ResponseWriter, r *http.Request) {
	var settings Settings
	if err := reply.Decode(w, r, &settings); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := settings.check(); err != nil {
		reply.Problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	s.SetSettings(settings)
	s.serveSettings(w, r)
}
