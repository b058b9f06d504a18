package forgerest

import (
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
)

// Installed lists what is installed, for administrators.
func (s *Server) Installed() []install.Installed {
	var list []install.Installed
	for _, a := range s.installed() {
		list = append(list, s.shown(a))
	}
	return list
}

func (s *Server) shown(a *app) install.Installed {
	out := install.Installed{
		Key: a.key(), Name: a.name(), Product: install.ProductJira, Kind: install.KindForge,
		BaseURL: a.manifest.Remotes[0].baseURL, CloudID: s.CloudID, Scopes: a.manifest.scopes,
		ConnectKey: a.manifest.connectKey(), ClientKey: a.clientKey,
		AppID: a.manifest.App.ID, InstallationID: a.id, Environment: a.environment, Version: a.versionText(),
		Pages: []install.Page{}, Upgrades: []string{},
	}
	if a.manifest.hybrid() {
		out.Kind, out.Upgrades = install.KindHybrid, []string{StageForge}
	}
	for _, mod := range a.manifest.modules {
		if isPage(mod.kind) {
			out.Pages = append(out.Pages, install.Page{
				Key: mod.Key, Title: a.title(mod), Kind: install.KindForge, Path: a.pagePath(mod), Admin: mod.kind == kindAdminPage,
			})
		}
	}
	return out
}

// Deployed is a version of an app that administrators can upgrade to.
type Deployed struct {
	AppID string `json:"appId"`
	// ConnectKey is that of the Connect app that goes on as this one; empty: none
	// does.
	ConnectKey string `json:"connectKey"`
	// Stage is hybrid or forge.
	Stage string `json:"stage"`
}

func (o source) deployed() Deployed {
	d := Deployed{AppID: o.manifest.App.ID, ConnectKey: o.manifest.connectKey(), Stage: StageForge}
	if o.manifest.hybrid() {
		d.Stage = StageHybrid
	}
	return d
}

// Deploy keeps a version of an app for Upgrade, as "forge deploy" leaves it for
// the administrators of sites. It replaces the app's last one of the same stage.
func (s *Server) Deploy(o Source) (Deployed, error) {
	from, err := o.read()
	if err != nil {
		return Deployed{}, err
	}
	d := from.deployed()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deployed = slices.DeleteFunc(s.deployed, func(old source) bool { return old.deployed() == d })
	s.deployed = append(s.deployed, from)
	return d, nil
}

// Upgrades are the stages to which versions were deployed that a Connect app can
// move on to.
func (s *Server) Upgrades(connectKey string) []string {
	list := []string{}
	for _, stage := range []string{StageHybrid, StageForge} {
		if _, ok := s.latest(connectKey, stage); ok {
			list = append(list, stage)
		}
	}
	return list
}

// latest is the version of a stage that was deployed last for an app, by any of
// its names, "" is any.
func (s *Server) latest(name, stage string) (source, bool) {
	id := name
	if a, err := s.app(name); err == nil {
		id = a.manifest.App.ID
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range slices.Backward(s.deployed) {
		if d := o.deployed(); d.Stage == stage && (name == "" || id == d.AppID || name == d.ConnectKey) {
			return o, true
		}
	}
	return source{}, false
}
