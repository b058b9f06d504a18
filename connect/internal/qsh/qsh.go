// Package qsh computes the query string hash of Connect's tokens: the
// canonical text of a request, its parameters and their orders.
package qsh

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"
)

// TokenParam is the query parameter that carries a token and is never hashed.
const TokenParam = "jwt"

// Hash is the lower-case hexadecimal SHA-256 of a canonical text.
func Hash(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// Matches reports whether hash is that of a canonical text, in constant time.
func Matches(hash string, canonical []byte) bool {
	var got, want [2 * sha256.Size]byte
	sum := sha256.Sum256(canonical)
	hex.Encode(want[:], sum[:])
	return copy(got[:], hash) == len(hash) && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// Param is one decoded query or form parameter.
type Param struct{ Name, Value string }

// Parse splits and decodes a query string. Nothing is refused: whatever
// the sender wrote is hashed.
func Parse(raw string) []Param {
	if raw == "" {
		return nil
	}
	list := make([]Param, 0, strings.Count(raw, "&")+1)
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		list = append(list, Param{unescape(name), unescape(value)})
	}
	return list
}

// unescape undoes form encoding and leaves what is not an escape as it is.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			out.WriteByte(' ')
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

// Order says which of two parameters is hashed first.
type Order func(a, b Param) int

// IsPlain reports whether a parameter's name needs no encoding, so that all
// orders agree about it.
func IsPlain(name string) bool {
	for i := range len(name) {
		if !isUnreserved(name[i]) {
			return false
		}
	}
	return true
}

// Append appends the canonical text of method, path and parameters, and sorts
// params in place.
func Append(out []byte, method, rawPath, basePath string, params []Param, order Order) []byte {
	slices.SortFunc(params, order)
	out = append(out, strings.ToUpper(method)...)
	out = append(out, '&')
	out = appendPath(out, rawPath, basePath)
	out = append(out, '&')
	return appendParams(out, params)
}

func appendPath(out []byte, path, basePath string) []byte {
	path = cutBase(path, strings.TrimSuffix(basePath, "/"))
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	if !strings.HasPrefix(path, "/") {
		out = append(out, '/')
	}
	for i := range len(path) {
		if path[i] == '&' {
			out = append(out, "%26"...)
		} else {
			out = append(out, path[i])
		}
	}
	return out
}

// cutBase cuts base off path, at a segment boundary only.
func cutBase(path, base string) string {
	rest, found := strings.CutPrefix(path, base)
	if found && (rest == "" || rest[0] == '/') {
		return rest
	}
	return path
}

// appendParams writes sorted parameters, the values of one name joined with
// commas.
func appendParams(out []byte, params []Param) []byte {
	first := true
	for i, p := range params {
		switch {
		case p.Name == TokenParam:
			continue
		case i > 0 && params[i-1].Name == p.Name:
			out = append(out, ',')
		default:
			if !first {
				out = append(out, '&')
			}
			out = append(appendEscaped(out, p.Name), '=')
		}
		first = false
		out = appendEscaped(out, p.Value)
	}
	return out
}

// appendEscaped encodes all but the unreserved characters of RFC 3986.
func appendEscaped(out []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		if c := s[i]; isUnreserved(c) {
			out = append(out, c)
		} else {
			out = append(out, '%', digits[c>>4], digits[c&15])
		}
	}
	return out
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// ByName is the order of Atlassian's JavaScript library: decoded names.
func ByName(a, b Param) int {
	if c := compareUTF16(a.Name, b.Name); c != 0 {
		return c
	}
	return compareUTF16(a.Value, b.Value)
}

// ByEncodedName is the order of the Java host: percent-encoded names. It
// differs only for names that need encoding.
func ByEncodedName(a, b Param) int {
	x, y := appendEscaped(nil, a.Name), appendEscaped(nil, b.Name)
	return cmp.Or(slices.Compare(x, y), compareUTF16(a.Value, b.Value))
}

// compareUTF16 orders as UTF-16 code units do. Bytes of UTF-8 order the same,
// but for characters beyond U+FFFF (0xF0 and up), which UTF-16 puts before
// U+E000 to U+FFFF (0xEE and 0xEF).
func compareUTF16(a, b string) int {
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
			return cmp.Compare(y, x)
		}
		return cmp.Compare(x, y)
	}
	return cmp.Compare(len(a), len(b))
}
