package chatrest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/descriptor"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// appDescriptor is what the site reads of an app's chat descriptor.
type appDescriptor struct {
	Key       string `json:"key"`
	Name      string `json:"name"`
	BaseURL   string `json:"baseUrl"`
	Lifecycle struct {
		Installed   string `json:"installed"`
		Uninstalled string `json:"uninstalled"`
	} `json:"lifecycle"`
	Modules map[string]json.RawMessage `json:"modules"`

	base           *url.URL
	glances        []glanceModule
	configurations []configurationModule
	dialogs        []dialogModule
	sidebars       []sidebarModule
	targets        []actionTarget
	webhooks       []webhookModule
}

// The chat's module types that have a state.
const (
	kindGlance        = "chat:glance"
	kindConfiguration = "chat:configuration"
)

type icon struct {
	URL   string `json:"url"`
	URL2x string `json:"url@2x,omitempty"`
}

type glanceModule struct {
	Key      string          `json:"key"`
	Name     descriptor.Text `json:"name"`
	Icon     icon            `json:"icon"`
	Target   string          `json:"target"`
	QueryURL string          `json:"queryUrl"`
}

type configurationModule struct {
	Key  string `json:"key"`
	Page struct {
		Target string `json:"target"`
		URL    string `json:"url"`
	} `json:"page"`
	State struct {
		URL string `json:"url"`
	} `json:"state"`
}

type dialogAction struct {
	Key  string          `json:"key"`
	Name descriptor.Text `json:"name"`
}

type dialogModule struct {
	Key     string          `json:"key"`
	Title   descriptor.Text `json:"title"`
	URL     string          `json:"url"`
	Options struct {
		Size struct {
			Width  string `json:"width"`
			Height string `json:"height"`
		} `json:"size"`
		PrimaryAction    *dialogAction  `json:"primaryAction"`
		SecondaryActions []dialogAction `json:"secondaryActions"`
	} `json:"options"`
}

type sidebarModule struct {
	Key  string          `json:"key"`
	Name descriptor.Text `json:"name"`
	URL  string          `json:"url"`
}

type keyed struct {
	Key string `json:"key"`
}

type actionTarget struct {
	Key               string          `json:"key"`
	OpenSidebar       *keyed          `json:"openSidebar"`
	OpenDialog        *keyed          `json:"openDialog"`
	OpenConfiguration *keyed          `json:"openConfiguration"`
	CallService       *callService    `json:"callService"`
	Parameters        json.RawMessage `json:"parameters"`
}

type callService struct {
	URL string `json:"url"`
}

// parseDescriptor reads and checks a descriptor; the error has a line for every
// fault.
func parseDescriptor(data []byte) (*appDescriptor, error) {
	var d appDescriptor
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("read chat descriptor: %w", err)
	}
	var problems descriptor.Faults
	d.readModules(&problems)
	d.check(&problems)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("check chat descriptor: %w", err)
	}
	return &d, nil
}

func (d *appDescriptor) readModules(problems *descriptor.Faults) {
	for kind, into := range map[string]any{
		kindGlance: &d.glances, kindConfiguration: &d.configurations, "chat:dialog": &d.dialogs,
		"chat:sidebar": &d.sidebars, "chat:actionTarget": &d.targets,
		"chat:webhook": &d.webhooks,
	} {
		if raw, ok := d.Modules[kind]; ok {
			if err := json.Unmarshal(raw, into); err != nil {
				problems.Add("modules."+kind, "%v", err)
			}
		}
	}
}

func (d *appDescriptor) check(problems *descriptor.Faults) {
	problems.Need(descriptor.KeyPattern.MatchString(d.Key), "key", "must match "+descriptor.KeyPattern.String())
	var err error
	if d.base, err = uri.CheckBase(d.BaseURL); err != nil {
		problems.Add("baseUrl", "%v", err)
	}
	isChat := slices.ContainsFunc(slices.Sorted(maps.Keys(d.Modules)), func(kind string) bool { return strings.HasPrefix(kind, "chat:") })
	problems.Need(isChat, "modules", "has no module of the chat")
	problems.Need(uri.Relative(d.Lifecycle.Installed), "lifecycle.installed", "must be relative to baseUrl and begin with /")
	problems.Need(d.Lifecycle.Uninstalled == "" || uri.Relative(d.Lifecycle.Uninstalled), "lifecycle.uninstalled", "must be relative to baseUrl")
	c := check{Faults: problems, d: d}
	for i, g := range d.glances {
		c.glance(fmt.Sprintf("modules.%s[%d]", kindGlance, i), g)
	}
	for i, m := range d.configurations {
		c.configuration(fmt.Sprintf("modules.%s[%d]", kindConfiguration, i), m)
	}
	for i, m := range d.dialogs {
		c.page(fmt.Sprintf("modules.chat:dialog[%d]", i), "dialog", m.Key, m.URL)
	}
	for i, m := range d.sidebars {
		c.page(fmt.Sprintf("modules.chat:sidebar[%d]", i), "sidebar", m.Key, m.URL)
	}
	for i, m := range d.targets {
		c.target(fmt.Sprintf("modules.chat:actionTarget[%d]", i), m)
	}
	for i, m := range d.webhooks {
		c.webhook(fmt.Sprintf("modules.chat:webhook[%d]", i), m)
	}
}

