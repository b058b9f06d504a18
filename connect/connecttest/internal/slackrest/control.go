package slackrest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// controls are the calls with which tests and the site's own page play the
// people and the administrators of the workspace.
type controls struct{ *Server }

// Controls are the site's own calls on the workspace.
func (s *Server) Controls() []control.Call {
	c := controls{s}
	return slices.Concat(c.appCalls(), c.channelCalls(), c.modalCalls())
}

// appCalls are about the workspace and the app in it.
func (s controls) appCalls() []control.Call {
	return []control.Call{
		control.On("GET /-/slack", "the workspace: people, channels, messages, modals", s.serveState),
		control.On("POST /-/slack/app", "registers an app as its developer does", s.serveRegister).WithBody(control.Fields[App]()...),
		control.On("POST /-/slack/challenge", "asks the app's event address for the challenge", s.do(func(r *http.Request, _ act) error {
			return s.Challenge(r.Context())
		})),
		control.On("POST /-/slack/uninstall", "takes the app out of the workspace", s.do(func(r *http.Request, _ act) error {
			return s.Uninstall(r.Context())
		})),
		control.On("POST /-/slack/revoke", "ends the app's token", s.do(func(*http.Request, act) error { return s.RevokeToken() })),
		control.On("POST /-/slack/expire", "ends the app's token as if its time had come", s.do(func(*http.Request, act) error { return s.ExpireToken() })),
		control.On("POST /-/slack/rotation", "tokens given out from now on end and are renewed, or not", s.do(func(_ *http.Request, in act) error {
			s.SetRotation(in.On)
			return nil
		})).WithBody("on"),
		control.On("POST /-/slack/organisation", "the app is added to a whole organisation from now on, or not", s.do(func(_ *http.Request, in act) error {
			s.SetOrgWide(in.On)
			return nil
		})).WithBody("on"),
		control.On("POST /-/slack/tables", "messages may have a table, as at first, or not", s.do(func(_ *http.Request, in act) error {
			s.SetTables(in.On)
			return nil
		})).WithBody("on"),
		control.On("DELETE /-/slack/scopes/{scope}", "takes a scope from the app's token", s.do(func(r *http.Request, _ act) error {
			return s.RevokeScope(r.PathValue("scope"))
		})),
		control.On("POST /-/slack/channels", "a new channel", s.serveAddChannel).WithBody("name", "private"),
	}
}

func (s controls) serveAddChannel(w http.ResponseWriter, r *http.Request) {
	in, ok := readAct(w, r)
	if !ok {
		return
	}
	reply.JSON(w, http.StatusCreated, map[string]string{"id": s.AddChannel(in.Name, in.Private)})
}

// channelCalls are about one channel.
func (s controls) channelCalls() []control.Call {
	const channel = "/-/slack/channels/{channel}"
	return []control.Call{
		control.On("POST "+channel+"/messages", "says something or runs a command", s.do(func(r *http.Request, in act) error {
			return s.Say(r.Context(), r.PathValue("channel"), in.User, in.Text)
		})).WithBody("user", "text"),
		control.On("DELETE "+channel+"/messages/{ts}", "deletes a message", s.do(func(r *http.Request, _ act) error {
			return s.DeleteMessage(r.PathValue("channel"), r.PathValue("ts"))
		})),
		control.On("POST "+channel+"/messages/{ts}/click", "clicks a button in a message of the app", s.do(func(r *http.Request, in act) error {
			return s.ClickIn(r.Context(), r.PathValue("channel"), r.PathValue("ts"), in.User, in.Action)
		})).WithBody("user", "action"),
		control.On("POST "+channel+"/messages/{ts}/lock", "refuses changes of a message", s.do(func(r *http.Request, in act) error {
			return s.LockMessage(r.PathValue("channel"), r.PathValue("ts"), in.Error)
		})).WithBody("error"),
		control.On("POST "+channel+"/archive", "archives the channel or opens it again", s.do(func(r *http.Request, in act) error {
			return s.Archive(r.Context(), r.PathValue("channel"), in.Archived)
		})).WithBody("archived"),
		control.On("POST "+channel+"/member", "adds the app to the channel or removes it", s.do(func(r *http.Request, in act) error {
			return s.SetMember(r.Context(), r.PathValue("channel"), in.Member)
		})).WithBody("member"),
		control.On("DELETE "+channel, "deletes the channel", s.do(func(r *http.Request, _ act) error {
			return s.DeleteChannel(r.Context(), r.PathValue("channel"))
		})),
	}
}

// modalCalls are about the modal that a person has open.
func (s controls) modalCalls() []control.Call {
	const modal = "/-/slack/modals/{user}"
	return []control.Call{
		control.On("POST "+modal+"/submit", "submits a person's modal", s.serveSubmit).WithBody("values"),
		control.On("POST "+modal+"/options", "what a select of the modal offers", s.serveOptions).WithBody("block", "typed"),
		control.On("POST "+modal+"/click", "clicks a button of the modal", s.do(func(r *http.Request, in act) error {
			return s.Click(r.Context(), r.PathValue("user"), in.Action)
		})).WithBody("action"),
		control.On("POST "+modal+"/close", "closes the modal", s.do(func(r *http.Request, _ act) error {
			return s.Close(r.PathValue("user"))
		})),
	}
}

// act is the body of a control call; each reads what it needs.
type act struct {
	Name     string                     `json:"name"`
	Private  bool                       `json:"private"`
	User     string                     `json:"user"`
	Text     string                     `json:"text"`
	Error    string                     `json:"error"`
	Archived bool                       `json:"archived"`
	On       bool                       `json:"on"`
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
