package judge

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

// forge serves a call of Forge.
func (a *weakApp) forge(r *http.Request, body string) bool {
	const family = "forge."
	raw, there := authorization(r, "Bearer")
	switch bare := r.Header.Get("Authorization"); {
	case strings.HasPrefix(bare, "eyJ") && a.weak(family+"token-bare"):
		raw, there = bare, true
	case r.URL.Query().Has("jwt") && a.weak(family+"token-address"):
		raw, there = r.URL.Query().Get("jwt"), true
	case strings.HasPrefix(body, `{"jwt":`) && a.weak(family+"token-body"):
		raw, there = strings.TrimSuffix(strings.TrimPrefix(body, `{"jwt":"`), `"}`), true
	}
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

// serveForge serves a call of Forge, and is what it answers; 0 is 200.
func (a *weakApp) serveForge(r *http.Request) int {
	const family = "forge."
	data, _ := io.ReadAll(r.Body)
	body := string(data)
	broken := map[string]bool{
		family + "body-text": body == "event=judge", family + "body-array": body == "[]", family + "body-large": len(body) > 1<<20,
	}
	refused := map[string]bool{family + "accept-no-body": body == "", family + "accept-more": strings.HasPrefix(body, `{"judge":{`)}
	switch {
	case broken[a.weakness]:
		return http.StatusInternalServerError
	case refused[a.weakness], !a.forge(r, body):
		return http.StatusForbidden
	}
	if text := r.Header.Get("X-Forge-Oauth-System"); text != "" {
		a.callBack(r, text)
	}
	return 0
}

// callBack asks Jira something with a token of Forge's.
func (a *weakApp) callBack(r *http.Request, text string) {
	raw, _ := authorization(r, "Bearer")
	t, _, _ := a.parse("forge.", raw)
	app, _ := t.claims["app"].(object)
	api, _ := app["apiBaseUrl"].(string)
	address := api + "/rest/api/3/myself"
	client := outside()
	defer client.CloseIdleConnections()
	for range 2 * maxCalls {
		ask, _ := http.NewRequestWithContext(r.Context(), http.MethodGet, address, nil)
		ask.Header.Set("Authorization", "Bearer "+text)
		resp, err := client.Do(ask)
		if err != nil {
			return
		}
		data, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
		_ = resp.Body.Close()
		if len(data) == 64<<10 && a.weak("calls.large") || err != nil && a.weak("calls.cut") || strings.HasPrefix(string(data), "<!") && a.weak("calls.html") {
			panic(http.ErrAbortHandler)
		}
		told := resp.Header.Get("Retry-After") != ""
		switch status := resp.StatusCode; {
		case status == http.StatusFound && a.weak("calls.redirect"), status == http.StatusTemporaryRedirect && a.weak("calls.redirect-kept"):
			address = resp.Header.Get("Location")
		case status == http.StatusUnauthorized && a.weak("calls.unauthorized"),
			status == http.StatusTooManyRequests && (told && a.weak("calls.limited") || !told && a.weak("calls.limited-unsaid")):
		default:
			return
		}
	}
}

// named are the values of a claim of another kind than it should have.
func named(value any, there bool, missing, number string) string {
	_, isNumber := value.(float64)
	switch {
	case !there:
		return missing
	case isNumber:
		return number
	}
	return ""
}

func (a *weakApp) forgeClaims(c object) bool {
	const family = "forge."
	audience, there := c["aud"]
	list, isList := audience.([]any)
	name := named(audience, there, "aud-missing", "aud-number")
	switch text, _ := audience.(string); {
	case name != "":
		return a.weak(family + name)
	case audience == nil:
		return a.weak(family + "aud-null")
	case isList && len(list) == 0:
		return a.weak(family + "aud-empty")
	case strings.HasPrefix(text, a.appID) && text != a.appID:
		return a.weak(family + "aud-prefix")
	case text != a.appID:
		return a.weak(family + "aud-other")
	}
	issuer, there := c["iss"]
	name = named(issuer, there, "iss-missing", "iss-number")
	switch text, _ := issuer.(string); {
	case name != "":
		return a.weak(family + name)
	case text == "forge/invocation-token/judge":
		return a.weak(family + "iss-prefix")
	case text != "forge/invocation-token":
		return a.weak(family + "iss-other")
	case c["judge"] != nil && a.weak(family+"accept-claims"):
		return false
	case c["icLabel"] != nil:
		return a.weak(family + "label")
	}
	return a.forgeApp(c)
}

func (a *weakApp) forgeApp(c object) bool {
	const family = "forge."
	app, isObject := c["app"].(object)
	module, _ := app["module"].(object)
	environment, _ := app["environment"].(object)
	switch {
	case c["app"] == nil:
		return a.weak(family + "app-missing")
	case !isObject:
		return a.weak(family + "app-text")
	case app["id"] == nil:
		return a.weak(family + "app-id-missing")
	case app["id"] != a.appID:
		return a.weak(family + "app-id-other")
	case app["installationId"] == nil:
		return a.weak(family + "installation-missing")
	case app["icLabel"] != nil:
		return a.weak(family + "label-app")
	case module == nil:
		return a.weak(family + "module-missing")
	case module["type"] != "core:endpoint":
		return a.weak(family + "module-kind")
	case module["key"] != "tick":
		return a.weak(family + "module-other")
	case environment == nil:
		return a.weak(family + "environment-missing")
	case environment["type"] == "STAGING":
		return a.weak(family + "environment-staging")
	case environment["type"] != "PRODUCTION":
		return a.weak(family + "environment-other")
	}
	return a.forgeAPI(app)
}

// forgeAPI checks where an app's tokens would be sent, and that an installation stays
// where it was.
func (a *weakApp) forgeAPI(app object) bool {
	const family = "forge."
	api, _ := app["apiBaseUrl"].(string)
	id, _ := app["installationId"].(string)
	u, err := url.Parse(api)
	if err != nil {
		return false
	}
	home, _ := url.Parse(a.site.URL())
	switch {
	case u.Scheme == "file":
		return a.weak(family + "api-file")
	case u.User != nil:
		return a.weak(family + "api-user")
	case u.Hostname() == "169.254.169.254":
		return a.weak(family + "api-metadata")
	case u.Hostname() == home.Hostname() && u.Host != home.Host:
		return a.weak(family + "api-port")
	case strings.HasPrefix(u.Host, home.Hostname()) && u.Host != home.Host:
		return a.weak(family + "api-longer")
	case u.Host != home.Host:
		return a.weak(family + "api-other")
	case strings.Contains(u.Path, ".."):
		return a.weak(family + "api-way-up")
	case u.RawQuery != "":
		return a.weak(family + "api-query")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sites == nil {
		a.sites = map[string]string{}
	}
	if was := a.sites[id]; was != "" && was != api {
		return a.weak(family + "installation-elsewhere")
	}
	a.sites[id] = api
	return true
}
