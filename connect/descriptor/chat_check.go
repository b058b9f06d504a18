package descriptor

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The events of the chat's webhooks.
const (
	ChatEventConversation = "conversation:updates" // a conversation was created, changed, deleted, archived or unarchived
	ChatEventRoster       = "roster:updates"       // somebody came or left
)

// Check finds everything that would make the chat platform refuse the descriptor
// or ignore a part of it. Each line of the error names a JSON path.
func (d *Chat) Check() error {
	c := chatCheck{modules: &d.Modules, keys: map[moduleID]bool{}}
	c.check(appKey.MatchString(d.Key), "key", "want 1 to 64 of a-z, A-Z, 0-9, dot, dash and underscore")
	c.baseURL(d.BaseURL)
	c.relativeURL("lifecycle.installed", d.Lifecycle.Installed)
	c.relativeURL("lifecycle.uninstalled", d.Lifecycle.Uninstalled)
	c.all(d.modules)
	c.glances()
	c.configurations()
	c.sidebars()
	c.dialogs()
	c.actionTargets()
	c.actions("chat:inputAction", d.Modules.InputActions)
	c.actions("chat:messageAction", d.Modules.MessageActions)
	c.webhooks()
	c.bots()
	c.externalPages()
	return c.err()
}

// moduleID names a module: keys are unique for each type.
type moduleID struct{ kind, key string }

// chatCheck collects the problems of a chat descriptor.
type chatCheck struct {
	problems
	modules *ChatModules
	keys    map[moduleID]bool
}

func chatModuleTypes() []string {
	return []string{
		"chat:glance", "chat:configuration", "chat:sidebar", "chat:dialog", "chat:actionTarget", "chat:webhook",
		"chat:bot", "chat:bot:messages", "chat:inputAction", "chat:messageAction", "chat:externalPage",
	}
}

// all looks at what all modules share, and notes which there are.
func (c *chatCheck) all(modules []module) {
	for _, m := range modules {
		id := moduleID{m.Type, m.Key}
		c.check(slices.Contains(chatModuleTypes(), m.Type), m.Path, "not a module type of the chat")
		c.check(moduleKey.MatchString(m.Key), m.Path+".key", "want 1 to 100 of a-z, A-Z, 0-9 and dash")
		c.check(!c.keys[id], m.Path+".key", "used twice")
		c.check(slices.Contains([]string{"", "jwt", "none"}, m.Authentication), m.Path+".authentication", "want jwt or none")
		c.moduleURL(m, "chat:externalPage")
		c.keys[id] = true
	}
}

func (c *chatCheck) has(kind, key string) bool { return c.keys[moduleID{kind, key}] }

// target wants the key of an action target or, as older descriptors have it,
// that of a sidebar or dialog.
func (c *chatCheck) target(path, key string) {
	known := c.has("chat:actionTarget", key) || c.has("chat:sidebar", key) || c.has("chat:dialog", key)
	c.check(known, path+".target", "not an action target, sidebar or dialog of the app")
}

func at(kind string, i int) string { return fmt.Sprintf("modules.%s[%d]", kind, i) }

func (c *chatCheck) glances() {
	for i, g := range c.modules.Glances {
		path := at("chat:glance", i)
		c.text(path+".name", g.Name)
		c.linkURL(path+".icon.url", g.Icon.URL)
		c.linkURL(path+".icon.url@2x", g.Icon.URL2x)
		c.relativeURL(path+".queryUrl", g.QueryURL)
		c.target(path, g.Target)
	}
}

func (c *chatCheck) configurations() {
	for i, m := range c.modules.Configurations {
		path := at("chat:configuration", i)
		c.relativeURL(path+".state.url", m.State.URL)
		c.check((m.Page == nil) != (m.ExternalPage == nil), path, "want page or externalPage")
		if m.Page != nil {
			c.page(path+".page", *m.Page, "chat:dialog", "dialog")
		}
		if m.ExternalPage != nil {
			c.page(path+".externalPage", *m.ExternalPage, "chat:externalPage", "external page")
		}
	}
}

// page wants an address or the key of a module, not both.
func (c *chatCheck) page(path string, t ChatTarget, kind, name string) {
	switch {
	case (t.Target == "") == (t.URL == ""):
		c.add(path, "want target or url")
	case t.Target != "":
		c.check(c.has(kind, t.Target), path+".target", "not a "+name+" of the app")
	default:
		c.relativeURL(path+".url", t.URL)
	}
}

