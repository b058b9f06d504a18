package sign

import (
	"net/http"
	"net/url"
	"strings"
)

// Mistake finds out by trying what an app hashed instead of a request. It returns the
// canonical request that has the hash and what is wrong with it, or nothing.
func Mistake(method, path, query, got string) (canonical, say string) {
	for _, m := range []string{method, http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		for _, try := range mistakes(m, path, query) {
			if Hash(try.canonical) != got && !strings.EqualFold(Hash(try.canonical), got) {
				continue
			}
			if try.say == "" && m == method {
				try.say = "the hash is to be in lower case"
			} else if m != method {
				try.say = strings.TrimSuffix("signed for the method "+m+", "+try.say, ", ")
			}
			return try.canonical, try.say
		}
	}
	return "", ""
}

type mistake struct{ canonical, say string }

// mistakes are a request as it should be, and as it is often hashed.
func mistakes(method, path, query string) []mistake {
	right := Canonical(method, path, query, "", ByDecodedName)
	all := []mistake{
		{right, ""},
		{Canonical(method, path, "", "", ByDecodedName), "the query was left out"},
		{method + "&" + path + "&" + query, "parameters are to be sorted and encoded"},
		{method + "&" + path + "?" + query, "between path and query there is to be an &"},
		{strings.ReplaceAll(right, "%20", "+"), "a space is to be written as %20, not as +"},
		{strings.ReplaceAll(right, "%2C", ","), "commas inside a value are to be written as %2C"},
		{strings.TrimSuffix(right, "&"), "the & before an empty query is missing"},
	}
	if decoded, err := url.QueryUnescape(right); err == nil {
		all = append(all, mistake{decoded, "names and values are to be percent-encoded"})
	}
	// A client that is given an address with a path often hashes what follows it.
	for at := strings.IndexByte(path[1:], '/'); at >= 0; {
		base := path[:at+1]
		all = append(all, mistake{Canonical(method, path, query, base, ByDecodedName), base + " belongs to the path: the site's base URL ends before it"})
		next := strings.IndexByte(path[at+2:], '/')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return all
}
