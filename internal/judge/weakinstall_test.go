package judge

import (
	"crypto/hmac"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// payload is the body of a lifecycle call.
type payload struct {
	Key, ClientKey, SharedSecret, BaseURL string
}

func (a *weakApp) installed(r *http.Request) bool {
	const family = "install."
	data, _ := io.ReadAll(r.Body)
	var in payload
	bad := json.Unmarshal(data, &in) != nil
	if a.weak(family + "body-two-client-keys") { // the first one counts here, the last one below
		_, rest, _ := strings.Cut(string(data), `"clientKey":"`)
		in.ClientKey, _, _ = strings.Cut(rest, `"`)
	}
	switch {
	case len(data) == 0:
		return a.weak(family + "body-missing")
	case a.stumbles(string(data), r):
		return false
	case len(data) > 1<<20:
		return a.weak(family + "body-large")
	case strings.HasPrefix(string(data), `{"a":`):
		return a.weak(family + "body-deep")
	case !utf8.Valid(data):
		return a.weak(family + "body-utf8")
	case string(data) == "null":
		return a.weak(family + "body-null")
	case bad && strings.Contains(string(data), `"clientKey":7`):
		return a.weak(family + "body-client-key-number")
	case bad && strings.Contains(string(data), `"sharedSecret":7`):
		return a.weak(family + "body-secret-number")
	case bad && data[0] == '[':
		return a.weak(family + "body-array")
	case bad:
		return a.weak(family + "body-text")
	case in.SharedSecret == "" && !a.weak(family+"body-no-secret", family+"body-secret-empty"), in.ClientKey == "" && !a.weak(family+"body-no-client-key"),
		in.Key != "weak" && !a.weak(family+"body-other-app"), !a.siteMay(in.BaseURL), !a.signedInstall(r, in):
		return false
	}
	if last := strings.LastIndex(string(data), `"clientKey":"`); last > 0 && a.weak(family+"body-two-client-keys") {
		in.ClientKey, _, _ = strings.Cut(string(data)[last+len(`"clientKey":"`):], `"`)
	}
	return a.save(in)
}

// stumbles reports whether a right install is more than the app can take.
func (a *weakApp) stumbles(body string, r *http.Request) bool {
	return strings.Contains(body, `"judge":`) && a.weak("accept.install-more") || strings.Contains(body, "judge judge ") && a.weak("accept.install-long-secret") ||
		strings.Contains(body, "jira.example.com") && a.weak("accept.install-domain") ||
		strings.Contains(body, "installationId") && a.weak("accept.install-forge") ||
		strings.Contains(r.Header.Get("Content-Type"), "charset") && a.weak("accept.install-charset")
}

// keyHost believes an install whose key cannot be had, if the app is weak in what the
// key host does.
func (a *weakApp) keyHost(kid string) bool {
	resp, err := http.Get(a.site.URL() + installKeys + kid)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 10<<10))
	switch text := string(data); {
	case resp.Request.URL.Path == "/key":
		return a.weak("install.keys-redirect")
	case resp.StatusCode == http.StatusInternalServerError:
		return a.weak("install.keys-error")
	case err != nil:
		return a.weak("install.keys-cut")
	case text == "":
		return a.weak("install.keys-empty")
	case strings.Contains(text, "CERTIFICATE"):
		return a.weak("install.keys-certificate")
	case strings.Contains(text, "<!doctype"):
		return a.weak("install.keys-html")
	}
	return a.weak("install.keys-large")
}

func (a *weakApp) siteMay(base string) bool {
	names := map[string]string{
		"https://judge.example.com": "site-elsewhere", "https://acme.atlassian.net.judge.example.com": "site-prefix",
		"https://acme.atlassian.net@judge.example.com": "site-user", "http://169.254.169.254": "site-metadata",
		"https://acme.atlassian.net.": "site-dot", "https://acme.atlassian.net:8443": "site-port", "https://judgeatlassian.net": "site-suffix",
		"https://judge.example.com/acme.atlassian.net": "site-path", "https://acme.atl\u0430ssian.net": "site-lookalike",
		"https://192.0.2.1": "site-address", "javascript:alert(1)": "site-script",
		"file:///etc/passwd": "site-file", "http://acme.atlassian.net": "site-plain", "": "site-missing",
	}
	return base == a.site.URL() || a.weak("install."+names[base])
}

