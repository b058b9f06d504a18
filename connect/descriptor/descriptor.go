package descriptor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Descriptor is the descriptor of a Jira or Confluence app. Parts that have no
// field here are kept and rendered again.
// See https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/
type Descriptor struct {
	Key            string          `json:"key"`
	Name           string          `json:"name"`
	Description    string          `json:"description"`
	BaseURL        string          `json:"baseUrl"`
	Vendor         *Vendor         `json:"vendor"`
	Authentication Authentication  `json:"authentication"`
	Lifecycle      LifecyclePaths  `json:"lifecycle"`
	Scopes         []string        `json:"scopes"`
	APIMigrations  map[string]bool `json:"apiMigrations"`
	Modules        Modules         `json:"modules"`

	text    document
	modules []module
}

// Vendor is the maker of the app.
type Vendor struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Authentication says how the host authenticates to the app.
type Authentication struct {
	// Type is jwt, or none for an app without signed calls.
	Type string `json:"type"`
}

// LifecyclePaths are where the host posts the lifecycle calls, relative to the
// base URL. An empty path means that the app does not want that call.
type LifecyclePaths struct {
	Installed   string `json:"installed"`
	Uninstalled string `json:"uninstalled"`
	Enabled     string `json:"enabled"`
	Disabled    string `json:"disabled"`
}

// Modules are the modules that have a type here. All others are kept as they are.
type Modules struct {
	DashboardItems  []DashboardItemModule `json:"jiraDashboardItems"`
	Webhooks        []WebhookModule       `json:"webhooks"`
	GeneralPages    []PageModule          `json:"generalPages"`
	AdminPages      []PageModule          `json:"adminPages"`
	ProjectPages    []PageModule          `json:"jiraProjectPages"`
	ConfigurePage   *PageModule           `json:"configurePage"`
	PostInstallPage *PageModule           `json:"postInstallPage"`
}

// Text is a text with, possibly, the key of its translation.
type Text struct {
	Value string `json:"value"`
	I18n  string `json:"i18n,omitempty"`
}

// DashboardItemModule is a gadget.
// See https://developer.atlassian.com/cloud/jira/platform/modules/dashboard-item/
type DashboardItemModule struct {
	Key          string `json:"key"`
	Name         Text   `json:"name"`
	Description  Text   `json:"description"`
	URL          string `json:"url"`
	ThumbnailURL string `json:"thumbnailUrl"`
	Configurable bool   `json:"configurable"`
	Refreshable  bool   `json:"refreshable"`
}

// WebhookModule is one event that is sent to one address.
// See https://developer.atlassian.com/cloud/jira/platform/modules/webhook/
type WebhookModule struct {
	Key          string   `json:"key"`
	Event        string   `json:"event"`
	URL          string   `json:"url"`
	Filter       string   `json:"filter"`
	ExcludeBody  bool     `json:"excludeBody"`
	PropertyKeys []string `json:"propertyKeys"`
}

// PageModule is a page of its own.
// See https://developer.atlassian.com/cloud/jira/platform/modules/page/
type PageModule struct {
	Key      string `json:"key"`
	Name     Text   `json:"name"`
	URL      string `json:"url"`
	Location string `json:"location"`
}

// Parse reads a descriptor. Its error is about the JSON only; [Descriptor.Check]
// looks at the contents.
func Parse(data []byte) (*Descriptor, error) {
	d := new(Descriptor)
	var err error
	if d.text, d.modules, err = parseDocument(data, d); err != nil {
		return nil, fmt.Errorf("parse descriptor: %w", err)
	}
	return d, nil
}

// Render writes the descriptor as it was read, with baseURL, the public base URL,
// put in. A trailing slash of it is removed.
func (d *Descriptor) Render(baseURL string) ([]byte, error) { return d.text.render(baseURL) }

// document is a descriptor's JSON as it was read.
type document map[string]json.RawMessage

// parseDocument reads a descriptor three ways: into typed fields, as it is,
// and as a flat list of its modules.
func parseDocument(data []byte, into any) (document, []module, error) {
	if err := json.Unmarshal(data, into); err != nil {
		return nil, nil, err
	}
	var text document
	if err := json.Unmarshal(data, &text); err != nil {
		return nil, nil, err
	}
	modules, err := listModules(text["modules"])
	return text, modules, err
}

func (t document) render(baseURL string) ([]byte, error) {
	base, err := json.Marshal(strings.TrimSuffix(baseURL, "/"))
	if err != nil {
		return nil, fmt.Errorf("render descriptor: %w", err)
	}
	rendered := make(document, len(t)+1)
	for name, value := range t {
		rendered[name] = value
	}
	rendered["baseUrl"] = base
	if links, ok := absoluteLinks(t["links"], strings.TrimSuffix(baseURL, "/")); ok {
		rendered["links"] = links
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(rendered); err != nil {
		return nil, fmt.Errorf("render descriptor: %w", err)
	}
	return out.Bytes(), nil
}

// absoluteLinks puts the base URL before links that are written relative to it:
// unlike the addresses of modules they are read as they stand.
func absoluteLinks(raw json.RawMessage, baseURL string) (json.RawMessage, bool) {
	var links map[string]string
	if json.Unmarshal(raw, &links) != nil {
		return nil, false
	}
	for name, link := range links {
		if strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "//") {
			links[name] = baseURL + link
		}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(links)
	return out.Bytes(), err == nil
}

// module is what modules of every type have in common.
type module struct {
	Type string `json:"-"`
	Path string `json:"-"` // JSON path, for messages

	Key            string          `json:"key"`
	URL            string          `json:"url"`
	Authentication string          `json:"authentication"`
	Target         json.RawMessage `json:"target"`
}

// listModules flattens a descriptor's modules, which are lists or, for some
// types, single objects.
func listModules(text json.RawMessage) ([]module, error) {
	if text == nil {
		return nil, nil
	}
	var types map[string]json.RawMessage
	if err := json.Unmarshal(text, &types); err != nil {
		return nil, err
	}
	var list []module
	for name, value := range types {
		found, err := modulesOf(name, value)
		if err != nil {
			return nil, fmt.Errorf("modules.%s: %w", name, err)
		}
		list = append(list, found...)
	}
	slices.SortStableFunc(list, func(a, b module) int { return strings.Compare(a.Type, b.Type) })
	return list, nil
}

func modulesOf(name string, value json.RawMessage) ([]module, error) {
	if bytes.HasPrefix(bytes.TrimSpace(value), []byte("{")) {
		m := module{}
		err := json.Unmarshal(value, &m)
		m.Type, m.Path = name, "modules."+name
		return []module{m}, err
	}
	var list []module
	if err := json.Unmarshal(value, &list); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Type, list[i].Path = name, fmt.Sprintf("modules.%s[%d]", name, i)
	}
	return list, nil
}

// Render puts a base URL into a descriptor, checks the result and returns it
// parsed and as it is served. Its error is that of [Parse] or [Descriptor.Check].
func Render(data []byte, baseURL string) (*Descriptor, []byte, error) {
	d, err := Parse(data)
	if err != nil {
		return nil, nil, err
	}
	rendered, err := d.Render(baseURL)
	if err != nil {
		return nil, nil, err
	}
	if d, err = Parse(rendered); err != nil {
		return nil, nil, err
	}
	return d, rendered, d.Check()
}
