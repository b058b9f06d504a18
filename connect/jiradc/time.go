package jiradc

import (
	"encoding/json"
	"errors"
	"time"
)

// Time is an instant in Jira's form, such as 2020-12-08T21:14:31.428+0100. The
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
