package judge

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
)

// twist makes a right token wrong in one thing.
type twist struct {
	name, title, source string
	do                  func(s *stand, t token) token
}

// claimed is a twist of one claim; nil takes it out.
func claimed(name, title, source, claim string, value any) twist {
	return twist{name, title, source, func(_ *stand, t token) token { return t.change(claim, value) }}
}

// headed is a twist of one header.
func headed(name, title, source, header string, value any) twist {
	return twist{name, title, source, func(_ *stand, t token) token { return t.head(header, value) }}
}

// written is a twist of the text.
func written(name, title string, raw func(parts []string) string) twist {
	return twist{name, title, signing, func(_ *stand, t token) token {
		t.raw = raw
		return t
	}}
}

// at is a twist of a time, in seconds from now.
func at(name, title, claim string, seconds float64) twist {
	return twist{name, title, jwtRules, func(s *stand, t token) token { return t.change(claim, float64(s.now().Unix())+seconds) }}
}

// timeTwists are wrong times, on every kind of token.
func timeTwists() []twist {
	return []twist{
		claimed("exp-missing", "refuse a token that never expires", jwtRules, "exp", nil),
		claimed("exp-null", "refuse a token whose expiry is null", jwtRules, "exp", null{}),
		at("exp-past", "refuse an expired token", "exp", -600),
		claimed("exp-text", "refuse an expiry that is a text", rfcJWT, "exp", "9999999999"),
		claimed("exp-negative", "refuse a negative expiry", rfcJWT, "exp", -1),
		claimed("exp-zero", "refuse an expiry of 0", rfcJWT, "exp", 0),
		claimed("exp-object", "refuse an expiry that is an object", rfcJWT, "exp", object{}),
		at("exp-fraction", "refuse an expired token whose expiry is a fraction", "exp", -600.5),
		claimed("exp-far", "refuse a token that expires in the year 9999: no site makes one", security, "exp", 253402300799),
		at("nbf-future", "refuse a token that is not valid yet", "nbf", 3600),
		claimed("nbf-text", "refuse a beginning that is a text", rfcJWT, "nbf", "soon"),
		at("iat-future", "refuse a token that was issued an hour from now", "iat", 3600),
	}
}

// formTwists are texts that are no token.
func formTwists() []twist {
	dot := strings.Join
	not := base64.RawURLEncoding.EncodeToString
	return []twist{
		written("form-empty", "refuse an empty token", func([]string) string { return "" }),
		written("form-word", "refuse a word", func([]string) string { return "token" }),
		written("form-two-parts", "refuse a token without its third part", func(p []string) string { return dot(p[:2], ".") }),
		written("form-four-parts", "refuse a token with a fourth part", func(p []string) string { return dot(append(slices.Clone(p), p[0]), ".") }),
		written("form-no-signature", "refuse a token with an empty signature", func(p []string) string { return p[0] + "." + p[1] + "." }),
		written("form-other-signature", "refuse a changed signature", func(p []string) string { return p[0] + "." + p[1] + "." + not([]byte(strings.Repeat("x", 32))) }),
		written("form-changed", "refuse claims that were changed after they were signed", func(p []string) string {
			data, _ := base64.RawURLEncoding.DecodeString(p[1]) // written by us
			return p[0] + "." + not([]byte(strings.Replace(string(data), `"iat"`, `"x":1,"iat"`, 1))) + "." + p[2]
		}),
		written("form-header-text", "refuse a header that is no JSON", func(p []string) string { return not([]byte("header")) + "." + p[1] + "." + p[2] }),
		written("form-header-array", "refuse a header that is an array", func(p []string) string { return not([]byte("[]")) + "." + p[1] + "." + p[2] }),
		written("form-claims-text", "refuse claims that are no JSON", func(p []string) string { return p[0] + "." + not([]byte("claims")) + "." + p[2] }),
		written("form-claims-array", "refuse claims that are an array", func(p []string) string { return p[0] + "." + not([]byte("[]")) + "." + p[2] }),
		written("form-not-base64", "refuse a header that is not base64", func(p []string) string { return "!!!." + p[1] + "." + p[2] }),
	}
}

// hashTwists are wrong hashes of the address.
func hashTwists() []twist {
	hash := func(name, title string, of func(s *stand, t token) string) twist {
		return twist{name, title, jwtRules, func(s *stand, t token) token { return t.change("qsh", of(s, t)) }}
	}
	return []twist{
		claimed("qsh-missing", "refuse a token without the hash of the address", jwtRules, "qsh", nil),
		claimed("qsh-null", "refuse a hash that is null", jwtRules, "qsh", null{}),
		claimed("qsh-empty", "refuse an empty hash", jwtRules, "qsh", ""),
		claimed("qsh-number", "refuse a hash that is a number", jwtRules, "qsh", 1),
		claimed("qsh-wrong", "refuse a wrong hash", jwtRules, "qsh", strings.Repeat("0", 64)),
		claimed("qsh-context", "refuse a context token where a signed address is due", jwtRules, "qsh", "context-qsh"),
		hash("qsh-method", "refuse a token that was made for another method", func(s *stand, t token) string {
			return s.hash(otherMethod(t.method), t.target)
		}),
		hash("qsh-path", "refuse a token that was made for another path", func(s *stand, t token) string { return s.hash(t.method, t.target+"/other") }),
		hash("qsh-query", "refuse a token that was made for another query", func(s *stand, t token) string { return s.hash(t.method, t.target+"?judge=1") }),
	}
}

