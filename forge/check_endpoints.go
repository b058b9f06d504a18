package forge

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// called checks the endpoint of a module that Forge calls by itself: it needs a
// route. Such a call has no user; only a scheduled trigger may ask for a user's
// token.
func (c *checker) called(user node, mayHaveUser bool) {
	endpoint, ok := c.endpointOf[user.get("endpoint").text()]
	if !ok {
		return
	}
	if at := endpoint.get("route", "path"); at.absent() {
		c.wrong(at, "endpoint.route", "a trigger calls this endpoint, which has no route", "Add route.path: only a page's calls name their path themselves")
	}
	if at := endpoint.get("auth", "appUserToken"); at.get("enabled").isTrue() && !mayHaveUser {
		c.wrong(at, "trigger.user-token", "a trigger has no user, so it can bring no user's token", "Remove appUserToken")
	}
	c.tokens(endpoint)
}

// tokens warns of an endpoint whose calls bring no tokens.
func (c *checker) tokens(endpoint node) {
	auth := endpoint.get("auth")
	if enabled(auth, "appSystemToken") || enabled(auth, "appUserToken") {
		return
	}
	remote := c.remoteOf[endpoint.get("remote").text()]
	if remote.get("auth").present() {
		c.warn(auth, "endpoint.auth", "calls bring no tokens: auth of a remote serves Forge functions only", "Write auth here, too")
		return
	}
	c.warn(auth, "endpoint.auth", "calls bring no tokens, so the backend can ask Atlassian nothing", "Add auth.appSystemToken or auth.appUserToken")
}

func enabled(auth node, token string) bool { return auth.get(token, "enabled").isTrue() }

// endpoints checks each endpoint once, however many modules use it.
func (c *checker) endpoints() {
	const longest = 23
	for _, endpoint := range c.root.get("modules", "endpoint").items() {
		if key := endpoint.get("key"); len(key.text()) > longest {
			c.warn(key, "endpoint.key", fmt.Sprintf("the key has more than %d characters, which Forge allows a remote or resource", longest), "Shorten it")
		}
		if remote := endpoint.get("remote"); remote.present() {
			c.named(remote, "remote", c.remoteOf)
		}
		if endpoint.get("remote").absent() && endpoint.get("service").absent() {
			c.wrong(endpoint.get("remote"), "remote.missing", "the endpoint has no remote", "Write the key of one")
		}
		if at := endpoint.get("route", "path"); at.present() && !isRoute(at.text()) {
			c.wrong(at, "endpoint.route", fmt.Sprintf("%q is not a path below the base URL", at.text()), "Begin it with one slash, without query, dots or spaces")
		}
	}
	c.pageEndpoints()
}

// pageEndpoints checks the endpoints that pages call.
func (c *checker) pageEndpoints() {
	seen := map[string]bool{}
	for _, list := range c.root.get("modules").fields() {
		for _, item := range list.items() {
			name := item.get("resolver", "endpoint").text()
			if endpoint, ok := c.endpointOf[name]; ok && !seen[name] {
				seen[name] = true
				c.tokens(endpoint)
			}
		}
	}
}

func isRoute(path string) bool {
	u, err := url.Parse(path)
	return err == nil && strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && u.Path == path &&
		!slices.Contains(strings.Split(path, "/"), "..") && !strings.ContainsAny(path, " \t\\")
}

func (c *checker) remotes() {
	seen := map[string]bool{}
	for _, remote := range c.root.get("remotes").items() {
		c.shortKey(remote.get("key"), "remote", seen)
		c.baseURLs(remote)
		c.operations(remote)
	}
}

// shortKey checks the key of a remote or resource.
func (c *checker) shortKey(key node, kind string, seen map[string]bool) {
	const longest = 23
	name := key.text()
	if !keyed.MatchString(name) || len(name) > longest {
		c.wrong(key, kind+".key", fmt.Sprintf("the key is not 1 to %d of a-z, A-Z, 0-9, dash and underscore", longest), "Change the key")
	}
	if seen[name] {
		c.wrong(key, "key.twice", fmt.Sprintf("the key %s is used twice", name), "Keep one")
	}
	seen[name] = true
}

// baseURLs checks the one base URL, or one for each region.
func (c *checker) baseURLs(remote node) {
	base := remote.get("baseUrl")
	switch {
	case base.isMap():
		for region, address := range base.fields() {
			if !slices.Contains(regions(), region.text()) {
				c.wrong(region, "remote.region", "Forge has no region "+region.text(), "Write one of "+strings.Join(regions(), ", "))
			}
			c.baseURL(remote, address)
		}
		if base.get("default").absent() {
			c.wrong(base.get("default"), "remote.region", "there is no base URL for the other regions", "Add default")
		}
	case base.present() || remote.get("configurable").absent():
		c.baseURL(remote, base)
	}
}

func (c *checker) baseURL(remote, at node) {
	u, err := url.Parse(at.text())
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		c.wrong(at, "remote.base-url", "the base URL is not an address", "Write https:// and a host")
	case u.Scheme == "https":
	case c.fetched(remote.get("key").text()):
		c.wrong(at, "remote.http", "the base URL is plain http, and permissions.external.fetch names this remote", "Write https")
	case isLoopback(u.Hostname()):
		c.warn(at, "remote.http", "plain http is for a local site only", "Write https before you deploy")
	default:
		c.wrong(at, "remote.http", "the base URL is plain http: tokens would be sent unencrypted", "Write https")
	}
}

// fetched reports whether the permissions to fetch name a remote.
func (c *checker) fetched(key string) bool {
	for _, side := range c.root.get("permissions", "external", "fetch").fields() {
		for _, item := range side.items() {
			if item.get("remote").text() == key {
				return true
			}
		}
	}
	return false
}

func (c *checker) operations(remote node) {
	operations := remote.get("operations")
	for _, at := range operations.items() {
		if !slices.Contains([]string{"storage", "compute", "fetch", "other"}, at.text()) {
			c.wrong(at, "remote.operation", fmt.Sprintf("there is no operation %q", at.text()), "Write storage, compute, fetch or other")
		}
	}
	names := operations.texts()
	switch {
	case operations.absent():
		c.warn(operations, "remote.operations", "without operations Forge tells admins that the remote stores people's data", "Write what the remote does")
	case !slices.Contains(names, "compute"):
		c.warn(operations, "remote.compute", "compute is missing: by Atlassian's documentation calls of pages and functions need it", "Add compute")
	}
	if at := remote.get("storage", "inScopeEUD"); slices.Contains(names, "storage") && at.absent() {
		c.wrong(at, "remote.storage", "storage does not say whether it holds people's data", "Add storage.inScopeEUD")
	}
}
