package slackapp

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// Event is something that happened in a workspace. Only a [Verifier] makes one.
// What Slack did not send, or not in the documented shape, is empty.
//
// See https://docs.slack.dev/apis/events-api/
type Event struct {
	// Type is that of the event itself, such as channel_archive.
	Type string
	// Team is the id of the workspace, App that of the app that is told.
	Team, App string
	// At is when it happened, in whole seconds by Slack's clock.
	At time.Time
	// Channel and User are ids.
	Channel, User string
	// Message is the id of the message that the event is about.
	Message string
	// Links are the addresses in a message that Slack tells the app of, at most
	// [MaxLinks]; Composed says that the message is not written yet.
	Links    []string
	Composed bool
	// Bots are the users whose bot tokens were revoked.
	Bots []string
	// Challenge is to be sent back; only Slack's question about the address has
	// one.
	Challenge string
}

// envelope is what the app reads of an event. Most members may be anything.
type envelope struct {
	Type      looseID         `json:"type"`
	Challenge looseID         `json:"challenge"`
	Team      looseID         `json:"team_id"`
	App       looseID         `json:"api_app_id"`
	Time      json.RawMessage `json:"event_time"`
	Event     json.RawMessage `json:"event"`
}

// inner is the event in its envelope.
type inner struct {
	Type    looseID         `json:"type"`
	Channel looseID         `json:"channel"`
	User    looseID         `json:"user"`
	Tokens  json.RawMessage `json:"tokens"`
	Message looseID         `json:"message_ts"`
	Source  looseID         `json:"source"`
	Links   json.RawMessage `json:"links"`
}

// MaxLinks is how many links of a message are looked at.
const MaxLinks = 10

// linksIn are the addresses of an event's links. What is no list of links has none.
func linksIn(data json.RawMessage) (list []string) {
	var links []json.RawMessage
	_ = json.Unmarshal(data, &links)
	for _, raw := range links[:min(len(links), MaxLinks)] {
		var link struct {
			URL string `json:"url"`
		}
		if json.Unmarshal(raw, &link) == nil && link.URL != "" {
			list = append(list, link.URL)
		}
	}
	return list
}

func readEvent(body []byte) (Event, error) {
	var e envelope
	if json.Unmarshal(body, &e) != nil || !isObject(body) {
		return Event{}, odd("not a JSON object")
	}
	if e.Type == "url_verification" {
		return Event{Type: string(e.Type), Challenge: string(e.Challenge)}, nil
	}
	var in inner
	switch {
	case e.Type != "event_callback":
		return Event{}, &connect.IgnoredError{Reason: connect.IgnoredUnknown, Detail: "not an event callback"}
	case e.Team == "":
		return Event{}, odd("no workspace")
	case !isObject(e.Event) || json.Unmarshal(e.Event, &in) != nil || in.Type == "":
		return Event{}, odd("no event")
	}
	var tokens struct {
		Bot []string `json:"bot"`
	}
	_ = json.Unmarshal(in.Tokens, &tokens) // of another shape: none
	return Event{
		Type: string(in.Type), Team: string(e.Team), App: string(e.App), At: eventTime(e.Time),
		Channel: string(in.Channel), User: string(in.User), Bots: tokens.Bot,
		Message: string(in.Message), Links: linksIn(in.Links), Composed: in.Source == "composer",
	}, nil
}

// eventTime is zero for anything but a number of seconds.
func eventTime(data json.RawMessage) time.Time {
	var seconds int64
	if json.Unmarshal(data, &seconds) != nil || seconds <= 0 || seconds > 1<<40 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

func isObject(data []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) }

func odd(detail string) error {
	return &connect.IgnoredError{Reason: connect.IgnoredShape, Detail: detail}
}

// looseID is an id by itself or in an object, where some events have it. Anything
// else is no id.
type looseID string

// UnmarshalJSON implements [json.Unmarshaler]. It never fails.
func (i *looseID) UnmarshalJSON(data []byte) error {
	var text string
	var object struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(data, &object) == nil {
		data = object.ID
	}
	_ = json.Unmarshal(data, &text) // of another kind: no id
	*i = looseID(text)
	return nil
}
