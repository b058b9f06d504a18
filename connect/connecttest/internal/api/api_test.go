package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

func table() api.Table[int] {
	return api.Table[int]{
		api.Op("one", http.MethodGet, "user", "a b", 1),
		api.Op("two", http.MethodPost, "user/avatar/temporary", "", 2),
		api.Op("three", http.MethodDelete, "user/avatar/{id}", "", 3),
		api.Op("four", http.MethodGet, "user/{user}/property/{key}", "", 4),
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		method, path, name string
		values             map[string]string
		allowed            []string
	}{
		{"GET", "/r/user", "one", map[string]string{}, nil},
		{"HEAD", "/r/user/", "one", map[string]string{}, nil},
		{"POST", "/r/user", "", nil, []string{"GET"}},
		{"POST", "/r/user/avatar/temporary", "two", map[string]string{}, nil},
		{"DELETE", "/r/user/avatar/temporary", "", nil, []string{"POST"}},
		{"DELETE", "/r/user/avatar/7", "three", map[string]string{"id": "7"}, nil},
		{"GET", "/r/user/a%2Fb/property/k%20", "four", map[string]string{"user": "a/b", "key": "k "}, nil},
		{"GET", "/r/user/a/property//", "", nil, nil},
		{"GET", "/r/user/%zz/property/k", "", nil, nil},
		{"GET", "/r/", "", nil, nil},
		{"GET", "/other/user", "", nil, nil},
	}
	for _, tt := range tests {
		op, values, allowed := table().Find(tt.method, api.Segments("/r/", tt.path))
		name := ""
		if op != nil {
			name = op.Name
		}
		if name != tt.name || !cmp.Equal(values, tt.values) || !cmp.Equal(allowed, tt.allowed) {
			t.Errorf("%s %s: got %q %v %v", tt.method, tt.path, name, values, allowed)
		}
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	q := api.Query{Values: url.Values{"n": {"7"}, "neg": {"-1"}, "text": {"x"}, "yes": {"true"}, "list": {"a, b,", "c"}, "jwt": {"t"}}}
	if n, err := q.Number("n", 1); n != 7 || err != nil {
		t.Errorf("number: got %d, %v", n, err)
	}
	if n, err := q.Number("none", 5); n != 5 || err != nil {
		t.Errorf("fallback: got %d, %v", n, err)
	}
	for _, name := range []string{"neg", "text"} {
		if _, err := q.Number(name, 0); err == nil {
			t.Errorf("number %s: got no error", name)
		}
	}
	if yes, err := q.Bool("yes", false); !yes || err != nil {
		t.Errorf("bool: got %v, %v", yes, err)
	}
	if _, err := q.Bool("text", false); err == nil {
		t.Error("bool text: got no error")
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, q.List("list")); diff != "" {
		t.Error(diff)
	}
	if err := q.Unknown([]string{"n", "neg", "yes", "list"}); err == nil || !strings.Contains(err.Error(), "text") {
		t.Errorf("unknown: got %v", err)
	}
	if err := q.Unknown([]string{"n", "neg", "yes", "list", "text"}); err != nil {
		t.Errorf("known: got %v", err)
	}
}

func TestSlice(t *testing.T) {
	t.Parallel()
	list := []int{1, 2, 3}
	for _, tt := range []struct{ start, size, want int }{{0, 2, 2}, {2, 2, 1}, {3, 1, 0}, {99, 1, 0}, {0, 0, 0}, {1, 1 << 62, 2}} {
		if got := api.Slice(list, tt.start, tt.size); len(got) != tt.want {
			t.Errorf("%+v: got %v", tt, got)
		}
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	type body struct {
		Name string `json:"name"`
	}
	for text, part := range map[string]string{
		`{"name":"x"}`: "", `{"nome":"x"}`: `"nome"`, `{"name":1}`: "name", `{`: "JSON", ``: "JSON", `{}{}`: "follows", `[]`: "JSON",
	} {
		err := api.Decode([]byte(text), &body{})
		if (err == nil) != (part == "") || err != nil && !strings.Contains(err.Error(), part) {
			t.Errorf("%s: got %v, want %q", text, err, part)
		}
	}
}

func TestReadBody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind, body string
		status     int
	}{
		{"application/json; charset=utf-8", "{}", 0},
		{"", "", 0},
		{"text/plain", "{}", 415},
		{"", "{}", 415},
		{"application/json", strings.Repeat("x", 5<<20), 413},
	} {
		r := httptest.NewRequest(http.MethodPut, "/", strings.NewReader(tt.body))
		r.Header.Set("Content-Type", tt.kind)
		_, err := api.ReadBody(httptest.NewRecorder(), r, "application/json")
		status := 0
		if p, ok := err.(*api.Problem); ok { //nolint:errorlint // it is not wrapped
			status = p.Status
		}
		if status != tt.status {
			t.Errorf("%q: got %v, want %d", tt.kind, err, tt.status)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answer     api.Answer
		kind, body string
	}{
		{api.Answer{Status: 204}, "", ""},
		{api.Answer{Status: 200, Body: map[string]string{"a": "<&>"}}, "application/json;charset=UTF-8", `{"a":"<&>"}`},
		{api.Answer{Status: 201, Body: api.HTML("<p>")}, "text/html;charset=UTF-8", "<p>"},
		{api.Answer{Status: 200, Body: api.Image("x")}, "image/png", "x"},
	} {
		w := httptest.NewRecorder()
		tt.answer.Write(w)
		if w.Code != tt.answer.Status || w.Header().Get("Content-Type") != tt.kind || w.Body.String() != tt.body {
			t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
		}
	}
	w := httptest.NewRecorder()
	api.Answer{Status: 200, Body: make(chan int)}.Write(w)
	if w.Code != 500 {
		t.Errorf("got %d for what cannot be encoded", w.Code)
	}
}
