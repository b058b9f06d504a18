package explain

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/sightline-go/sightline/connect"
)

// addressHash compares the hash of the address, and finds out by trying what was signed
// instead.
func addressHash(q Question, t token) Check {
	c := Check{Name: "qsh", Verdict: Right}
	got, ok := text(t.claims, "qsh")
	switch {
	case t.claims["qsh"] == nil:
		c.Verdict, c.Say = Missing, "the hash of method, path and query"
		return c
	case !ok:
		c.Got, c.Verdict, c.Say = shown(t.claims["qsh"]), Wrong, "not a text"
		return c
	case got == contextQSH:
		c.Got, c.Verdict, c.Say = got, Wrong, "a context token where one for this address is due"
		return c
	}
	c.Got = cut(got)
	if q.URL == "" {
		c.Verdict, c.Say = Unknown, "give method and address to compare"
		return c
	}
	u, err := url.Parse(q.URL)
	if err != nil {
		c.Verdict, c.Say = Unknown, "the address cannot be read"
		return c
	}
	here := request{strings.ToUpper(cmp.Or(q.Method, "GET")), u.EscapedPath(), u.RawQuery, basePath(q.BaseURL)}
	if hash(here.canonical()) == got {
		return c
	}
	c.Verdict, c.Say, c.Expected = Wrong, "made for another address", here.canonical()
	if strings.EqualFold(hash(here.canonical()), got) {
		c.Say, c.Signed = "the hash is to be in lower case", here.canonical()
		return c
	}
	for _, try := range here.others() {
		if hash(try.canonical) == got {
			c.Say, c.Signed = try.say, try.canonical
			break
		}
	}
	return c
}

// request is what is hashed.
type request struct{ method, path, query, base string }

func (r request) canonical() string { return connect.Canonical(r.method, r.path, r.query, r.base) }

// attempt is something that may have been signed by mistake.
type attempt struct{ canonical, say string }

// others are the usual mistakes, one at a time and then with each method.
func (r request) others() []attempt {
	var all []attempt
	add := func(say string, o request) { all = append(all, attempt{o.canonical(), say}) }
	for _, method := range []string{r.method, "GET", "POST", "PUT", "DELETE", "HEAD"} {
		say := func(what string) string {
			if method == r.method {
				return what
			}
			return strings.TrimPrefix(what+", and for the method "+method, ", and ")
		}
		o := r
		o.method = method
		if method != r.method {
			add("signed for the method "+method, o)
		}
		whole := o
		whole.base = ""
		add(say("the path of the base URL is not to be hashed"), whole)
		for _, segment := range prefixes(r.path) {
			part := o
			part.base = segment
			add(say("signed without "+segment+": is that the path of the base URL? Give it to compare"), part)
		}
		bare := o
		bare.query = ""
		add(say("signed without the query"), bare)
		all = append(all, o.spelt(say)...)
	}
	return all
}

// spelt are wrong spellings of the same request.
func (r request) spelt(say func(string) string) []attempt {
	canonical := r.canonical()
	plus := strings.ReplaceAll(canonical, "%20", "+")
	decoded, err := url.QueryUnescape(canonical)
	query := withoutToken(r.query)
	all := []attempt{
		{plus, say("a space is to be written as %20, not as +")},
		{strings.ReplaceAll(canonical, "%2C", ","), say("commas inside a value are to be written as %2C; only those between values stay")},
		{strings.ReplaceAll(canonical, "%7E", "~"), say("signed with ~ as it is")},
		{strings.ReplaceAll(canonical, "*", "%2A"), say("signed with * as %2A")},
		{strings.ToLower(canonical), say("signed in lower case")},
		{canonical + "&", say("one & too many at the end")},
		{strings.TrimSuffix(canonical, "&"), say("the & before an empty query is missing")},
		{r.method + "&" + r.path + "&" + r.query, say("the parameter jwt is not to be hashed")},
		{r.method + "&" + r.path + "&" + query, say("the parameters are to be sorted by name and encoded")},
		{r.method + "&" + strings.TrimPrefix(r.path, r.base) + "&" + query, say("the parameters are to be sorted by name and encoded")},
		{r.path + "?" + query, say("the address itself was hashed, not the canonical request")},
	}
	if err == nil {
		all = append(all, attempt{decoded, say("names and values are to be percent-encoded")})
	}
	return all
}

// withoutToken is a query without its parameter jwt.
func withoutToken(query string) string {
	var kept []string
	for piece := range strings.SplitSeq(query, "&") {
		if !strings.HasPrefix(piece, "jwt=") {
			kept = append(kept, piece)
		}
	}
	return strings.Join(kept, "&")
}

// prefixes are the paths above a path, the longest first.
func prefixes(path string) []string {
	var all []string
	for at := strings.LastIndexByte(path, '/'); at > 0; at = strings.LastIndexByte(path[:at], '/') {
		all = append(all, path[:at])
	}
	return all
}

func basePath(baseURL string) string {
	u, err := url.Parse(baseURL)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.EscapedPath(), "/")
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