func (c *check) webhook(path string, m webhookModule) {
	c.key(path, "webhook", m.Key)
	c.Need(m.Event == eventConversation || m.Event == eventRoster, path+".event", "must be "+eventConversation+" or "+eventRoster)
	c.Need(uri.Relative(m.URL), path+".url", "must be relative to baseUrl and begin with /")
}

// check checks modules; keys are unique within a type.
type check struct {
	*descriptor.Faults
	d    *appDescriptor
	seen map[string]bool
}

func (c *check) key(path, kind, key string) {
	if c.seen == nil {
		c.seen = make(map[string]bool)
	}
	c.Need(key != "", path+".key", "is missing")
	c.Need(!c.seen[kind+"/"+key], path+".key", fmt.Sprintf("%q is used twice", key))
	c.seen[kind+"/"+key] = true
}

func (c *check) glance(path string, g glanceModule) {
	c.key(path, kindGlance, g.Key)
	c.Need(g.Name.Value != "", path+".name.value", "is missing")
	c.Need(g.Icon.URL != "" && g.Icon.URL2x != "", path+".icon", "url and url@2x are both required")
	c.Need(uri.Relative(g.QueryURL), path+".queryUrl", "must be relative to baseUrl and begin with /")
	c.Need(c.d.resolve(g.Target).Kind != "", path+".target", fmt.Sprintf("%q is not an action target, sidebar or dialog", g.Target))
}

func (c *check) configuration(path string, m configurationModule) {
	c.key(path, kindConfiguration, m.Key)
	c.Need(uri.Relative(m.State.URL), path+".state.url", "must be relative to baseUrl and begin with /")
	known := m.Page.URL != "" && uri.Relative(m.Page.URL) || c.d.resolve(m.Page.Target).Kind == targetDialog
	c.Need(known, path+".page", "must have the target of a dialog, or a relative url")
}

func (c *check) page(path, kind, key, address string) {
	c.key(path, kind, key)
	c.Need(uri.Relative(address), path+".url", "must be relative to baseUrl and begin with /")
}

func (c *check) target(path string, m actionTarget) {
	c.key(path, "target", m.Key)
	c.Need(c.d.resolve(m.Key).Kind != "", path, "must open a sidebar or dialog that exists, or call a service")
}

// What a target can lead to.
const (
	targetSidebar = "sidebar"
	targetDialog  = "dialog"
	targetService = "service"
)

// destination is what a target leads to.
type destination struct {
	Kind string `json:"kind"`
	// Key is that of the sidebar or dialog, or of the action target that
	// calls a service.
	Key        string          `json:"key"`
	Parameters json.RawMessage `json:"parameters,omitempty"`
}

// resolve follows a target: first as the key of an action target, then, as in
// older descriptors, as that of a sidebar or dialog. A target that leads
// nowhere has no kind.
func (d *appDescriptor) resolve(key string) destination {
	i := slices.IndexFunc(d.targets, func(t actionTarget) bool { return t.Key == key })
	if i < 0 {
		return d.open(key, key)
	}
	t := d.targets[i]
	var to destination
	switch {
	case t.OpenSidebar != nil:
		to = d.open(t.OpenSidebar.Key, "")
	case t.OpenDialog != nil:
		to = d.open("", t.OpenDialog.Key)
	case t.OpenConfiguration != nil:
		to = d.openConfiguration(t.OpenConfiguration.Key)
	case t.CallService != nil && uri.Relative(t.CallService.URL):
		to = destination{Kind: targetService, Key: t.Key}
	}
	to.Parameters = t.Parameters
	return to
}

// open finds the sidebar or else the dialog of that key; "" names neither.
func (d *appDescriptor) open(sidebar, dialog string) destination {
	if sidebar != "" && slices.ContainsFunc(d.sidebars, func(m sidebarModule) bool { return m.Key == sidebar }) {
		return destination{Kind: targetSidebar, Key: sidebar}
	}
	if dialog != "" && slices.ContainsFunc(d.dialogs, func(m dialogModule) bool { return m.Key == dialog }) {
		return destination{Kind: targetDialog, Key: dialog}
	}
	return destination{}
}

func (d *appDescriptor) openConfiguration(key string) destination {
	i := slices.IndexFunc(d.configurations, func(m configurationModule) bool { return m.Key == key })
	if i < 0 || d.configurations[i].Page.Target == "" {
		return destination{}
	}
	return d.open("", d.configurations[i].Page.Target)
}

// page is the address of a sidebar or dialog.
func (d *appDescriptor) page(key string) (string, bool) {
	for _, m := range d.sidebars {
		if m.Key == key {
			return m.URL, true
		}
	}
	for _, m := range d.dialogs {
		if m.Key == key {
			return m.URL, true
		}
	}
	for _, m := range d.configurations {
		if m.Key == key && m.Page.URL != "" {
			return m.Page.URL, true
		}
	}
	return "", false
}

// service is the address of the service that an action target calls.
func (d *appDescriptor) service(target string) (string, bool) {
	for _, m := range d.targets {
		if m.Key == target && m.CallService != nil {
			return m.CallService.URL, true
		}
	}
	return "", false
}

// has says whether a module of that type and key can have a state.
func (d *appDescriptor) has(kind, key string) bool {
	switch kind {
	case kindGlance:
		return slices.ContainsFunc(d.glances, func(m glanceModule) bool { return m.Key == key })
	case kindConfiguration:
		return slices.ContainsFunc(d.configurations, func(m configurationModule) bool { return m.Key == key })
	}
	return false
}
