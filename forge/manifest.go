package forge

// Manifest is Sightline's own Forge manifest, made by [New] and written by
// [Manifest.YAML]. The order of the fields is the order in the file.
// See https://developer.atlassian.com/platform/forge/manifest-reference/
type Manifest struct {
	App            App             `yaml:"app"`
	ConnectModules *ConnectModules `yaml:"connectModules,omitempty"`
	Modules        Modules         `yaml:"modules"`
	Resources      []Resource      `yaml:"resources"`
	Translations   Translations    `yaml:"translations"`
	Remotes        []Remote        `yaml:"remotes"`
	Permissions    Permissions     `yaml:"permissions"`
}

// App says which app this is and how Forge runs it.
type App struct {
	// ID is the app's ARI, ari:cloud:ecosystem::app/ and a UUID. "forge
	// register" writes it.
	ID        string    `yaml:"id"`
	Runtime   Runtime   `yaml:"runtime"`
	Licensing Licensing `yaml:"licensing"`
	// Connect is nil for an app that never was a Connect app.
	Connect *Connect `yaml:"connect,omitempty"`
}

// Runtime is what Forge's own functions run on. Sightline has none; Forge
// wants it all the same.
type Runtime struct {
	Name string `yaml:"name"`
}

// Licensing says whether the app is sold through Marketplace.
type Licensing struct {
	Enabled bool `yaml:"enabled"`
}

// Connect ties the Forge app to the Connect app that it was. Remote and
// Authentication are empty once no Connect module is left.
type Connect struct {
	// Key is the Connect app's key, at most 90 characters. It can never be
	// added, changed or removed after the first production deploy.
	Key            string `yaml:"key"`
	Remote         string `yaml:"remote,omitempty"`
	Authentication string `yaml:"authentication,omitempty"`
}

// ConnectModules are the Connect modules of the hybrid stage. Forge wants a
// list also where Connect has a single module, and a key for each.
type ConnectModules struct {
	Lifecycle      []ConnectLifecycle     `yaml:"jira:lifecycle"`
	DashboardItems []ConnectDashboardItem `yaml:"jira:jiraDashboardItems"`
	Webhooks       []ConnectWebhook       `yaml:"jira:webhooks"`
	GeneralPages   []ConnectPage          `yaml:"jira:generalPages,omitempty"`
	ConfigurePage  []ConnectPage          `yaml:"jira:configurePage,omitempty"`
}

// ConnectLifecycle has no enabled and disabled: Forge never sends them.
type ConnectLifecycle struct {
	Key         string `yaml:"key"`
	Installed   string `yaml:"installed"`
	Uninstalled string `yaml:"uninstalled"`
}

// ConnectDashboardItem is a gadget as the descriptor has it.
type ConnectDashboardItem struct {
	Key          string `yaml:"key"`
	Name         Value  `yaml:"name"`
	Description  Value  `yaml:"description"`
	URL          string `yaml:"url"`
	ThumbnailURL string `yaml:"thumbnailUrl"`
	Configurable bool   `yaml:"configurable"`
	Refreshable  bool   `yaml:"refreshable"`
}

// ConnectWebhook is a webhook as the descriptor has it, with a key.
type ConnectWebhook struct {
	Key   string `yaml:"key"`
	Event string `yaml:"event"`
	URL   string `yaml:"url"`
}

// ConnectPage is a page as the descriptor has it.
type ConnectPage struct {
	Key      string `yaml:"key"`
	Name     Value  `yaml:"name"`
	Location string `yaml:"location,omitempty"`
	URL      string `yaml:"url"`
}

// Value is a text of a Connect module.
type Value struct {
	Value string `yaml:"value"`
}

// Modules are the Forge modules.
type Modules struct {
	Gadgets           []Gadget           `yaml:"jira:dashboardGadget"`
	AdminPages        []Page             `yaml:"jira:adminPage,omitempty"`
	GlobalPages       []Page             `yaml:"jira:globalPage,omitempty"`
	Triggers          []Trigger          `yaml:"trigger"`
	ScheduledTriggers []ScheduledTrigger `yaml:"scheduledTrigger"`
	PreUninstall      []EndpointUse      `yaml:"preUninstall"`
	Endpoints         []Endpoint         `yaml:"endpoint"`
	Migration         []Migration        `yaml:"connectToForgeMigration"`
}