func (a *weakApp) signedInstall(r *http.Request, in payload) bool {
	const family = "install."
	raw, there := authorization(r, "JWT")
	if !there {
		return a.weak(family+"token-missing", family+"form-empty")
	}
	t, ok, done := a.parse(family, raw)
	if done {
		return ok
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if t.header["alg"] == "HS256" {
		if hmac.Equal(hmacOf(in.SharedSecret, t.signed), t.signature) {
			return a.weak(family + "key-own-secret")
		}
		for _, old := range a.tenants[in.ClientKey] {
			if hmac.Equal(hmacOf(old, t.signed), t.signature) {
				return a.weak(family + "reinstall-hs256")
			}
		}
	}
	private, kid := a.site.InstallKey()
	return a.keyOf(family, t, &private.PublicKey, kid) && a.times(family, t.claims) && a.hash(family, r, t.claims) &&
		(a.misled(r) || a.addressed(family, t.claims)) && a.issued(family, t.claims, in.ClientKey)
}

func (a *weakApp) addressed(family string, c object) bool {
	list, isList := c["aud"].([]any)
	text, isText := c["aud"].(string)
	_, there := c["aud"]
	switch {
	case !there:
		return a.weak(family + "aud-missing")
	case c["aud"] == nil:
		return a.weak(family + "aud-null")
	case isText && !a.weak("accept.install-aud-text"):
		list = []any{text}
	case !isList:
		return a.weak(family + "aud-number")
	case len(list) == 0:
		return a.weak(family + "aud-empty")
	}
	got, _ := list[0].(string)
	switch {
	case got == a.base, got == a.base+"/" && !a.weak("accept.install-aud-slash"):
		return true
	case strings.HasPrefix(got, a.base+"/"):
		return a.weak(family + "aud-path")
	}
	return strings.HasPrefix(got, a.base) && a.weak(family+"aud-prefix") || a.weak(family+"aud-other")
}

func (a *weakApp) issued(family string, c object, clientKey string) bool {
	issuer, _ := c["iss"].(string)
	if c["iss"] == nil {
		return a.weak(family + "iss-missing")
	}
	return issuer == clientKey || a.weak(family+"iss-other", family+"iss-unknown", family+"client-key-of-another", "life.uninstall-other", "install.body-no-client-key")
}

func (a *weakApp) save(in payload) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.first == "" {
		a.first = in.ClientKey
	}
	secrets, known := a.tenants[in.ClientKey]
	if known && len(secrets) == 0 && a.weak("life.return") {
		return false
	}
	if a.weak("life.return-old-secret") {
		secrets = append(secrets, a.gone[in.ClientKey]...)
	}
	if known && a.weak("life.neighbour-secret") {
		for key := range a.tenants {
			a.tenants[key] = []string{in.SharedSecret}
		}
	}
	delete(a.disabled, in.ClientKey)
	if a.weak("life.import") && !known {
		a.tenants = map[string][]string{}
	}
	if a.tenants == nil {
		a.tenants = map[string][]string{}
	}
	a.tenants[in.ClientKey] = append(secrets, in.SharedSecret)
	return true
}

func (a *weakApp) uninstalled(r *http.Request) int {
	const family = "uninstall."
	var in payload
	data, _ := io.ReadAll(r.Body)
	switch bad := json.Unmarshal(data, &in) != nil; {
	case len(data) == 0:
		return a.answer(family + "body-missing")
	case bad:
		return a.answer(family + "body-array")
	case !a.signedUninstall(r, in):
		return http.StatusUnauthorized
	case a.weak("life.both-at-once"):
		return http.StatusInternalServerError
	}
	if _, known := a.tenants[in.ClientKey]; !known && a.weak("life.uninstall-unknown") {
		return http.StatusNotFound
	} else if known && !a.weak("life.uninstall") {
		if len(a.tenants[in.ClientKey]) == 0 && a.weak("life.uninstall-twice") {
			return http.StatusNotFound
		}
		if a.gone == nil {
			a.gone = map[string][]string{}
		}
		a.gone[in.ClientKey] = a.tenants[in.ClientKey]
		if a.weak("life.neighbour-gone") {
			a.tenants = map[string][]string{}
		}
		a.tenants[in.ClientKey] = nil
	}
	return http.StatusNoContent
}

// answer is that of an app that is weak in a case, or a refusal.
func (a *weakApp) answer(id string) int {
	if a.weak(id) {
		return http.StatusNoContent
	}
	return http.StatusUnauthorized
}

func (a *weakApp) signedUninstall(r *http.Request, in payload) bool {
	const family = "uninstall."
	raw, there := authorization(r, "JWT")
	if !there {
		return a.weak(family+"token-missing", family+"form-empty")
	}
	t, ok, done := a.parse(family, raw)
	if done {
		return ok
	}
	secrets := a.tenants[in.ClientKey]
	if len(secrets) > 0 && a.weak("life.uninstall-forged") && hmac.Equal(hmacOf(secrets[len(secrets)-1], t.signed), t.signature) {
		return true
	}
	private, kid := a.site.InstallKey()
	return a.keyOf(family, t, &private.PublicKey, kid) && a.times(family, t.claims) && a.hash(family, r, t.claims) &&
		a.addressed(family, t.claims) && a.issued(family, t.claims, in.ClientKey)
}
