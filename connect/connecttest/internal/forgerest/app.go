package forgerest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
)

// Production is the type of an app's one production environment.
const Production = "PRODUCTION"

// app is one installation. It never changes; an upgrade puts another in its
// place.
type app struct {
	source
	// id is the installation's ARI.
	id          string
	environment string // its type
	version     int    // the major one
	noContexts  bool
	license     json.RawMessage
	// clientKey is that of the Connect app that it was, "" when there was none.
	clientKey string
}

// uuid is the app's id without what all have in common.
func (a *app) uuid() string { return strings.TrimPrefix(a.manifest.App.ID, AppIDPrefix) }

// environmentUUID is the same for an app's environment on every site.
func (a *app) environmentUUID() string {
	h := sign.Hash("environment " + a.uuid() + " " + a.environment)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-8" + h[17:20] + "-" + h[20:32]
}

func (a *app) environmentID() string {
	return "ari:cloud:ecosystem::environment/" + a.uuid() + "/" + a.environmentUUID()
}

// key names the app among those of the site: its user and its dashboard items.
func (a *app) key() string {
	if a.environment == Production {
		return a.uuid()
	}
	return a.uuid() + "-" + strings.ToLower(a.environment)
}

func (a *app) name() string {
	return firstOf(a.manifest.App.Name, a.source.name, "Forge app "+a.uuid()[:8])
}

func (a *app) versionText() string { return strconv.Itoa(a.version) + ".0.0" }

// moduleARI is how Jira names a module.
func (a *app) moduleARI(key string) string {
	return "ari:cloud:ecosystem::extension/" + a.uuid() + "/" + a.environmentUUID() + "/static/" + key
}

// App is a Forge app as the site has it installed.
type App struct {
	AppID          string `json:"appId"`
	InstallationID string `json:"installationId"`
	CloudID        string `json:"cloudId"`
	// Environment is its type.
	Environment   string `json:"environment"`
	EnvironmentID string `json:"environmentId"`
	Version       string `json:"version"`
	// Key is the app's name among the site's dashboard items.
	Key string `json:"key"`
	// Status is what the app answered at first to the lifecycle event or to the
	// call before it goes; 0 when no call was made or no answer came.
	Status int `json:"status"`
}

func (s *Server) public(a *app) App {
	return App{
		AppID: a.manifest.App.ID, InstallationID: a.id, CloudID: s.CloudID, Environment: a.environment,
		EnvironmentID: a.environmentID(), Version: a.versionText(), Key: a.key(),
	}
}

// app finds an installation by its id, its key, or the app's id, whole or bare.
// Of several environments production is meant, else the one installed first.
func (s *Server) app(name string) (*app, error) {
	if a, err := s.byKey(strings.TrimPrefix(name, AppIDPrefix)); err == nil {
		return a, nil
	}
	return s.find(name, func(a *app) bool { return a.isCalled(name) })
}

// byKey finds an installation by its key.
func (s *Server) byKey(key string) (*app, error) {
	return s.find(key, func(a *app) bool { return a.key() == key })
}

func (s *Server) find(name string, match func(*app) bool) (*app, error) {
	list := s.installed()
	i := slices.IndexFunc(list, match)
	if i < 0 {
		return nil, fmt.Errorf("app %q: %w", name, install.ErrNotInstalled)
	}
	return list[i], nil
}

func (a *app) isCalled(name string) bool {
	return name == a.id || name == a.key() || name == a.uuid() || name == a.manifest.App.ID
}

// Has reports whether such an app is installed, by any of its names.
func (s *Server) Has(name string) bool {
	_, err := s.app(name)
	return err == nil
}

// Apps lists what is installed.
func (s *Server) Apps() []App {
	var list []App
	for _, a := range s.installed() {
		list = append(list, s.public(a))
	}
	return list
}

func (s *Server) installed() []*app {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.apps)
}

// put replaces the installation of the same id, or adds it.
func (s *Server) put(a *app) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.apps, func(o *app) bool { return o.id == a.id }); i >= 0 {
		s.apps[i] = a
		return
	}
	s.apps = append(s.apps, a)
}

func (s *Server) remove(a *app) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps = slices.DeleteFunc(s.apps, func(o *app) bool { return o.id == a.id })
}

// living reports whether an installation is there, whatever its version.
func (s *Server) living(id string) bool {
	return slices.ContainsFunc(s.installed(), func(a *app) bool { return a.id == id })
}
