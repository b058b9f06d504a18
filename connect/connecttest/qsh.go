package connecttest

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf16"
)

// QSH returns the query string hash that the site signs and expects. path and
// query are raw, as on the request line; basePath is the path of the base URL
// to which the call is relative, cut off at a segment boundary only.
//
// It is written apart from the framework's own hash on purpose: a wrong idea
// in one cannot hide behind the same idea in the other.
// See https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh
func QSH(method, path, query, basePath string) string {
	return hash(canonical(method, path, query, basePath, byDecodedName))
}

// qshForms are the hashes under both orders of names in use: by decoded name
// and by encoded name. They differ only for names that need encoding.
func qshForms(method, path, query, basePath string) []string {
	return []string{
		hash(canonical(method, path, query, basePath, byDecodedName)),
		hash(canonical(method, path, query, basePath, byEncodedName)),
	}
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

type parameter struct{ name, value string }

func canonical(method, path, query, basePath string, order func(a, b string) int) string {
	return strings.ToUpper(method) + "&" + canonicalPath(path, basePath) + "&" + canonicalQuery(query, order)
}

func canonicalPath(path, basePath string) string {
	base := strings.TrimSuffix(basePath, "/")
	if rest, ok := strings.CutPrefix(path, base); ok && (rest == "" || rest[0] == '/') {
		path = rest
	}
	path = strings.ReplaceAll(path, "&", "%26")
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	return path
}

func canonicalQuery(query string, order func(a, b string) int) string {
	values := make(map[string][]string)
	var names []string
	for _, p := range parameters(query) {
		if p.name == "jwt" {
			continue
		}
		if _, seen := values[p.name]; !seen {
			names = append(names, p.name)
		}
		values[p.name] = append(values[p.name], p.value)
	}
	slices.SortFunc(names, order)
	pairs := make([]string, len(names))
	for i, name := range names {
		pairs[i] = escape(name) + "=" + joinValues(values[name])
	}
	return strings.Join(pairs, "&")
}

func joinValues(values []string) string {
	slices.SortFunc(values, byDecodedName)
	escaped := make([]string, len(values))
	for i, value := range values {
		escaped[i] = escape(value)
	}
	return strings.Join(escaped, ",")
}

// parameters splits by hand, because url.ParseQuery refuses a semicolon.
func parameters(query string) []parameter {
	var list []parameter
	for piece := range strings.SplitSeq(query, "&") {
		if piece == "" {
			continue
		}
		name, value, _ := strings.Cut(piece, "=")
		list = append(list, parameter{name: formDecode(name), value: formDecode(value)})
	}
	return list
}

// formDecode undoes form encoding; a percent sign that starts no escape stands
// for itself.
func formDecode(text string) string {
	var b strings.Builder
	rest := strings.ReplaceAll(text, "+", " ")
	for {
		before, after, found := strings.Cut(rest, "%")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		decoded, err := hex.DecodeString(after[:min(2, len(after))])
		if err != nil || len(decoded) == 0 {
			decoded = []byte("%")
		} else {
			after = after[2:]
		}
		b.Write(decoded)
		rest = after
	}
}

// escape encodes everything but the unreserved characters of RFC 3986.
func escape(text string) string {
	const upper = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if unreserved(c) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upper[c>>4])
		b.WriteByte(upper[c&15])
	}
	return b.String()
}

func unreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~'
}

// byDecodedName compares by UTF-16 code unit, as JavaScript sorts.
func byDecodedName(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// byEncodedName compares as the Java host sorts.
func byEncodedName(a, b string) int { return strings.Compare(escape(a), escape(b)) }
