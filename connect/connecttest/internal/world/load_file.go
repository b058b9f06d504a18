package world

import (
	"fmt"
	"time"
)

// file is the format of loaded data. Times are as Jira's API gives them,
// durations are seconds, people are user names.
type file struct {
	Projects []fileProject `json:"projects"`
	Users    []fileUser    `json:"users"`
	Issues   []fileIssue   `json:"issues"`
	Worklogs []fileWorklog `json:"worklogs"`
}

type fileProject struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	Category string `json:"category"`
	// Private lets only the people in the project's data browse it.
	Private bool `json:"private"`
	// ExcludeApps keeps app users out.
	ExcludeApps bool `json:"excludeApps"`
}

type fileUser struct {
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	Active      bool   `json:"active"`
	TimeZone    string `json:"timeZone"`
}

type fileIssue struct {
	Key              string   `json:"key"`
	ID               string   `json:"id"`
	Project          string   `json:"project"`
	Summary          string   `json:"summary"`
	Type             string   `json:"issuetype"`
	Subtask          bool     `json:"subtask"`
	Status           string   `json:"status"`
	Category         Category `json:"statusCategory"`
	Priority         string   `json:"priority"`
	Resolution       string   `json:"resolution"`
	Assignee         string   `json:"assignee"`
	Reporter         string   `json:"reporter"`
	Created          fileTime `json:"created"`
	Updated          fileTime `json:"updated"`
	Due              fileTime `json:"duedate"`
	Resolved         fileTime `json:"resolutiondate"`
	OriginalEstimate *int64   `json:"timeoriginalestimate"`
	Remaining        *int64   `json:"timeestimate"`
	Spent            *int64   `json:"timespent"`
	Components       []string `json:"components"`
	Labels           []string `json:"labels"`
	FixVersions      []string `json:"fixVersions"`
	Parent           string   `json:"parent"`
}

type fileWorklog struct {
	ID        string   `json:"id"`
	Issue     string   `json:"issue"`
	Author    string   `json:"author"`
	Started   fileTime `json:"started"`
	Spent     int64    `json:"timeSpentSeconds"`
	Comment   string   `json:"comment"`
	Actor     string   `json:"actor"` // a bot wrote it for someone
	ActorUser string   `json:"actorUser"`
}

// fileTime reads a time, a day, null and "".
type fileTime struct{ at time.Time }

// UnmarshalText reads the two forms in use.
func (t *fileTime) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		return nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05.000-0700", time.RFC3339, dateFormat} {
		if t.at, err = time.Parse(layout, string(text)); err == nil {
			return nil
		}
	}
	return fmt.Errorf("time %q is not understood", text)
}

// shift is how far the dates must move.
func (f file) shift(now time.Time) time.Duration {
	var newest time.Time
	see := func(t time.Time) {
		if t.After(newest) {
			newest = t
		}
	}
	for _, i := range f.Issues {
		see(i.Created.at)
		see(i.Updated.at)
	}
	for _, w := range f.Worklogs {
		see(w.Started.at)
	}
	if newest.IsZero() {
		return 0
	}
	return now.UTC().Truncate(day).Sub(newest.UTC().Truncate(day))
}
