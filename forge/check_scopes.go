package forge

import (
	"fmt"
	"slices"
)

// The scopes that only bring tokens.
const (
	systemTokenScope = "read:app-system-token"
	userTokenScope   = "read:app-user-token"
)

func (c *checker) scopes() {
	at := c.root.get("permissions", "scopes")
	c.tokenScope(at, "appSystemToken", systemTokenScope)
	c.tokenScope(at, "appUserToken", userTokenScope)
	real := slices.ContainsFunc(c.have, func(s string) bool { return s != systemTokenScope && s != userTokenScope })
	if !real && (c.wantsToken("appSystemToken") || c.wantsToken("appUserToken")) {
		c.wrong(at, "scope.only-tokens", "an app whose only scopes are those for tokens gets no valid token", "Add what the app reads, such as read:jira-work")
	}
	seen := map[string]bool{}
	for _, item := range at.items() {
		if seen[item.text()] {
			c.warn(item, "scope.twice", item.text()+" is listed twice", "Keep one")
		}
		seen[item.text()] = true
		c.connectScope(item)
	}
}

// tokenScope finds a token that is asked for without its scope.
func (c *checker) tokenScope(at node, token, scope string) {
	if c.wantsToken(token) && !slices.Contains(c.have, scope) {
		c.wrong(at, "scope.token", fmt.Sprintf("%s is on, and the scope %s is missing", token, scope), "Add it to permissions.scopes")
	}
}

// wantsToken reports whether any endpoint or remote asks for a kind of token.
func (c *checker) wantsToken(token string) bool {
	for _, list := range []node{c.root.get("modules", "endpoint"), c.root.get("remotes")} {
		for _, item := range list.items() {
			if enabled(item.get("auth"), token) {
				return true
			}
		}
	}
	return false
}

// connectScope checks a scope of Connect: it serves only Connect modules.
func (c *checker) connectScope(at node) {
	named, known := isConnectScope(at.text())
	switch {
	case named && !known:
		c.wrong(at, "scope.connect", fmt.Sprintf("there is no scope %q", at.text()), "Write the Connect scope in small letters, with dashes, and :connect-jira")
	case named && c.root.get("connectModules").absent():
		c.warn(at, "scope.connect-left", at.text()+" serves only Connect modules, and there are none", "Remove it: it gives Forge's tokens no rights")
	}
}

// external checks the permissions to fetch that name remotes.
func (c *checker) external() {
	for _, side := range c.root.get("permissions", "external", "fetch").fields() {
		for _, item := range side.items() {
			c.named(item.get("remote"), "remote", c.remoteOf)
		}
	}
}
