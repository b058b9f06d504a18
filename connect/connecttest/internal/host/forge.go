package host

import (
	"context"
	"fmt"

	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
)

// Adoption is the Connect part of a Forge app.
type Adoption struct {
	// Descriptor is the descriptor made from the manifest's connectModules.
	Descriptor []byte
	// InstallationID is the Forge installation's.
	InstallationID string
	// Replaced are the keys of the dashboard items that a Forge gadget
	// replaces: they are no longer placed.
	Replaced []string
	// Quiet says that a known app is not told and keeps its secret. An unknown
	// one is always told.
	Quiet bool
}

// Adopt puts the Connect part of a Forge app in force, as the same app under
// the same client key, which it returns. The installed call names the Forge
// installation.
func (s *Server) Adopt(ctx context.Context, o Adoption) (clientKey string, err error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	d, err := parseDescriptor(o.Descriptor)
	if err != nil {
		return "", err
	}
	key := s.clientKey(d.Key)
	a := &app{
		descriptor: d, clientKey: key, oauthClientID: s.oauthClient(key), secret: newSecret(),
		installationID: o.InstallationID, replaced: o.Replaced,
	}
	old, err := s.app(d.Key)
	if err == nil && o.Quiet {
		a.secret = old.secret
		return key, s.activate(a)
	}
	if _, err := s.putApp(ctx, a); err != nil {
		return "", fmt.Errorf("install connect modules: %w", err)
	}
	return key, nil
}

// ClientKey is that of an installed app; false if it is not installed.
func (s *Server) ClientKey(key string) (string, bool) {
	a, err := s.app(key)
	if err != nil {
		return "", false
	}
	return a.clientKey, true
}

// Retire removes an app without telling it, as Forge does when an app no longer
// has Connect modules.
func (s *Server) Retire(key string) {
	s.installing.Lock()
	defer s.installing.Unlock()
	s.mu.Lock()
	delete(s.apps, key)
	s.mu.Unlock()
	s.Tokens.Revoke(key)
	s.World.RemoveApp(key)
}

func newSecret() string { return "ATCO" + sign.RandomText() + sign.RandomText() }
