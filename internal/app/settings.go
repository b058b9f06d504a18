package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/tracing"
	"github.com/sightline-go/sightline/store"
)

// ServeFlags are the settings of serve as written, with command line tags.
// Parse checks them all and reports every error at once.
type ServeFlags struct {
	Addr             string `default:":8080" help:"Listen address."`
	BaseURL          string `name:"base-url" help:"Public base URL; may have a path."`
	StoreFlags       `embed:""`
	InstallKeysURL   string `name:"install-keys-url" help:"Where install public keys are fetched; default: Atlassian's."`
	AllowedHosts     string `default:"*.atlassian.net,*.jira.com" help:"Sites that may install."`
	ACJSURL          string `name:"acjs-url" default:"https://connect-cdn.atl-paas.net/all.js" help:"The host's script that pages load."`
	OAuthTokenURL    string `name:"oauth-token-url" default:"https://oauth-2-authorization-server.services.atlassian.com/oauth2/token" help:"User impersonation token endpoint."`
	ChatAPIURL       string `name:"chat-api-url" default:"https://api.atlassian.com" help:"The chat platform."`
	ChatTokenURL     string `name:"chat-token-url" help:"The chat platform's token endpoint; default: /oauth/token on it."`
	ChatClientID     string `name:"chat-client-id" help:"OAuth client of the chat app; without one the chat is off."`
	ChatClientSecret string `name:"chat-client-secret" help:"Its secret."`
	ChatOrigins      string `default:"" help:"Origins whose browsers may ask for states; default: https://app.stride.com and the chat platform's."`
	SlackFlags       `embed:"" prefix:"slack-"`
	ForgeFlags       `embed:"" prefix:"forge-"`
	Connect          string `default:"on" help:"on, or off: no Connect route answers."`
	Reader           string `default:"auto" help:"Who reads a view on Forge: server, browser (the viewer's own page, which costs no points), or auto: by what is left of the points."`
	Index            string `default:"on" help:"on, or off: nothing of issues is kept at home."`
	MaxAge           string `default:"10m" help:"The age up to which what a person saw is shown at all, 1m to 12h: so long may numbers be seen that Jira would not show them any more."`
	MaxPages         string `default:"1000" help:"Calls of pages served at once at most; one more is answered 503, while installs, events and probes are always taken."`
	CalendarHosts    string `help:"Private hosts that calendars of absences may be read from, each perhaps with a port; default: none."`
	MetricsAddr      string `help:"Listen address of /metrics; default: off."`
	Drain            string `default:"5s" help:"How long a program that was told to stop still answers, while /readyz says that it is not ready."`
	Retention        string `default:"720h" help:"How long what is stored of a site is kept after it uninstalled the app, 1h to 87600h; what is held of its issues goes at once."`
	ReportAccounts   string `default:"on" help:"on, or off: Atlassian is not told each week whose account ids are stored, and not asked which of them are closed."`
	LogFlags         `embed:""`

	// Patience is how long people wait; zero means the default waits. Not a
	// setting.
	Patience handlers.Patience `kong:"-"`
	// Signed returns the canonical request behind a hash. With it the app runs
	// in development and explains refused signatures. Not a setting.
	Signed func(hash string) (string, bool) `kong:"-"`
	// Now is the program's clock; nil means time.Now. Not a setting.
	Now func() time.Time `kong:"-"`
	// Dial opens the program's connections to other services, as net.Dialer's
	// DialContext does; nil means the machine's network. Not a setting.
	Dial func(ctx context.Context, network, address string) (net.Conn, error) `kong:"-"`
	// Environ has OpenTelemetry's variables, which say where traces go; nil: none is
	// set. Not a setting.
	Environ Environment `kong:"-"`
	// Spans takes the traces instead of what Environ says. Not a setting.
	Spans tracing.Exporter `kong:"-"`
}

