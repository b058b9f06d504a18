package connect

import (
	"context"
	"maps"
	"sync"
	"time"
)

const (
	maxUserTokens = 10_000
	// renewEarly is how long before its end a token is replaced.
	renewEarly = time.Minute
	sweepEvery = time.Minute
)

// tokenKey says whose token it is and what for. The generation makes a new
// install forget the old one's tokens.
type tokenKey struct {
	tenant     TenantID
	client     ClientKey
	generation int64
	account    AccountID
	scopes     string
}

// userToken is a person's token, or one that is being fetched until done is
// closed. Its fields are written once before that.
type userToken struct {
	done    chan struct{}
	text    Secret
	expires time.Time
	err     error
}

// ready reports whether the token is no longer being fetched.
func (t *userToken) ready() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

func (t *userToken) stale(now time.Time) bool {
	return t.ready() && !now.Before(t.expires.Add(-renewEarly))
}

// userTokens keeps tokens. The zero value is ready.
type userTokens struct {
	mu    sync.Mutex
	byKey map[tokenKey]*userToken
	swept time.Time
}

type fetchToken func(ctx context.Context) (Secret, time.Time, error)

// get returns the key's token, or waits for the one that is being fetched. The
// fetch belongs to nobody: who gives up leaves it to the others.
func (c *userTokens) get(ctx context.Context, key tokenKey, now func() time.Time, fetch fetchToken) (*userToken, error) {
	token := c.currentOrFetch(ctx, key, now(), fetch)
	select {
	case <-token.done:
		return token, token.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *userTokens) currentOrFetch(ctx context.Context, key tokenKey, now time.Time, fetch fetchToken) *userToken {
	c.mu.Lock()
	defer c.mu.Unlock()
	if token, ok := c.byKey[key]; ok && !token.stale(now) {
		return token
	}
	token := &userToken{done: make(chan struct{})}
	c.makeRoom(now)
	c.byKey[key] = token
	go func() {
		token.text, token.expires, token.err = fetch(context.WithoutCancel(ctx))
		if token.err != nil {
			c.drop(key, token)
		}
		close(token.done)
	}()
	return token
}

// makeRoom sweeps out what has ended, and when that is not enough the token
// that ends first. A token that is being fetched stays.
func (c *userTokens) makeRoom(now time.Time) {
	if c.byKey == nil {
		c.byKey = make(map[tokenKey]*userToken)
	}
	full := len(c.byKey) >= maxUserTokens
	if !full && now.Sub(c.swept) < sweepEvery {
		return
	}
	c.swept = now
	maps.DeleteFunc(c.byKey, func(_ tokenKey, t *userToken) bool { return t.stale(now) })
	if len(c.byKey) >= maxUserTokens {
		c.dropFirstToEnd()
	}
}

func (c *userTokens) dropFirstToEnd() {
	var first tokenKey
	var at time.Time
	for key, token := range c.byKey {
		if token.ready() && (at.IsZero() || token.expires.Before(at)) {
			first, at = key, token.expires
		}
	}
	delete(c.byKey, first)
}

// drop forgets a token, unless a newer one has taken its place.
func (c *userTokens) drop(key tokenKey, token *userToken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[key] == token {
		delete(c.byKey, key)
	}
}

func (c *userTokens) forget(id TenantID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.byKey, func(key tokenKey, _ *userToken) bool { return key.tenant == id })
}
