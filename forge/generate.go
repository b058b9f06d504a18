package forge

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect/descriptor"
)

// Stage is how much of Connect is left in a manifest.
type Stage string

// The stages.
const (
	// StageForge has Forge modules only. It is what is released.
	StageForge Stage = "forge"
	// StageHybrid has the Connect modules too, for sites that still have the
	// Connect app. It ends with Connect on 31 January 2027.
	StageHybrid Stage = "hybrid"
)

// AppIDPrefix comes before the UUID in an app's full id.
const AppIDPrefix = "ari:cloud:ecosystem::app/"

// NoAppID stands in a manifest until "forge register" has written the app's own.
const NoAppID = AppIDPrefix + "00000000-0000-0000-0000-000000000000"

var (
	appUUID    = regexp.MustCompile(`\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z`)
	connectKey = regexp.MustCompile(`\A[a-zA-Z0-9-._]{1,90}\z`)
)

// Options are what differs between two manifests of Sightline.
type Options struct {
	Stage   Stage  // "" is StageForge
	BaseURL string // the app's public address; a slash at its end is left out
	AppID   string // full or bare UUID; "" is NoAppID
	// ConnectKey is the key of the Connect app that this app was; "" for an app
	// that never was one. The hybrid stage needs it.
	ConnectKey string
}

// New makes a manifest from the same source as the Connect descriptor. The
// error names each option that cannot be.
func New(o Options) (*Manifest, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	d, err := descriptor.Parse(sightline.ConnectDescriptor)
	if err != nil {
		return nil, err
	}
	m := &Manifest{
		App:          App{ID: o.AppID, Runtime: Runtime{Name: "nodejs22.x"}, Licensing: Licensing{Enabled: licensed()}},
		Modules:      modules(d, o),
		Resources:    []Resource{{Key: resourceKey, Path: resourcePath}},
		Translations: translations(),
		Remotes:      []Remote{backend(o.BaseURL)},
		Permissions:  Permissions{Scopes: scopeNames(d, o.Stage)},
	}
	if o.ConnectKey != "" {
		m.App.Connect = &Connect{Key: o.ConnectKey}
	}
	if o.Stage == StageHybrid {
		m.App.Connect.Remote, m.App.Connect.Authentication = remoteKey, "jwt"
		m.ConnectModules = connectModules(d)
	}
	return m, nil
}

func (o Options) complete() (Options, error) {
	var wrong []error
	if o.Stage == "" {
		o.Stage = StageForge
	}
	if o.Stage != StageForge && o.Stage != StageHybrid {
		wrong = append(wrong, fmt.Errorf("stage %q: want forge or hybrid", o.Stage))
	}
	if o.Stage == StageHybrid && o.ConnectKey == "" {
		wrong = append(wrong, errors.New("stage hybrid needs the key of the Connect app"))
	}
	if o.ConnectKey != "" && !connectKey.MatchString(o.ConnectKey) {
		wrong = append(wrong, fmt.Errorf("connect key %q: want 1 to 90 of a-z, A-Z, 0-9, dot, dash and underscore", o.ConnectKey))
	}
	var err error
	if o.AppID, err = fullAppID(o.AppID); err != nil {
		wrong = append(wrong, err)
	}
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	if err := checkBaseURL(o.BaseURL); err != nil {
		wrong = append(wrong, err)
	}
	return o, errors.Join(wrong...)
}

func fullAppID(id string) (string, error) {
	if id == "" {
		return NoAppID, nil
	}
	uuid := strings.TrimPrefix(id, AppIDPrefix)
	if !appUUID.MatchString(uuid) {
		return "", fmt.Errorf("app id %q: want %s and a UUID, or the UUID", id, AppIDPrefix)
	}
	return AppIDPrefix + uuid, nil
}

// checkBaseURL wants https, or http on a loopback host, and a plain path.
func checkBaseURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("base URL %q: want https, a host and perhaps a path", text)
	case u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("base URL %q: want https, or http on a loopback host", text)
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// licensed is the descriptor's enableLicensing; both must say the same.
func licensed() bool {
	var d struct {
		EnableLicensing bool `json:"enableLicensing"`
	}
	return json.Unmarshal(sightline.ConnectDescriptor, &d) == nil && d.EnableLicensing
}
