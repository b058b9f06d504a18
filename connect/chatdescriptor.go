package connect

import (
	"fmt"
	"slices"
)

// ChatDescriptor is an app descriptor of the chat platform. What it has no
// field for is kept and rendered again.
type ChatDescriptor struct {
	Key       string         `json:"key"`
	BaseURL   string         `json:"baseUrl"`
	Lifecycle LifecyclePaths `json:"lifecycle"`
	Modules   ChatModules    `json:"modules"`

	text    document
	modules []module
}

// ChatModules are those that a program reads; all others are kept as they are.
type ChatModules struct {
	Glances        []ChatGlance        `json:"chat:glance"`
	Configurations []ChatConfiguration `json:"chat:configuration"`
	Sidebars       []ChatSidebar       `json:"chat:sidebar"`
	Dialogs        []ChatDialog        `json:"chat:dialog"`
	ActionTargets  []ChatActionTarget  `json:"chat:actionTarget"`
}

// ChatGlance is a label beside a conversation.
type ChatGlance struct {
	Key      string   `json:"key"`
	Name     Text     `json:"name"`
	Icon     ChatIcon `json:"icon"`
	Target   string   `json:"target"` // key of an action target, sidebar or dialog
	QueryURL string   `json:"queryUrl"`
}

// ChatIcon is an image in two sizes.
type ChatIcon struct {
	URL   string `json:"url"`
	URL2x string `json:"url@2x"`
}

// ChatConfiguration says where a conversation is set up and whether it is.
type ChatConfiguration struct {
	Key   string     `json:"key"`
	Page  ChatTarget `json:"page"`
	State struct {
		URL string `json:"url"`
	} `json:"state"`
}

// ChatTarget is a dialog by its key, or a page.
type ChatTarget struct {
	Target string `json:"target"`
	URL    string `json:"url"`
}

// ChatSidebar is a page beside a conversation.
type ChatSidebar struct {
	Key  string `json:"key"`
	Name Text   `json:"name"`
	URL  string `json:"url"`
}

// ChatDialog is a page in a dialog.
type ChatDialog struct {
	Key   string `json:"key"`
	Title Text   `json:"title"`
	URL   string `json:"url"`
}

// ChatActionTarget is what a click does: one of the three.
type ChatActionTarget struct {
	Key         string      `json:"key"`
	OpenSidebar *ModuleName `json:"openSidebar"`
	OpenDialog  *ModuleName `json:"openDialog"`
	CallService *ChatTarget `json:"callService"`
}

// ModuleName names another module of the app.
type ModuleName struct {
	Key string `json:"key"`
}

// ParseChatDescriptor reads a descriptor of the chat platform. It looks at the
// JSON only; [ChatDescriptor.Check] looks at what it says.
func ParseChatDescriptor(data []byte) (*ChatDescriptor, error) {
	d := new(ChatDescriptor)
	var err error
	if d.text, d.modules, err = parseDocument(data, d); err != nil {
		return nil, fmt.Errorf("parse chat descriptor: %w", err)
	}
	return d, nil
}

// Render writes the descriptor as it was read, with the public base URL put
// in. A trailing slash is removed from it.
func (d *ChatDescriptor) Render(baseURL string) ([]byte, error) { return d.text.render(baseURL) }

// Check finds everything for which the chat platform would refuse the
// descriptor. Each line of the error names a JSON path.
func (d *ChatDescriptor) Check() error {
	var p problems
	p.check(appKey.MatchString(d.Key), "key", "want 1 to 64 of a-z, A-Z, 0-9, dot, dash and underscore")
	p.baseURL(d.BaseURL)
	p.relativeURL("lifecycle.installed", d.Lifecycle.Installed)
	p.relativeURL("lifecycle.uninstalled", d.Lifecycle.Uninstalled)
	keys := d.checkModules(&p)
	d.checkGlances(&p, keys)
	d.checkConfigurations(&p, keys)
	d.checkPages(&p)
	d.checkActionTargets(&p, keys)
	return p.err()
}

