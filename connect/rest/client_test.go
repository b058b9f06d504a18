package rest_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/rest"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, base := range []string{
		"", "acme.atlassian.net", "/path", "ftp://acme.atlassian.net", "https://", "https://%zz",
		"https://ann:secret@acme.atlassian.net", "https://acme.atlassian.net?a=1", "https://acme.atlassian.net#a",
	} {
		_, err := rest.New(&http.Client{}, base)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("New(%q): got %v, want an error that does not quote it", base, err)
		}
	}
	if _, err := rest.New(nil, "https://acme.atlassian.net"); err == nil {
		t.Error("New without a client: got no error")
	}
}

func TestDoPath(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, path string
		params     []string
		want       string
		bad        error
	}{
		{name: "plain", path: "/x", want: "/base/path/x"},
		{name: "two", path: "/x/{a}/y/{b}", params: []string{"1", "2"}, want: "/base/path/x/1/y/2"},
		{name: "slash", path: "/x/{a}", params: []string{"a/../b"}, want: "/base/path/x/a%2F..%2Fb"},
		{name: "percent", path: "/x/{a}", params: []string{"100%2F"}, want: "/base/path/x/100%252F"},
		{name: "unicode and space", path: "/x/{a}", params: []string{"ä 日"}, want: "/base/path/x/%C3%A4%20%E6%97%A5"},
		{name: "question mark", path: "/x/{a}", params: []string{"a?b#c"}, want: "/base/path/x/a%3Fb%23c"},
		{name: "account id", path: "/x/{a}", params: []string{"557058:aa-bb"}, want: "/base/path/x/557058:aa-bb"},
		{name: "colon in the template", path: "/m/chat:glance/{k}/state", params: []string{"g"}, want: "/base/path/m/chat:glance/g/state"},
		{name: "braces in a value", path: "/x/{a}/{b}", params: []string{"{b}", "2"}, want: "/base/path/x/%7Bb%7D/2"},
		{name: "not utf-8", path: "/x/{a}", params: []string{"\xff\x00"}, want: "/base/path/x/%FF%00"},
		{name: "empty", path: "/x/{a}", params: []string{""}, bad: rest.ErrParam},
		{name: "dot", path: "/x/{a}", params: []string{"."}, bad: rest.ErrParam},
		{name: "dots", path: "/x/{a}", params: []string{".."}, bad: rest.ErrParam},
		{name: "too few", path: "/x/{a}", bad: errAny},
		{name: "too many", path: "/x", params: []string{"a"}, bad: errAny},
		{name: "unclosed", path: "/x/{a", params: []string{"a"}, bad: errAny},
		{name: "relative", path: "x", bad: errAny},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got string
			c := newClient(t, func(_ http.ResponseWriter, r *http.Request) { got = r.RequestURI })
			_, _, err := rest.Do[rest.None](t.Context(), c, rest.Request{Method: http.MethodGet, Path: tc.path, Params: tc.params})
			if got != tc.want {
				t.Errorf("address: got %q, want %q", got, tc.want)
			}
			checkErr(t, err, tc.bad)
		})
	}
}

type kind string

type query struct {
	Kind    kind     `url:"kind,omitempty"`
	Keys    []string `url:"keys,omitempty"`
	Fields  []string `url:"fields,omitempty,comma"`
	IDs     []int64  `url:"id,omitempty"`
	At      int64    `url:"at"`
	On      bool     `url:"on,omitempty"`
	Off     *bool    `url:"off"`
	Ignored string
	Skipped string `url:"-"`
}

func TestDoQuery(t *testing.T) {
	t.Parallel()
	no := false
	cases := []struct {
		name  string
		query any
		want  string
		bad   error
	}{
		{name: "none", want: ""},
		{name: "values", query: url.Values{"b": {"2"}, "a": {"1", "&"}}, want: "a=1&a=%26&b=2"},
		{name: "zero struct", query: query{}, want: "at=0"},
		{
			name: "all", query: &query{Kind: "a b", Keys: []string{"A", "B,C"}, Fields: []string{"x", "y"}, IDs: []int64{1, 2}, At: -1, On: true, Off: &no},
			want: "at=-1&fields=x%2Cy&id=1&id=2&keys=A&keys=B%2CC&kind=a+b&off=false&on=true",
		},
		{name: "not a struct", query: 7, bad: errAny},
		{name: "nil struct", query: (*query)(nil), bad: errAny},
		{
			name: "no encoding", query: struct {
				M map[string]string `url:"m"`
			}{}, bad: errAny,
		},
		{
			name: "no encoding in a slice", query: struct {
				M []float64 `url:"m"`
			}{[]float64{1}}, bad: errAny,
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got string
			c := newClient(t, func(_ http.ResponseWriter, r *http.Request) { got = r.URL.RawQuery })
			_, _, err := rest.Do[rest.None](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/x", Query: tc.query})
			if got != tc.want {
				t.Errorf("query: got %q, want %q", got, tc.want)
			}
			checkErr(t, err, tc.bad)
		})
	}
}

func TestDoBody(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		body     any
		header   http.Header
		want     string
		wantType string
		bad      error
	}{
		{name: "none"},
		{name: "json", body: thing{"a", 1}, want: `{"name":"a","size":1}`, wantType: "application/json"},
		{name: "form", body: url.Values{"a": {"1 2"}}, want: "a=1+2", wantType: "application/x-www-form-urlencoded"},
		{name: "raw", body: rest.Raw{ContentType: "text/plain", Data: []byte("hi")}, want: "hi", wantType: "text/plain"},
		{name: "own type", body: thing{}, header: http.Header{"Content-Type": {"application/vnd.x+json"}}, want: `{"name":"","size":0}`, wantType: "application/vnd.x+json"},
		{name: "not json", body: func() {}, bad: errAny},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got, gotType, accept string
			c := newClient(t, func(_ http.ResponseWriter, r *http.Request) {
				data, _ := io.ReadAll(r.Body)
				got, gotType, accept = string(data), r.Header.Get("Content-Type"), r.Header.Get("Accept")
			})
			_, _, err := rest.Do[rest.None](t.Context(), c, rest.Request{Method: http.MethodPost, Path: "/x", Body: tc.body, Header: tc.header})
			checkErr(t, err, tc.bad)
			if got != tc.want || gotType != tc.wantType {
				t.Errorf("got %q as %q, want %q as %q", got, gotType, tc.want, tc.wantType)
			}
			if tc.bad == nil && accept != "application/json" {
				t.Errorf("Accept: got %q, want application/json", accept)
			}
		})
	}
}
