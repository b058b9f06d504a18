// Package sign hashes requests and signs tokens as the hosts do. It is separate
// from the framework's code on purpose: a mistake in one cannot hide behind the
// same mistake in the other.
package sign

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// QSH returns the query string hash that the site signs and expects. path and
// query are raw, as on the request line; basePath is the path of the base URL
// to which the call is relative; it is cut off only at a segment boundary. See
// https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh
func QSH(method, path, query, basePath string) string {
	return Hash(Canonical(method, path, query, basePath, ByDecodedName))
}

// hashes are the hashes under both orders of names in use: by decoded name
// and by encoded name. They differ only for names that need encoding.
func hashes(method, path, query, basePath string) []string {
	return []string{
		Hash(Canonical(method, path, query, basePath, ByDecodedName)),
		Hash(Canonical(method, path, query, basePath, byEncodedName)),
	}
}

// Hash is SHA-256, in lower case hex.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

type parameter struct{ name, value string }

// Canonical is the canonical request that a query string hash is made of. order
// sorts the names of its parameters.
func Canonical(method, path, query, basePath string, order func(a, b string) int) string {
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
		pairs[i] = uri.Escape(name) + "=" + joinValues(values[name])
	}
	return strings.Join(pairs, "&")
}

func joinValues(values []string) string {
	slices.SortFunc(values, ByDecodedName)
	escaped := make([]string, len(values))
	for i, value := range values {
		escaped[i] = uri.Escape(value)
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

// ByDecodedName compares by UTF-16 code unit, as JavaScript sorts.
func ByDecodedName(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// byEncodedName compares as the Java host sorts.
func byEncodedName(a, b string) int { return strings.Compare(uri.Escape(a), uri.Escape(b)) }

// Matches says whether the hash is that of the call. A call to Confluence may be
// taken as relative to the site or, as Confluence's own tenants do, to /wiki.
func Matches(r *http.Request, got string) bool {
	path := r.URL.EscapedPath()
	forms := hashes(r.Method, path, r.URL.RawQuery, "")
	if strings.HasPrefix(path, confluenceRoot+"/") {
		forms = append(forms, hashes(r.Method, path, r.URL.RawQuery, confluenceRoot)...)
	}
	return slices.Contains(forms, got)
}

const confluenceRoot = "/wiki"
