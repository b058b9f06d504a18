package forge

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// keys finds keys that are missing, malformed or used twice. Connect's modules and
// Forge's share one namespace.
func (c *checker) keys() {
	seen := map[string]bool{}
	for _, section := range []node{c.root.get("connectModules"), c.root.get("modules")} {
		for _, list := range section.fields() {
			for _, item := range list.items() {
				c.key(item, seen)
			}
		}
	}
}

func (c *checker) key(item node, seen map[string]bool) {
	key := item.get("key")
	switch name := key.text(); {
	case name == "":
		c.wrong(key, "key.missing", "the module has no key", "Add one; webhooks and the lifecycle need one, too")
	case !keyed.MatchString(name):
		c.wrong(key, "key.form", fmt.Sprintf("the key %q has other characters than a-z, A-Z, 0-9, dash and underscore", name), "Change the key")
	case seen[name]:
		c.wrong(key, "key.twice", fmt.Sprintf("the key %s is used twice", name), "Give each module its own key, Connect's and Forge's alike")
	default:
		seen[name] = true
	}
}

// modules finds references to what the manifest does not have, in any module.
func (c *checker) modules() {
	for kind, list := range c.root.get("modules").fields() {
		if kind.text() == "endpoint" || kind.text() == "function" {
			continue
		}
		for _, item := range list.items() {
			c.references(item)
		}
		if kind.text() == "jira:globalPage" && len(list.items()) > 1 {
			c.wrong(list, "page.one", "there is more than one jira:globalPage", "Keep one, with pages or sections in it")
		}
	}
}

func (c *checker) references(item node) {
	for _, user := range []node{item, item.get("resolver")} {
		c.named(user.get("endpoint"), "endpoint", c.endpointOf)
		c.named(user.get("function"), "function", c.functionOf)
	}
	for _, user := range []node{item, item.get("edit")} {
		c.resource(user.get("resource"))
	}
}

func (c *checker) named(at node, kind string, known map[string]node) {
	if !at.isText() {
		return
	}
	if _, ok := known[at.text()]; !ok {
		c.wrong(at, kind+".missing", fmt.Sprintf("there is no %s %q", kind, at.text()), fmt.Sprintf("Add it to modules.%s, or name one that is there", kind))
	}
}

func (c *checker) resource(at node) {
	if !at.isText() {
		return
	}
	if u, err := url.Parse(at.text()); err == nil && u.Scheme != "" {
		c.wrong(at, "resource.address", "a page is shown from the app's own files, not from an address", "Write a key of resources")
		return
	}
	key, entry, hasEntry := strings.Cut(at.text(), "/")
	resource, ok := c.resourceOf[key]
	switch {
	case !ok:
		c.wrong(at, "resource.missing", fmt.Sprintf("there is no resource %q", key), "Add it to resources, or name one that is there")
	case hasEntry && resource.get("entry", entry).absent():
		c.wrong(at, "resource.entry", fmt.Sprintf("the resource %s has no entry %q", key, entry), "Add it to the resource's entry")
	}
}

func (c *checker) gadgets() {
	for _, gadget := range c.root.get("modules", "jira:dashboardGadget").items() {
		c.gadget(gadget)
	}
}

func (c *checker) gadget(gadget node) {
	c.need(gadget, "gadget.field", "title", "description", "thumbnail")
	if gadget.get("resource").absent() && gadget.get("function").absent() {
		c.wrong(gadget.get("resource"), "gadget.field", "the gadget shows nothing", "Add a resource")
	}
	thumbnail := gadget.get("thumbnail")
	if u, err := url.Parse(thumbnail.text()); thumbnail.isText() && (err != nil || u.Host == "") {
		c.warn(thumbnail, "gadget.thumbnail", "the thumbnail is not an absolute address", "Write https:// and a host before it")
	}
	for key := range gadget.fields() {
		if !slices.Contains(gadgetProperties(), strings.TrimSuffix(key.text(), "__i18n")) {
			c.warn(key, "gadget.property", "a gadget has no property "+key.text(), "Remove it, or correct its name")
		}
	}
	connectKeys := gadget.get("connectKeys")
	if connectKeys.present() && c.root.get("app", "connect", "key").absent() {
		c.wrong(connectKeys, "gadget.connect-keys", "connectKeys without app.connect.key find no placed item", "Add the key of the Connect app, or remove them")
	}
}

// triggers checks what Atlassian's validator does not: whether an event exists.
func (c *checker) triggers() {
	known := knownEvents()
	for _, trigger := range c.root.get("modules", "trigger").items() {
		if len(trigger.get("events").items()) == 0 {
			c.wrong(trigger.get("events"), "trigger.events", "the trigger has no events", "Name at least one")
		}
		for _, at := range trigger.get("events").items() {
			c.event(at, known)
		}
		c.called(trigger, false)
	}
	for _, one := range c.root.get("modules", "preUninstall").items() {
		c.called(one, false)
	}
}

func (c *checker) event(at node, known map[string]event) {
	name := at.text()
	if at.isMap() {
		name = at.get("event").text()
	}
	if name == "" {
		return
	}
	e, ok := known[name]
	if !ok {
		c.wrong(at, "trigger.event", fmt.Sprintf("there is no event %q", name), "Look it up in the list of the product's events: Forge never sends what is not there")
		return
	}
	for _, scope := range e.missing(c.have) {
		c.wrong(at, "trigger.scope", fmt.Sprintf("%s needs the scope %s", name, scope), "Add it to permissions.scopes")
	}
}

// scheduled checks the scheduled triggers: an app may have five.
func (c *checker) scheduled() {
	const most = 5
	list := c.root.get("modules", "scheduledTrigger")
	if n := len(list.items()); n > most {
		c.wrong(list, "scheduled.many", fmt.Sprintf("there are %d scheduled triggers, an app may have %d", n, most), "Merge some of them")
	}
	for _, trigger := range list.items() {
		if at := trigger.get("interval"); !slices.Contains([]string{"fiveMinute", "hour", "day", "week"}, at.text()) {
			c.wrong(at, "scheduled.interval", "the interval is not one that Forge has", "Write fiveMinute, hour, day or week")
		}
		c.called(trigger, true)
	}
}

func (c *checker) migration() {
	for key, list := range c.root.get("modules").fields() {
		if key.text() == "core:connectToForgeMigration" {
			c.wrong(key, "migration.name", "the module is called connectToForgeMigration", "Remove core:")
		}
		if key.text() != "connectToForgeMigration" {
			continue
		}
		for _, item := range list.items() {
			if at := item.get("migrationGuideUrl"); !strings.HasPrefix(at.text(), "https://") || len(at.text()) > 2048 {
				c.wrong(at, "migration.guide", "the guide has no https address of at most 2048 characters", "Write one")
			}
			if at := item.get("willMigrateToForgeBeforeEOS"); !slices.Contains([]string{"YES", "NO", "UNDECIDED"}, at.text()) {
				c.wrong(at, "migration.answer", "the answer is not YES, NO or UNDECIDED", "Write one of them, in quotes")
			}
		}
	}
}
