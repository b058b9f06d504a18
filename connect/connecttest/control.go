package connecttest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/chatrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/forgerest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/slackrest"
)

func (s *Site) controlRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /-/people", s.servePeople)
	mux.HandleFunc("GET /-/objects", s.serveObjects)
	mux.HandleFunc("GET /-/settings", s.serveSettings)
	mux.HandleFunc("PUT /-/settings", s.serveSetSettings)
	mux.HandleFunc("POST /-/apps", s.serveInstall)
	mux.HandleFunc("DELETE /-/apps/{key}", s.serveUninstall)
	mux.HandleFunc("POST /-/reset", s.serveReset)
	mux.Handle("/-/assets/", s.pages)
	s.journal.Controls(mux, s.life.Done())
	s.faults.Controls(mux)
	s.host.Controls(mux)
	s.forge.Controls(mux)
	s.chat.Controls(mux)
	slackrest.Controls(s.slack, mux)
	return control.Guard(reply.WithProblems(mux))
}

func (s *Site) serveReset(w http.ResponseWriter, _ *http.Request) {
	s.Reset()
	w.WriteHeader(http.StatusNoContent)
}

// installRequest is the body of POST /-/apps.
type installRequest struct {
	Descriptor   string   `json:"descriptor"`
	Product      string   `json:"product"`
	Conversation string   `json:"conversation"`
	ClientID     string   `json:"clientId"`
	ClientSecret string   `json:"clientSecret"`
	Scopes       []string `json:"scopes"`

	forgerest.Install
}

func (s *Site) serveInstall(w http.ResponseWriter, r *http.Request) {
	var in installRequest
	if err := reply.Decode(w, r, &in); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	if in.Dir != "" || in.Manifest != "" {
		out, err := s.forge.Install(r.Context(), in.Install)
		forgerest.Reply(w, out, err)
		return
	}
	switch in.Product {
	case install.ProductJira, "":
		out, err := s.Install(r.Context(), in.Descriptor, in.Dashboards...)
		install.Answer(w, out, err)
	case install.ProductChat:
		out, err := s.chat.Install(r.Context(), chatrest.Install{
			DescriptorURL: in.Descriptor, Conversation: in.Conversation,
			ClientID: in.ClientID, ClientSecret: in.ClientSecret, Scopes: in.Scopes,
		})
		install.Answer(w, out, err)
	default:
		reply.Problem(w, http.StatusUnprocessableEntity, "product: must be jira or chat")
	}
}

// serveUninstall takes a Forge app away, or another app out of Jira and, or, of the chat: wherever it
// is, or where ?product= and ?conversation= say.
func (s *Site) serveUninstall(w http.ResponseWriter, r *http.Request) {
	key, product := r.PathValue("key"), r.URL.Query().Get("product")
	conversation := r.URL.Query().Get("conversation")
	if s.forge.Has(key) {
		out, err := s.forge.Uninstall(r.Context(), key)
		forgerest.Reply(w, out, err)
		return
	}
	var out App
	err := ErrNotInstalled
	if product != install.ProductChat && conversation == "" {
		out, err = s.Uninstall(r.Context(), key)
	}
	if product != install.ProductJira {
		if fromChat, chatErr := s.UninstallChat(r.Context(), key, conversation); chatErr == nil || err != nil {
			out, err = fromChat, chatErr
		}
	}
	install.Answer(w, out, err)
}
