package connecttest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/chatrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/forgerest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// controlRoutes are the site's own calls: all are in one table, which also lists
// them.
func (s *Site) controlRoutes() http.Handler {
	mux := control.Routes(slices.Concat(s.ownCalls(),
		s.host.Controls(), s.forge.Controls(), s.journal.Controls(s.life.Done()), s.faults.Controls(),
		s.chat.Controls(), s.slack.Controls())...)
	mux.Handle("/-/assets/", s.pages)
	return control.Guard(reply.WithProblems(mux))
}

// ownCalls are about more than one room.
func (s *Site) ownCalls() []control.Call {
	return []control.Call{
		control.On("GET /-/people", "everybody, with what they log in with", s.servePeople),
		control.On("GET /-/objects", "ids to work with: dashboards, projects, conversations, …", s.serveObjects),
		control.On("GET /-/settings", "what administrators have switched off", s.serveSettings),
		control.On("PUT /-/settings", "switches time tracking, attachments, e-mail and more: the object that GET answers", s.serveSetSettings).WithBody(control.Fields[Settings]()...),
		control.On("GET /-/security", "security levels, and the issues that have one", s.serveSecurity),
		control.On("PUT /-/security", "replaces the levels, each with name, people and apps, and says by key which issue has which; tells nobody", s.serveSetSecurity).WithBody(control.Fields[Security]()...),
		control.On("GET /-/accounts", "accounts that are closed or have changed, and when apps reported them last", s.serveAccounts),
		control.On("PUT /-/accounts/{account}", "has the personal data reporting API say of an account that it is closed, or changed at a time", s.serveSetAccount).
			WithBody(control.Fields[AccountChange]()...),
		control.On("GET /-/apps", "what is installed", s.serveApps),
		control.On("POST /-/apps", "installs an app from the address of its descriptor, or through Forge from a folder (dir) or a text (manifest, resources)", s.serveInstall).
			WithBody(control.Fields[installRequest]()...),
		control.On("DELETE /-/apps/{key}", "uninstalls an app, or only from a product or a conversation", s.serveUninstall).WithQuery("product", "conversation"),
		control.On("GET /-/quota", "points that apps have spent this hour, by app, tenant and operation; 404 without a quota", s.serveQuota),
		control.On("POST /-/reset", "puts the data back as loaded; apps stay", s.serveReset),
	}
}

// Apps lists what is installed. A Forge app and its Connect part are one.
func (s *Site) Apps() []InstalledApp {
	list := s.forge.Installed()
	for _, a := range s.host.Apps() {
		if i := slices.IndexFunc(list, func(f InstalledApp) bool { return f.InstallationID == a.InstallationID }); i >= 0 {
			list[i].ClientKey, list[i].Pages = a.ClientKey, append(list[i].Pages, a.Pages...)
			continue
		}
		a.Upgrades = s.forge.Upgrades(a.ConnectKey)
		list = append(list, a)
	}
	list = append(list, s.chat.Apps()...)
	answers := s.lifecycleAnswers()
	for i, a := range list {
		list[i].Lifecycle = append([]LifecycleAnswer{}, answers[a.Key]...)
	}
	return list
}

// lifecycleAnswers are what apps answered last to each lifecycle call that is still in
// the log, by app.
func (s *Site) lifecycleAnswers() map[string][]LifecycleAnswer {
	answers := map[string][]LifecycleAnswer{}
	for _, r := range s.Requests(0) {
		event, ok := strings.CutPrefix(r.Operation, lifecyclePrefix)
		if !ok || r.From != journal.Site {
			continue
		}
		kept := slices.DeleteFunc(answers[r.To], func(a LifecycleAnswer) bool { return a.Event == event })
		answers[r.To] = append(kept, LifecycleAnswer{Event: event, Status: r.Status, Reason: r.Reason, At: r.End})
	}
	return answers
}

// lifecyclePrefix begins the operations of lifecycle calls in the log.
const lifecyclePrefix = "lifecycle."

func (s *Site) serveApps(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]any{"apps": append([]InstalledApp{}, s.Apps()...)})
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
