package connecttest

import (
	"slices"
	"sync"
	"time"
)

// grant is what stands behind an opaque bearer token.
type grant struct {
	// app is the app key, or of a chat token the OAuth client id.
	app     string
	account string
	scopes  []string
	chat    bool
	expires time.Time
}

func (g grant) has(scope string) bool { return slices.Contains(g.scopes, scope) }

// tokens holds the bearer tokens given out.
type tokens struct {
	mu     sync.Mutex
	grants map[string]grant
}

// issue sweeps what has expired before it adds one.
func (t *tokens) issue(g grant, now time.Time) string {
	token := randomText()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.grants == nil {
		t.grants = make(map[string]grant)
	}
	for old, g := range t.grants {
		if !now.Before(g.expires) {
			delete(t.grants, old)
		}
	}
	t.grants[token] = g
	return token
}

func (t *tokens) find(token string, now time.Time) (grant, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.grants[token]
	return g, ok && now.Before(g.expires)
}

// revoke ends every token of an app or of a chat client.
func (t *tokens) revoke(name string, chat bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for token, g := range t.grants {
		if g.app == name && g.chat == chat {
			delete(t.grants, token)
		}
	}
}
