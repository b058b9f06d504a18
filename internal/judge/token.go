package judge

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"hash"
	"maps"
	"strings"
)

// object is a header or claims, of any shape.
type object = map[string]any

// token is a JWT to be written: right until a case changes it.
type token struct {
	header, claims object
	// key signs: a []byte, an *rsa.PrivateKey, or nil for no signature.
	key any
	// method and target are those of the call that it is for.
	method, target string
	// raw, if not nil, makes the text out of the three right parts.
	raw func(parts []string) string
}

// change returns a copy with other claims; nil takes one out.
func (t token) change(name string, value any) token {
	t.claims = with(t.claims, name, value)
	return t
}

// head returns a copy with another header; nil takes one out.
func (t token) head(name string, value any) token {
	t.header = with(t.header, name, value)
	return t
}

// null is a claim that is there and null.
type null struct{}

// MarshalJSON writes null.
func (null) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

func with(o object, name string, value any) object {
	out := maps.Clone(o)
	if out[name] = value; value == nil {
		delete(out, name)
	}
	return out
}

// text is the token as it is sent.
func (t token) text() string {
	signed := encode(t.header) + "." + encode(t.claims)
	parts := append(strings.Split(signed, "."), base64.RawURLEncoding.EncodeToString(t.sign(signed)))
	if t.raw != nil {
		return t.raw(parts)
	}
	return strings.Join(parts, ".")
}

func encode(o object) string {
	data, _ := json.Marshal(o) // every value is a text, a number or made of them
	return base64.RawURLEncoding.EncodeToString(data)
}

// sign signs with whatever the header asks for.
func (t token) sign(text string) []byte {
	alg, _ := t.header["alg"].(string)
	switch key := t.key.(type) {
	case []byte:
		hashes := map[string]func() hash.Hash{"HS384": sha512.New384, "HS512": sha512.New}
		of := hashes[alg]
		if of == nil {
			of = sha256.New
		}
		sum := hmac.New(of, key)
		sum.Write([]byte(text))
		return sum.Sum(nil)
	case *rsa.PrivateKey:
		return signRSA(key, alg, text)
	}
	return nil
}

func signRSA(key *rsa.PrivateKey, alg, text string) []byte {
	var signature []byte
	switch alg {
	case "PS256":
		sum := sha256.Sum256([]byte(text))
		signature, _ = rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], nil)
	case "RS384":
		sum := sha512.Sum384([]byte(text))
		signature, _ = rsa.SignPKCS1v15(nil, key, crypto.SHA384, sum[:])
	case "RS512":
		sum := sha512.Sum512([]byte(text))
		signature, _ = rsa.SignPKCS1v15(nil, key, crypto.SHA512, sum[:])
	default:
		sum := sha256.Sum256([]byte(text))
		signature, _ = rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	}
	return signature
}
