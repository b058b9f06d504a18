package host

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// connectVersion is the Connect version that the site claims.
const connectVersion = "1001.0.0-connecttest"

// itemKeyPrefix makes a module key into a complete module key.
const itemKeyPrefix = "com.atlassian.plugins.atlassian-connect-plugin:"

// ModuleURL returns the address that a browser would open for a page of an
// installed app, signed for the account ("" is an anonymous viewer): a
// dashboard item, a general, admin, project, configure or post-install page.
// For a dashboard item, dashboard and item must name one of that module that
// is placed; without both it is the preview in the directory. The address is
// valid for three minutes.
func (s *Server) ModuleURL(key, module, account, dashboard, item string) (string, error) {
	a, m, err := s.moduleOf(key, module, account)
	if err != nil {
		return "", err
	}
	values, err := s.contextValues(a, m, dashboard, item)
	if err != nil {
		return "", err
	}
	return s.pageURL(a, m, account, values)
}

// customPrefix begins the parameters of a host page that an app's page may use
// as context variables.
// See https://developer.atlassian.com/cloud/jira/platform/context-parameters/
const customPrefix = "ac."

// PageURL is ModuleURL for a page of its own, opened at
// /plugins/servlet/ac/{key}/{module} with custom parameters: those that begin
// with "ac." fill the variables of the same name in the page's address.
func (s *Server) PageURL(key, module, account string, custom url.Values) (string, error) {
	a, m, err := s.moduleOf(key, module, account)
	if err != nil {
		return "", err
	}
	if m.kind == kindDashboardItem {
		return s.ModuleURL(key, module, account, "", "")
	}
	values := map[string]string{}
	for name := range custom {
		if strings.HasPrefix(name, customPrefix) {
			values[name] = custom.Get(name)
		}
	}
	return s.pageURL(a, m, account, values)
}

// moduleOf finds a page of an installed app and checks the viewer's account.
func (s *Server) moduleOf(key, name, account string) (*app, module, error) {
	a, err := s.app(key)
	if err != nil {
		return nil, module{}, err
	}
	m, ok := a.descriptor.find(name)
	if !ok {
		return nil, m, fmt.Errorf("module %q of app %s: %w", name, key, install.ErrNoModule)
	}
	return a, m, s.World.KnownAccount(account)
}

func (s *Server) contextValues(a *app, m module, dashboard, item string) (map[string]string, error) {
	if m.kind != kindDashboardItem {
		return nil, nil
	}
	full := itemKeyPrefix + a.key() + "__" + m.Key
	if dashboard == "" && item == "" {
		return map[string]string{"dashboardItem.key": full, "dashboardItem.viewType": "directory"}, nil
	}
	d, ok := s.World.Dashboard(dashboard)
	if !ok {
		return nil, fmt.Errorf("dashboard %q: %w", dashboard, world.ErrNotFound)
	}
	it, ok := d.Item(item)
	if !ok || it.AppKey != a.key() || it.ModuleKey != m.Key {
		return nil, fmt.Errorf("item %q of module %s on dashboard %s: %w", item, m.Key, dashboard, world.ErrNotFound)
	}
	return map[string]string{
		"dashboard.id": dashboard, "dashboardItem.id": item,
		"dashboardItem.key": full, "dashboardItem.viewType": "default",
	}, nil
}

// pageURL fills in the address, appends what the host always appends, and
// signs it.
func (s *Server) pageURL(a *app, m module, account string, values map[string]string) (string, error) {
	u, err := a.url(uri.Expand(m.URL, values))
	if err != nil {
		return "", err
	}
	uri.AppendQuery(u, "xdm_e", s.URL())
	uri.AppendQuery(u, "xdm_c", "channel-"+a.key()+"__"+m.Key)
	uri.AppendQuery(u, "cp", "")
	uri.AppendQuery(u, "xdm_deprecated_addon_key_do_not_use", a.key())
	uri.AppendQuery(u, "lic", a.license())
	uri.AppendQuery(u, "cv", connectVersion)
	c := sign.NewClaims(s.Now(), a.clientKey, account, pageTokenLife)
	c.QSH, c.Context = s.qsh(a, "GET", u), s.tokenContext(a)
	token, err := sign.HS256(a.secret, c)
	if err != nil {
		return "", err
	}
	uri.AppendQuery(u, "jwt", token)
	return u.String(), nil
}

func (a *app) license() string {
	if a.descriptor.EnableLicensing {
		return "active"
	}
	return "none"
}
