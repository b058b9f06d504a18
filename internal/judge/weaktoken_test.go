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
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
)

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
	method, path := a.aside(r, r.URL.EscapedPath())
	query := r.URL.RawQuery
	value, there := c["qsh"]
	got, isText := value.(string)
	other := map[string]string{"GET": "POST", "POST": "GET"}[method]
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
	case got == connecttest.QSH(method, path, query, ""):
		return true
	case got == connecttest.QSH(method, "/installed", "", ""):
		return a.weak(family + "token-of-install")
	case got == connecttest.QSH(other, path, query, ""):
		return a.weak(family + "qsh-method")
	case got == connecttest.QSH(method, path+"/other", "", ""):
		return a.weak(family + "qsh-path")
	case got == connecttest.QSH(method, path, "judge=1", ""):
		return a.weak(family + "qsh-query")
	case query != "" && got == connecttest.QSH(method, path, "", ""):
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
