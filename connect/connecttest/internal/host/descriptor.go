package host

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/descriptor"
	"github.com/sightline-go/sightline/connect/connecttest/internal/jql"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// appDescriptor is what the site reads of an app's atlassian-connect.json.
// See https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/
type appDescriptor struct {
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
	Key          string          `json:"key"`
	Name         descriptor.Text `json:"name"`
	Location     string          `json:"location"`
	Description  descriptor.Text `json:"description"`
	URL          string          `json:"url"`
	ThumbnailURL string          `json:"thumbnailUrl"`
	Configurable bool            `json:"configurable"`
	Refreshable  bool            `json:"refreshable"`
	Event        string          `json:"event"`
	Filter       string          `json:"filter"`
	ExcludeBody  bool            `json:"excludeBody"`
}

// The module types the site knows by name.
const (
	kindDashboardItem = "jiraDashboardItems"
	kindWebhook       = "webhooks"
)

// isPage reports whether a module type is opened by nothing but its address.
func isPage(kind string) bool {
	switch kind {
	case "generalPages", "adminPages", "configurePage", "postInstallPage", "jiraProjectPages":
		return true
	}
	return false
}

var moduleKeyPattern = regexp.MustCompile(`^[a-zA-Z0-9-]{1,100}$`)

// parseDescriptor reads and checks a descriptor; the error has a line for every
// fault.
func parseDescriptor(data []byte) (*appDescriptor, error) {
	var d appDescriptor
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("read descriptor: %w", err)
	}
	var problems descriptor.Faults
	d.readModules(&problems)
	d.check(&problems)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("check descriptor: %w", err)
	}
	return &d, nil
}

// readModules takes arrays and, for the module types that are single, objects.
func (d *appDescriptor) readModules(problems *descriptor.Faults) {
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
			problems.Add("modules."+kind, "%v", err)
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

func (d *appDescriptor) check(problems *descriptor.Faults) {
	problems.Need(descriptor.KeyPattern.MatchString(d.Key), "key", "must match "+descriptor.KeyPattern.String())
	problems.Need(d.Name != "", "name", "is missing")
	problems.Need(strings.EqualFold(d.Authentication.Type, "jwt"), "authentication.type", "must be jwt")
	var err error
	if d.base, err = uri.CheckBase(d.BaseURL); err != nil {
		problems.Add("baseUrl", "%v", err)
	}
	for _, name := range []string{"signed-install", "context-qsh", "gdpr"} {
		problems.Need(d.APIMigrations[name], "apiMigrations."+name, "must be true")
	}
	d.checkLifecycle(problems)
	d.checkScopes(problems)
	d.checkModules(problems)
}

func (d *appDescriptor) checkLifecycle(problems *descriptor.Faults) {
	problems.Need(d.Lifecycle.Installed != "", "lifecycle.installed", "is required with jwt authentication")
	for name, path := range map[string]string{
		"installed": d.Lifecycle.Installed, "uninstalled": d.Lifecycle.Uninstalled,
		"enabled": d.Lifecycle.Enabled, "disabled": d.Lifecycle.Disabled,
	} {
		problems.Need(path == "" || uri.Relative(path), "lifecycle."+name, "must be relative to baseUrl and begin with /")
	}
}

func (d *appDescriptor) checkScopes(problems *descriptor.Faults) {
	for i, scope := range d.Scopes {
		oneCase := scope == strings.ToUpper(scope) || scope == strings.ToLower(scope)
		known := auth.KnownScope(strings.ToUpper(scope))
		problems.Need(oneCase && known, fmt.Sprintf("scopes[%d]", i), fmt.Sprintf("unknown scope %q", scope))
	}
}

func (d *appDescriptor) checkModules(problems *descriptor.Faults) {
	seen := make(map[string]bool)
	for _, m := range d.modules {
		if m.Key != "" && seen[m.Key] {
			problems.Add(m.path+".key", "%q is used twice", m.Key)
		}
		seen[m.Key] = true
		problems.Need(m.Key == "" || moduleKeyPattern.MatchString(m.Key), m.path+".key", "must match "+moduleKeyPattern.String())
		switch {
		case m.kind == kindWebhook:
			d.checkWebhook(m, problems)
		case m.kind == kindDashboardItem:
			m.checkPage(problems)
			problems.Need(m.Description.Value != "", m.path+".description.value", "is missing")
			problems.Need(m.ThumbnailURL != "", m.path+".thumbnailUrl", "is missing")
		case isPage(m.kind):
			m.checkPage(problems)
		}
	}
}

func (m module) checkPage(problems *descriptor.Faults) {
	problems.Need(m.Key != "", m.path+".key", "is missing")
	problems.Need(m.Name.Value != "", m.path+".name.value", "is missing")
	problems.Need(uri.Relative(m.URL), m.path+".url", "must be relative to baseUrl and begin with /")
}

func (d *appDescriptor) checkWebhook(m module, problems *descriptor.Faults) {
	problems.Need(knownEvent(m.Event), m.path+".event", fmt.Sprintf("unknown event %q", m.Event))
	problems.Need(uri.Relative(m.URL), m.path+".url", "must be relative to baseUrl and begin with /")
	problems.Need(slices.Contains(d.scopes(), "READ"), m.path, "webhooks need the scope READ")
	if m.Filter == "" {
		return
	}
	problems.Need(issueEvent(m.Event), m.path+".filter", "only issue related events can be filtered")
	if _, err := jql.Parse(m.Filter); err != nil {
		problems.Add(m.path+".filter", "%v", err)
	}
}

// find returns the module with that key that has a page.
func (d *appDescriptor) find(key string) (module, bool) {
	i := slices.IndexFunc(d.modules, func(m module) bool { return m.Key == key && m.URL != "" && m.kind != kindWebhook })
	if i < 0 {
		return module{}, false
	}
	return d.modules[i], true
}

// of lists the modules of one type.
func (d *appDescriptor) of(kind string) []module {
	var list []module
	for _, m := range d.modules {
		if m.kind == kind {
			list = append(list, m)
		}
	}
	return list
}

// scopes are the declared ones and what they imply, in upper case.
func (d *appDescriptor) scopes() []string { return auth.ExpandScopes(d.Scopes) }
