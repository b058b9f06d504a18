package judge

import (
	"crypto/hmac"
	"encoding/json"
	"net/http"
)

// The OAuth client of the weak app.
const (
	chatClient = "judge-client"
	chatSecret = "judge-client-secret"
)

// serveChat serves the chat: an install, or what a glance shows.
func (a *weakApp) serveChat(w http.ResponseWriter, r *http.Request) {
	const family = "chat."
	place, ok := a.chatPlace(r)
	if r.URL.Path == "/chat/installed" && ok {
		var in struct{ ResourceID string }
		_ = json.NewDecoder(r.Body).Decode(&in)
		a.mu.Lock()
		defer a.mu.Unlock()
		again := a.rooms[in.ResourceID]
		if a.rooms == nil {
			a.rooms = map[string]bool{}
		}
		a.rooms[in.ResourceID] = true
		ok = (place == in.ResourceID || a.weak(family+"body-other-conversation")) && (!again || !a.weak(family+"life-again"))
	}
	if a.weak(family + "origin") {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	}
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
	}
}

// chatPlace is the conversation of a right call; ok says whether it is one.
func (a *weakApp) chatPlace(r *http.Request) (place string, ok bool) {
	const family = "chat."
	raw, inHeader := authorization(r, "Bearer")
	query := r.URL.Query().Get("jwt")
	cookie, _ := r.Cookie("jwt")
	switch {
	case query != "" && inHeader && !a.weak(family+"token-two-places"), query != "" && a.weak(family+"accept-query"),
		inHeader && r.Method == http.MethodGet && a.weak(family+"accept-header"):
		return "", false
	case query != "":
		raw = query
	case cookie != nil && a.weak(family+"token-cookie"):
		raw = cookie.Value
	case !inHeader:
		return "", a.weak(family + "token-missing")
	}
	t, ok, done := a.parse(family, raw)
	if done {
		return "", ok
	}
	right, pass := a.algorithm(family, t, "HS256")
	if pass || !right {
		return "", pass
	}
	signed := hmac.Equal(hmacOf(chatSecret, t.signed), t.signature) || a.unsigned(family) ||
		a.weak(family+"key-empty") && hmac.Equal(hmacOf("", t.signed), t.signature)
	place, ok = a.chatClaims(t.claims)
	return place, ok && signed && a.times(family, t.claims)
}

func (a *weakApp) chatClaims(c object) (place string, ok bool) {
	const family = "chat."
	context, isObject := c["context"].(object)
	place, _ = context["resourceId"].(string)
	switch {
	case c["iss"] == nil:
		return "", a.weak(family + "iss-missing")
	case c["iss"] != chatClient:
		return "", a.weak(family + "iss-other")
	case c["context"] == nil:
		return "", a.weak(family + "context-missing")
	case !isObject:
		return "", a.weak(family + "context-text")
	case context["cloudId"] == nil:
		return "", a.weak(family + "cloud-missing")
	case place == "":
		return "", a.weak(family + "conversation-missing")
	}
	return place, true
}
