package slackrest

import (
	"encoding/json"
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// controls are the calls with which tests and the site's own page play the
// people and the administrators of the workspace.
type controls struct{ *Server }

// Controls puts the site's own calls on the workspace into mux.
func Controls(s *Server, mux *http.ServeMux) { controls{s}.routes(mux) }

func (s controls) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /-/slack", s.serveState)
	mux.HandleFunc("POST /-/slack/app", s.serveRegister)
	mux.HandleFunc("POST /-/slack/challenge", s.do(func(r *http.Request, _ act) error {
		return s.Challenge(r.Context())
	}))
	mux.HandleFunc("POST /-/slack/uninstall", s.do(func(r *http.Request, _ act) error {
		return s.Uninstall(r.Context())
	}))
	mux.HandleFunc("POST /-/slack/revoke", s.do(func(*http.Request, act) error { return s.RevokeToken() }))
	mux.HandleFunc("DELETE /-/slack/scopes/{scope}", s.do(func(r *http.Request, _ act) error {
		return s.RevokeScope(r.PathValue("scope"))
	}))
	mux.HandleFunc("POST /-/slack/channels", s.serveAddChannel)
	s.channelControls(mux)
	s.modalControls(mux)
}

func (s controls) serveAddChannel(w http.ResponseWriter, r *http.Request) {
	in, ok := readAct(w, r)
	if !ok {
		return
	}
	reply.JSON(w, http.StatusCreated, map[string]string{"id": s.AddChannel(in.Name, in.Private)})
}

// channelControls is about one channel.
func (s controls) channelControls(mux *http.ServeMux) {
	const channel = "/-/slack/channels/{channel}"
	mux.HandleFunc("POST "+channel+"/messages", s.do(func(r *http.Request, in act) error {
		return s.Say(r.Context(), r.PathValue("channel"), in.User, in.Text)
	}))
	mux.HandleFunc("DELETE "+channel+"/messages/{ts}", s.do(func(r *http.Request, _ act) error {
		return s.DeleteMessage(r.PathValue("channel"), r.PathValue("ts"))
	}))
	mux.HandleFunc("POST "+channel+"/messages/{ts}/lock", s.do(func(r *http.Request, in act) error {
		return s.LockMessage(r.PathValue("channel"), r.PathValue("ts"), in.Error)
	}))
	mux.HandleFunc("POST "+channel+"/archive", s.do(func(r *http.Request, in act) error {
		return s.Archive(r.Context(), r.PathValue("channel"), in.Archived)
	}))
	mux.HandleFunc("POST "+channel+"/member", s.do(func(r *http.Request, in act) error {
		return s.SetMember(r.Context(), r.PathValue("channel"), in.Member)
	}))
	mux.HandleFunc("DELETE "+channel, s.do(func(r *http.Request, _ act) error {
		return s.DeleteChannel(r.Context(), r.PathValue("channel"))
	}))
}

// modalControls is about the modal that a person has open.
func (s controls) modalControls(mux *http.ServeMux) {
	const modal = "/-/slack/modals/{user}"
	mux.HandleFunc("POST "+modal+"/submit", s.serveSubmit)
	mux.HandleFunc("POST "+modal+"/options", s.serveOptions)
	mux.HandleFunc("POST "+modal+"/click", s.do(func(r *http.Request, in act) error {
		return s.Click(r.Context(), r.PathValue("user"), in.Action)
	}))
	mux.HandleFunc("POST "+modal+"/close", s.do(func(r *http.Request, _ act) error {
		return s.Close(r.PathValue("user"))
	}))
}

// act is the body of a control call; each reads what it needs.
type act struct {
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

func readAct(w http.ResponseWriter, r *http.Request) (in act, ok bool) {
	if r.ContentLength == 0 {
		return in, true
	}
	if err := reply.Decode(w, r, &in); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return in, false
	}
	return in, true
}

// do answers nothing, or what went wrong.
func (s controls) do(act func(r *http.Request, in act) error) http.HandlerFunc {
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

func (s controls) serveState(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.State())
}

func (s controls) serveRegister(w http.ResponseWriter, r *http.Request) {
	var app App
	if err := reply.Decode(w, r, &app); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := s.Register(app); err != nil {
		control.Error(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// serveSubmit answers with the fields' errors; without any the submission
// succeeded.
func (s controls) serveSubmit(w http.ResponseWriter, r *http.Request) {
	in, ok := readAct(w, r)
	if !ok {
		return
	}
	wrong, err := s.Submit(r.Context(), r.PathValue("user"), in.Values)
	if err != nil {
		control.Error(w, err)
		return
	}
	if wrong == nil {
		wrong = map[string]string{}
	}
	reply.JSON(w, http.StatusOK, map[string]any{"errors": wrong})
}

func (s controls) serveOptions(w http.ResponseWriter, r *http.Request) {
	in, ok := readAct(w, r)
	if !ok {
		return
	}
	list, err := s.Suggest(r.Context(), r.PathValue("user"), in.Block, in.Typed)
	if err != nil {
		control.Error(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, map[string]any{"options": list})
}