// moduleID names a module: keys are unique for each type.
type moduleID struct{ kind, key string }

// checkModules looks at what all modules share, and lists them.
func (d *ChatDescriptor) checkModules(p *problems) map[moduleID]bool {
	keys := map[moduleID]bool{}
	for _, m := range d.modules {
		id := moduleID{m.Type, m.Key}
		p.check(moduleKey.MatchString(m.Key), m.Path+".key", "want 1 to 100 of a-z, A-Z, 0-9 and dash")
		p.check(!keys[id], m.Path+".key", "used twice")
		p.check(slices.Contains([]string{"", "jwt", "none"}, m.Authentication), m.Path+".authentication", "want jwt or none")
		p.moduleURL(m, "chat:externalPage")
		keys[id] = true
	}
	return keys
}

func (d *ChatDescriptor) checkGlances(p *problems, keys map[moduleID]bool) {
	for i, g := range d.Modules.Glances {
		path := fmt.Sprintf("modules.chat:glance[%d]", i)
		p.text(path+".name", g.Name)
		p.linkURL(path+".icon.url", g.Icon.URL)
		p.linkURL(path+".icon.url@2x", g.Icon.URL2x)
		p.relativeURL(path+".queryUrl", g.QueryURL)
		known := keys[moduleID{"chat:actionTarget", g.Target}] ||
			keys[moduleID{"chat:sidebar", g.Target}] || keys[moduleID{"chat:dialog", g.Target}]
		p.check(known, path+".target", "not an action target, sidebar or dialog of the app")
	}
}

func (d *ChatDescriptor) checkConfigurations(p *problems, keys map[moduleID]bool) {
	for i, c := range d.Modules.Configurations {
		path := fmt.Sprintf("modules.chat:configuration[%d]", i)
		p.relativeURL(path+".state.url", c.State.URL)
		p.optionalURL(path+".page.url", c.Page.URL)
		known := c.Page.Target == "" || keys[moduleID{"chat:dialog", c.Page.Target}]
		p.check(known, path+".page.target", "not a dialog of the app")
	}
}

func (d *ChatDescriptor) checkPages(p *problems) {
	for i, m := range d.Modules.Sidebars {
		path := fmt.Sprintf("modules.chat:sidebar[%d]", i)
		p.text(path+".name", m.Name)
		p.check(m.URL != "", path+".url", "missing")
	}
	for i, m := range d.Modules.Dialogs {
		path := fmt.Sprintf("modules.chat:dialog[%d]", i)
		p.text(path+".title", m.Title)
		p.check(m.URL != "", path+".url", "missing")
	}
}

func (d *ChatDescriptor) checkActionTargets(p *problems, keys map[moduleID]bool) {
	for i, m := range d.Modules.ActionTargets {
		path := fmt.Sprintf("modules.chat:actionTarget[%d]", i)
		if m.OpenSidebar != nil {
			p.check(keys[moduleID{"chat:sidebar", m.OpenSidebar.Key}], path+".openSidebar.key", "not a sidebar of the app")
		}
		if m.OpenDialog != nil {
			p.check(keys[moduleID{"chat:dialog", m.OpenDialog.Key}], path+".openDialog.key", "not a dialog of the app")
		}
		if m.CallService != nil {
			p.relativeURL(path+".callService.url", m.CallService.URL)
		}
	}
}

// RenderChatDescriptor puts a base URL into a chat descriptor, checks the
// result and returns it parsed and as it is served.
func RenderChatDescriptor(data []byte, baseURL string) (*ChatDescriptor, []byte, error) {
	d, err := ParseChatDescriptor(data)
	if err != nil {
		return nil, nil, err
	}
	rendered, err := d.Render(baseURL)
	if err != nil {
		return nil, nil, err
	}
	if d, err = ParseChatDescriptor(rendered); err != nil {
		return nil, nil, err
	}
	return d, rendered, d.Check()
}
