package dcrest

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"strings"
)

const sessionCookie = "JSESSIONID"

// Principal is who calls.
type Principal struct {
	Key     string // user key, "" is anonymous
	Account string // of the same person on the Cloud site, "" if there is none
	Name    string
	basic   bool
}

// Authenticate finds out who calls: by user name and password or token (Basic),
// by personal access token (Bearer), or by the cookie of a session. The error
// is for the developer whose call is to be refused with 401.
func (a *API) Authenticate(r *http.Request) (Principal, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	headers := r.Header.Values("Authorization")
	if len(headers) > 1 {
		return Principal{}, errors.New("more than one Authorization header")
	}
	if len(headers) == 0 {
		return a.bySession(r), nil
	}
	scheme, secret, _ := strings.Cut(headers[0], " ")
	switch strings.ToLower(scheme) {
	case "basic":
		return a.byPassword(secret)
	case "bearer":
		return a.byToken(secret)
	}
	return Principal{}, errors.New("unknown scheme in Authorization")
}

func (u *user) principal(basic bool) Principal {
	return Principal{Key: u.key, Account: u.account, Name: u.name, basic: basic}
}

// bySession is anonymous if the cookie is unknown or has ended.
func (a *API) bySession(r *http.Request) Principal {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return Principal{}
	}
	if u := a.state.byKey(a.state.sessions[cookie.Value]); u != nil && u.canLogIn() {
		return u.principal(false)
	}
	return Principal{}
}

func (a *API) byPassword(encoded string) (Principal, error) {
	refused := errors.New("wrong user name or password")
	plain, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return Principal{}, refused
	}
	name, secret, _ := strings.Cut(string(plain), ":")
	u := a.state.byName(name)
	if u == nil || !u.canLogIn() || !u.accepts(secret) {
		return Principal{}, refused
	}
	u.lastLogin = a.o.Now()
	return u.principal(true), nil
}

// accepts tells whether a secret is the user's password or token; the token
// stays valid when the password changes.
func (u *user) accepts(secret string) bool { return same(u.token, secret) || same(u.password, secret) }

// same is false for an empty secret.
func same(want, got string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

func (a *API) byToken(token string) (Principal, error) {
	for _, u := range a.state.users {
		if same(u.token, token) && u.canLogIn() {
			return u.principal(false), nil
		}
	}
	return Principal{}, errors.New("the personal access token is unknown")
}

// sessionCookie gives a caller with a password a session, one for each user.
func (a *API) sessionCookie(w http.ResponseWriter, p Principal) {
	if !p.basic {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: a.state.session(p.Key), Path: ContextPath, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (s *state) session(key string) string {
	for id, owner := range s.sessions {
		if owner == key {
			return id
		}
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	id := strings.ToUpper(hex.EncodeToString(b[:]))
	s.sessions[id] = key
	return id
}

func (s *state) endSessions(key string) {
	maps.DeleteFunc(s.sessions, func(_, owner string) bool { return owner == key })
}
