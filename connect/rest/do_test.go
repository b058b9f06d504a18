package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sightline/connect/rest"
)

// newClient returns a client of a server whose API lies under /base/path, so
// that a call which forgets the base gets a 404 that it does not expect.
func newClient(t *testing.T, h http.HandlerFunc) *rest.Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/base/path/", http.StripPrefix("/base/path", h))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c, err := rest.New(server.Client(), server.URL+"/base/path/")
	if err != nil {
		t.Fatal(err)
	}
	c.Now = func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }
	return c
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

type thing struct {
	Name string `json:"name"`
	Size int    `json:"size"`
}

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

// errAny stands for any error in a table.
var errAny = errors.New("any")

func checkErr(t *testing.T, got, want error) {
	t.Helper()
	if (got == nil) != (want == nil) || (want != nil && !errors.Is(want, errAny) && !errors.Is(got, want)) {
		t.Errorf("error: got %v, want %v", got, want)
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

func TestDoAnswer(t *testing.T) {
	t.Parallel()
	reply := func(status int, contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	cases := []struct {
		name    string
		handler http.HandlerFunc
		want    thing
		bad     error
	}{
		{name: "json", handler: reply(200, "application/json", `{"name":"a","size":1,"more":[]}`), want: thing{"a", 1}},
		{name: "json by suffix", handler: reply(201, "application/hal+json", `{"name":"a"}`), want: thing{Name: "a"}},
		{name: "no content", handler: reply(204, "", ""), want: thing{}},
		{name: "html", handler: reply(200, "text/html", `<p>hidden</p>`), bad: rest.ErrUnreadable},
		{name: "json called html", handler: reply(200, "text/html", `{"name":"hidden"}`), bad: rest.ErrUnreadable},
		{name: "broken type", handler: reply(200, ";;", `{"name":"hidden"}`), bad: rest.ErrUnreadable},
		{name: "empty", handler: reply(200, "application/json", ``), bad: rest.ErrUnreadable},
		{name: "cut", handler: reply(200, "application/json", `{"name":"hidden`), bad: rest.ErrUnreadable},
		{name: "wrong shape", handler: reply(200, "application/json", `{"name":"a","size":"hidden"}`), bad: rest.ErrUnreadable},
		{name: "more after it", handler: reply(200, "application/json", `{"name":"a"} hidden`), bad: rest.ErrUnreadable},
		{name: "not modified", handler: reply(304, "", ""), bad: errAny},
		{name: "connection breaks", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"name":"hidden"`)
		}, bad: rest.ErrUnreadable},
		{name: "endless", handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			chunk := `{"name":"` + strings.Repeat("x", 64<<10)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, chunk); err != nil {
					return
				}
			}
		}, bad: rest.ErrUnreadable},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, tc.handler)
			got, resp, err := rest.Do[thing](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/thing/{id}", Params: []string{"private"}})
			checkErr(t, err, tc.bad)
			if got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if resp == nil {
				t.Error("got no Response")
			}
			if err != nil && (strings.Contains(err.Error(), "hidden") || !strings.Contains(err.Error(), "GET /thing/{id}")) {
				t.Errorf("got %q, want the call's name and nothing of the body", err)
			}
		})
	}
}