// Settings are the settings of serve, parsed; only ServeFlags.Parse makes them.
type Settings struct {
	addr           string
	metricsAddr    string
	baseURL        *url.URL
	database       store.Options
	drain          time.Duration
	retention      time.Duration
	keys           *store.KeyRing
	installKeysURL string
	hosts          connect.HostPatterns
	hostSources    []string
	acjsURL        string
	oauthTokenURL  string
	chat           *chatSettings
	slack          *slackSettings
	forge          *forgeSettings
	connect        bool
	reader         reader
	index          bool
	reports        bool
	maxAge         time.Duration
	maxPages       int
	calendarHosts  []string
	signed         func(hash string) (string, bool)
	patience       handlers.Patience
	now            func() time.Time
	dial           dial
	traces         string // where they are sent; "": nowhere
	spans          tracing.Exporter
	log            *slog.Logger
}

// chatSettings are set when the chat is on.
type chatSettings struct {
	apiURL, tokenURL string
	clientID         string
	clientSecret     connect.Secret
	origins          []string
}

// SettingsError is every wrong setting or argument, one line each.
type SettingsError []error

// Error is a line for each.
func (e SettingsError) Error() string {
	lines := make([]string, 0, len(e))
	for _, err := range e {
		lines = append(lines, "sightline: "+err.Error())
	}
	return strings.Join(lines, "\n")
}

// checks gathers what is wrong.
type checks struct{ wrong SettingsError }

func (c *checks) note(flag string, err error) {
	if err != nil {
		c.wrong = append(c.wrong, SettingError{flag, err})
	}
}

func (c *checks) err() error {
	if len(c.wrong) == 0 {
		return nil
	}
	return c.wrong
}

var errRequired = errors.New("is required")

// Parse checks every setting and opens nothing. What the app logs goes to logs.
// The error is a SettingsError.
func (f ServeFlags) Parse(logs io.Writer) (Settings, error) {
	var c checks
	out := Settings{
		addr:           f.Addr,
		metricsAddr:    f.MetricsAddr,
		installKeysURL: strings.TrimSuffix(f.InstallKeysURL, "/"),
		acjsURL:        f.ACJSURL,
		oauthTokenURL:  f.OAuthTokenURL,
		signed:         f.Signed,
		patience:       f.Patience,
		now:            f.Now,
		dial:           f.Dial,
		spans:          f.Spans,
	}
	if out.now == nil {
		out.now = time.Now
	}
	out.baseURL = c.baseURL(f.BaseURL)
	out.database = f.StoreFlags.check(&c)
	out.keys = out.database.Keys
	out.drain = c.duration("drain", f.Drain, 0, 0, maxDrain)
	out.retention = cmp.Or(c.duration("retention", f.Retention, minRetention, minRetention, maxRetention), defaultRetention)
	c.note("addr", checkAddr(f.Addr))
	if f.MetricsAddr != "" {
		c.note("metrics-addr", checkAddr(f.MetricsAddr))
	}
	out.chat = f.chat(&c)
	out.slack = f.SlackFlags.check(&c)
	out.forge = f.ForgeFlags.check(&c)
	out.reader = c.reader(f.Reader)
	f.checkConnect(&c, &out)
	out.maxAge = c.age(f.MaxAge)
	out.maxPages = c.count("max-pages", f.MaxPages, maxMaxPages)
	out.calendarHosts = c.calendarHosts(f.CalendarHosts)
	out.index = c.onOff("index", f.Index)
	out.reports = c.onOff("report-accounts", f.ReportAccounts)
	out.traces = f.traces(&c)
	out.log = f.LogFlags.logger(&c, logs)
	return out, c.err()
}

// checkConnect checks what only Connect needs, and ignores it when Connect is
// off. A program with neither Connect nor Forge could serve nobody.
func (f ServeFlags) checkConnect(c *checks, out *Settings) {
	if out.connect = c.onOff("connect", f.Connect); !out.connect {
		if f.Connect == off && out.forge == nil {
			c.note("connect", errors.New("is off, and so is Forge: set SIGHTLINE_FORGE_APP_ID"))
		}
		return
	}
	out.hosts, out.hostSources = c.hosts(f.AllowedHosts)
	if f.InstallKeysURL != "" {
		c.address("install-keys-url", f.InstallKeysURL)
	}
	c.address("acjs-url", f.ACJSURL)
	c.address("oauth-token-url", f.OAuthTokenURL)
}

