package world

// Settings are what administrators of a site may switch off. The zero value is
// everything on.
type Settings struct {
	TimeTrackingOff bool
	// TimeTracking is the app that tracks time instead of Jira; the zero value
	// is Jira itself.
	TimeTracking   TimeTrackingProvider
	WorkingHours   float64 // a day; 0: 8
	WorkingDays    float64 // a week; 0: 5
	TimeFormat     string  // how durations are written: pretty (""), days, hours
	TimeUnit       string  // of bare numbers: minute (""), hour, day, week
	AttachmentsOff bool
	EmailsOff      bool // Confluence's e-mail operations
	ClusterOff     bool // Data Center runs on a single server
	NodeDown       bool // the node that runs Data Center's anonymizations has gone
}

// TimeTrackingProvider is an app that tracks time.
type TimeTrackingProvider struct {
	Key  string
	Name string
	URL  string // of its configuration, relative to the site
}

// Settings are the ones in force.
func (w *World) Settings() Settings {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.state.settings
}

// SetSettings puts new settings in force until the next Reset.
func (w *World) SetSettings(s Settings) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.settings = s
}
