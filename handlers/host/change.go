package host

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/sightline-go/sightline/internal/feed"
)

// issueEvent is what happened to an issue, as both Connect's webhooks and Forge's
// events tell it.
type issueEvent struct {
	// Name is webhookEvent of Connect, eventType of Forge; empty if there is none.
	Name string
	// Key is the issue's key, Project that of its project.
	Key, Project string
	// Moved says that the issue was moved, so that it touches two projects.
	Moved bool
	// Facts are what the index keeps of it.
	Facts feed.Event
}

// project is the only project that the change touches, or empty if that is
// not known. Without the fields, the issue's key tells.
func (e issueEvent) project() string {
	if e.Moved {
		return ""
	}
	if e.Project != "" {
		return e.Project
	}
	return e.Key[:max(strings.LastIndexByte(e.Key, '-'), 0)]
}

// readIssueEvent reads an event as it arrives and keeps nothing else: an issue with
// its fields and changes may have many megabytes. The error is one of the body, or
// says that this is not the JSON of an event.
func readIssueEvent(body io.Reader) (issueEvent, error) {
	var event issueEvent
	r := eventReader{json.NewDecoder(body)}
	r.json.UseNumber()
	err := r.event(&event, true)
	event.Facts.What = whatOf(event.Name)
	return event, err
}

// errShape says that a member has another type than documented.
var errShape = errors.New("not the shape of an event")

// eventReader walks JSON token by token. Null counts as an absent member; another
// type than documented is an errShape.
type eventReader struct{ json *json.Decoder }

// event reads an event, or one in the wrapper payload that some documents of Forge
// show around it.
func (r eventReader) event(into *issueEvent, wrapped bool) error {
	return r.object(func(name string) error {
		switch {
		case name == "webhookEvent", name == "eventType":
			return r.text(&into.Name)
		case name == "issue":
			return r.issue(into)
		case name == "changelog":
			return r.changelog(into)
		case name == "worklog":
			return r.worklog(&into.Facts)
		case name == "payload" && wrapped:
			return r.event(into, false)
		}
		return r.skip()
	})
}

func (r eventReader) issue(into *issueEvent) error {
	return r.object(func(name string) error {
		switch name {
		case "id":
			return r.fact(&into.Facts.Odd, &into.Facts.IssueID)
		case "key":
			err := r.text(&into.Key)
			into.Facts.Key = into.Key
			return err
		case "fields":
			return r.object(func(name string) error { return r.field(into, name) })
		}
		return r.skip()
	})
}

func (r eventReader) changelog(into *issueEvent) error {
	return r.object(func(name string) error {
		switch name {
		case "id":
			return r.fact(&into.Facts.Odd, &into.Facts.History)
		case "items":
			return r.changes(into)
		}
		return r.skip()
	})
}

// member reads one member of an object.
func (r eventReader) member(name string, read func() error) error {
	return r.object(func(other string) error {
		if other == name {
			return read()
		}
		return r.skip()
	})
}

// object reads an object's members, each by a call that takes its value.
func (r eventReader) object(member func(name string) error) error {
	return r.inside('{', r.named(member))
}

// members reads the members of an object that has begun.
func (r eventReader) members(member func(name string) error) error { return r.until(r.named(member)) }

func (r eventReader) named(member func(name string) error) func() error {
	return func() error {
		name, err := r.json.Token()
		if err != nil {
			return err
		}
		text, _ := name.(string)
		return member(text)
	}
}

func (r eventReader) list(item func() error) error { return r.inside('[', item) }

func (r eventReader) inside(open json.Delim, next func() error) error {
	token, err := r.json.Token()
	if err != nil {
		return err
	}
	if token == nil {
		return nil
	}
	if token != open {
		return errShape
	}
	return r.until(next)
}

// until reads the values up to the end of the object or list that they are in.
func (r eventReader) until(next func() error) error {
	for r.json.More() {
		if err := next(); err != nil {
			return err
		}
	}
	_, err := r.json.Token()
	return err
}

func (r eventReader) text(into *string) error {
	token, err := r.json.Token()
	if err != nil {
		return err
	}
	text, ok := token.(string)
	if !ok && token != nil {
		return errShape
	}
	*into = text
	return nil
}

func (r eventReader) skip() error {
	token, err := r.json.Token()
	if err != nil {
		return err
	}
	return r.rest(token)
}

// rest passes over what is left of the value that began with a token.
func (r eventReader) rest(token json.Token) error {
	depth := nesting(token)
	for depth > 0 {
		token, err := r.json.Token()
		if err != nil {
			return err
		}
		depth += nesting(token)
	}
	return nil
}

func nesting(token json.Token) int {
	switch token {
	case json.Delim('{'), json.Delim('['):
		return 1
	case json.Delim('}'), json.Delim(']'):
		return -1
	}
	return 0
}
