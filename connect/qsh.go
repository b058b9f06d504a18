package connect

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// contextQSH is the fixed query string hash of tokens that are not bound to a
// URL.
const contextQSH = "context-qsh"

// tokenParam is the query parameter that carries a token and is never hashed.
const tokenParam = "jwt"

// Canonical writes a request the way both sides hash it: METHOD&PATH&QUERY.
// rawPath and rawQuery are as sent, still percent-encoded; basePath is the
// path of the base URL that the request is relative to, empty for none.
//
// Where implementations differ, this is what is done: a base path is cut at a
// segment boundary only; a parameter with an empty name is kept; names are
// literal, brackets and all; a semicolon does not separate; a percent sign
// that starts no escape stands for itself; names sort as decoded UTF-16.
// See https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh
func Canonical(method, rawPath, rawQuery, basePath string) string {
	return string(canonical(method, rawPath, basePath, parseParams(rawQuery), byName))
}

// QSH is the query string hash: the lower-case hexadecimal SHA-256 of
// [Canonical].
func QSH(method, rawPath, rawQuery, basePath string) string {
	return hash(canonical(method, rawPath, basePath, parseParams(rawQuery), byName))
}

func hash(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// param is one decoded query or form parameter.
type param struct{ name, value string }

// parseParams splits and decodes a query string. Nothing is refused: whatever
// the sender wrote is hashed.
func parseParams(raw string) []param {
	if raw == "" {
		return nil
	}
	list := make([]param, 0, strings.Count(raw, "&")+1)
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		list = append(list, param{unescape(name), unescape(value)})
	}
	return list
}

// unescape undoes form encoding and leaves what is not an escape as it is.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			out = append(out, ' ')
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return string(out)
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

// canonical writes method, path and parameters, sorting params in place.
func canonical(method, rawPath, basePath string, params []param, order func(a, b param) int) []byte {
	slices.SortFunc(params, order)
	out := make([]byte, 0, 512)
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
func appendParams(out []byte, params []param) []byte {
	first := true
	for i, p := range params {
		switch {
		case p.name == tokenParam:
			continue
		case i > 0 && params[i-1].name == p.name:
			out = append(out, ',')
		default:
			if !first {
				out = append(out, '&')
			}
			out = append(appendEscaped(out, p.name), '=')
		}
		first = false
		out = appendEscaped(out, p.value)
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

// byName is the order of Atlassian's JavaScript library: decoded names.
func byName(a, b param) int {
	return cmp.Or(compareUTF16(a.name, b.name), compareUTF16(a.value, b.value))
}

// byEncodedName is the order of the Java host: percent-encoded names. It
// differs only for names that need encoding.
func byEncodedName(a, b param) int {
	x, y := appendEscaped(nil, a.name), appendEscaped(nil, b.name)
	return cmp.Or(slices.Compare(x, y), compareUTF16(a.value, b.value))
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
