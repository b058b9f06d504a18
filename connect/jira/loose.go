package jira

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"strings"
)

// One field of an unexpected type must not make its record unreadable, or one
// record of many hides all. So records are read as Jira documents them and, if
// that fails, once more field by field: fields that are only shown may
// be anything; fields that identify a record or are counted must make sense.

// loose reads a field that is only shown. What does not fit its type stays zero.
type loose[T any] struct{ to *T }

// UnmarshalJSON keeps what can be read.
func (l loose[T]) UnmarshalJSON(data []byte) error {
	var value T
	_ = json.Unmarshal(data, &value) // valid JSON; only its types may be others
	*l.to = value
	return nil
}

// looseObject is loose for an object that may be absent, as it is when there is
// something else in its place.
type looseObject[T any] struct{ to **T }

// UnmarshalJSON keeps what can be read.
func (l looseObject[T]) UnmarshalJSON(data []byte) error {
	*l.to = nil
	if data[0] == '{' {
		*l.to = new(T)
		_ = json.Unmarshal(data, *l.to)
	}
	return nil
}

// looseID reads an id, which is a text or a number.
type looseID struct{ to *string }

// UnmarshalJSON keeps a number's digits.
func (l looseID) UnmarshalJSON(data []byte) error {
	var number json.Number
	if json.Unmarshal(data, &number) == nil {
		*l.to = number.String()
		return nil
	}
	return json.Unmarshal(data, l.to)
}

// maxSeconds is the longest time that is believed, about 31 years of hours day
// and night. Sums of longer ones would not fit a [time.Duration].
const maxSeconds = 1_000_000_000

// errNoTime does not quote the value: only readers of the record may see it.
var errNoTime = errors.New("no time that a person estimates or logs")

// looseSeconds reads a time in seconds, which Jira documents as a whole number.
// Fractions and numbers in a text are read too; an empty text is none.
type looseSeconds struct{ to **int64 }

// UnmarshalJSON fails if there is no telling how many seconds are meant.
func (l looseSeconds) UnmarshalJSON(data []byte) error {
	*l.to = nil
	if text := string(data); text == "null" || text == `""` {
		return nil
	}
	var number json.Number // takes a number in a text too
	if err := json.Unmarshal(data, &number); err != nil {
		return err
	}
	f, err := number.Float64()
	if err != nil || math.Abs(f) > maxSeconds {
		return errNoTime
	}
	whole := int64(math.Round(f))
	*l.to = &whole
	return nil
}

// shownSeconds reads a time that is only shown, like looseSeconds.
type shownSeconds struct{ to **int64 }

// UnmarshalJSON keeps a time that makes sense.
func (l shownSeconds) UnmarshalJSON(data []byte) error {
	_ = looseSeconds(l).UnmarshalJSON(data)
	return nil
}

// checkSeconds refuses times that a looseSeconds does not believe.
func checkSeconds(s *int64) error {
	if s != nil && (*s > maxSeconds || *s < -maxSeconds) {
		return errNoTime
	}
	return nil
}

// UnmarshalJSON reads the fields of an issue. What is counted (assignee, due date,
// remaining time, worklogs) must make sense; another field that does not is left
// zero.
func (f *IssueFields) UnmarshalJSON(data []byte) error {
	if err := f.read(data); err != nil || !bytes.Contains(data, []byte(`"`+customField)) {
		return err
	}
	if err := json.Unmarshal(data, &f.Custom); err != nil {
		return err
	}
	maps.DeleteFunc(f.Custom, func(id string, _ json.RawMessage) bool { return !strings.HasPrefix(id, customField) })
	return nil
}

