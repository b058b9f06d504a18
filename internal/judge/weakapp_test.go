package judge

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// weakApp is a right app, except for the weakness of one case.
type weakApp struct {
	weakness string // the id of a case
	site     *connecttest.Site
	base     string
	appID    string

	mu      sync.Mutex
	tenants map[string][]string // secrets by client key, the newest last; empty: gone
	first   string
}

// weak reports whether the app has one of some weaknesses.
func (a *weakApp) weak(ids ...string) bool { return slices.Contains(ids, a.weakness) }

func (a *weakApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := func(ok bool) {
		if !ok {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
	switch r.URL.Path {
	case "/atlassian-connect.json":
		kind := "application/json"
		if a.weak("descriptor.type") {
			kind = "text/html"
		}
		w.Header().Set("Content-Type", kind)
		_ = json.NewEncoder(w).Encode(a.descriptor())
	case "/installed":
		answer(a.installed(r))
	case "/uninstalled":
		a.mu.Lock()
		defer a.mu.Unlock()
		if status := a.uninstalled(r); status != 0 {
			w.WriteHeader(status)
		}
	case "/page":
		answer(a.page(r))
	case "/forge":
		if !a.forge(r) {
			w.WriteHeader(http.StatusForbidden)
		}
	default:
		http.NotFound(w, r)
	}
}

func (a *weakApp) descriptor() object {
	migrations := object{}
	for _, name := range []string{"signed-install", "context-qsh", "gdpr"} {
		migrations[name] = !a.weak("descriptor." + name)
	}
	d := object{
		"key": "weak", "baseUrl": a.base, "authentication": object{"type": "jwt"}, "apiMigrations": migrations,
		"lifecycle": object{"installed": "/installed", "uninstalled": "/uninstalled"},
		"modules":   object{"generalPages": []object{{"key": "page", "url": "/page"}}},
	}
	if a.weak("descriptor.authentication") {
		d["authentication"] = object{"type": "none"}
	}
	if a.weak("descriptor.base-url") {
		d["baseUrl"] = "https://elsewhere.example.com"
	}
	if a.weak("descriptor.uninstalled") {
		d["lifecycle"] = object{"installed": "/installed"}
	}
	return d
}

// jws is a token that was taken apart.
type jws struct {
	header, claims object
	signed         string
	signature      []byte
}

// parse takes a token apart. done says that the answer is known already: ok.
func (a *weakApp) parse(family, raw string) (t jws, ok, done bool) {
	weak := func(name string) (jws, bool, bool) { return jws{}, a.weak(family + name), true }
	parts := strings.Split(raw, ".")
	switch {
	case raw == "":
		return weak("form-empty")
	case len(parts) == 1:
		return weak("form-word")
	case len(parts) == 2:
		return weak("form-two-parts")
	case len(parts) == 4:
		return weak("form-four-parts")
	case len(parts) != 3:
		return jws{}, false, true
	}
	for i, into := range []*object{&t.header, &t.claims} {
		name := []string{"form-header", "form-claims"}[i]
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return weak("form-not-base64")
		}
		if json.Unmarshal(data, into) != nil {
			if data[0] == '[' {
				return weak(name + "-array")
			}
			return weak(name + "-text")
		}
	}
	if parts[2] == "" && a.weak(family+"form-no-signature") {
		return t, true, true
	}
	t.signed = parts[0] + "." + parts[1]
	t.signature, _ = base64.RawURLEncoding.DecodeString(parts[2])
	return t, false, false
}

// unsigned are the weaknesses of an app that does not check signatures.
func (a *weakApp) unsigned(family string) bool {
	return a.weak(family+"form-other-signature", family+"form-changed", family+"key-other", family+"key-stranger", "page.tenant-of-another")
}

func hmacOf(key, text string) []byte {
	sum := hmac.New(sha256.New, []byte(key))
	sum.Write([]byte(text))
	return sum.Sum(nil)
}

// algorithm reports whether a token's algorithm is the right one; done that a weakness
// lets the token pass whatever it is signed with.
func (a *weakApp) algorithm(family string, t jws, want string) (right, done bool) {
	alg, _ := t.header["alg"].(string)
	names := map[string]string{
		"": "alg-missing", "none": "alg-none", "None": "alg-None", "NONE": "alg-NONE", "HS384": "alg-hs384", "HS512": "alg-hs512",
		"PS256": "alg-ps256", "RS384": "alg-rs384", "RS512": "alg-rs512", "RS256": "alg-rs256",
	}
	if alg == want {
		return t.header["crit"] == nil || a.weak(family+"crit"), false
	}
	return false, a.weak(family + names[alg])
}

// times checks exp and nbf.
func (a *weakApp) times(family string, c object) bool {
	now := float64(time.Now().Unix())
	if _, isText := c["nbf"].(string); isText {
		return a.weak(family + "nbf-text")
	}
	if issued, _ := c["iat"].(float64); issued > now+30 {
		return a.weak(family + "iat-future")
	}
	exp, isNumber := c["exp"].(float64)
	value, there := c["exp"]
	right := false
	switch _, isText := value.(string); {
	case !there:
		right = a.weak(family + "exp-missing")
	case value == nil:
		right = a.weak(family + "exp-null")
	case isText:
		right = a.weak(family + "exp-text")
	case !isNumber:
		right = a.weak(family + "exp-object")
	case exp < 0:
		right = a.weak(family + "exp-negative")
	case exp == 0:
		right = a.weak(family + "exp-zero")
	case exp > now+86400:
		right = a.weak(family + "exp-far")
	case exp != math.Trunc(exp) && exp < now:
		right = a.weak(family + "exp-fraction")
	default:
		right = exp > now || a.weak(family+"exp-past")
	}
	begins, _ := c["nbf"].(float64)
	return right && (begins <= now+30 || a.weak(family+"nbf-future"))
}

// hash checks the hash of an address.
func (a *weakApp) hash(family string, r *http.Request, c object) bool {
	path, query := r.URL.EscapedPath(), r.URL.RawQuery
	value, there := c["qsh"]
	got, isText := value.(string)
	other := map[string]string{"GET": "POST", "POST": "GET"}[r.Method]
	switch {
	case !there:
		return a.weak(family + "qsh-missing")
	case value == nil:
		return a.weak(family + "qsh-null")
	case !isText:
		return a.weak(family + "qsh-number")
	case got == "":
		return a.weak(family + "qsh-empty")
	case got == "context-qsh":
		return a.weak(family + "qsh-context")
	case got == connecttest.QSH(r.Method, path, query, ""):
		return true
	case got == connecttest.QSH(r.Method, "/installed", "", ""):
		return a.weak(family + "token-of-install")
	case got == connecttest.QSH(other, path, query, ""):
		return a.weak(family + "qsh-method")
	case got == connecttest.QSH(r.Method, path+"/other", "", ""):
		return a.weak(family + "qsh-path")
	case got == connecttest.QSH(r.Method, path, "judge=1", ""):
		return a.weak(family + "qsh-query")
	case query != "" && got == connecttest.QSH(r.Method, path, "", ""):
		return a.weak("page.query-added")
	}
	return a.weak(family + "qsh-wrong")
}

// keyOf checks a token that a private key signed.
func (a *weakApp) keyOf(family string, t jws, key *rsa.PublicKey, kid string) bool {
	right, done := a.algorithm(family, t, "RS256")
	got, isText := t.header["kid"].(string)
	alg, _ := t.header["alg"].(string)
	der, _ := x509.MarshalPKIXPublicKey(key)
	public := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	switch {
	case done:
		return true
	case alg == "HS256" && hmac.Equal(hmacOf(public, t.signed), t.signature):
		return a.weak(family + "alg-hs256-public")
	case !right:
		return false
	case t.header["jwk"] != nil:
		return a.weak(family + "key-jwk")
	case t.header["jku"] != nil:
		return a.weak(family + "key-jku")
	case got == kid:
	case t.header["kid"] == nil:
		return a.weak(family + "kid-missing")
	case !isText:
		return a.weak(family + "kid-number")
	case got == "":
		return a.weak(family + "kid-empty")
	case strings.ContainsAny(got, "\r\n"):
		return a.weak(family + "kid-newline")
	case strings.Contains(got, "%"):
		return a.weak(family + "kid-encoded")
	case strings.Contains(got, "://"):
		return a.weak(family + "kid-address")
	case strings.Contains(got, "/"):
		return a.weak(family + "kid-path")
	case len(got) > 64:
		return a.weak(family + "kid-long")
	case family == "install." && got != "judge-does-not-exist":
		return a.keyHost(got)
	default:
		return a.weak(family + "kid-unknown")
	}
	sum := sha256.Sum256([]byte(t.signed))
	return a.unsigned(family) || rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], t.signature) == nil
}

