package connecttest

import (
	"errors"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/slackrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// serveControl answers the site's own calls, to this machine only: neither
// another machine nor a page of another origin, nor one whose host name was
// made to point here, gets in.
func (s *Site) serveControl(w http.ResponseWriter, r *http.Request) {
	switch {
	case !loopbackHost(hostname(r.RemoteAddr)) || !loopbackHost(hostname(r.Host)):
		problem(w, http.StatusForbidden, "control calls are answered on loopback only")
	case !s.sameOrigin(r):
		problem(w, http.StatusForbidden, "control calls are not answered to other origins")
	case !jsonOrNothing(r):
		problem(w, http.StatusUnsupportedMediaType, "the content type must be application/json")
	default:
		s.control.ServeHTTP(w, r)
	}
}

func hostname(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

func (s *Site) sameOrigin(r *http.Request) bool {
	from := r.Header.Get("Origin")
	if from == "" {
		return len(r.Header.Values("Origin")) == 0
	}
	u, err := url.Parse(from)
	return err == nil && u.Host == r.Host
}

func jsonOrNothing(r *http.Request) bool {
	kind := r.Header.Get("Content-Type")
	if r.Method == http.MethodGet || r.Method == http.MethodHead || kind == "" && r.ContentLength == 0 {
		return true
	}
	media, _, err := mime.ParseMediaType(kind)
	return err == nil && media == "application/json"
}

func (s *Site) controlRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /-/people", s.servePeople)
	mux.HandleFunc("GET /-/objects", s.serveObjects)
	mux.HandleFunc("GET /-/settings", s.serveSettings)
	mux.HandleFunc("PUT /-/settings", s.serveSetSettings)
	mux.HandleFunc("POST /-/apps", s.serveInstall)
	mux.HandleFunc("DELETE /-/apps/{key}", s.serveUninstall)
	mux.HandleFunc("POST /-/apps/{key}/rotate", s.serveRotate)
	mux.HandleFunc("POST /-/apps/{key}/import", s.serveImport)
	mux.HandleFunc("GET /-/apps/{key}/modules/{module}", s.serveModuleURL)
	mux.HandleFunc("POST /-/webhooks", s.serveFire)
	mux.HandleFunc("POST /-/faults", s.serveAddFault)
	mux.HandleFunc("DELETE /-/faults", s.serveClearFaults)
	mux.HandleFunc("GET /-/requests", s.serveRequests)
	mux.HandleFunc("GET /-/events", s.serveEvents)
	mux.HandleFunc("GET /-/chat", s.serveChat)
	s.conversationControls(mux)
	mux.HandleFunc("POST /-/reset", s.serveReset)
	s.slackControl(mux)
	mux.Handle("/-/assets/", s.pages)
	s.uiRoutes(mux)
	return withProblems(mux)
}

// Person is somebody of the site. Email and Token together are their Basic
// authentication.
type Person struct {
	AccountID   string `json:"accountId"`
	DisplayName string `json:"displayName"`
	Email       string `json:"email"`
	Username    string `json:"username"`
	UserKey     string `json:"userKey"`
	Token       string `json:"token"`
	Admin       bool   `json:"admin"`
	Active      bool   `json:"active"`
	App         bool   `json:"app"`
	TimeZone    string `json:"timeZone"`
	Locale      string `json:"locale"`
}

func newPerson(p world.Person) Person {
	return Person{
		AccountID: p.AccountID, DisplayName: p.DisplayName, Email: p.Email, Username: p.Username, UserKey: p.UserKey,
		Token: p.Token, Admin: p.Admin, Active: p.Active, App: p.App, TimeZone: p.TimeZone, Locale: p.Locale,
	}
}

// People lists everybody but the users of installed apps.
func (s *Site) People() []Person {
	list := make([]Person, 0)
	for _, p := range s.world.People() {
		if p.AppKey == "" {
			list = append(list, newPerson(p))
		}
	}
	return list
}

func (s *Site) servePeople(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.People())
}

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
		installed(w, out, err)
	case productChat:
		out, err := s.installChat(r.Context(), chatInstall{
			in.Descriptor, in.Conversation, in.ClientID, in.ClientSecret, in.Scopes,
		})
		installed(w, out, err)
	default:
		problem(w, http.StatusUnprocessableEntity, "product: must be jira or chat")
	}
}

// installed hands on what the app answered. Where it refused, its status is
// the call's, too.
func installed(w http.ResponseWriter, out App, err error) {
	var refused *InstallError
	switch {
	case errors.As(err, &refused) && refused.Status >= 400:
		writeJSON(w, refused.Status, out)
	case errors.As(err, &refused):
		problem(w, http.StatusBadGateway, err.Error())
	case err != nil:
		controlError(w, err)
	default:
		writeJSON(w, http.StatusOK, out)
	}
}

func controlError(w http.ResponseWriter, err error) {
	for _, absent := range []error{ErrNotInstalled, errNoModule, errNoConversation, world.ErrNotFound, slackrest.ErrNotFound, slackrest.ErrNoApp} {
		if errors.Is(err, absent) {
			problem(w, http.StatusNotFound, err.Error())
			return
		}
	}
	problem(w, http.StatusUnprocessableEntity, err.Error())
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
	installed(w, out, err)
}

func (s *Site) serveRotate(w http.ResponseWriter, r *http.Request) {
	out, err := s.Rotate(r.Context(), r.PathValue("key"))
	installed(w, out, err)
}

func (s *Site) serveImport(w http.ResponseWriter, r *http.Request) {
	out, err := s.Import(r.Context(), r.PathValue("key"))
	installed(w, out, err)
}

func (s *Site) serveModuleURL(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	key, module := r.PathValue("key"), r.PathValue("module")
	address, err := s.ModuleURL(key, module, viewerOf(q), q.Get("dashboard"), q.Get("item"))
	if err == nil && !q.Has("dashboard") {
		address, err = s.PageURL(key, module, viewerOf(q), q)
	}
	if err != nil {
		controlError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"url": address})
}

func (s *Site) serveFire(w http.ResponseWriter, r *http.Request) {
	var hook Webhook
	if err := decode(w, r, &hook); err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	sent, err := s.fire(hook)
	if err != nil {
		controlError(w, err)
		return
	}
	writeJSON(w, http.StatusAccepted, map[string]int{"sent": sent})
}

func (s *Site) serveAddFault(w http.ResponseWriter, r *http.Request) {
	var f Fault
	if err := decode(w, r, &f); err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := s.AddFault(f); err != nil {
		problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	writeJSON(w, http.StatusCreated, f)
}

func (s *Site) serveClearFaults(w http.ResponseWriter, _ *http.Request) {
	s.ClearFaults()
	w.WriteHeader(http.StatusNoContent)
}

func (s *Site) serveRequests(w http.ResponseWriter, r *http.Request) {
	since := 0
	if text := r.URL.Query().Get("since"); text != "" {
		var err error
		if since, err = strconv.Atoi(text); err != nil {
			problem(w, http.StatusUnprocessableEntity, "since: must be a number")
			return
		}
	}
	list, next := s.requests.since(since)
	writeJSON(w, http.StatusOK, struct {
		Next     int       `json:"next"`
		Requests []Request `json:"requests"`
	}{next, list})
}

func (s *Site) serveReset(w http.ResponseWriter, _ *http.Request) {
	s.Reset()
	w.WriteHeader(http.StatusNoContent)
}
