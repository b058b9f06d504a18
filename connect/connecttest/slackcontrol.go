package connecttest

import (
	"encoding/json"
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// slackControl are the calls with which tests and the site's own page play the
// people and the administrators of the workspace.
func (s *Site) slackControl(mux *http.ServeMux) {
	mux.HandleFunc("GET /-/slack", s.serveSlack)
	mux.HandleFunc("POST /-/slack/app", s.slackRegister)
	mux.HandleFunc("POST /-/slack/challenge", s.slackDo(func(r *http.Request, _ slackAct) error {
		return s.slack.Challenge(r.Context())
	}))
	mux.HandleFunc("POST /-/slack/uninstall", s.slackDo(func(r *http.Request, _ slackAct) error {
		return s.slack.Uninstall(r.Context())
	}))
	mux.HandleFunc("POST /-/slack/revoke", s.slackDo(func(*http.Request, slackAct) error { return s.slack.RevokeToken() }))
	mux.HandleFunc("DELETE /-/slack/scopes/{scope}", s.slackDo(func(r *http.Request, _ slackAct) error {
		return s.slack.RevokeScope(r.PathValue("scope"))
	}))
	mux.HandleFunc("POST /-/slack/channels", s.slackAddChannel)
	s.slackChannelControl(mux)
	s.slackModalControl(mux)
}

func (s *Site) slackAddChannel(w http.ResponseWriter, r *http.Request) {
	in, ok := readAct(w, r)
	if !ok {
		return
	}
	reply.JSON(w, http.StatusCreated, map[string]string{"id": s.slack.AddChannel(in.Name, in.Private)})
}

// slackChannelControl is about one channel.
func (s *Site) slackChannelControl(mux *http.ServeMux) {
	const channel = "/-/slack/channels/{channel}"
	mux.HandleFunc("POST "+channel+"/messages", s.slackDo(func(r *http.Request, in slackAct) error {
		return s.slack.Say(r.Context(), r.PathValue("channel"), in.User, in.Text)
	}))
	mux.HandleFunc("DELETE "+channel+"/messages/{ts}", s.slackDo(func(r *http.Request, _ slackAct) error {
		return s.slack.DeleteMessage(r.PathValue("channel"), r.PathValue("ts"))
	}))
	mux.HandleFunc("POST "+channel+"/messages/{ts}/lock", s.slackDo(func(r *http.Request, in slackAct) error {
		return s.slack.LockMessage(r.PathValue("channel"), r.PathValue("ts"), in.Error)
	}))
	mux.HandleFunc("POST "+channel+"/archive", s.slackDo(func(r *http.Request, in slackAct) error {
		return s.slack.Archive(r.Context(), r.PathValue("channel"), in.Archived)
	}))
	mux.HandleFunc("POST "+channel+"/member", s.slackDo(func(r *http.Request, in slackAct) error {
		return s.slack.SetMember(r.Context(), r.PathValue("channel"), in.Member)
	}))
	mux.HandleFunc("DELETE "+channel, s.slackDo(func(r *http.Request, _ slackAct) error {
		return s.slack.DeleteChannel(r.Context(), r.PathValue("channel"))
	}))
}

// slackModalControl is about the modal that a person has open.
func (s *Site) slackModalControl(mux *http.ServeMux) {
	const modal = "/-/slack/modals/{user}"
	mux.HandleFunc("POST "+modal+"/submit", s.slackSubmit)
	mux.HandleFunc("POST "+modal+"/options", s.slackOptions)
	mux.HandleFunc("POST "+modal+"/click", s.slackDo(func(r *http.Request, in slackAct) error {
		return s.slack.Click(r.Context(), r.PathValue("user"), in.Action)
	}))
	mux.HandleFunc("POST "+modal+"/close", s.slackDo(func(r *http.Request, _ slackAct) error {
		return s.slack.Close(r.PathValue("user"))
	}))
}

// slackAct is the body of a control call; each reads what it needs.
type slackAct struct {
	Name     string                     `json:"name"`
	Private  bool                       `json:"private"`
	User     string                     `json:"user"`
	Text     string                     `json:"text"`
	Error    string                     `json:"error"`
	Archived bool                       `json:"archived"`
	Member   bool                       `json:"member"`
	Action   string                     `json:"action"`
	Block    string                     `json:"block"`
	Typed    string                     `json:"typed"`
	Values   map[string]json.RawMessage `json:"values"`
}

func readAct(w http.ResponseWriter, r *http.Request) (in slackAct, ok bool) {
	if r.ContentLength == 0 {
		return in, true
	}
	if err := reply.Decode(w, r, &in); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return in, false
	}
	return in, true
}

// slackDo answers with nothing, or with what went wrong.
func (s *Site) slackDo(act func(r *http.Request, in slackAct) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in, ok := readAct(w, r)
		if !ok {
			return
		}
		if err := act(r, in); err != nil {
			control.Error(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Site) serveSlack(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.slack.State())
}

func (s *Site) slackRegister(w http.ResponseWriter, r *http.Request) {
	var app SlackApp
	if err := reply.Decode(w, r, &app); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := s.slack.Register(app); err != nil {
		control.Error(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// slackSubmit answers with the errors beside the fields; none is done.
func (s *Site) slackSubmit(w http.ResponseWriter, r *http.Request) {
	in, ok := readAct(w, r)
	if !ok {
		return
	}
	wrong, err := s.slack.Submit(r.Context(), r.PathValue("user"), in.Values)
	if err != nil {
		control.Error(w, err)
		return
	}
	if wrong == nil {
		wrong = map[string]string{}
	}
	reply.JSON(w, http.StatusOK, map[string]any{"errors": wrong})
}

func (s *Site) slackOptions(w http.ResponseWriter, r *http.Request) {
	in, ok := readAct(w, r)
	if !ok {
		return
	}
	list, err := s.slack.Suggest(r.Context(), r.PathValue("user"), in.Block, in.Typed)
	if err != nil {
		control.Error(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, map[string]any{"options": list})
}