func (c *chatCheck) sidebars() {
	for i, m := range c.modules.Sidebars {
		path := at("chat:sidebar", i)
		c.text(path+".name", m.Name)
		c.check(m.URL != "", path+".url", "missing")
	}
}

func (c *chatCheck) dialogs() {
	for i, m := range c.modules.Dialogs {
		path := at("chat:dialog", i)
		c.text(path+".title", m.Title)
		c.check(m.URL != "", path+".url", "missing")
		c.cssLength(path+".options.size.width", m.Options.Size.Width)
		c.cssLength(path+".options.size.height", m.Options.Size.Height)
		c.buttons(path+".options", m.Options)
	}
}

var cssLength = regexp.MustCompile(`\A[0-9]{1,4}(px|%|em|rem|vw|vh)\z`)

// cssLength checks a length that may be left out.
func (c *chatCheck) cssLength(path, text string) {
	c.check(text == "" || cssLength.MatchString(text), path, "want a CSS length such as 400px")
}

// buttons of one dialog have keys of their own, as the page registers by them.
func (c *chatCheck) buttons(path string, o ChatDialogOptions) {
	seen := map[string]bool{}
	check := func(path string, b ChatButton) {
		c.check(moduleKey.MatchString(b.Key), path+".key", "want 1 to 100 of a-z, A-Z, 0-9 and dash")
		c.check(!seen[b.Key], path+".key", "used twice")
		c.text(path+".name", b.Name)
		seen[b.Key] = true
	}
	if o.PrimaryAction != nil {
		check(path+".primaryAction", *o.PrimaryAction)
	}
	for i, b := range o.SecondaryActions {
		check(fmt.Sprintf("%s.secondaryActions[%d]", path, i), b)
	}
}

func (c *chatCheck) actionTargets() {
	for i, m := range c.modules.ActionTargets {
		path := at("chat:actionTarget", i)
		opened := 0
		for _, o := range []struct {
			name, kind, what string
			module           *ModuleName
		}{
			{"openSidebar", "chat:sidebar", "sidebar", m.OpenSidebar},
			{"openDialog", "chat:dialog", "dialog", m.OpenDialog},
			{"openConfiguration", "chat:configuration", "configuration", m.OpenConfiguration},
			{"openExternalPage", "chat:externalPage", "external page", m.OpenExternalPage},
		} {
			if o.module != nil {
				opened++
				c.check(c.has(o.kind, o.module.Key), path+"."+o.name+".key", "not a "+o.what+" of the app")
			}
		}
		if m.CallService != nil {
			opened++
			c.relativeURL(path+".callService.url", m.CallService.URL)
		}
		c.check(opened == 1, path, "want one thing to open or call")
		c.check(isObject(m.Parameters), path+".parameters", "want an object")
	}
}

// isObject reports whether a value is a JSON object or left out.
func isObject(raw json.RawMessage) bool {
	var object map[string]json.RawMessage
	return raw == nil || json.Unmarshal(raw, &object) == nil && object != nil
}

func (c *chatCheck) actions(kind string, list []ChatAction) {
	for i, m := range list {
		path := at(kind, i)
		c.text(path+".name", m.Name)
		c.target(path, m.Target)
	}
}

func (c *chatCheck) webhooks() {
	for i, m := range c.modules.Webhooks {
		path := at("chat:webhook", i)
		known := []string{ChatEventConversation, ChatEventRoster}
		c.check(slices.Contains(known, m.Event), path+".event", "want "+strings.Join(known, " or "))
		c.check(m.URL != "", path+".url", "missing")
	}
}

func (c *chatCheck) bots() {
	for i, m := range c.modules.Bots {
		path := at("chat:bot", i)
		c.check(m.Mention != nil || m.DirectMessage != nil, path, "want mention or directMessage")
		if m.Mention != nil {
			c.relativeURL(path+".mention.url", m.Mention.URL)
		}
		if m.DirectMessage != nil {
			c.relativeURL(path+".directMessage.url", m.DirectMessage.URL)
		}
	}
	for i, m := range c.modules.BotMessages {
		path := at("chat:bot:messages", i)
		c.check(m.Pattern != "", path+".pattern", "missing")
		c.check(m.URL != "", path+".url", "missing")
	}
}

func (c *chatCheck) externalPages() {
	for i, m := range c.modules.ExternalPages {
		path := at("chat:externalPage", i)
		c.text(path+".name", m.Name)
		c.check(m.URL != "", path+".url", "missing")
	}
}