// age is how old shown numbers may be; 0: the default.
func (c *checks) age(text string) time.Duration {
	const least, most = time.Minute, 12 * time.Hour
	return c.duration("max-age", text, least, least, most)
}

// maxMaxPages is the most calls of pages that may be served at once.
const maxMaxPages = 100_000

const off = "off"

// onOff is a switch that is on by default.
func (c *checks) onOff(flag, text string) (on bool) {
	switch text {
	case "on", "":
		return true
	case off:
		return false
	}
	c.note(flag, errors.New("is not on or off"))
	return false
}

func checkAddr(addr string) error {
	_, _, err := net.SplitHostPort(addr)
	return err
}

// plainPath is a path that routers and proxies leave as it is.
var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$`)

// baseURL is https, or http on loopback, with at most a path.
func (c *checks) baseURL(text string) *url.URL {
	if text == "" {
		c.note("base-url", errRequired)
		return nil
	}
	u := c.address("base-url", text)
	if u == nil {
		return nil
	}
	if u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		c.note("base-url", errors.New("must not have a query, a fragment or a user"))
	}
	if !plainPath.MatchString(u.EscapedPath()) {
		c.note("base-url", errors.New("must have a plain path, without escapes, dot segments or pattern characters"))
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawPath = ""
	return u
}

// address is an absolute https URL, or http on loopback.
func (c *checks) address(flag, text string) *url.URL {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		c.note(flag, errors.New("is not a URL"))
	case u.Host == "":
		c.note(flag, errors.New("is not an absolute URL"))
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return u
	default:
		c.note(flag, errors.New("must be https; plain http is for loopback hosts only"))
	}
	return nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// hosts are the sites that may install the app, and the same sites as sources
// of a content security policy.
func (c *checks) hosts(text string) (connect.HostPatterns, []string) {
	list := split(text)
	if len(list) == 0 {
		c.note("allowed-hosts", errRequired)
		return nil, nil
	}
	patterns, err := connect.ParseHostPatterns(list)
	c.note("allowed-hosts", err)
	sources := make([]string, 0, len(list))
	for _, host := range list {
		scheme := "https://"
		if name, _, err := net.SplitHostPort(host); isLoopback(host) || err == nil && isLoopback(name) {
			scheme = "http://"
		}
		sources = append(sources, scheme+host)
	}
	return patterns, sources
}

func (f ServeFlags) chat(c *checks) *chatSettings {
	api := c.address("chat-api-url", f.ChatAPIURL)
	if f.ChatTokenURL == "" {
		f.ChatTokenURL = strings.TrimSuffix(f.ChatAPIURL, "/") + "/oauth/token"
	}
	c.address("chat-token-url", f.ChatTokenURL)
	if f.ChatClientID == "" && f.ChatClientSecret == "" {
		return nil
	}
	if f.ChatClientID == "" || f.ChatClientSecret == "" {
		c.note("chat-client-id", errors.New("and SIGHTLINE_CHAT_CLIENT_SECRET go together"))
	}
	out := &chatSettings{
		apiURL: strings.TrimSuffix(f.ChatAPIURL, "/"), tokenURL: f.ChatTokenURL,
		clientID: f.ChatClientID, clientSecret: connect.NewSecret(f.ChatClientSecret),
		origins: split(f.ChatOrigins),
	}
	if len(out.origins) == 0 && api != nil {
		out.origins = []string{"https://app.stride.com", api.Scheme + "://" + api.Host}
	}
	for _, origin := range out.origins {
		if u := c.address("chat-origins", origin); u != nil && u.Path != "" {
			c.note("chat-origins", fmt.Errorf("%s is not an origin", origin))
		}
	}
	return out
}

func split(text string) []string {
	list := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	return slices.Compact(list)
}
