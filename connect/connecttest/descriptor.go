package connecttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jql"
)

// descriptor is what the site reads of an app's atlassian-connect.json.
// See https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/
type descriptor struct {
	Key            string `json:"key"`
	Name           string `json:"name"`
	BaseURL        string `json:"baseUrl"`
	Authentication struct {
		Type string `json:"type"`
	} `json:"authentication"`
	Lifecycle struct {
		Installed   string `json:"installed"`
		Uninstalled string `json:"uninstalled"`
		Enabled     string `json:"enabled"`
		Disabled    string `json:"disabled"`
	} `json:"lifecycle"`
	Scopes          []string                   `json:"scopes"`
	APIMigrations   map[string]bool            `json:"apiMigrations"`
	EnableLicensing bool                       `json:"enableLicensing"`
	RawModules      map[string]json.RawMessage `json:"modules"`

	base    *url.URL
	modules []module
}

// module is the union of the members of the module types the site opens.
type module struct {
	kind         string
	path         string
	Key          string `json:"key"`
	Name         text   `json:"name"`
	Description  text   `json:"description"`
	URL          string `json:"url"`
	ThumbnailURL string `json:"thumbnailUrl"`
	Configurable bool   `json:"configurable"`
	Refreshable  bool   `json:"refreshable"`
	Event        string `json:"event"`
	Filter       string `json:"filter"`
	ExcludeBody  bool   `json:"excludeBody"`
}

// The module types the site knows by name.
const (
	kindDashboardItem = "jiraDashboardItems"
	kindWebhook       = "webhooks"
)

// isPage reports whether a module type is opened by its address alone.
func isPage(kind string) bool {
	switch kind {
	case "generalPages", "adminPages", "configurePage", "postInstallPage", "jiraProjectPages":
		return true
	}
	return false
}

var moduleKeyPattern = regexp.MustCompile(`^[a-zA-Z0-9-]{1,100}$`)

// parseDescriptor reads and checks; the error has a line for every fault.
func parseDescriptor(data []byte) (*descriptor, error) {
	var d descriptor
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("read descriptor: %w", err)
	}
	var problems faultList
	d.readModules(&problems)
	d.check(&problems)
	if err := problems.err(); err != nil {
		return nil, fmt.Errorf("check descriptor: %w", err)
	}
	return &d, nil
}

// readModules takes arrays and, for the module types that are single, objects.
func (d *descriptor) readModules(problems *faultList) {
	for _, kind := range slices.Sorted(maps.Keys(d.RawModules)) {
		raw := bytes.TrimSpace(d.RawModules[kind])
		var list []module
		single := len(raw) > 0 && raw[0] == '{'
		err := json.Unmarshal(raw, &list)
		if single {
			list = make([]module, 1)
			err = json.Unmarshal(raw, &list[0])
		}
		if err != nil {
			problems.add("modules."+kind, "%v", err)
			continue
		}
		for i := range list {
			list[i].kind, list[i].path = kind, fmt.Sprintf("modules.%s[%d]", kind, i)
			if single {
				list[i].path = "modules." + kind
			}
		}
		d.modules = append(d.modules, list...)
	}
}

func (d *descriptor) check(problems *faultList) {
	problems.need(appKeyPattern.MatchString(d.Key), "key", "must match "+appKeyPattern.String())
	problems.need(d.Name != "", "name", "is missing")
	problems.need(strings.EqualFold(d.Authentication.Type, "jwt"), "authentication.type", "must be jwt")
	var err error
	if d.base, err = checkBaseURL(d.BaseURL); err != nil {
		problems.add("baseUrl", "%v", err)
	}
	for _, name := range []string{"signed-install", "context-qsh", "gdpr"} {
		problems.need(d.APIMigrations[name], "apiMigrations."+name, "must be true")
	}
	d.checkLifecycle(problems)
	d.checkScopes(problems)
	d.checkModules(problems)
}

func (d *descriptor) checkLifecycle(problems *faultList) {
	problems.need(d.Lifecycle.Installed != "", "lifecycle.installed", "is required with jwt authentication")
	for name, path := range map[string]string{
		"installed": d.Lifecycle.Installed, "uninstalled": d.Lifecycle.Uninstalled,
		"enabled": d.Lifecycle.Enabled, "disabled": d.Lifecycle.Disabled,
	} {
		problems.need(path == "" || relative(path), "lifecycle."+name, "must be relative to baseUrl and begin with /")
	}
}

func (d *descriptor) checkScopes(problems *faultList) {
	for i, scope := range d.Scopes {
		oneCase := scope == strings.ToUpper(scope) || scope == strings.ToLower(scope)
		known := KnownScope(strings.ToUpper(scope))
		problems.need(oneCase && known, fmt.Sprintf("scopes[%d]", i), fmt.Sprintf("unknown scope %q", scope))
	}
}

func (d *descriptor) checkModules(problems *faultList) {
	seen := make(map[string]bool)
	for _, m := range d.modules {
		if m.Key != "" && seen[m.Key] {
			problems.add(m.path+".key", "%q is used twice", m.Key)
		}
		seen[m.Key] = true
		problems.need(m.Key == "" || moduleKeyPattern.MatchString(m.Key), m.path+".key", "must match "+moduleKeyPattern.String())
		switch {
		case m.kind == kindWebhook:
			d.checkWebhook(m, problems)
		case m.kind == kindDashboardItem:
			m.checkPage(problems)
			problems.need(m.Description.Value != "", m.path+".description.value", "is missing")
			problems.need(m.ThumbnailURL != "", m.path+".thumbnailUrl", "is missing")
		case isPage(m.kind):
			m.checkPage(problems)
		}
	}
}

func (m module) checkPage(problems *faultList) {
	problems.need(m.Key != "", m.path+".key", "is missing")
	problems.need(m.Name.Value != "", m.path+".name.value", "is missing")
	problems.need(relative(m.URL), m.path+".url", "must be relative to baseUrl and begin with /")
}

func (d *descriptor) checkWebhook(m module, problems *faultList) {
	problems.need(knownEvent(m.Event), m.path+".event", fmt.Sprintf("unknown event %q", m.Event))
	problems.need(relative(m.URL), m.path+".url", "must be relative to baseUrl and begin with /")
	problems.need(slices.Contains(d.scopes(), "READ"), m.path, "webhooks need the scope READ")
	if m.Filter == "" {
		return
	}
	problems.need(issueEvent(m.Event), m.path+".filter", "only issue related events can be filtered")
	if _, err := jql.Parse(m.Filter); err != nil {
		problems.add(m.path+".filter", "%v", err)
	}
}

// find returns the module with that key that has a page.
func (d *descriptor) find(key string) (module, bool) {
	i := slices.IndexFunc(d.modules, func(m module) bool { return m.Key == key && m.URL != "" && m.kind != kindWebhook })
	if i < 0 {
		return module{}, false
	}
	return d.modules[i], true
}

// of lists the modules of one type.
func (d *descriptor) of(kind string) []module {
	var list []module
	for _, m := range d.modules {
		if m.kind == kind {
			list = append(list, m)
		}
	}
	return list
}

// scopes are the declared ones and what they imply, in upper case.
func (d *descriptor) scopes() []string { return ExpandScopes(d.Scopes) }
