package slackrest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// bodyLimit bounds what is read of a call, in bytes.
const bodyLimit = 1 << 20

// arguments are those of a call, whether they came as a form or as JSON: text
// unchanged, everything else as JSON.
type arguments map[string]string

// failure is a logical error: Slack answers it inside HTTP 200.
type failure struct {
	code, needed, provided string
}

func fail(code string) *failure { return &failure{code: code} }

// webAPI is the workspace as its Web API sees it: what an app may do there.
// People and administrators act on Server itself.
type webAPI struct{ *Server }

// method is one method of the Web API. It runs under the lock.
type method struct {
	// scope is the required scope; "" if none is.
	scope string
	// tier is how many calls a minute are allowed; 0 is Slack's special tier
	// for posting.
	tier int
	// open needs no token.
	open bool
	run  func(s webAPI, r *http.Request, a arguments) (map[string]any, *failure)
}

// The rate tiers, in calls a minute.
// See https://docs.slack.dev/apis/web-api/rate-limits
const (
	tierSpecial = 0
	tier2       = 20
	tier3       = 50
	tier4       = 100
)

func methods() map[string]method {
	return map[string]method{
		"oauth.v2.access":    {tier: tier4, open: true, run: webAPI.oauthAccess},
		"auth.test":          {tier: tier4, run: webAPI.authTest},
		"auth.revoke":        {tier: tier3, run: webAPI.authRevoke},
		"chat.postMessage":   {scope: "chat:write", tier: tierSpecial, run: webAPI.postMessage},
		"chat.postEphemeral": {scope: "chat:write", tier: tier4, run: webAPI.postEphemeral},
		"chat.update":        {scope: "chat:write", tier: tier3, run: webAPI.updateMessage},
		"chat.delete":        {scope: "chat:write", tier: tier3, run: webAPI.deleteMessage},
		"chat.unfurl":        {scope: "links:write", tier: tier3, run: webAPI.unfurl},
		"bookmarks.add":      {scope: "bookmarks:write", tier: tier2, run: webAPI.addBookmark},
		"bookmarks.edit":     {scope: "bookmarks:write", tier: tier2, run: webAPI.editBookmark},
		"bookmarks.remove":   {scope: "bookmarks:write", tier: tier2, run: webAPI.removeBookmark},
		"bookmarks.list":     {scope: "bookmarks:read", tier: tier3, run: webAPI.listBookmarks},
		"conversations.info": {scope: "channels:read", tier: tier3, run: webAPI.conversationInfo},
		"conversations.join": {scope: "channels:join", tier: tier3, run: webAPI.joinConversation},
		"users.info":         {scope: "users:read", tier: tier4, run: webAPI.userInfo},
		"views.open":         {tier: tier4, run: webAPI.openView},
		"views.update":       {tier: tier4, run: webAPI.updateView},
	}
}

func (s webAPI) serveMethod(w http.ResponseWriter, r *http.Request, name string) {
	m, ok := methods()[name]
	if !ok {
		answer(w, nil, fail("unknown_method"))
		return
	}
	args, refused := readArguments(w, r)
	if refused != nil {
		answer(w, nil, refused)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !m.open {
		if refused = s.authorize(r, args, m.scope); refused != nil {
			answer(w, nil, refused)
			return
		}
	}
	if wait := s.limit(name, m.tier, args["channel"]); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
		writeJSON(w, http.StatusTooManyRequests, map[string]any{"ok": false, "error": "ratelimited"})
		return
	}
	out, refused := m.run(s, r, args)
	answer(w, out, refused)
}

// authorize checks the bot token, of the header or, in a form, of the body.
func (s webAPI) authorize(r *http.Request, a arguments, scope string) *failure {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		token = a["token"]
	}
	if token == "" {
		return fail("not_authed")
	}
	switch s.tokens[token] {
	case tokenRevoked:
		return fail("token_revoked")
	case tokenInactive:
		return fail("account_inactive")
	case tokenValid:
		if s.expired(token) {
			return fail("token_expired")
		}
	default:
		return fail("invalid_auth")
	}
	if scope != "" && !s.installed.has(scope) {
		return &failure{code: "missing_scope", needed: scope, provided: strings.Join(s.installed.scopes, ",")}
	}
	return nil
}

// readArguments takes a query, a form or a JSON object.
func readArguments(w http.ResponseWriter, r *http.Request) (arguments, *failure) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		return nil, fail("request_too_large")
	}
	values := r.URL.Query()
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Method != http.MethodPost && r.Method != http.MethodGet:
		return nil, fail("invalid_post_type")
	case len(body) == 0:
	case kind == "application/json":
		return readJSON(body)
	case kind == "application/x-www-form-urlencoded":
		if values, err = url.ParseQuery(string(body)); err != nil {
			return nil, fail("invalid_form_data")
		}
	default:
		return nil, fail("invalid_post_type")
	}
	args := arguments{}
	for name := range values {
		args[name] = values.Get(name)
	}
	return args, nil
}

func readJSON(body []byte) (arguments, *failure) {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return nil, fail("invalid_json")
	}
	args := arguments{}
	for name, raw := range members {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		args[name] = text
	}
	return args, nil
}

// answer is always HTTP 200.
func answer(w http.ResponseWriter, out map[string]any, refused *failure) {
	if refused != nil {
		out = map[string]any{"ok": false, "error": refused.code}
		if refused.needed != "" {
			out["needed"], out["provided"] = refused.needed, refused.provided
		}
		writeJSON(w, http.StatusOK, out)
		return
	}
	if out == nil {
		out = map[string]any{}
	}
	out["ok"] = true
	writeJSON(w, http.StatusOK, out)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		http.Error(w, "encode answer", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}
