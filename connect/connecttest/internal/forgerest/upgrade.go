package forgerest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The stages on the way from Connect to Forge.
const (
	StageHybrid = "hybrid" // Connect modules in a Forge manifest
	StageForge  = "forge"  // none any more
)

// Upgrade moves an installation on: from Connect to the hybrid stage, from
// either to Forge.
type Upgrade struct {
	// Stage is hybrid or forge, and must be the manifest's.
	Stage string `json:"stage"`
	// Installed is that an admin allows the upgrade: the Connect part gets an
	// installed call and the Forge part its lifecycle event. Without it the
	// installation slides over and nobody is told.
	Installed bool `json:"installed"`
	// App is the app that moves on when no manifest is given, by any of its names
	// on Forge or its Connect key; empty: the only one. It moves to what was
	// deployed last for that stage. Without that, an app of Forge loses what is
	// left of Connect.
	App string `json:"app"`
	Source
	Environment string `json:"environment"`
}

// Upgrade moves an installation on. The Connect app with the manifest's
// app.connect.key goes on as a part of the app, or ends without a word; placed
// dashboard items that a gadget names in connectKeys become that gadget, under
// the same id and with their properties.
func (s *Server) Upgrade(ctx context.Context, o Upgrade) (App, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	if o.Stage != StageHybrid && o.Stage != StageForge {
		return App{}, errors.New("upgrade: stage must be hybrid or forge")
	}
	from, environment, err := s.next(o)
	if err != nil {
		return App{}, err
	}
	if hybrid := from.manifest.hybrid(); hybrid != (o.Stage == StageHybrid) {
		return App{}, &ManifestError{fmt.Errorf("upgrade: the manifest is not of the stage %s", o.Stage)}
	}
	key := from.manifest.connectKey()
	if key == "" {
		return App{}, &ManifestError{errors.New("upgrade: the manifest has no app.connect.key")}
	}
	if _, installed := s.Connect.ClientKey(key); !installed {
		return App{}, fmt.Errorf("upgrade: connect app %q: %w", key, errNotFound)
	}
	return s.putIn(ctx, from, Install{Environment: environment, Quiet: !o.Installed, Dashboards: s.showing(key, from)})
}

// showing are the dashboards that have gadgets of a Connect app or of the Forge
// app that it becomes: an upgrade places nothing on others.
func (s *Server) showing(connectKey string, from source) []string {
	uuid := (&app{source: from}).uuid()
	var list []string
	for _, d := range s.World.Dashboards() {
		shows := func(item world.DashboardItem) bool {
			return item.AppKey == connectKey || strings.HasPrefix(item.AppKey, uuid)
		}
		if slices.ContainsFunc(d.Items, shows) {
			list = append(list, d.ID)
		}
	}
	return list
}

// next is the manifest to move on to: the one given, the one deployed, or that
// of the installed app without Connect.
func (s *Server) next(o Upgrade) (from source, environment string, err error) {
	if o.given() {
		from, err = o.read()
		return from, o.Environment, err
	}
	if from, ok := s.latest(o.App, o.Stage); ok {
		return from, o.Environment, nil
	}
	if o.Stage != StageForge {
		return source{}, "", &ManifestError{errors.New("upgrade: the hybrid stage needs dir or manifest, or a version that was deployed")}
	}
	apps := s.installed()
	if o.App == "" && len(apps) != 1 {
		return source{}, "", errors.New("upgrade: say which app, or give dir or manifest")
	}
	if o.App == "" {
		return apps[0].withoutConnect(), apps[0].environment, nil
	}
	a, err := s.app(o.App)
	if err != nil {
		return source{}, "", err
	}
	return a.withoutConnect(), a.environment, nil
}

// withoutConnect is the app without what is left of Connect but its key.
func (a *app) withoutConnect() source {
	m := *a.manifest
	m.ConnectModules = nil
	if m.App.Connect != nil {
		m.App.Connect = &connect{Key: m.App.Connect.Key}
	}
	m.scopes = slices.DeleteFunc(slices.Clone(m.scopes), isConnectScope)
	return source{manifest: &m, files: a.files, titles: a.titles, name: a.source.name}
}

func (m *manifest) hybrid() bool { return len(m.ConnectModules) > 0 }

func (m *manifest) connectKey() string {
	if m.App.Connect == nil {
		return ""
	}
	return m.App.Connect.Key
}

// takeOver does what an app's manifest says about the Connect app that it was.
func (s *Server) takeOver(ctx context.Context, a *app, quiet bool) error {
	key := a.manifest.connectKey()
	if key == "" {
		return nil
	}
	if clientKey, installed := s.Connect.ClientKey(key); installed {
		a.clientKey = clientKey
	}
	var replaced []string
	for _, mod := range a.manifest.of(kindGadget) {
		replaced = append(replaced, mod.ConnectKeys...)
	}
	if a.manifest.hybrid() {
		d, err := a.manifest.descriptor(a.name())
		if err != nil {
			return err
		}
		a.clientKey, err = s.Connect.Adopt(ctx, ConnectPart{Descriptor: d, InstallationID: a.id, Replaced: replaced, Quiet: quiet})
		if err != nil {
			return err
		}
	}
	for _, mod := range a.manifest.of(kindGadget) {
		for _, item := range mod.ConnectKeys {
			s.World.Rehome(world.ConnectModule(key, item), a.item(mod))
		}
	}
	if !a.manifest.hybrid() {
		s.Connect.Retire(key)
	}
	return nil
}

const connectScope = ":connect-jira"

func isConnectScope(scope string) bool { return strings.HasSuffix(scope, connectScope) }

// descriptor is the Connect descriptor that the connectModules come to.
func (m *manifest) descriptor(name string) ([]byte, error) {
	var lifecycle []map[string]string
	modules := object{}
	for kind, node := range m.ConnectModules {
		var err error
		if kind == "jira:lifecycle" {
			err = node.Decode(&lifecycle)
		} else {
			modules[strings.TrimPrefix(kind, "jira:")], err = items(kind, node)
		}
		if err != nil {
			return nil, &ManifestError{fmt.Errorf("read connectModules.%s: %w", kind, err)}
		}
	}
	if len(lifecycle) != 1 {
		return nil, &ManifestError{errors.New("connectModules need exactly one jira:lifecycle")}
	}
	delete(lifecycle[0], "key")
	base, _ := m.remote(m.App.Connect.Remote)
	return json.Marshal(object{
		"key": m.App.Connect.Key, "name": name, "baseUrl": base.baseURL, "authentication": object{"type": "jwt"},
		"lifecycle": lifecycle[0], "modules": modules, "scopes": m.connectScopes(),
		"apiMigrations": object{"signed-install": true, "context-qsh": true, "gdpr": true},
	})
}

// items are a kind's modules. A descriptor has a single one of some kinds.
func items(kind string, node yaml.Node) (any, error) {
	var list []map[string]any
	if err := node.Decode(&list); err != nil {
		return nil, err
	}
	single := slices.Contains([]string{"jira:configurePage", "jira:postInstallPage"}, kind)
	if single && len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

// connectScopes are those that serve the Connect modules, as a descriptor
// writes them.
func (m *manifest) connectScopes() []string {
	list := []string{}
	for _, scope := range m.scopes {
		if isConnectScope(scope) {
			list = append(list, strings.ToUpper(strings.ReplaceAll(strings.TrimSuffix(scope, connectScope), "-", "_")))
		}
	}
	return list
}
