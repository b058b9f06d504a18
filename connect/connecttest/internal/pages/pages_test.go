package pages

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, method, target string) *http.Response {
	t.Helper()
	rec := httptest.NewRecorder()
	Handler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), method, target, nil))
	return rec.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestHandler(t *testing.T) {
	t.Parallel()
	const (
		html   = "text/html; charset=utf-8"
		script = "text/javascript; charset=utf-8"
	)
	tests := []struct {
		target, contentType, holds string
	}{
		{"/jira/dashboards", html, "/-/assets/dashboards.js"},
		{"/jira/dashboards/10000", html, "/-/assets/dashboard.js"},
		{"/jira/dashboards/10000?as=anonymous", html, "/-/assets/dashboard.js"},
		{"/jira/dashboards/no%2Fsuch", html, "/-/assets/dashboard.js"},
		{"/chat", html, "/-/assets/chat.js"},
		{"/chat/5b0e6a0e-0000", html, "/-/assets/chat.js"},
		{"/slack", html, "/-/assets/slack.js"},
		{"/slack/C0SLCHANNA", html, "/-/assets/slack.js"},
		{"/plugins/servlet/ac/app.example/page", html, "/-/assets/app-page.js"},
		{"/issues/?jql=project%20%3D%20ABC", html, "/-/assets/issues.js"},
		{"/browse/ABC-1", html, "/-/assets/issue.js"},
		{"/atlassian-connect/all.js", script, "window.AP ="},
		{"/-/assets/bridge.js", script, "class Bridge"},
		{"/-/assets/base.css", "text/css; charset=utf-8", "--ds-surface"},
		{"/-/assets/mark.svg", "image/svg+xml", "<svg"},
	}
	for _, test := range tests {
		t.Run(test.target, func(t *testing.T) {
			t.Parallel()
			r := get(t, http.MethodGet, test.target)
			if got, want := r.StatusCode, http.StatusOK; got != want {
				t.Fatalf("status: got %d, want %d", got, want)
			}
			if got := r.Header.Get("Content-Type"); got != test.contentType {
				t.Errorf("type: got %q, want %q", got, test.contentType)
			}
			if got := r.Header.Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("X-Content-Type-Options: got %q", got)
			}
			if got := r.Header.Values("Set-Cookie"); len(got) > 0 {
				t.Errorf("cookies: got %q, want none", got)
			}
			if got := body(t, r); !strings.Contains(got, test.holds) {
				t.Errorf("body has no %q", test.holds)
			}
		})
	}
}

func TestHandlerRefuses(t *testing.T) {
	t.Parallel()
	for _, target := range []string{
		"/jira", "/jira/dashboards/", "/jira/dashboards/1/2", "/chat/", "/chat/a/b", "/slack/", "/slack/a/b", "/plugins/servlet/ac/a", "/plugins/servlet/ac/a/b/c",
		"/issues/1", "/browse/", "/browse", "/browse/A-1/x", "/atlassian-connect/", "/atlassian-connect/all-debug.js",
		"/-/assets/", "/-/assets/none.js", "/-/assets/..%2Fpage.html", "/-/assets/..%2Fassets%2Fbase.css",
		"/-/assets/page.html", "/-/assets/base.css/", "/-/people", "/favicon.ico", "/index.html", "/assets/base.css",
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			if got, want := get(t, http.MethodGet, target).StatusCode, http.StatusNotFound; got != want {
				t.Errorf("status: got %d, want %d", got, want)
			}
		})
	}
	if got, want := get(t, http.MethodPost, "/chat").StatusCode, http.StatusMethodNotAllowed; got != want {
		t.Errorf("POST: got %d, want %d", got, want)
	}
}

func TestHandlerRedirectsRoot(t *testing.T) {
	t.Parallel()
	r := get(t, http.MethodGet, "/")
	if got, want := r.StatusCode, http.StatusFound; got != want {
		t.Errorf("status: got %d, want %d", got, want)
	}
	if got, want := r.Header.Get("Location"), "/jira/dashboards"; got != want {
		t.Errorf("location: got %q, want %q", got, want)
	}
}

func TestPageFramesLoopbackOnly(t *testing.T) {
	t.Parallel()
	policy := get(t, http.MethodGet, "/chat").Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-src http://127.0.0.1:*", "script-src 'self';", "connect-src 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q has no %q", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q allows something unsafe", policy)
	}
}

// Nothing may be loaded from elsewhere, and everything named must exist.
func TestAssets(t *testing.T) {
	t.Parallel()
	external := regexp.MustCompile(`https?://[^\s'"]+`)
	named := regexp.MustCompile(`(?:from '\./|/-/assets/)([\w.-]+)`)
	inline := regexp.MustCompile(`innerHTML|insertAdjacentHTML|document\.write|\beval\(|document\.cookie`)
	names, err := fs.Glob(files, "assets/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, "page.html") {
		content, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, url := range external.FindAllString(string(content), -1) {
			if url != "http://www.w3.org/2000/svg" {
				t.Errorf("%s names %s", name, url)
			}
		}
		for _, found := range named.FindAllStringSubmatch(string(content), -1) {
			if _, err := fs.Stat(files, path.Join("assets", found[1])); err != nil {
				t.Errorf("%s names %s: %v", name, found[1], err)
			}
		}
		if got := inline.FindString(string(content)); got != "" {
			t.Errorf("%s uses %s", name, got)
		}
	}
}

func TestPagesNameTheirAssets(t *testing.T) {
	t.Parallel()
	for pattern, p := range pages() {
		for _, name := range append(p.Styles, p.Script) {
			if _, err := fs.Stat(files, path.Join("assets", name)); err != nil {
				t.Errorf("page %s: %v", pattern, err)
			}
		}
	}
}
