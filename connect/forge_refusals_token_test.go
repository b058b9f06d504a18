package connect_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
)

func forgeHeader(changes claimSet) claimSet {
	return claimSet{"alg": "RS256", "typ": "JWT", "kid": forgeKid}.with(changes)
}

// rsaSigned signs with the key of Forge by another algorithm than RS256.
func rsaSigned(alg string, hash crypto.Hash, pss bool) string {
	signed := segment(forgeHeader(claimSet{"alg": alg})) + "." + segment(pageInvocation())
	digest := hash.New()
	digest.Write([]byte(signed))
	sum := digest.Sum(nil)
	sig, err := rsa.SignPKCS1v15(nil, installKey(), hash, sum)
	if pss {
		sig, err = rsa.SignPSS(rand.Reader, installKey(), hash, sum, nil)
	}
	if err != nil {
		panic(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// shapeRefusals are texts that are no token of three parts, each JSON in base64.
func shapeRefusals() refusals {
	good := func() []string { return strings.Split(forgeToken(pageInvocation()), ".") }
	header := func(h string) string { return segment(h) + "." + segment(pageInvocation()) + ".AA" }
	payload := func(p string) string { return rs256(forgeHeader(nil), p, installKey()) }
	list := func(tokens ...string) func() []string { return func() []string { return tokens } }
	return refusals{
		"shape-parts": refusedTexts(connect.CodeMalformed, func() []string {
			return []string{"x", good()[0], good()[0] + "." + good()[1], "."}
		}),
		"shape-fourth": refusedTexts(anyRefusal, func() []string { return []string{forgeToken(pageInvocation()) + ".x"} }),
		"shape-base64": refusedTexts(connect.CodeMalformed, func() []string {
			g := good()
			return []string{g[0] + ".%25%25." + g[2], g[0] + "+." + g[1] + "." + g[2], g[0] + "." + g[1] + ".%"}
		}),
		"shape-padded": refusedTexts(anyRefusal, func() []string {
			signed := base64.URLEncoding.EncodeToString([]byte(`{"alg":"RS256", "kid":"`+forgeKid+`"}`)) + "." + segment(pageInvocation())
			return []string{signPadded(signed)}
		}),
		"shape-stray-bits": refusedTexts(anyRefusal, func() []string {
			token := forgeToken(pageInvocation()) // 256 bytes leave four bits of the last letter unused
			const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
			last := strings.IndexByte(letters, token[len(token)-1])
			return []string{token[:len(token)-1] + letters[last+1:last+2]}
		}),
		"shape-header":   refusedTexts(connect.CodeMalformed, list(header("nonsense"), header("[]"), header(`"x"`), header(""))),
		"shape-payload":  refusedTexts(connect.CodeMalformed, list(payload("{"), payload("[]"), payload(`"x"`), payload("{}{}"), payload(`{"a":`+strings.Repeat("[", 3000)))),
		"shape-long":     refused(pageInvocation().with(claimSet{"x": strings.Repeat("x", 32<<10)}), connect.CodeMalformed),
		"shape-critical": refusedTexts(connect.CodeMalformed, list(rs256(forgeHeader(claimSet{"crit": []string{"exp"}}), pageInvocation(), installKey()))),
	}
}

// signPadded signs two parts as they stand.
func signPadded(signed string) string {
	digest := crypto.SHA256.New()
	digest.Write([]byte(signed))
	sig, err := rsa.SignPKCS1v15(nil, installKey(), crypto.SHA256, digest.Sum(nil))
	if err != nil {
		panic(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// algorithmRefusals say how they are signed, which is not theirs to say.
func algorithmRefusals() refusals {
	named := func(names ...any) func() []string {
		return func() (tokens []string) {
			for _, name := range names {
				tokens = append(tokens, rs256(forgeHeader(claimSet{"alg": name}), pageInvocation(), installKey()))
			}
			return tokens
		}
	}
	unsigned := segment(claimSet{"alg": "none", "kid": forgeKid}) + "." + segment(pageInvocation()) + "."
	hs := func(secret string) string {
		return hs256(forgeHeader(claimSet{"alg": "HS256"}), pageInvocation(), secret)
	}
	return refusals{
		"alg-none":    refusedTexts(connect.CodeAlg, func() []string { return append(named("none")(), unsigned) }),
		"alg-unknown": refusedTexts(connect.CodeAlg, named("None", "NONE", "nOnE", "rs256", "RS256 ", "", 1, nil, absent{}, []string{"RS256"})),
		"alg-hs256": refusedTexts(connect.CodeAlg, func() []string {
			return []string{hs(publicPEM()), hs(""), hs(string(installKey().N.Bytes())), hostToken(pageClaims())}
		}),
		"alg-hs512": refusedTexts(connect.CodeAlg, named("HS384", "HS512")),
		"alg-ec":    refusedTexts(connect.CodeAlg, named("ES256", "ES384", "EdDSA")),
		"alg-pss":   refusedTexts(connect.CodeAlg, func() []string { return []string{rsaSigned("PS256", crypto.SHA256, true)} }),
		"alg-rs512": refusedTexts(connect.CodeAlg, func() []string {
			return []string{rsaSigned("RS384", crypto.SHA384, false), rsaSigned("RS512", crypto.SHA512, false)}
		}),
	}
}

func signatureRefusals() refusals {
	claims := pageInvocation()
	signedBy := func(header claimSet, key *rsa.PrivateKey) string { return rs256(header, claims, key) }
	return refusals{
		"kid-none": refusedTexts(connect.CodeKid, func() []string {
			return []string{
				signedBy(forgeHeader(claimSet{"kid": absent{}}), installKey()), signedBy(forgeHeader(claimSet{"kid": ""}), installKey()),
				signedBy(forgeHeader(claimSet{"kid": 1}), installKey()), signedBy(forgeHeader(claimSet{"kid": nil}), installKey()),
			}
		}),
		"kid-unknown": refusedTexts(connect.CodeKey, func() []string {
			return []string{
				signedBy(forgeHeader(claimSet{"kid": forgeKid + "0"}), installKey()), signedBy(forgeHeader(claimSet{"kid": "../" + forgeKid}), installKey()),
				signedBy(forgeHeader(claimSet{"kid": testKid}), installKey()), signedBy(forgeHeader(claimSet{"kid": strings.Repeat("k", 9000)}), installKey()),
				signedBy(forgeHeader(claimSet{"kid": "forge%2finvocation-token%2f9d2f"}), installKey()), signedBy(forgeHeader(claimSet{"kid": forgeKid + "\n"}), installKey()),
			}
		}),
		"kid-address": kidNamesAddress,
		"signature-other": refusedTexts(connect.CodeSignature, func() []string {
			swapped := claims.with(claimSet{"principal": "admin"})
			return []string{signedBy(forgeHeader(nil), otherKey()), strings.Replace(forgeToken(claims), segment(claims), segment(swapped), 1)}
		}),
		"signature-own-key": refusedTexts(connect.CodeSignature, func() []string {
			return []string{signedBy(forgeHeader(claimSet{"jwk": jwk(forgeKid, otherKey())}), otherKey())}
		}),
		"signature-cut": refusedTexts(connect.CodeSignature, func() []string {
			good := forgeToken(claims)
			return []string{good[:len(good)-2]}
		}),
		"signature-none": refusedTexts(connect.CodeSignature, func() []string {
			return []string{segment(forgeHeader(nil)) + "." + segment(claims) + "."}
		}),
	}
}

// kidNamesAddress has a key id that is the address of the sender's own keys.
func kidNamesAddress(t *testing.T) {
	var kid atomic.Value
	own, calls := keyHost(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(jwks(jwk(kid.Load().(string), otherKey()))))
	})
	kid.Store(own.URL + "/keys.json")
	v := newForge()
	v.Keys = newForgeKeys(t, for1Hour(jwks(jwk(forgeKid, installKey())))).ForgeKeys
	header := forgeHeader(claimSet{"kid": kid.Load(), "jku": kid.Load(), "x5u": kid.Load()})
	_, err := v.Verify(invoke(rs256(header, pageInvocation(), otherKey())), forgeGadget())
	wantRefusal(t, err, anyRefusal)
	if calls.Load() != 0 {
		t.Error("the sender's keys were fetched")
	}
}

// isolatedRefusals are tokens of isolated clouds.
func isolatedRefusals() refusals {
	ok := pageInvocation()
	at := claimSet{"icLabel": "gov-1"}
	// Everywhere, so that no case but its own misses one of the places.
	labelled := func(label string) claimSet {
		at := claimSet{"icLabel": label}
		return ok.with(at).inApp(at).inContext(at)
	}
	return refusals{
		"label-top":     refused(ok.with(at), connect.CodeIsolated),
		"label-app":     refused(ok.inApp(at), connect.CodeIsolated),
		"label-context": refused(ok.inContext(at), connect.CodeIsolated),
		"label-empty":   refused(labelled(""), connect.CodeIsolated),
		"label-form": func(t *testing.T) {
			v, asked := newIsolated()
			for _, label := range []string{"a/b", "UPPER", "a.b", "a b", "a\n", "../x", "ü", strings.Repeat("a", 51)} {
				_, err := v.Verify(invoke(forgeToken(labelled(label))), forgeGadget())
				wantRefusal(t, err, anyRefusal)
			}
			if diff := cmp.Diff([]string(nil), *asked); diff != "" {
				t.Errorf("labels that were looked up (-want +got)\n%s", diff)
			}
		},
		"label-unserved": func(t *testing.T) {
			v, _ := newIsolated()
			_, err := v.Verify(invoke(forgeToken(labelled("gov-2"))), forgeGadget())
			wantRefusal(t, err, connect.CodeIsolated)
		},
		"label-keys": func(t *testing.T) {
			v, _ := newIsolated()
			_, err := v.Verify(invoke(forgeToken(labelled("gov-1"))), forgeGadget())
			wantRefusal(t, err, anyRefusal)
		},
	}
}

// newIsolated serves one isolated cloud, with keys of its own, and notes which
// labels were looked up.
func newIsolated() (v *connect.ForgeVerifier, asked *[]string) {
	v, asked = newForge(), new([]string)
	v.Isolated = func(label string) connect.ForgeKeySet {
		*asked = append(*asked, label)
		if label != "gov-1" {
			return nil
		}
		return connect.StaticKeys{forgeKid: &otherKey().PublicKey}
	}
	return v, asked
}

func TestInvocationOfAnIsolatedCloud(t *testing.T) {
	t.Parallel()
	v, asked := newIsolated()
	token := rs256(forgeHeader(nil), pageInvocation().with(claimSet{"icLabel": "gov-1"}), otherKey())
	if _, err := v.Verify(invoke(token), forgeGadget()); err != nil || len(*asked) != 1 {
		t.Errorf("got %v, looked up %v", err, *asked)
	}
}
