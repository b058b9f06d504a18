package host

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/index"
)

// whatOf says what an event is about, by its name; 0 if that is not told.
func whatOf(name string) index.What {
	switch name {
	case "jira:issue_created", "avi:jira:created:issue":
		return index.IssueCreated
	case "jira:issue_updated", "avi:jira:updated:issue":
		return index.IssueUpdated
	case "jira:issue_deleted", "avi:jira:deleted:issue":
		return index.IssueDeleted
	case "worklog_created", "avi:jira:created:worklog":
		return index.WorklogCreated
	case "worklog_updated", "avi:jira:updated:worklog":
		return index.WorklogUpdated
	case "worklog_deleted", "avi:jira:deleted:worklog":
		return index.WorklogDeleted
	}
	return 0
}

// The most that is kept of an event.
const (
	maxFact  = 255 // bytes of a text
	maxItems = 100 // changes

	maxCustom = 1000 // custom fields
)

// field reads a field of an issue that the index keeps.
func (r eventReader) field(into *issueEvent, name string) error {
	facts := &into.Facts
	switch name {
	case "project":
		return r.member("key", func() error { return r.text(&into.Project) })
	case "created":
		return r.fact(&facts.Odd, &facts.Created)
	case "updated":
		return r.fact(&facts.Odd, &facts.Updated)
	case "assignee":
		facts.Assignee = &feed.Account{}
		return r.account(facts, facts.Assignee)
	case "status":
		facts.Status = &feed.Status{}
		return r.status(facts)
	case "duedate":
		return r.given(facts, &facts.Due)
	case "timeestimate":
		return r.given(facts, &facts.Remaining)
	case "parent":
		facts.Parent = new(string)
		return r.parts(facts, map[string]func() error{"id": func() error { return r.fact(&facts.Odd, facts.Parent) }})
	}
	if strings.HasPrefix(name, feed.CustomField) {
		return r.custom(facts, name)
	}
	return r.skip()
}

// custom keeps a custom field that is a number, a short text, an object with an id, or
// null. Any other is none that facts are made of.
func (r eventReader) custom(facts *feed.Event, name string) error {
	token, err := r.json.Token()
	if err != nil {
		return err
	}
	var value string
	switch token := token.(type) {
	case nil:
	case string:
		value = token
	case json.Number:
		value = token.String()
	case json.Delim:
		if token != '{' {
			return r.rest(token)
		}
		var odd bool
		err = r.members(func(member string) error {
			if member == "id" {
				return r.fact(&odd, &value)
			}
			return r.skip()
		})
	}
	if err == nil && len(value) <= maxFact && len(facts.Custom) < maxCustom {
		if facts.Custom == nil {
			facts.Custom = map[string]string{}
		}
		facts.Custom[name] = value
	}
	return err
}

func (r eventReader) account(facts *feed.Event, into *feed.Account) error {
	return r.parts(facts, map[string]func() error{
		"accountId":   func() error { return r.fact(&facts.Odd, &into.ID) },
		"accountType": func() error { return r.fact(&facts.Odd, &into.Type) },
		"active":      func() error { return r.truth(&into.Active) },
	})
}

// truth reads true or false as text. Anything else says nothing.
func (r eventReader) truth(into *string) error {
	token, err := r.json.Token()
	if err != nil {
		return err
	}
	if value, ok := token.(bool); ok {
		*into = strconv.FormatBool(value)
	}
	return r.rest(token)
}

func (r eventReader) status(facts *feed.Event) error {
	return r.parts(facts, map[string]func() error{
		"id": func() error { return r.fact(&facts.Odd, &facts.Status.ID) },
		"statusCategory": func() error {
			return r.parts(facts, map[string]func() error{"key": func() error { return r.fact(&facts.Odd, &facts.Status.Category) }})
		},
	})
}

func (r eventReader) worklog(facts *feed.Event) error {
	log := &facts.Worklog
	return r.parts(facts, map[string]func() error{
		"id":               func() error { return r.fact(&facts.Odd, &log.ID) },
		"issueId":          func() error { return r.fact(&facts.Odd, &log.IssueID) },
		"author":           func() error { return r.account(facts, &log.Author) },
		"started":          func() error { return r.fact(&facts.Odd, &log.Started) },
		"updated":          func() error { return r.fact(&facts.Odd, &log.Updated) },
		"timeSpentSeconds": func() error { return r.fact(&facts.Odd, &log.Seconds) },
		"visibility": func() error {
			token, err := r.json.Token()
			if err != nil {
				return err
			}
			log.Restricted = token != nil
			return r.rest(token)
		},
	})
}

// change is a change of a field. Of fields that are not kept, nothing is odd.
type change struct {
	field string
	item  index.Item
	odd   bool
}

func (r eventReader) change(one *change, name string) error {
	switch name {
	case "field":
		return r.text(&one.field)
	case "fieldId":
		return r.fact(&one.odd, &one.item.Field)
	case "from":
		return r.fact(&one.odd, &one.item.From)
	case "fromString":
		return r.fact(&one.odd, &one.item.FromText)
	case "to":
		return r.fact(&one.odd, &one.item.To)
	case "toString":
		return r.fact(&one.odd, &one.item.ToText)
	}
	return r.skip()
}

// changes reads what a changelog has changed, and keeps what the index does.
func (r eventReader) changes(into *issueEvent) error {
	var one change
	read := func(name string) error { return r.change(&one, name) }
	return r.list(func() error {
		one = change{}
		if err := r.object(read); err != nil {
			return err
		}
		into.changed(one)
		return nil
	})
}

func (e *issueEvent) changed(one change) {
	e.Moved = e.Moved || one.field == "project" || one.field == "Key"
	if one.item.Field == "" {
		one.item.Field = one.field
	}
	switch facts := &e.Facts; {
	case !feed.Keeps(one.item.Field):
	case one.odd && strings.HasPrefix(one.item.Field, feed.CustomField): // too long for a number or a name
	case one.odd, len(facts.Items) == maxItems:
		facts.Odd = true
	default:
		facts.Items = append(facts.Items, one.item)
	}
}

// parts reads members of an object, null being one without any. Something else makes
// the event odd.
func (r eventReader) parts(facts *feed.Event, read map[string]func() error) error {
	token, err := r.json.Token()
	if err != nil || token == nil {
		return err
	}
	if token != json.Delim('{') {
		facts.Odd = true
		return r.rest(token)
	}
	return r.members(func(name string) error {
		if member := read[name]; member != nil {
			return member()
		}
		return r.skip()
	})
}

// given reads a fact that may be null, which is another thing than none.
func (r eventReader) given(facts *feed.Event, into **string) error {
	*into = new(string)
	return r.fact(&facts.Odd, *into)
}

// fact reads a text or a number as a text. Something else, or one that is longer than
// any fact, makes the event odd.
func (r eventReader) fact(odd *bool, into *string) error {
	token, err := r.json.Token()
	if err != nil {
		return err
	}
	switch value := token.(type) {
	case nil:
		*into = ""
	case string:
		*into = value
	case json.Number:
		*into = value.String()
	default:
		*odd = true
		return r.rest(token)
	}
	if len(*into) > maxFact {
		*into, *odd = "", true
	}
	return nil
}
