package connecttest

import (
	"net/http"
)

// installRequest is the body of POST /-/apps.
type installRequest struct {
	Descriptor   string   `json:"descriptor"`
	Product      string   `json:"product"`
	Conversation string   `json:"conversation"`
	ClientID     string   `json:"clientId"`
	ClientSecret string   `json:"clientSecret"`
	Scopes       []string `json:"scopes"`
}

func (s *Site) serveInstall(w http.ResponseWriter, r *http.Request) {
	var in installRequest
	if err := decode(w, r, &in); err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	switch in.Product {
	case productJira, "":
		out, err := s.Install(r.Context(), in.Descriptor)
		answerInstalled(w, out, err)
	case productChat:
		out, err := s.chat.Install(r.Context(), chatInstall{
			DescriptorURL: in.Descriptor, Conversation: in.Conversation,
			ClientID: in.ClientID, ClientSecret: in.ClientSecret, Scopes: in.Scopes,
		})
		answerInstalled(w, out, err)
	default:
		problem(w, http.StatusUnprocessableEntity, "product: must be jira or chat")
	}
}

// serveUninstall takes the app out of Jira and, or, of the chat: wherever it
// is, or where ?product= and ?conversation= say.
func (s *Site) serveUninstall(w http.ResponseWriter, r *http.Request) {
	key, product := r.PathValue("key"), r.URL.Query().Get("product")
	conversation := r.URL.Query().Get("conversation")
	var out App
	err := ErrNotInstalled
	if product != productChat && conversation == "" {
		out, err = s.Uninstall(r.Context(), key)
	}
	if product != productJira {
		if fromChat, chatErr := s.UninstallChat(r.Context(), key, conversation); chatErr == nil || err != nil {
			out, err = fromChat, chatErr
		}
	}
	answerInstalled(w, out, err)
}
