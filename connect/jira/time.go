package jira

import (
	"encoding/json"
	"errors"
	"time"
)

// timeLayout is how Jira writes an instant: milliseconds, a zone without a
// colon.
const timeLayout = "2006-01-02T15:04:05.000-0700"

// Time is an instant in Jira's form, such as 2021-01-17T12:34:00.000+0000. The
// zero value stands for null and for an empty text.
type Time struct{ time.Time }

// UnmarshalJSON reads Jira's form and RFC 3339.
func (t *Time) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	if text == "" {
		*t = Time{}
		return nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z0700", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			*t = Time{at}
			return nil
		}
	}
	return errors.New("not an instant")
}

// MarshalJSON writes Jira's form, or null for the zero value.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.Format(timeLayout))
}
