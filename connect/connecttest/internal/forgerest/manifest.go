package forgerest

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/sightline-go/sightline/connect/connecttest/internal/descriptor"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// AppIDPrefix comes before the UUID in an app's full id.
const AppIDPrefix = "ari:cloud:ecosystem::app/"

var appIDPattern = regexp.MustCompile(`\A` + AppIDPrefix + `[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z`)

// manifest is what the site reads of an app's manifest.yml.
// See https://developer.atlassian.com/platform/forge/manifest-reference/
type manifest struct {
	App struct {
		ID      string   `yaml:"id"`
		Name    string   `yaml:"name"`
		Connect *connect `yaml:"connect"`
	} `yaml:"app"`
	ConnectModules map[string]yaml.Node `yaml:"connectModules"`
	RawModules     map[string]yaml.Node `yaml:"modules"`
	Remotes        []remote             `yaml:"remotes"`
	Resources      []resource           `yaml:"resources"`
	Translations   translations         `yaml:"translations"`
	Permissions    struct {
		Scopes yaml.Node `yaml:"scopes"`
	} `yaml:"permissions"`

	modules []module
	scopes  []string
}

// connect ties the app to the Connect app that it was.
type connect struct {
	Key            string `yaml:"key"`
	Remote         string `yaml:"remote"`
	Authentication string `yaml:"authentication"`
}

// module is the union of the members of the module types that the site knows.
type module struct {
	kind, path  string
	Key         string    `yaml:"key"`
	Title       yaml.Node `yaml:"title"`
	Resource    string    `yaml:"resource"`
	Resolver    resolver  `yaml:"resolver"`
	Edit        *edit     `yaml:"edit"`
	Refreshable *bool     `yaml:"refreshable"`
	ConnectKeys []string  `yaml:"connectKeys"`
	Endpoint    string    `yaml:"endpoint"`
	Function    string    `yaml:"function"`
	Events      []string  `yaml:"events"`
	Interval    string    `yaml:"interval"`
	Filter      filter    `yaml:"filter"`
	Remote      string    `yaml:"remote"`
	Route       route     `yaml:"route"`
	Auth        tokenAuth `yaml:"auth"`
}

type (
	resolver struct {
		Endpoint string `yaml:"endpoint"`
		Function string `yaml:"function"`
	}
	edit struct {
		Resource string `yaml:"resource"`
	}
	filter struct {
		IgnoreSelf bool `yaml:"ignoreSelf"`
	}
	route struct {
		Path string `yaml:"path"`
	}
	enabled struct {
		Enabled bool `yaml:"enabled"`
	}
	tokenAuth struct {
		System enabled `yaml:"appSystemToken"`
		User   enabled `yaml:"appUserToken"`
	}
	resource struct {
		Key  string `yaml:"key"`
		Path string `yaml:"path"`
	}
	translations struct {
		Resources []resource `yaml:"resources"`
		Fallback  struct {
			Default string `yaml:"default"`
		} `yaml:"fallback"`
	}
)

// remote is a backend. Its address is a text or one for each region.
type remote struct {
	Key  string    `yaml:"key"`
	Base yaml.Node `yaml:"baseUrl"`

	baseURL string
}

// The module types that the site knows by name.
const (
	kindGadget       = "jira:dashboardGadget"
	kindTrigger      = "trigger"
	kindScheduled    = "scheduledTrigger"
	kindPreUninstall = "preUninstall"
	kindEndpoint     = "endpoint"
	kindGlobalPage   = "jira:globalPage"
	kindAdminPage    = "jira:adminPage"
)

// isPage reports whether a module type is a page that stands on its own.
func isPage(kind string) bool {
	switch kind {
	case kindGlobalPage, kindAdminPage, "jira:fullPage", "jira:personalSettingsPage", "global:fullPage":
		return true
	}
	return false
}

func knownKind(kind string) bool {
	switch kind {
	case kindGadget, kindTrigger, kindScheduled, kindPreUninstall, kindEndpoint:
		return true
	}
	return isPage(kind)
}

// parseManifest reads and checks; the error has a line for every fault.
func parseManifest(text []byte) (*manifest, error) {
	var m manifest
	if err := yaml.Load(text, &m); err != nil {
		return nil, &ManifestError{fmt.Errorf("read manifest: %w", err)}
	}
	var problems descriptor.Faults
	m.readModules(&problems)
	m.readScopes(&problems)
	m.check(&problems)
	if err := problems.Err(); err != nil {
		return nil, &ManifestError{fmt.Errorf("check manifest: %w", err)}
	}
	return &m, nil
}

// ManifestError says that a manifest or its files cannot be installed.
type ManifestError struct{ Err error }

// Error says why, a line for each fault.
func (e *ManifestError) Error() string { return e.Err.Error() }

// Unwrap returns why.
func (e *ManifestError) Unwrap() error { return e.Err }

func (m *manifest) readModules(problems *descriptor.Faults) {
	for kind, raw := range m.RawModules {
		if !knownKind(kind) {
			continue
		}
		var list []module
		if err := raw.Decode(&list); err != nil {
			problems.Add("modules."+kind, "%v", err)
			continue
		}
		for i := range list {
			list[i].kind, list[i].path = kind, fmt.Sprintf("modules.%s[%d]", kind, i)
		}
		m.modules = append(m.modules, list...)
	}
	slices.SortStableFunc(m.modules, func(a, b module) int { return strings.Compare(a.kind, b.kind) })
}

