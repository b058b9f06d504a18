package connect

import (
	"encoding/json"

	"github.com/golang-jwt/jwt/v5"
)

// flatDepth is how deep objects of a token may lie in each other to be read
// without encoding/json.
const flatDepth = 4

// flatClaims take the members of a token's payload one by one, and ignore what is
// no claim of theirs.
type flatClaims interface {
	jwt.Claims
	// take returns false if a claim has a value of another kind.
	take(name []byte, v flatValue) bool
	reset()
}

// flatValue is a text, a whole number or neither.
type flatValue struct {
	text     []byte
	number   int64
	isText   bool
	isNumber bool
}

// textInto stores a text, which no other value is.
func textInto[S ~string](into *S, v flatValue) bool {
	*into = S(v.text)
	return v.isText
}

// numberInto stores a number, which no other value is.
func numberInto(into *int64, v flatValue) bool {
	*into = v.number
	return v.isNumber
}

// takeCommon is take for what all kinds of token share.
func (c *claims) takeCommon(name []byte, v flatValue) bool {
	switch string(name) {
	case "iss":
		return textInto(&c.Issuer, v)
	case "sub":
		return textInto(&c.Subject, v)
	case "aud":
		c.Audience = jwt.ClaimStrings{string(v.text)}
		return v.isText
	case "exp":
		return numberInto(&c.Expires, v)
	case "iat":
		return numberInto(&c.IssuedAt, v)
	case "nbf":
		return numberInto(&c.NotBefore, v)
	}
	return true
}

func (c *hostClaims) take(name []byte, v flatValue) bool {
	if string(name) == "qsh" {
		return textInto(&c.QSH, v)
	}
	return c.takeCommon(name, v)
}

func (c *hostClaims) reset() { *c = hostClaims{} }

func (c *sessionClaims) take(name []byte, v flatValue) bool {
	switch string(name) {
	case "token_use":
		return textInto(&c.Use, v)
	case "tenant":
		return textInto(&c.Tenant, v)
	case "generation":
		return numberInto(&c.Generation, v)
	case "dashboard":
		return textInto(&c.Dashboard, v)
	case "item":
		return textInto(&c.Item, v)
	}
	return c.takeCommon(name, v)
}

func (c *sessionClaims) reset() { *c = sessionClaims{} }

// readClaims reads a payload as encoding/json does. That takes half of the time of a
// verification; so a payload of the usual form, which is one object without spaces
// whose names are lower case and whose texts and numbers are plain, is read here.
// Whatever else stands in it is encoding/json's to read or to refuse.
func readClaims(data []byte, into jwt.Claims) error {
	if c, ok := into.(flatClaims); ok {
		if r := (flatReader{rest: data}); r.object(c, 1) && len(r.rest) == 0 {
			return nil
		}
		c.reset()
	}
	return json.Unmarshal(data, into)
}

// flatReader reads a payload of the usual form.
type flatReader struct{ rest []byte }

// object reads an object into c; nil ignores its members.
func (r *flatReader) object(c flatClaims, depth int) bool {
	if depth > flatDepth || !r.next('{') {
		return false
	}
	if r.next('}') {
		return true
	}
	for {
		name, ok := r.text()
		if !ok || c != nil && !isLower(name) || !r.next(':') || !r.value(c, name, depth) {
			return false
		}
		if !r.next(',') {
			return r.next('}')
		}
	}
}

func (r *flatReader) value(c flatClaims, name []byte, depth int) bool {
	if len(r.rest) == 0 {
		return false
	}
	var v flatValue
	var ok bool
	switch r.rest[0] {
	case '"':
		v.text, ok = r.text()
		v.isText = ok
	case '{':
		ok = r.object(nil, depth+1)
	default:
		v.number, ok = r.number()
		v.isNumber = ok
	}
	return ok && (c == nil || c.take(name, v))
}

// next steps over a character.
func (r *flatReader) next(c byte) bool {
	if len(r.rest) == 0 || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// text reads a text of ASCII without escapes.
func (r *flatReader) text() ([]byte, bool) {
	if !r.next('"') {
		return nil, false
	}
	for i, c := range r.rest {
		switch {
		case c == '"':
			text := r.rest[:i]
			r.rest = r.rest[i+1:]
			return text, true
		case c < ' ' || c > '~' || c == '\\':
			return nil, false
		}
	}
	return nil, false
}

// number reads a whole number of at most 18 digits.
func (r *flatReader) number() (int64, bool) {
	n, i := int64(0), 0
	for ; i < len(r.rest) && '0' <= r.rest[i] && r.rest[i] <= '9'; i++ {
		if i == 18 {
			return 0, false
		}
		n = 10*n + int64(r.rest[i]-'0')
	}
	if i == 0 || i > 1 && r.rest[0] == '0' {
		return 0, false
	}
	r.rest = r.rest[i:]
	return n, true
}

// isLower reports whether a name is written in lower case. Such a name is that of
// a claim or resembles none: encoding/json ignores case.
func isLower(name []byte) bool {
	for _, c := range name {
		if (c < 'a' || c > 'z') && c != '_' {
			return false
		}
	}
	return true
}
