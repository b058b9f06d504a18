package host

import (
	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// Apps lists what is installed, the Connect parts of Forge apps too: these have
// an installation id.
func (s *Server) Apps() []install.Installed {
	var list []install.Installed
	for _, a := range s.installed() {
		list = append(list, install.Installed{
			Key: a.key(), Name: a.descriptor.Name, Product: install.ProductJira, Kind: install.KindConnect,
			BaseURL: a.descriptor.BaseURL, CloudID: s.CloudID, Scopes: a.descriptor.Scopes,
			ConnectKey: a.key(), ClientKey: a.clientKey, InstallationID: a.installationID, Pages: a.pages(),
		})
	}
	return list
}

// noLocation is the location of a page that no menu leads to.
// See https://developer.atlassian.com/cloud/jira/platform/modules/page/
const noLocation = "none"

// pages are those that the menus have.
func (a *app) pages() []install.Page {
	list := []install.Page{}
	for _, m := range a.descriptor.modules {
		if !isPage(m.kind) || m.kind == "jiraProjectPages" || m.Location == noLocation {
			continue
		}
		list = append(list, install.Page{
			Key: m.Key, Title: m.Name.Value, Kind: install.KindConnect, Admin: m.kind != "generalPages",
			Path: "/plugins/servlet/ac/" + uri.Escape(a.key()) + "/" + uri.Escape(m.Key),
		})
	}
	return list
}