func otherMethod(method string) string {
	if method == http.MethodPost {
		return http.MethodGet
	}
	return http.MethodPost
}

// publicPEM is the public half of the site's key as a text, which is no secret.
func (s *stand) publicPEM() []byte {
	der, _ := x509.MarshalPKIXPublicKey(&s.key.PublicKey) // an RSA key can be written
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// keyed is a twist of algorithm and key.
func keyed(name, title, alg string, key func(s *stand, t token) any) twist {
	return twist{name, title, rfcJWT, func(s *stand, t token) token {
		t = t.head("alg", alg)
		t.key = key(s, t)
		return t
	}}
}

func same(_ *stand, t token) any        { return t.key }
func nothing(*stand, token) any         { return nil }
func emptyKey(*stand, token) any        { return []byte{} }
func publicKey(s *stand, _ token) any   { return s.publicPEM() }
func strangerKey(s *stand, _ token) any { return s.stranger }
func siteKey(s *stand, _ token) any     { return s.key }
func otherSecret(*stand, token) any     { return []byte("another secret of the right length") }

// secretTwists are wrong algorithms and keys where a shared secret is due.
func secretTwists() []twist {
	return []twist{
		keyed("alg-none", "refuse a token that is not signed", "none", nothing),
		keyed("alg-None", "refuse a token that is not signed, in another spelling", "None", nothing),
		keyed("alg-NONE", "refuse a token that is not signed, in capitals", "NONE", nothing),
		headed("alg-missing", "refuse a token without an algorithm", rfcJWT, "alg", nil),
		keyed("alg-hs384", "refuse HS384", "HS384", same),
		keyed("alg-hs512", "refuse HS512", "HS512", same),
		keyed("alg-rs256", "refuse a token that is signed with the site's own install key", "RS256", siteKey),
		keyed("key-empty", "refuse a token that is signed with an empty key", "HS256", emptyKey),
		keyed("key-public", "refuse a token whose secret is the public install key", "HS256", publicKey),
		keyed("key-other", "refuse a token that is signed with another secret", "HS256", otherSecret),
		headed("crit", "refuse a critical header that is not understood", "https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11", "crit", []string{"judge"}),
	}
}

// brought is a twist of a token that a stranger signed and that brings the key along.
func brought(name, title, header string, value func(s *stand) any) twist {
	return twist{name, title, rfcJWT, func(s *stand, t token) token {
		t = t.head(header, value(s))
		t.key = s.stranger
		return t
	}}
}

// installKeyTwists are wrong algorithms and keys where Atlassian's key is due. secret is
// what the install brings along.
func installKeyTwists() []twist {
	return []twist{
		keyed("alg-None", "refuse an install that is not signed, in another spelling", "None", nothing),
		keyed("alg-rs512", "refuse RS512", "RS512", siteKey),
		headed("crit", "refuse a critical header that is not understood", "https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11", "crit", []string{"judge"}),
		brought("key-jwk", "refuse an install whose key is in its own header", "jwk", func(s *stand) any { return s.strangerJWK() }),
		brought("key-jku", "refuse an install whose key is where its header says", "jku", func(s *stand) any { return s.canary.url + "/jwks" }),
		brought("kid-address", "refuse a key id that is the address of a stranger's key", "kid", func(s *stand) any { return s.canary.url + "/key" }),
		headed("kid-encoded", "refuse a key id with encoded slashes", signing, "kid", "..%2f..%2fjudge"),
		keyed("alg-none", "refuse an install that is not signed", "none", nothing),
		keyed("alg-ps256", "refuse PS256", "PS256", siteKey),
		keyed("alg-rs384", "refuse RS384", "RS384", siteKey),
		keyed("alg-hs256-public", "refuse an install whose secret is the public key", "HS256", publicKey),
		keyed("key-stranger", "refuse an install that a stranger signed", "RS256", strangerKey),
		headed("kid-missing", "refuse an install that names no key", signing, "kid", nil),
		headed("kid-empty", "refuse an install with an empty key id", signing, "kid", ""),
		headed("kid-unknown", "refuse an install with a key that does not exist", signing, "kid", "judge-does-not-exist"),
		headed("kid-path", "refuse a key id that is a path", signing, "kid", "../judge"),
		headed("kid-number", "refuse a key id that is a number", signing, "kid", 7),
		headed("kid-newline", "refuse a key id with a line break", signing, "kid", "a\r\nb"),
		headed("kid-long", "refuse a very long key id", signing, "kid", strings.Repeat("k", 9000)),
	}
}
