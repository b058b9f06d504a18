package forge

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

func (c *checker) app() {
	app := c.root.get("app")
	c.appID(app.get("id"))
	name := app.get("runtime", "name")
	if !slices.Contains([]string{"nodejs20.x", "nodejs22.x", "nodejs24.x"}, name.text()) {
		c.wrong(name, "app.runtime", "the runtime is not one that Forge has", "Write nodejs22.x, also for an app without functions")
	}
	if app.get("name").present() {
		c.warn(app.get("name"), "app.name", "the name here is deprecated", "Remove it: the developer console has the name")
	}
	if app.get("licensing", "enabled").absent() {
		c.warn(app.get("licensing"), "app.licensing", "without licensing a paid app is shipped as a free one",
			"Write licensing.enabled as the Connect descriptor has enableLicensing")
	}
	c.connect(app.get("connect"))
}

func (c *checker) appID(id node) {
	uuid, ok := strings.CutPrefix(id.text(), AppIDPrefix)
	switch {
	case id.text() == NoAppID:
		c.warn(id, "app.id", "the app is not registered", `Run "forge register", which writes the id`)
	case !ok || !appUUID.MatchString(uuid):
		c.wrong(id, "app.id", "the app's id is not "+AppIDPrefix+" and a UUID", `Run "forge register", which writes the id`)
	}
}

func (c *checker) connect(at node) {
	modules := c.root.get("connectModules")
	c.connectRemote(at, modules)
	auth := at.get("authentication")
	if auth.present() && auth.text() != "jwt" {
		c.wrong(auth, "connect.authentication", "Connect authenticates with jwt only", "Write jwt")
	}
	if auth.present() && modules.absent() {
		c.wrong(auth, "connect.authentication", "without connectModules nothing is authenticated as in Connect", "Remove it")
	}
	if modules.present() {
		c.warn(modules, "connect.ends", "Connect's support ends on 31 January 2027, and these modules with it", "Release a version without them in time")
	}
	if at.present() {
		c.connectKey(at.get("key"))
	}
}

func (c *checker) connectKey(key node) {
	bare := variable.ReplaceAllString(key.text(), "x")
	if !connectKey.MatchString(bare) {
		c.wrong(key, "connect.key", "the Connect key is not 1 to 90 of a-z, A-Z, 0-9, dot, dash and underscore", "Write the Connect app's own key")
	}
	declared := c.root.get("environment", "variables").texts()
	for _, v := range c.root.get("environment", "variables").items() {
		declared = append(declared, v.get("key").text())
	}
	for _, match := range variable.FindAllStringSubmatch(key.text(), -1) {
		if !slices.Contains(declared, match[1]) {
			c.wrong(key, "environment.variable", fmt.Sprintf("the variable %s is not declared", match[1]), "Add it to environment.variables")
		}
	}
}

func (c *checker) connectRemote(at, modules node) {
	remote := at.get("remote")
	declared, ok := c.remoteOf[remote.text()]
	switch {
	case modules.present() && remote.absent():
		c.wrong(remote, "connect.remote", "connectModules need a remote that serves them", "Write the key of a remote in app.connect.remote")
	case remote.present() && !ok:
		c.wrong(remote, "connect.remote", fmt.Sprintf("there is no remote %q", remote.text()), "Add it to remotes, or name one that is there")
	case ok && declared.get("configurable").present():
		c.wrong(declared.get("configurable"), "connect.configurable", "an admin cannot configure the remote of the Connect modules", "Remove configurable")
	case at.get("key").present() && remote.absent() && len(c.remoteOf) > 0:
		c.warn(at, "connect.region", "the region of a Connect installation is not carried over without app.connect.remote",
			"Release a version with the Connect modules first if you pin regions")
	}
}

// connectModules are lists also where Connect has a single module, and every
// module has a key.
func (c *checker) connectModules() {
	for key, list := range c.root.get("connectModules").fields() {
		if !isConnectModule(key.text()) {
			c.wrong(key, "connect.module", key.text()+" is not a Connect module", "Write the product, a colon and the descriptor's name, such as jira:jiraDashboardItems")
			continue
		}
		if !list.isList() {
			c.wrong(list, "connect.list", "this is not a list", "Write a list, also for one module")
			continue
		}
		_, kind, _ := strings.Cut(key.text(), ":")
		if kind == "lifecycle" && len(list.items()) != 1 {
			c.wrong(key, "connect.lifecycle", "there must be exactly one lifecycle", "Keep one")
		}
		for _, item := range list.items() {
			c.connectModule(kind, item)
		}
	}
}

func (c *checker) connectModule(kind string, item node) {
	switch kind {
	case "lifecycle":
		for _, name := range []string{"enabled", "disabled"} {
			if at := item.get(name); at.present() {
				c.warn(at, "connect.never", "Forge never sends "+name, "Remove it and rely on installed and uninstalled")
			}
		}
		if at := item.get("installed"); at.absent() {
			c.warn(at, "connect.lifecycle", "the app is not told when it is installed", "Add installed: it brings the shared secret")
		}
	case "webhooks":
		c.need(item, "connect.field", "event", "url")
	case "jiraDashboardItems":
		c.need(item, "connect.field", "name", "description", "url", "thumbnailUrl")
	}
}
