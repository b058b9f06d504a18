package chatrest

import (
	"maps"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
)

// Apps lists the apps of the chat with their rooms.
func (s *Server) Apps() []install.Installed {
	c := s.chat
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []install.Installed
	for _, key := range slices.Sorted(maps.Keys(c.apps)) {
		a := c.apps[key]
		one := install.Installed{
			Key: key, Name: a.name(), Product: install.ProductChat, Kind: install.KindConnect, BaseURL: a.descriptor.BaseURL,
			CloudID: s.CloudID, Scopes: c.clients[a.clientID].scopes, Pages: []install.Page{}, Upgrades: []string{},
		}
		for _, r := range c.rooms {
			if r.installs[key] != nil {
				one.Conversations = append(one.Conversations, r.id)
			}
		}
		if len(one.Conversations) > 0 {
			list = append(list, one)
		}
	}
	return list
}