func (f *IssueFields) read(data []byte) error {
	type plain IssueFields
	if json.Unmarshal(data, (*plain)(f)) == nil {
		return checkSeconds(f.TimeEstimate)
	}
	*f = IssueFields{}
	return json.Unmarshal(data, &struct {
		*plain
		Summary      loose[string]            `json:"summary"`
		IssueType    loose[IssueType]         `json:"issuetype"`
		Status       loose[Status]            `json:"status"`
		Project      loose[Project]           `json:"project"`
		Priority     looseObject[Priority]    `json:"priority"`
		Labels       loose[[]string]          `json:"labels"`
		Reporter     looseObject[User]        `json:"reporter"`
		Created      loose[Time]              `json:"created"`
		Updated      loose[Time]              `json:"updated"`
		TimeEstimate looseSeconds             `json:"timeestimate"`
		Original     shownSeconds             `json:"timeoriginalestimate"`
		TimeSpent    shownSeconds             `json:"timespent"`
		Parent       looseObject[IssueRef]    `json:"parent"`
		Attachments  loose[[]IssueAttachment] `json:"attachment"`
	}{
		(*plain)(f),
		loose[string]{&f.Summary},
		loose[IssueType]{&f.IssueType},
		loose[Status]{&f.Status},
		loose[Project]{&f.Project},
		looseObject[Priority]{&f.Priority},
		loose[[]string]{&f.Labels},
		looseObject[User]{&f.Reporter},
		loose[Time]{&f.Created},
		loose[Time]{&f.Updated},
		looseSeconds{&f.TimeEstimate},
		shownSeconds{&f.TimeOriginalEstimate},
		shownSeconds{&f.TimeSpent},
		looseObject[IssueRef]{&f.Parent},
		loose[[]IssueAttachment]{&f.Attachments},
	})
}

// UnmarshalJSON reads a worklog. Its id, when it started and how long it took
// must make sense; another field that does not is left zero, so that a worklog
// may have no known author.
func (w *Worklog) UnmarshalJSON(data []byte) error {
	type plain Worklog
	if json.Unmarshal(data, (*plain)(w)) == nil {
		return checkSeconds(&w.TimeSpentSeconds)
	}
	*w = Worklog{}
	var seconds *int64
	err := json.Unmarshal(data, &struct {
		*plain
		ID           looseID                        `json:"id"`
		IssueID      looseID                        `json:"issueId"`
		Author       looseObject[User]              `json:"author"`
		UpdateAuthor looseObject[User]              `json:"updateAuthor"`
		Created      loose[Time]                    `json:"created"`
		Updated      loose[Time]                    `json:"updated"`
		TimeSpent    loose[string]                  `json:"timeSpent"`
		Seconds      looseSeconds                   `json:"timeSpentSeconds"`
		Visibility   looseObject[WorklogVisibility] `json:"visibility"`
		Properties   loose[[]EntityProperty]        `json:"properties"`
	}{
		(*plain)(w),
		looseID{&w.ID},
		looseID{&w.IssueID},
		looseObject[User]{&w.Author},
		looseObject[User]{&w.UpdateAuthor},
		loose[Time]{&w.Created},
		loose[Time]{&w.Updated},
		loose[string]{&w.TimeSpent},
		looseSeconds{&seconds},
		looseObject[WorklogVisibility]{&w.Visibility},
		loose[[]EntityProperty]{&w.Properties},
	})
	if seconds != nil {
		w.TimeSpentSeconds = *seconds
	}
	return err
}

// UnmarshalJSON reads a user. The account id must make sense; another field that
// does not is left zero.
func (u *User) UnmarshalJSON(data []byte) error {
	type plain User
	if json.Unmarshal(data, (*plain)(u)) == nil {
		return nil
	}
	*u = User{}
	return json.Unmarshal(data, &struct {
		*plain
		Self         loose[string]            `json:"self"`
		AccountType  loose[string]            `json:"accountType"`
		AppType      loose[string]            `json:"appType"`
		DisplayName  loose[string]            `json:"displayName"`
		EmailAddress loose[string]            `json:"emailAddress"`
		Active       loose[bool]              `json:"active"`
		TimeZone     loose[string]            `json:"timeZone"`
		Locale       loose[string]            `json:"locale"`
		AvatarURLs   loose[map[string]string] `json:"avatarUrls"`
	}{
		(*plain)(u),
		loose[string]{&u.Self},
		loose[string]{&u.AccountType},
		loose[string]{&u.AppType},
		loose[string]{&u.DisplayName},
		loose[string]{&u.EmailAddress},
		loose[bool]{&u.Active},
		loose[string]{&u.TimeZone},
		loose[string]{&u.Locale},
		loose[map[string]string]{&u.AvatarURLs},
	})
}
