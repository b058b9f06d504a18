package judge

import (
	"net/http"
	"net/url"
)

// forge serves a call of Forge.
func (a *weakApp) forge(r *http.Request) bool {
	const family = "forge."
	raw, there := authorization(r, "Bearer")
	if cookie, err := r.Cookie("token"); err == nil && a.weak(family+"token-cookie") {
		raw, there = cookie.Value, true
	}
	if other, ok := authorization(r, "JWT"); ok && a.weak(family+"token-scheme") {
		raw, there = other, true
	}
	if !there {
		return a.weak(family+"token-missing", family+"form-empty")
	}
	if a.weak(family + "accept") {
		return false
	}
	if len(r.Header.Values("Authorization")) > 1 && !a.weak(family+"token-twice") {
		return false
	}
	t, ok, done := a.parse(family, raw)
	if done {
		return ok
	}
	private, kid, err := a.site.ForgeKey()
	return err == nil && a.keyOf(family, t, &private.PublicKey, kid) && a.times(family, t.claims) && a.forgeClaims(t.claims)
}

func (a *weakApp) forgeClaims(c object) bool {
	const family = "forge."
	app, _ := c["app"].(object)
	module, _ := app["module"].(object)
	environment, _ := app["environment"].(object)
	api, _ := app["apiBaseUrl"].(string)
	home, err := url.Parse(api)
	switch {
	case c["iss"] == nil:
		return a.weak(family + "iss-missing")
	case c["iss"] != "forge/invocation-token":
		return a.weak(family + "iss-other")
	case c["aud"] == nil:
		return a.weak(family + "aud-missing")
	case c["aud"] != a.appID:
		return a.weak(family + "aud-other")
	case app["id"] != a.appID:
		return a.weak(family + "app-id-other")
	case err != nil || home.Scheme+"://"+home.Host != a.site.URL():
		return a.weak(family + "api-other")
	case module["key"] != "tick":
		return a.weak(family + "module-other")
	case environment["type"] != "PRODUCTION":
		return a.weak(family + "environment-other")
	}
	return true
}