func TestDoRaw(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<p>hi</p>") })
	got, _, err := rest.Do[rest.Raw](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/x"})
	want := rest.Raw{ContentType: "text/html; charset=utf-8", Data: []byte("<p>hi</p>")}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestDoError(t *testing.T) {
	t.Parallel()
	sentinels := map[error]string{
		rest.ErrBadRequest: "bad request", rest.ErrUnauthorized: "unauthorized", rest.ErrForbidden: "forbidden",
		rest.ErrNotFound: "not found", rest.ErrConflict: "conflict", rest.ErrGone: "gone",
		rest.ErrRateLimited: "rate limited", rest.ErrServer: "server",
	}
	cases := []struct {
		status int
		header map[string]string
		body   string
		is     error
		want   rest.Error
	}{
		{400, nil, `{"errorMessages":["one","two"],"errors":{"jql":"three","odd":{"a":1}}}`, rest.ErrBadRequest, rest.Error{Messages: []string{"one", "two"}, Fields: map[string]string{"jql": "three"}}},
		{401, nil, ``, rest.ErrUnauthorized, rest.Error{}},
		{403, nil, `{"statusCode":403,"message":"no"}`, rest.ErrForbidden, rest.Error{Messages: []string{"no"}}},
		{404, nil, `{"errorMessages":"text","errors":["a"],"message":"gone"}`, rest.ErrNotFound, rest.Error{Messages: []string{"gone"}}},
		{409, nil, `[]`, rest.ErrConflict, rest.Error{}},
		{410, nil, `{"errorMessages":[`, rest.ErrGone, rest.Error{}},
		{
			429, map[string]string{"Retry-After": "7", "Atl-Request-Id": "abc"},
			`{"code":429,"message":"request has been rate limited"}`, rest.ErrRateLimited,
			rest.Error{Messages: []string{"request has been rate limited"}, RetryAfter: 7 * time.Second, RequestID: "abc"},
		},
		{500, map[string]string{"Content-Type": "text/html"}, `<p>hidden</p>`, rest.ErrServer, rest.Error{}},
		{503, map[string]string{"X-Arequestid": strings.Repeat("x", 129)}, strings.Repeat(" ", 1<<20), rest.ErrServer, rest.Error{}},
		{418, nil, `{}`, nil, rest.Error{}},
	}
	for _, tc := range cases {
		t.Run(fmt.Sprint(tc.status), func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				for name, value := range tc.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			})
			_, resp, err := rest.Do[thing](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/x/{id}", Params: []string{"private"}})
			var got *rest.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a *rest.Error", err)
			}
			tc.want.Status, tc.want.Method, tc.want.Path = tc.status, http.MethodGet, "/x/{id}"
			if len(got.Fields) == 0 {
				got.Fields = nil
			}
			if diff := cmp.Diff(&tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for sentinel, name := range sentinels {
				if got, want := errors.Is(err, sentinel), sentinel == tc.is; got != want {
					t.Errorf("is %s: got %v, want %v", name, got, want)
				}
			}
			if resp.Status != tc.status {
				t.Errorf("Response.Status: got %d, want %d", resp.Status, tc.status)
			}
			for _, said := range append(got.Messages, "hidden", "private") {
				if strings.Contains(err.Error(), said) {
					t.Errorf("error %q quotes %q", err, said)
				}
			}
		})
	}
}

func TestDoWithoutAnswer(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, resp, err := rest.Do[thing](ctx, c, rest.Request{Method: http.MethodGet, Path: "/x/{id}", Params: []string{"private"}, Query: url.Values{"jql": {"hidden"}}})
	if !errors.Is(err, context.Canceled) || resp != nil {
		t.Fatalf("got %v, %v, want no Response and context.Canceled", resp, err)
	}
	if text := err.Error(); strings.Contains(text, "hidden") || strings.Contains(text, "private") {
		t.Errorf("error %q holds the address", text)
	}
}

func TestEach(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	pages := func(at int) ([]string, int, bool, error) {
		switch at {
		case 0:
			return []string{"a", "b"}, 2, true, nil
		case 2:
			return nil, 3, true, nil
		case 3:
			return []string{"c"}, 4, false, nil
		}
		return []string{"never"}, 0, true, boom
	}
	cases := []struct {
		name  string
		from  int
		limit int
		want  []string
		bad   error
	}{
		{"all, over an empty page", 0, 9, []string{"a", "b", "c"}, nil},
		{"from the middle", 3, 9, []string{"c"}, nil},
		{"stopped early", 0, 1, []string{"a"}, nil},
		{"error", 9, 9, nil, boom},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			var failed error
			for item, err := range rest.Each(tc.from, pages) {
				if failed = err; err != nil {
					break
				}
				if got = append(got, item); len(got) == tc.limit {
					break
				}
			}
			checkErr(t, failed, tc.bad)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
