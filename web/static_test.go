package web

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func newStatic(t *testing.T) (string, http.Handler) {
	t.Helper()
	prefix, h, err := Static()
	if err != nil {
		t.Fatalf("Static: %v", err)
	}
	return prefix, h
}

func ask(h http.Handler, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "http://app.example/", nil)
	r.URL.Path = target
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestStaticPrefix(t *testing.T) {
	t.Parallel()
	prefix, _ := newStatic(t)
	again, _ := newStatic(t)
	if !regexp.MustCompile(`^/static/[0-9a-f]{8}$`).MatchString(prefix) || prefix != again {
		t.Errorf("got %q and %q, want one prefix with a hash", prefix, again)
	}
}

func TestStaticServesEveryFile(t *testing.T) {
	t.Parallel()
	prefix, h := newStatic(t)
	types := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	}
	entries, err := files.ReadDir("static")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			want, err := files.ReadFile("static/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			plain := ask(h, http.MethodGet, prefix+"/"+e.Name())
			if got := read(t, plain.Body); got != string(want) {
				t.Errorf("plain body differs: %d bytes, want %d", len(got), len(want))
			}
			zipped := ask(h, http.MethodGet, prefix+"/"+e.Name(), "Accept-Encoding", "br, gzip")
			zr, err := gzip.NewReader(zipped.Body)
			if err != nil {
				t.Fatalf("gzip: %v", err)
			}
			if got := read(t, zr); got != string(want) {
				t.Errorf("zipped body differs: %d bytes, want %d", len(got), len(want))
			}
			for name, want := range map[string]string{
				"Content-Type":           types[path.Ext(e.Name())],
				"Cache-Control":          "public, max-age=31536000, immutable",
				"X-Content-Type-Options": "nosniff",
				"Vary":                   "Accept-Encoding",
			} {
				if got := plain.Header.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
			if plain.Header.Get("ETag") == zipped.Header.Get("ETag") {
				t.Error("both encodings have one ETag")
			}
		})
	}
}

func TestStaticStatus(t *testing.T) {
	t.Parallel()
	prefix, h := newStatic(t)
	tests := []struct {
		method, path string
		want         int
	}{
		{"GET", prefix + "/gadget.js", 200},
		{"GET", prefix + "/sightline.css", 200},
		{"GET", prefix + "/base.css", 404},
		{"HEAD", prefix + "/gadget.js", 200},
		{"POST", prefix + "/gadget.js", 405},
		{"POST", prefix + "/none.js", 404},
		{"GET", "/static/icon.svg", 200},
		{"GET", "/static/thumbnail.svg", 200},
		{"GET", "/static/glance.svg", 200},
		{"GET", "/static/glance@2x.svg", 200},
		{"GET", "/static/gadget.js", 404},
		{"GET", "/static/00000000/gadget.js", 404},
		{"GET", prefix, 404},
		{"GET", prefix + "/", 404},
		{"GET", prefix + "//gadget.js", 404},
		{"GET", prefix + "/../gadget.js", 404},
		{"GET", prefix + "/./gadget.js", 404},
		{"GET", prefix + "/../../static.go", 404},
		{"GET", prefix + "/gadget.js/", 404},
		{"GET", prefix + "/gadget.js\x00", 404},
		{"GET", prefix + "/GADGET.JS", 404},
		{"GET", `/static\icon.svg`, 404},
		{"GET", "/static/", 404},
		{"GET", "/", 404},
		{"GET", "", 404},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			t.Parallel()
			got := ask(h, tt.method, tt.path)
			if got.StatusCode != tt.want {
				t.Errorf("got %d, want %d", got.StatusCode, tt.want)
			}
			if body := read(t, got.Body); tt.method == "HEAD" && body != "" {
				t.Errorf("HEAD answered %d bytes", len(body))
			}
			if tt.want == 404 && strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
				t.Error("a 404 may be kept for a year")
			}
		})
	}
}

