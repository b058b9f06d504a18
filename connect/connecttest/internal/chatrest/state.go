package chatrest

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// stateBody is what an app sends as the state of a module.
type stateBody struct {
	Context *struct {
		CloudID        string `json:"cloudId"`
		ConversationID string `json:"conversationId"`
		UserID         string `json:"userId"`
	} `json:"context,omitempty"`
	Label      *string         `json:"label,omitempty"`
	Metadata   json.RawMessage `json:"metadata,omitempty"`
	Configured *bool           `json:"configured,omitempty"`
}

// state is the part that is kept, checked against the module's type.
func (b stateBody) state(kind string) (moduleState, error) {
	if kind == kindConfiguration {
		if b.Configured == nil || b.Label != nil || b.Metadata != nil {
			return moduleState{}, errors.New("the body must be {\"configured\": true or false}")
		}
		return moduleState{Configured: b.Configured}, nil
	}
	var object map[string]json.RawMessage
	if b.Metadata != nil && (json.Unmarshal(b.Metadata, &object) != nil || object == nil) {
		return moduleState{}, errors.New("metadata must be an object")
	}
	if b.Label == nil || b.Configured != nil {
		return moduleState{}, errors.New("the body must be {\"label\": text, \"metadata\": object}")
	}
	return moduleState{Label: *b.Label, Metadata: b.Metadata}, nil
}

// putModuleState is the current form: everything is in the path.
func (s platform) putModuleState(w http.ResponseWriter, r *http.Request, c caller) {
	var body stateBody
	if err := reply.Decode(w, r, &body); err != nil || body.Context != nil {
		refuse(w, http.StatusBadRequest, "the body is not the state of a module")
		return
	}
	s.saveState(w, r, c, body)
}

// postModuleState is the deprecated form: site and conversation are in the
// body, so that they can be checked only after it is read.
func (s platform) postModuleState(w http.ResponseWriter, r *http.Request) {
	id, ok := s.caller(w, r)
	if !ok {
		return
	}
	var body stateBody
	if err := reply.Decode(w, r, &body); err != nil || body.Context == nil ||
		body.Context.CloudID == "" || body.Context.ConversationID == "" {
		refuse(w, http.StatusBadRequest, "the body is not the state of a module with its context")
		return
	}
	if c, ok := s.admit(w, id, scopeParticipate, body.Context.CloudID, body.Context.ConversationID); ok {
		body.Context = nil
		s.saveState(w, r, c, body)
	}
}

func (s platform) saveState(w http.ResponseWriter, r *http.Request, c caller, body stateBody) {
	if name := reply.UnknownParameter(r); s.Strict && name != "" {
		refuse(w, http.StatusBadRequest, "unknown query parameter "+name)
		return
	}
	kind, key := r.PathValue("type"), r.PathValue("key")
	if !c.app.descriptor.has(kind, key) {
		refuse(w, http.StatusNotFound, "the app has no such module with a state")
		return
	}
	state, err := body.state(kind)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	raw, err := json.Marshal(body)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "encode state")
		return
	}
	p := push{Time: s.Now(), Conversation: c.room, App: c.key, Module: kind, Key: key, State: raw}
	if !s.chat.setState(c.room, c.key, kind, key, state, true, p) {
		refuse(w, http.StatusForbidden, "the app is not installed in this conversation")
		return
	}
	s.Journal.Events.Send("chat", change{Conversation: c.room})
	w.WriteHeader(http.StatusNoContent)
}
