package connecttest

import (
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// ErrNotInstalled is wrapped when an app is named that the site does not have.
var ErrNotInstalled = errors.New("app is not installed")

// App is an app as the site has it installed.
type App struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Product string `json:"product"`
	BaseURL string `json:"baseUrl"`
	// ClientKey is the tenant's name in Connect tokens; empty for chat.
	ClientKey string `json:"clientKey,omitempty"`
	// OAuthClientID is for impersonation, and of chat the app's own client.
	OAuthClientID string `json:"oauthClientId"`
	// Conversation is where a chat app was put.
	Conversation string `json:"conversation,omitempty"`
	// Status and Answer are what the app answered to the lifecycle call.
	Status int    `json:"status"`
	Answer string `json:"answer,omitempty"`
}

// app is one installation. It never changes; a reinstall puts another in its
// place.
type app struct {
	descriptor    *descriptor
	descriptorURL string
	clientKey     string
	oauthClientID string
	secret        string
}

func (a *app) key() string      { return a.descriptor.Key }
func (a *app) basePath() string { return a.descriptor.base.EscapedPath() }

// url resolves a relative address of the descriptor against the base URL.
func (a *app) url(path string) (*url.URL, error) {
	u, err := url.Parse(joinURL(a.descriptor.BaseURL, path))
	if err != nil {
		return nil, fmt.Errorf("make address of app %s: %w", a.key(), err)
	}
	return u, nil
}

func (a *app) public() App {
	return App{
		Key: a.key(), Name: a.descriptor.Name, Product: productJira, BaseURL: a.descriptor.BaseURL,
		ClientKey: a.clientKey, OAuthClientID: a.oauthClientID,
	}
}

// app finds an installed Jira app.
func (s *Site) app(key string) (*app, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.apps[key]; ok {
		return a, nil
	}
	return nil, fmt.Errorf("app %q: %w", key, ErrNotInstalled)
}

// candidates are the installations whose secret an app may sign with: the one
// in force and, until the app has answered the installed call, the one to be.
func (s *Site) candidates(match func(*app) bool) []*app {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*app
	for _, m := range []map[string]*app{s.apps, s.pending} {
		for _, key := range sortedKeys(m) {
			if match(m[key]) {
				list = append(list, m[key])
			}
		}
	}
	return list
}

// installed lists the Jira apps by key.
func (s *Site) installed() []*app {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*app, 0, len(s.apps))
	for _, key := range sortedKeys(s.apps) {
		list = append(list, s.apps[key])
	}
	return list
}

// knownAccount refuses an account that the site does not have. The empty one
// is an anonymous viewer.
func (s *Site) knownAccount(account string) error {
	if account == "" {
		return nil
	}
	if p, ok := s.world.Person(account); !ok || !p.Active {
		return fmt.Errorf("account %q: not an active account of this site", account)
	}
	return nil
}

// humans are the people who can look at a page.
func (s *Site) humans() []world.Person {
	return slices.DeleteFunc(s.world.People(), func(p world.Person) bool { return p.App || !p.Active })
}