// authorization is what follows a scheme in the header.
func authorization(r *http.Request, scheme string) (string, bool) {
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		return "", false
	}
	return strings.CutPrefix(headers[0], scheme+" ")
}

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
	return a.weak("install.keys-endless")
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
		a.addressed(family, t.claims) && a.issued(family, t.claims, in.ClientKey)
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
		_, isNumber := c["aud"].(float64)
		return a.weak(family + map[bool]string{true: "aud-number", false: "aud-object"}[isNumber])
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
	return issuer == clientKey || a.weak(family+"iss-other", family+"client-key-of-another", "life.uninstall-other", "install.body-no-client-key")
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
	}
	if _, known := a.tenants[in.ClientKey]; !known && a.weak("life.uninstall-unknown") {
		return http.StatusNotFound
	} else if known && !a.weak("life.uninstall") {
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

// pageToken finds the one token of a page's call.
func (a *weakApp) pageToken(r *http.Request) (string, bool) {
	headers, inQuery := r.Header.Values("Authorization"), r.URL.Query()["jwt"]
	if len(inQuery) == 1 && len(headers) == 0 {
		return inQuery[0], true
	}
	for scheme, name := range map[string]string{"Bearer": "page.token-bearer", "Basic": "page.token-basic"} {
		if raw, ok := authorization(r, scheme); ok && a.weak(name) {
			return raw, true
		}
	}
	if cookie, err := r.Cookie("jwt"); err == nil && a.weak("page.token-cookie") {
		return cookie.Value, true
	}
	switch raw, ok := authorization(r, "JWT"); {
	case len(headers) == 2 && a.weak("page.token-twice-headers"), len(headers) == 1 && len(inQuery) == 0 && !a.weak("accept.header"):
		return raw, ok
	case len(inQuery) == 2 && a.weak("page.token-twice-parameters"):
		return inQuery[1], true
	case len(inQuery) == 1 && a.weak("page.token-two-places"):
		return inQuery[0], true
	}
	return "", false
}

// odd are addresses that an app may stumble over, by the case that tries them.
func (a *weakApp) odd(r *http.Request) bool {
	query, _, _ := strings.Cut("?"+r.URL.RawQuery, "jwt=")
	query = strings.TrimRight(query, "&?")
	names := map[string]string{
		"": "plain", "?a=x%20y": "space", "?a=x+y": "plus", "?a=*": "star", "?a=~x": "tilde", "?a=x,y": "comma", "?a=2&a=1": "repeated",
		"?a=&b": "empty", "?a=%E2%82%AC": "unicode", "?a=%26%3D%2F%3F": "encoded", "?b=1&a=2&B=3": "order",
	}
	if strings.HasPrefix(query, "?xdm_e") {
		return a.weak("accept.usual")
	}
	return a.weak("accept." + names[query])
}

func (a *weakApp) page(r *http.Request) bool {
	const family = "page."
	raw, there := a.pageToken(r)
	if !there {
		return a.weak(family + "token-missing")
	}
	t, ok, done := a.parse(family, raw)
	if done {
		return ok
	}
	right, pass := a.algorithm(family, t, "HS256")
	if pass || !right {
		return pass
	}
	issuer, isText := t.claims["iss"].(string)
	switch {
	case t.claims["iss"] == nil:
		return a.weak(family + "iss-missing")
	case !isText:
		return a.weak(family + "iss-number")
	case issuer == "weak":
		return a.weak(family + "iss-app")
	}
	a.mu.Lock()
	secrets, known := a.tenants[issuer]
	first := a.first
	a.mu.Unlock()
	if !known {
		return a.weak(family + "iss-unknown")
	}
	if len(secrets) > 1 && !a.weak("life.reinstall", "life.at-once") {
		secrets = secrets[len(secrets)-1:]
	}
	if a.odd(r) || a.weak("life.install") && issuer != first {
		return false
	}
	return a.sharedSigned(t, secrets) && a.times(family, t.claims) && (t.claims["aud"] == nil || a.weak(family+"aud-other")) && a.hash(family, r, t.claims)
}

func (a *weakApp) sharedSigned(t jws, secrets []string) bool {
	if a.weak("page.key-empty") {
		secrets = append(slices.Clone(secrets), "")
	}
	if a.weak("page.key-public") {
		private, _ := a.site.InstallKey()
		der, _ := x509.MarshalPKIXPublicKey(&private.PublicKey)
		secrets = append(slices.Clone(secrets), string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	}
	right := func(secret string) bool { return hmac.Equal(hmacOf(secret, t.signed), t.signature) }
	return slices.ContainsFunc(secrets, right) || a.unsigned("page.")
}
