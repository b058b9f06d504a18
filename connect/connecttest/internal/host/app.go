package host

import (
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// app is one installation. It never changes; a reinstall puts another in its
// place.
type app struct {
	descriptor    *appDescriptor
	descriptorURL string
	clientKey     string
	oauthClientID string
	secret        string
	// installationID is that of the Forge app whose Connect part it is;
	// replaced are the modules that the app's Forge gadgets replace.
	installationID string
	replaced       []string
	// dashboards are the ids of those that get its items; empty: all.
	dashboards []string
}

func (a *app) key() string      { return a.descriptor.Key }
func (a *app) basePath() string { return a.descriptor.base.EscapedPath() }

// url resolves a relative address of the descriptor against the base URL.
func (a *app) url(path string) (*url.URL, error) {
	u, err := url.Parse(uri.Join(a.descriptor.BaseURL, path))
	if err != nil {
		return nil, fmt.Errorf("make address of app %s: %w", a.key(), err)
	}
	return u, nil
}

func (a *app) public() install.App {
	return install.App{
		Key: a.key(), Name: a.descriptor.Name, Product: install.ProductJira, BaseURL: a.descriptor.BaseURL,
		ClientKey: a.clientKey, OAuthClientID: a.oauthClientID,
	}
}

// app finds an installed Jira app.
func (s *Server) app(key string) (*app, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.apps[key]; ok {
		return a, nil
	}
	return nil, fmt.Errorf("app %q: %w", key, install.ErrNotInstalled)
}

// Signers lists the matching installations whose secret an app may sign with:
// the current one and, until the app has answered the installed call, the next.
func (s *Server) Signers(match func(auth.Install) bool) []auth.Install {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []auth.Install
	for _, m := range []map[string]*app{s.apps, s.pending} {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if in := m[key].install(); match(in) {
				list = append(list, in)
			}
		}
	}
	return list
}

// candidates are the installations of an app: the current one and the next.
func (s *Server) candidates(key string) []*app {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*app
	for _, m := range []map[string]*app{s.apps, s.pending} {
		if a := m[key]; a != nil {
			list = append(list, a)
		}
	}
	return list
}

// install is the app as far as its tokens are concerned.
func (a *app) install() auth.Install {
	return auth.Install{
		Key: a.key(), ClientKey: a.clientKey, OAuthClientID: a.oauthClientID, Secret: a.secret,
		Scopes: a.descriptor.scopes(),
	}
}

// installed lists the Jira apps by key.
func (s *Server) installed() []*app {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*app, 0, len(s.apps))
	for _, key := range slices.Sorted(maps.Keys(s.apps)) {
		list = append(list, s.apps[key])
	}
	return list
}
