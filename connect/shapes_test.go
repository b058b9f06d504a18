package connect_test

import (
	"crypto/x509"
	"encoding/pem"
	"strings"

	"github.com/sightline-go/sightline/connect"
)

// shapes are tokens that are wrong as such, for every class the same.
func shapes() map[string]struct{ token, want string } {
	ok := hostToken(pageClaims())
	parts := strings.Split(ok, ".")
	header := func(h any) string { return hs256(h, pageClaims(), testSecret) }
	alg := func(name any) string { return header(claimSet{"typ": "JWT", "alg": name}) }
	return map[string]struct{ token, want string }{
		"none":                  {"", connect.CodeMissing},
		"one part":              {parts[0], connect.CodeMalformed},
		"two parts":             {parts[0] + "." + parts[1], connect.CodeMalformed},
		"four parts":            {ok + ".x", connect.CodeMalformed},
		"empty parts":           {"..", connect.CodeMalformed},
		"not base64":            {parts[0] + ".%25%25." + parts[2], connect.CodeMalformed},
		"padded":                {parts[0] + "==." + parts[1] + "." + parts[2], connect.CodeMalformed},
		"header not JSON":       {header("nonsense"), connect.CodeMalformed},
		"header a list":         {header("[]"), connect.CodeMalformed},
		"header null":           {header("null"), connect.CodeAlg},
		"payload not JSON":      {hs256(claimSet{"alg": "HS256"}, "{", testSecret), connect.CodeMalformed},
		"payload a list":        {hs256(claimSet{"alg": "HS256"}, "[]", testSecret), connect.CodeMalformed},
		"payload a text":        {hs256(claimSet{"alg": "HS256"}, `"x"`, testSecret), connect.CodeMalformed},
		"payload null":          {hs256(claimSet{"alg": "HS256"}, "null", testSecret), connect.CodeIssuer},
		"payload deep":          {hs256(claimSet{"alg": "HS256"}, `{"a":`+strings.Repeat("[", 3000), testSecret), connect.CodeMalformed},
		"two payloads":          {hs256(claimSet{"alg": "HS256"}, "{}{}", testSecret), connect.CodeMalformed},
		"too long":              {hostToken(pageClaims().with(claimSet{"x": strings.Repeat("x", 8<<10)})), connect.CodeMalformed},
		"no alg":                {header(claimSet{"typ": "JWT"}), connect.CodeAlg},
		"alg a number":          {alg(1), connect.CodeAlg},
		"alg none":              {alg("none"), connect.CodeAlg},
		"alg None":              {alg("None"), connect.CodeAlg},
		"alg NONE":              {alg("NONE"), connect.CodeAlg},
		"alg hs256":             {alg("hs256"), connect.CodeAlg},
		"alg HS384":             {alg("HS384"), connect.CodeAlg},
		"alg HS512":             {alg("HS512"), connect.CodeAlg},
		"alg ES256":             {alg("ES256"), connect.CodeAlg},
		"alg PS256":             {alg("PS256"), connect.CodeAlg},
		"alg EdDSA":             {alg("EdDSA"), connect.CodeAlg},
		"alg none, unsigned":    {segment(claimSet{"alg": "none"}) + "." + parts[1] + ".", connect.CodeAlg},
		"RS256":                 {rs256(claimSet{"alg": "RS256", "kid": testKid}, pageClaims(), installKey()), connect.CodeAlg},
		"critical header":       {header(claimSet{"alg": "HS256", "crit": []string{"b64"}}), connect.CodeMalformed},
		"wrong secret":          {hs256(claimSet{"alg": "HS256"}, pageClaims(), "other"), connect.CodeSignature},
		"empty secret":          {hs256(claimSet{"alg": "HS256"}, pageClaims(), ""), connect.CodeSignature},
		"keyed with public key": {hs256(claimSet{"alg": "HS256"}, pageClaims(), publicPEM()), connect.CodeSignature},
		"no signature":          {parts[0] + "." + parts[1] + ".", connect.CodeSignature},
		"cut signature":         {ok[:len(ok)-3], connect.CodeSignature},
		"swapped payload":       {parts[0] + "." + segment(pageClaims().with(claimSet{"sub": "admin"})) + "." + parts[2], connect.CodeSignature},
	}
}

func publicPEM() string {
	der, err := x509.MarshalPKIXPublicKey(&installKey().PublicKey)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
