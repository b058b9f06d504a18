package connect_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

func TestQSH(t *testing.T) {
	t.Parallel()
	for _, v := range qshVectors {
		if got := connect.Canonical(v.method, v.path, v.query, v.base); got != v.canonical {
			t.Errorf("vector %s: got %q, want %q", v.name, got, v.canonical)
		}
		if got := connect.QSH(v.method, v.path, v.query, v.base); got != v.hash {
			t.Errorf("vector %s: got %s, want %s", v.name, got, v.hash)
		}
	}
}

// Where the implementations of the host's side differ, or no vector exists.
func TestQSHDifferences(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, path, query, base, want string }{
		{"base path inside a segment", "/connectx/gadget", "x=1", "/connect", "GET&/connectx/gadget&x=1"},
		{"base path of a slash", "/gadget", "", "/", "GET&/gadget&"},
		{"empty name is kept", "/p", "=v&a=1", "", "GET&/p&=v&a=1"},
		{"empty name twice", "/p", "=v&=w&a", "", "GET&/p&=v,w&a="},
		{"empty pairs", "/p", "&a=1&&b=2&", "", "GET&/p&a=1&b=2"},
		{"semicolon does not separate", "/p", "a=1;b=2", "", "GET&/p&a=1%3Bb%3D2"},
		{"escapes that are none", "/p", "a=%zz&b=100%&c=%4", "", "GET&/p&a=%25zz&b=100%25&c=%254"},
		{"second equals sign", "/p", "a=b=c", "", "GET&/p&a=b%3Dc"},
		{"encoded name of the token", "/p", "%6awt=x&a=1", "", "GET&/p&a=1"},
		{"token twice", "/p", "jwt=x&a=1&jwt=y", "", "GET&/p&a=1"},
		{"names by UTF-16", "/p", "%EE%80%80=1&%F0%9F%98%80=2", "", "GET&/p&%F0%9F%98%80=2&%EE%80%80=1"},
		{"values by UTF-16", "/p", "a=%EF%BF%BD&a=%F0%9F%98%80", "", "GET&/p&a=%F0%9F%98%80,%EF%BF%BD"},
		{"prefix sorts first", "/p", "ab=1&a=2", "", "GET&/p&a=2&ab=1"},
		{"no leading slash", "p", "", "", "GET&/p&"},
	}
	for _, tt := range tests {
		if got := connect.Canonical("GET", tt.path, tt.query, tt.base); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Addresses that are hard to hash must be accepted when they are right.
func TestHostAddresses(t *testing.T) {
	t.Parallel()
	a := newApp()
	for _, v := range qshVectors {
		if v.path == "" || strings.Contains(v.query, "jwt=") {
			continue
		}
		target := strings.TrimSuffix("https://app.example.com"+v.path+"?"+v.query, "?")
		if v.base != "" {
			target = "https://app.example.com" + strings.TrimSuffix(v.base, "/") + strings.TrimPrefix(v.path, "/connect")
		}
		if v.base != "" && v.query != "" {
			target += "?" + v.query
		}
		r := httptest.NewRequest(strings.ToUpper(v.method), target, nil)
		r.Header.Set("Authorization", "JWT "+hostToken(pageClaims().with(claimSet{"qsh": v.hash})))
		if _, err := a.Host(r); err != nil {
			t.Errorf("vector %s: %v", v.name, err)
		}
	}
}

func TestHostNameOrders(t *testing.T) {
	t.Parallel()
	a := newApp()
	const target = "/connect/p?%E2%82%AC=1&z=2"
	for _, hash := range []string{
		"a60bfe2ec054fafadc61bd6d76c1c4e9ae236920569f22dfff51caa6b7e82e01", // z first
		hexSHA256("GET&/p&%E2%82%AC=1&z=2"),                                // as the Java host
	} {
		r := page(target, hostToken(pageClaims().with(claimSet{"qsh": hash})))
		if _, err := a.Host(r); err != nil {
			t.Errorf("%s: %v", hash, err)
		}
	}
}

// A form posted without a query may be what was hashed (vector 44).
func TestHostForm(t *testing.T) {
	t.Parallel()
	const hash = "7f8a68eb96c825794f0e37ae9a0efa0cea906a7dffc4ae2932660d853f9769ae"
	token := hostToken(pageClaims().with(claimSet{"qsh": hash}))
	form := func(target, body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
		return r
	}
	tests := []struct {
		name string
		r    *http.Request
		want string
	}{
		{"token in the form", form("/p", "a=1+2&jwt="+token+"&b=2&b=1"), ""},
		{"token in the query", form("/p?jwt="+token, "a=1+2&b=2&b=1"), ""},
		{"other form", form("/p?jwt="+token, "a=1+2&b=2"), connect.CodeQSHMismatch},
		{"query beside the form", form("/p?c=1&jwt="+token, "a=1+2&b=2&b=1"), connect.CodeQSHMismatch},
		{"token in both", form("/p?jwt="+token, "a=1+2&b=2&b=1&jwt="+token), connect.CodeTwoTokens},
		{"endless", form("/p?jwt="+token, "a="+strings.Repeat("x", 65<<10)), "failure: read form: http: request body too large"},
	}
	for _, tt := range tests {
		_, err := newApp().Host(tt.r)
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	if r := tests[0].r; r.ParseForm() != nil || r.PostForm.Get("b") != "2" {
		t.Errorf("the form cannot be read afterwards: %v", r.PostForm)
	}
}

func FuzzQSH(f *testing.F) {
	for _, v := range qshVectors {
		f.Add(v.method, v.path, v.query, v.base)
	}
	f.Add("GET", "\x00&", "%&+&=&;%f&a=\xff", "//")
	f.Fuzz(func(t *testing.T, method, path, query, base string) {
		if strings.Contains(method, "&") {
			t.Skip("not cut apart below")
		}
		canonical := connect.Canonical(method, path, query, base)
		if got, want := connect.QSH(method, path, query, base), hexSHA256(canonical); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if with := connect.Canonical(method, path, "jwt=a.b.c&"+query, base); with != canonical {
			t.Errorf("the token counts: %q, %q", with, canonical)
		}
		// Hashing what was hashed gives the same: all is encoded, once.
		_, rest, _ := strings.Cut(canonical, "&")
		_, q, _ := strings.Cut(rest, "&")
		values, err := url.ParseQuery(q)
		if err != nil {
			t.Errorf("%q is not a query: %v", q, err)
		}
		if len(values) > strings.Count(query, "&")+1 {
			t.Errorf("more names than parameters in %q", q)
		}
	})
}
