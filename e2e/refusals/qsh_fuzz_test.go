package refusals

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
)

// hardAddresses are requests that are hard to hash: method, path and query, and
// the path of the base URL. connect's tests have the hashes that were computed
// with the host's own library.
func hardAddresses() [][4]string {
	const iframe = "dashboardItemId=10022&dashboardId=10001&view=default&xdm_e=https%3A%2F%2Fexample.atlassian.net" +
		"&xdm_c=channel-com.example.app__gadget&cp=&xdm_deprecated_addon_key_do_not_use=com.example.app&lic=none&cv=1001.0.0-SNAPSHOT&jwt=a.b.c"
	list := [][4]string{
		{"GET", "/", "", ""},
		{"GET", "", "", ""},
		{"get", "/path", "", ""},
		{"GET", "/path/", "", ""},
		{"GET", "/rest/api/2/issue/ABC-1", "", ""},
		{"POST", "/installed", "", ""},
		{"GET", "/a&b/c", "x=1", ""},
		{"GET", "/a%20b/c%2Fd", "x=1", ""},
		{"GET", "/p//q/", "", ""},
		{"GET", "/p//", "", ""},
		{"GET", "p", "", ""},
		{"GET", "/connectx/gadget", "x=1", "/connect"},
		{"GET", "/connect/gadget", "x=1", "/connect"},
		{"GET", "/connect/", "", "/connect"},
		{"GET", "/connect", "", "/connect"},
		{"GET", "/connect/gadget", "x=1", "/connect/"},
		{"GET", "/gadget", "", "/"},
		{"GET", "/gadget", iframe, ""},
		{"DELETE", "/rest/api/3/issue/ABC-1/properties/my.prop", "x=%7B%22a%22%3A1%7D", ""},
	}
	for _, query := range []string{
		"zee_last=param&repeated=parameter+1&first=param&repeated=parameter+2&repeated=Parameter+2",
		"a=2&a=10&a=1", "a=b&a=B&a=%C3%A4&a=_", "a=1,2", "a=1%2C2", "ids=1&ids=2",
		"tilde=~&star=*&plus=%2B&space=a%20b&space2=a+b", "dash=-&dot=.&under=_&slash=%2F&colon=%3A&at=%40",
		"bang=!&quote='&paren=(x)&dollar=$&semi=%3B", "a=&b", "b", "=v&a=1", "jwt=ABC.DEF.GHI&lic=none", "jwt=ABC.DEF.GHI", "JWT=x",
		"name=%E2%82%AC%20%E6%97%A5%E6%9C%AC", "%E2%82%AC=1&z=2", "a=%F0%9F%98%80", "B=1&a=2&A=3&b=4",
		"a-b=1&a.b=2&a_b=3&ab=4", "a%20b=1&a=2", "q=a%26b%3Dc", "pct=100%25", "nl=a%0Ab", "filter[]=1&filter[]=2", "a[b]=1",
		"&&a=1;b=2&", "a=%zz&b=100%&c=%4", "%41%zz+=%42%&%", "%6awt=x&j%77t", "a=b=c", "%EE%80%80=1&%F0%9F%98%80=2", "a=%EF%BF%BD&a=%F0%9F%98%80",
	} {
		list = append(list, [4]string{"GET", "/p", query, ""})
	}
	return list
}

// FuzzQSH has the framework and the local site, which each have their own code,
// hash the same request.
//
// They differ on purpose in one case: decoded text that is not UTF-8 has no
// order among UTF-16 code units, so each sorts it in its own way. No host sends
// such an address, and a hash that does not match is refused.
func FuzzQSH(f *testing.F) {
	for _, a := range hardAddresses() {
		f.Add(a[0], a[1], a[2], a[3])
	}
	f.Fuzz(func(t *testing.T, method, path, query, base string) {
		if !decodesToUTF8(query) {
			t.Skip("not text")
		}
		got, want := connect.QSH(method, path, query, base), connecttest.QSH(method, path, query, base)
		if got != want {
			t.Errorf("%q %q ? %q under %q, hashed %q: connect %s, site %s",
				method, path, query, base, connect.Canonical(method, path, query, base), got, want)
		}
	})
}

// decodesToUTF8 reports whether each name and value of the query is valid text.
// A percent sign that starts no escape stands for itself.
func decodesToUTF8(query string) bool {
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		for _, part := range []string{name, value} {
			if !utf8.ValidString(decode(part)) {
				return false
			}
		}
	}
	return true
}

func decode(text string) string {
	var b strings.Builder
	for text != "" {
		if len(text) > 2 && text[0] == '%' {
			if one, err := url.PathUnescape(text[:3]); err == nil {
				b.WriteString(one)
				text = text[3:]
				continue
			}
		}
		b.WriteByte(text[0])
		text = text[1:]
	}
	return b.String()
}