// readScopes takes a list, or a mapping whose values say more.
func (m *manifest) readScopes(problems *descriptor.Faults) {
	raw := m.Permissions.Scopes
	var err error
	switch raw.Kind {
	case yaml.SequenceNode:
		err = raw.Decode(&m.scopes)
	case yaml.MappingNode:
		for i := 0; i < len(raw.Content); i += 2 {
			m.scopes = append(m.scopes, raw.Content[i].Value)
		}
	}
	if err != nil {
		problems.Add("permissions.scopes", "%v", err)
	}
}

func (m *manifest) check(problems *descriptor.Faults) {
	problems.Need(appIDPattern.MatchString(m.App.ID), "app.id", "must be "+AppIDPrefix+" and a UUID")
	problems.Need(len(m.Remotes) > 0, "remotes", "an app without a backend cannot be installed here")
	for i := range m.Remotes {
		m.Remotes[i].check(fmt.Sprintf("remotes[%d]", i), problems)
	}
	m.checkConnect(problems)
	seen := map[string]bool{}
	for _, mod := range m.modules {
		problems.Need(mod.Key != "", mod.path+".key", "is missing")
		problems.Need(!seen[mod.Key], mod.path+".key", fmt.Sprintf("%q is used twice", mod.Key))
		seen[mod.Key] = true
		m.checkModule(mod, problems)
	}
}

func (m *manifest) checkConnect(problems *descriptor.Faults) {
	if len(m.ConnectModules) == 0 {
		return
	}
	if m.App.Connect == nil {
		problems.Add("app.connect", "connectModules need it")
		return
	}
	problems.Need(m.App.Connect.Key != "", "app.connect.key", "is missing")
	_, known := m.remote(m.App.Connect.Remote)
	problems.Need(known, "app.connect.remote", "names no remote")
	problems.Need(m.App.Connect.Authentication == "jwt", "app.connect.authentication", "must be jwt")
}

func (m *manifest) checkModule(mod module, problems *descriptor.Faults) {
	switch {
	case mod.kind == kindEndpoint:
		_, known := m.remote(mod.Remote)
		problems.Need(known, mod.path+".remote", "names no remote")
		problems.Need(mod.Route.Path == "" || uri.Relative(mod.Route.Path), mod.path+".route.path", "must begin with /")
	case mod.kind == kindGadget || isPage(mod.kind):
		m.checkPage(mod, problems)
	case mod.Function != "": // a function of Forge's own is not played
	default:
		e, known := m.endpoint(mod.Endpoint)
		problems.Need(known, mod.path+".endpoint", "names no endpoint")
		problems.Need(!known || e.Route.Path != "", mod.path+".endpoint", "the endpoint needs a route.path")
	}
	if mod.kind == kindScheduled {
		known := slices.Contains([]string{"fiveMinute", "hour", "day", "week"}, mod.Interval)
		problems.Need(known, mod.path+".interval", "must be fiveMinute, hour, day or week")
	}
	if mod.kind == kindTrigger {
		problems.Need(len(mod.Events) > 0, mod.path+".events", "are missing")
	}
}

func (m *manifest) checkPage(mod module, problems *descriptor.Faults) {
	problems.Need(m.hasResource(mod.Resource), mod.path+".resource", "names no resource")
	problems.Need(mod.Edit == nil || m.hasResource(mod.Edit.Resource), mod.path+".edit.resource", "names no resource")
	if mod.Resolver.Endpoint == "" {
		return
	}
	_, known := m.endpoint(mod.Resolver.Endpoint)
	problems.Need(known, mod.path+".resolver.endpoint", "names no endpoint")
}

func (r *remote) check(path string, problems *descriptor.Faults) {
	problems.Need(r.Key != "", path+".key", "is missing")
	r.baseURL = r.Base.Value
	if r.Base.Kind == yaml.MappingNode {
		var regions map[string]string
		_ = r.Base.Decode(&regions) // what is no text is missing
		r.baseURL = regions["default"]
	}
	if _, err := uri.CheckBase(r.baseURL); err != nil {
		problems.Add(path+".baseUrl", "%v", err)
	}
}

func (m *manifest) remote(key string) (remote, bool) {
	i := slices.IndexFunc(m.Remotes, func(r remote) bool { return r.Key == key })
	if i < 0 {
		return remote{}, false
	}
	return m.Remotes[i], true
}

func (m *manifest) endpoint(key string) (module, bool) {
	return m.find(key, func(kind string) bool { return kind == kindEndpoint })
}

// page finds a module that has a page.
func (m *manifest) page(key string) (module, bool) {
	return m.find(key, func(kind string) bool { return kind == kindGadget || isPage(kind) })
}

func (m *manifest) find(key string, kind func(string) bool) (module, bool) {
	return m.first(func(mod module) bool { return mod.Key == key && kind(mod.kind) })
}

// first is the first module that matches.
func (m *manifest) first(match func(module) bool) (module, bool) {
	i := slices.IndexFunc(m.modules, match)
	if i < 0 {
		return module{}, false
	}
	return m.modules[i], true
}

// of lists the modules of one type.
func (m *manifest) of(kind string) []module {
	return slices.DeleteFunc(slices.Clone(m.modules), func(mod module) bool { return mod.kind != kind })
}

// hasResource looks at what stands before a slash: behind it is an entry.
func (m *manifest) hasResource(name string) bool {
	key, _, _ := strings.Cut(name, "/")
	return slices.ContainsFunc(m.Resources, func(r resource) bool { return r.Key == key })
}

// address is where an endpoint's calls go: its route, or a path of the caller's.
func (m *manifest) address(e module, path string) (*url.URL, error) {
	r, _ := m.remote(e.Remote)
	u, err := url.Parse(uri.Join(r.baseURL, path))
	if err != nil {
		return nil, fmt.Errorf("make address of endpoint %s: %w", e.Key, err)
	}
	return u, nil
}