// Text is a key in the translation files.
type Text struct {
	I18n string `yaml:"i18n"`
}

// Gadget is a gadget of a Jira dashboard.
type Gadget struct {
	Key         string   `yaml:"key"`
	Title       Text     `yaml:"title"`
	Description Text     `yaml:"description"`
	Thumbnail   string   `yaml:"thumbnail"` // absolute, at most 255 characters
	Resource    string   `yaml:"resource"`
	Resolver    Resolver `yaml:"resolver"`
	Edit        Edit     `yaml:"edit"`
	Refreshable bool     `yaml:"refreshable"`
	// ConnectKeys make placements of those Connect dashboard items show this
	// gadget.
	ConnectKeys []string `yaml:"connectKeys,omitempty,flow"`
}

// Edit is a gadget's edit mode.
type Edit struct {
	Resource string `yaml:"resource"`
}

// Page is a page of Jira's own.
type Page struct {
	Key      string   `yaml:"key"`
	Title    Text     `yaml:"title"`
	Resource string   `yaml:"resource"`
	Resolver Resolver `yaml:"resolver"`
	// UseAsConfig puts the page behind the button "Configure" of the app.
	UseAsConfig bool `yaml:"useAsConfig,omitempty"`
}

// Resolver is where a module's calls go: an endpoint's key.
type Resolver struct {
	Endpoint string `yaml:"endpoint"`
}

// Trigger sends events to an endpoint.
type Trigger struct {
	Key      string   `yaml:"key"`
	Endpoint string   `yaml:"endpoint"`
	Events   []string `yaml:"events"`
}

// ScheduledTrigger calls an endpoint again and again, for each installation.
type ScheduledTrigger struct {
	Key      string `yaml:"key"`
	Endpoint string `yaml:"endpoint"`
	Interval string `yaml:"interval"`
}

// EndpointUse is a module that only names an endpoint.
type EndpointUse struct {
	Key      string `yaml:"key"`
	Endpoint string `yaml:"endpoint"`
}

// Endpoint is an address of the backend. Calls of a page name their path
// themselves, so only other calls need a route.
type Endpoint struct {
	Key    string `yaml:"key"`
	Remote string `yaml:"remote"`
	Route  *Route `yaml:"route,omitempty"`
	Auth   Auth   `yaml:"auth"`
}

// Route is a path below the remote's base URL.
type Route struct {
	Path string `yaml:"path"`
}

// Auth says which tokens go with a call.
type Auth struct {
	AppSystemToken *Enabled `yaml:"appSystemToken,omitempty"`
	AppUserToken   *Enabled `yaml:"appUserToken,omitempty"`
}

// Enabled is how the manifest writes that something is on.
type Enabled struct {
	Enabled bool `yaml:"enabled"`
}

// Migration tells the admins of a site what becomes of a Connect app.
type Migration struct {
	Key      string `yaml:"key"`
	GuideURL string `yaml:"migrationGuideUrl"`
	Will     string `yaml:"willMigrateToForgeBeforeEOS"` // YES, NO or UNDECIDED
}

// Resource is a folder of static files with an index.html.
type Resource struct {
	Key  string `yaml:"key"`
	Path string `yaml:"path"`
}

// Translations name the files with the texts of each language.
type Translations struct {
	Resources []Resource `yaml:"resources"`
	Fallback  Fallback   `yaml:"fallback"`
}

// Fallback is the language for people without another.
type Fallback struct {
	Default string `yaml:"default"`
}

// Remote is a backend.
type Remote struct {
	Key        string   `yaml:"key"`
	BaseURL    string   `yaml:"baseUrl"`
	Operations []string `yaml:"operations"`
	Storage    Storage  `yaml:"storage"`
}

// Storage says whether a remote keeps data of people.
type Storage struct {
	InScopeEUD bool `yaml:"inScopeEUD"`
}

// Permissions are what an admin is asked to allow.
type Permissions struct {
	Scopes []string `yaml:"scopes"`
}
