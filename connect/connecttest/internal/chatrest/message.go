package chatrest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// messageLimit is how many messages one answer holds. A conversation keeps
// the newest, ten times as many.
const messageLimit = 75

func document(plain string) json.RawMessage { return world.Document(plain) }

// messageBean is a message as the chat platform shows it.
type messageBean struct {
	ID     string          `json:"id"`
	Text   string          `json:"text"`
	TS     string          `json:"ts"`
	Sender senderBean      `json:"sender"`
	Body   json.RawMessage `json:"body"`
}

type senderBean struct {
	ID string `json:"id"`
}

func (m message) bean() messageBean {
	return messageBean{ID: m.ID, Text: m.Text, TS: m.Time.UTC().Format("2006-01-02T15:04:05.000000000Z"), Sender: senderBean{m.Sender}, Body: m.Body}
}

// readDocument accepts the four forms in which apps send a message.
func readDocument(w http.ResponseWriter, r *http.Request) (json.RawMessage, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, reply.BodyLimit))
	if err != nil {
		return nil, errors.New("the message cannot be read")
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "text/plain", "text/markdown":
		if len(raw) == 0 {
			return nil, errors.New("the message is empty")
		}
		return document(string(raw)), nil
	case "application/json":
	default:
		return nil, errors.New("the content type must be application/json, text/plain or text/markdown")
	}
	var wrapped struct {
		Body json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(raw, &wrapped); err != nil {
		return nil, errors.New("the body is not JSON")
	}
	if wrapped.Body != nil {
		raw = wrapped.Body
	}
	if !world.ValidDocument(raw) {
		return nil, errors.New("the body is not a document")
	}
	return raw, nil
}

func (s platform) postMessage(w http.ResponseWriter, r *http.Request, c caller) {
	doc, err := readDocument(w, r)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	id := s.say(c.room, message{Sender: world.AppAccount(c.key), App: c.key, Body: doc, Text: world.PlainText(doc)})
	reply.JSON(w, http.StatusCreated, map[string]string{"id": id})
}

// say adds a message and gives it an id and its time.
func (s *Server) say(conversation string, m message) string {
	m.ID, m.Time = sign.UUID(), s.Now()
	s.chat.mu.Lock()
	room := s.chat.at(conversation)
	room.messages = append(room.messages[max(0, len(room.messages)-10*messageLimit):], m)
	s.chat.mu.Unlock()
	s.Journal.Events.Send("chat", change{Conversation: conversation})
	return m.ID
}

// listMessages answers the newest, oldest first.
func (s platform) listMessages(w http.ResponseWriter, r *http.Request, c caller) {
	limit, ok := limitOf(w, r)
	if !ok {
		return
	}
	s.chat.mu.Lock()
	all := slices.Clone(s.chat.at(c.room).messages)
	s.chat.mu.Unlock()
	list := make([]messageBean, 0, limit)
	for _, m := range all[max(0, len(all)-limit):] {
		list = append(list, m.bean())
	}
	reply.JSON(w, http.StatusOK, map[string]any{"messages": list})
}

func (s platform) getMessage(w http.ResponseWriter, r *http.Request, c caller) {
	s.onMessage(w, r, c, func(list []message, i int) []message {
		reply.JSON(w, http.StatusOK, list[i].bean())
		return list
	})
}

// putMessage changes a message of the app's own.
func (s platform) putMessage(w http.ResponseWriter, r *http.Request, c caller) {
	doc, err := readDocument(w, r)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	s.onMessage(w, r, c, func(list []message, i int) []message {
		if list[i].App != c.key {
			refuse(w, http.StatusForbidden, "the message is not the app's own")
			return list
		}
		list[i].Body, list[i].Text = doc, world.PlainText(doc)
		w.WriteHeader(http.StatusNoContent)
		return list
	})
}

// deleteMessage deletes a message of the app's own.
func (s platform) deleteMessage(w http.ResponseWriter, r *http.Request, c caller) {
	s.onMessage(w, r, c, func(list []message, i int) []message {
		if list[i].App != c.key {
			refuse(w, http.StatusForbidden, "the message is not the app's own")
			return list
		}
		w.WriteHeader(http.StatusNoContent)
		return slices.Delete(list, i, i+1)
	})
}

// onMessage runs do with the messages and the place of the one asked for.
func (s platform) onMessage(w http.ResponseWriter, r *http.Request, c caller, do func(list []message, i int) []message) {
	s.chat.mu.Lock()
	defer s.chat.mu.Unlock()
	room := s.chat.at(c.room)
	list := slices.Clone(room.messages)
	i := slices.IndexFunc(list, func(m message) bool { return m.ID == r.PathValue("message") })
	if i < 0 {
		refuse(w, http.StatusNotFound, "there is no such message")
		return
	}
	room.messages = do(list, i)
	if r.Method != http.MethodGet {
		s.Journal.Events.Send("chat", change{Conversation: c.room})
	}
}

// limitOf reads the limit of a list: from 1 to 75.
func limitOf(w http.ResponseWriter, r *http.Request) (int, bool) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return messageLimit, true
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > messageLimit {
		refuse(w, http.StatusBadRequest, "limit must be from 1 to 75")
		return 0, false
	}
	return limit, true
}