func TestStaticStableIconsAreKeptForAnHour(t *testing.T) {
	t.Parallel()
	_, h := newStatic(t)
	first := ask(h, http.MethodGet, "/static/icon.svg")
	if got, want := first.Header.Get("Cache-Control"), "public, max-age=3600"; got != want {
		t.Errorf("Cache-Control: got %q, want %q", got, want)
	}
	again := ask(h, http.MethodGet, "/static/icon.svg", "If-None-Match", first.Header.Get("ETag"))
	if got, want := again.StatusCode, http.StatusNotModified; got != want {
		t.Errorf("got %d, want %d", got, want)
	}
}

func TestAcceptsGzip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header []string
		want   bool
	}{
		{nil, false},
		{[]string{""}, false},
		{[]string{"gzip"}, true},
		{[]string{"GZIP"}, true},
		{[]string{"br, gzip;q=0.5"}, true},
		{[]string{"br", "gzip"}, true},
		{[]string{"gzip;q=0"}, false},
		{[]string{"gzip; q=0.000"}, false},
		{[]string{"gzip;q=x"}, false},
		{[]string{"x-gzip"}, false},
		{[]string{"*"}, false},
		{[]string{"identity"}, false},
		{[]string{";;,=,gzip;"}, true},
	}
	for _, tt := range tests {
		if got := AcceptsGzip(tt.header); got != tt.want {
			t.Errorf("AcceptsGzip(%q): got %v, want %v", tt.header, got, tt.want)
		}
	}
}

// The scripts and styles must be what the templates name, load only each
// other, and need nothing that the pages' policy forbids.
func TestStaticFilesFitThePages(t *testing.T) {
	t.Parallel()
	prefix, h := newStatic(t)
	for _, kind := range []Kind{KindGadget, KindChatDialog, KindChatSidebar, KindPage} {
		html := render(t, Page(Shell{L: english(), Static: prefix, Kind: kind}))
		for _, m := range regexp.MustCompile(`(?:src|href)="([^"#]+)"`).FindAllStringSubmatch(html, -1) {
			if got := ask(h, http.MethodGet, m[1]).StatusCode; got != 200 {
				t.Errorf("%s names %s: got %d, want 200", kind, m[1], got)
			}
		}
	}
	for name, f := range mustAssets(t, h).files {
		if path.Ext(name) == ".svg" {
			continue
		}
		if m := regexp.MustCompile(`https?://|url\(|\beval\b|innerHTML|\.style\b`).Find(f.plain); m != nil {
			t.Errorf("%s has %q", name, m)
		}
	}
}

func mustAssets(t *testing.T, h http.Handler) *assets {
	t.Helper()
	a, ok := h.(*assets)
	if !ok {
		t.Fatalf("handler is a %T", h)
	}
	return a
}

func TestNewAssetRefusesUnknownTypes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a.html", "a", "a.js.map", ".svgz"} {
		if _, err := newAsset(name, nil); err == nil {
			t.Errorf("newAsset(%q): got nil, want an error", name)
		}
	}
}

func read(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return string(b)
}

// imported are the scripts that a script needs, however indirectly.
func imported(t *testing.T, script string, into map[string]bool) map[string]bool {
	t.Helper()
	text, err := files.ReadFile("static/" + script)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^import .* from "\./(.+)";$`).FindAllStringSubmatch(string(text), -1) {
		if !into[m[1]] {
			into[m[1]] = true
			imported(t, m[1], into)
		}
	}
	return into
}

func TestPagesPreloadWhatEveryEntryImports(t *testing.T) {
	t.Parallel()
	all := imported(t, "gadget.js", map[string]bool{})
	maps.DeleteFunc(all, func(name string, _ bool) bool { return !imported(t, "chat.js", map[string]bool{})[name] })
	if diff := cmp.Diff(slices.Sorted(maps.Keys(all)), modules()); diff != "" {
		t.Errorf("(-imported +preloaded)\n%s", diff)
	}
}
