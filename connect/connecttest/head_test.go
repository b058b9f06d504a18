package connecttest

import (
	"net/http"
	"testing"
)

// TestHead: whatever can be read with GET answers HEAD with the same status and
// type, and without a body.
func TestHead(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	b := newForgeBackend(t, site)
	forge := b.mustInstall("scopes: [", `scopes: ["manage:jira-configuration", `, "CONNECTKEYS", "")
	b.idle()
	system := "Bearer " + b.one("/life").system
	app := newTestApp(t)
	app.mustInstall(t, site)
	api := ForgeAPIPath + forge.CloudID
	for address, auth := range map[string]string{
		"/-/":                           "",
		"/-/apps":                       "",
		"/-/people":                     "",
		"/-/requests":                   "",
		"/-/apps/nothing/modules/x":     "",
		"/jira/dashboards":              "",
		"/plugins/servlet/upm":          "",
		"/-/assets/base.css":            "",
		"/-/assets/nothing.css":         "",
		"/atlassian-connect/all.js":     "",
		"/_edge/tenant_info":            "",
		"/install-keys/nothing":         "",
		ForgeKeysPath:                   "",
		"/avatar/icon/x.svg":            "",
		"/rest/api/3/myself":            basic(admin(site)),
		"/rest/api/3/nothing":           basic(admin(site)),
		"/wiki/rest/api/user/current":   basic(admin(site)),
		"/dc/rest/api/2/user?username=": "",
		"/nowhere":                      "",
		api + "/rest/api/3/myself":      system,
		api + "/rest/atlassian-connect/1/addons/x/properties/y": system,
	} {
		want, got := get(t, site.URL()+address, auth), do(t, http.MethodHead, site.URL()+address, "", "", auth)
		if got.status != want.status || len(got.body) > 0 || got.header.Get("Content-Type") != want.header.Get("Content-Type") {
			t.Errorf("%s: GET %d %q, HEAD %d %q with %d bytes", address,
				want.status, want.header.Get("Content-Type"), got.status, got.header.Get("Content-Type"), len(got.body))
		}
	}
}
