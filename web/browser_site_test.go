package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// policy is as strict as the pages' own, and refuses inline scripts and styles.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"

// hostScript stands for the host's all.js: it writes down what it is asked.
const hostScript = `
window.asked = [];
window.broken = [];
window.tokens = 0;
document.addEventListener("securitypolicyviolation", (e) => broken.push(e.violatedDirective + " " + e.blockedURI));
window.addEventListener("error", (e) => broken.push(e.message));
window.addEventListener("unhandledrejection", (e) => broken.push(String(e.reason)));
const token = () => "host-" + ++tokens;
window.actions = {};
window.AP = {
  resize: () => asked.push("resize"),
  context: { getToken: async () => token() },
  auth: { withToken: (done) => done(null, token()) },
  theming: { initializeTheming: async () => asked.push("theme") },
  dialog: { close: () => asked.push("close") },
  register: (fns) => Object.assign(actions, fns),
  jira: {
    setDashboardItemTitle: (title) => asked.push("title " + title),
    DashboardItem: { onDashboardItemEdit: (fn) => { window.edit = fn; } },
  },
};`

// brokenHost throws and refuses wherever it can.
const brokenHost = `
window.broken = [];
window.addEventListener("error", (e) => broken.push(e.message));
window.addEventListener("unhandledrejection", (e) => broken.push(String(e.reason)));
const no = () => { throw new Error("not inside a host"); };
window.AP = {
  resize: no, register: no, dialog: { close: no }, auth: { withToken: (done) => done("no") },
  context: { getToken: () => Promise.reject(new Error("no")) },
  theming: { initializeTheming: () => Promise.reject(new Error("no")) },
  jira: { setDashboardItemTitle: no, DashboardItem: { onDashboardItemEdit: no } },
};`

// call is what the page asked of the app.
type call struct{ method, target, auth, kind, body string }

// answer is what the app says to a call; wait, if any, holds it back.
type answer struct {
	status int
	kind   string
	body   string
	wait   <-chan struct{}
}

func fragment(t *testing.T, status int, c templ.Component) answer {
	return answer{status: status, kind: "text/html; charset=utf-8", body: render(t, c)}
}

func problem(status int, detail string) answer {
	return answer{status: status, kind: "application/problem+json", body: fmt.Sprintf(`{"detail":%q}`, detail)}
}

// site is an app with one page, which answers calls as told, in turn.
type site struct {
	*httptest.Server
	mu      sync.Mutex
	calls   []call
	answers []answer
}

func newSite(t *testing.T, shell Shell, host string, answers ...answer) *site {
	t.Helper()
	prefix, static := newStatic(t)
	shell.Static, shell.HostScript = prefix, "/host.js"
	page := render(t, Page(shell))
	s := &site{answers: answers}
	mux := http.NewServeMux()
	mux.Handle("/static/", static)
	mux.HandleFunc("/host.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, host)
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	})
	mux.HandleFunc("/call/", s.answer)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *site) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "cannot read", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, call{
		r.Method, strings.TrimPrefix(r.URL.RequestURI(), "/call"), r.Header.Get("Authorization"),
		r.Header.Get("Content-Type"), string(body),
	})
	if len(s.answers) == 0 {
		s.mu.Unlock()
		http.Error(w, "one call too many", http.StatusTeapot)
		return
	}
	a := s.answers[0]
	s.answers = s.answers[1:]
	s.mu.Unlock()
	if a.wait != nil {
		<-a.wait
	}
	w.Header().Set("Content-Type", a.kind)
	w.WriteHeader(a.status)
	fmt.Fprint(w, a.body)
}

// until waits until so many calls were made.
func (s *site) until(t *testing.T, calls int) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for len(s.asked()) < calls {
		select {
		case <-deadline:
			t.Fatalf("got %q, want %d calls", s.asked(), calls)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// asked are the calls so far, one line each: method, target, authorization.
func (s *site) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, c := range s.calls {
		lines = append(lines, c.method+" "+c.target+" "+c.auth)
	}
	return lines
}

func (s *site) call(i int) call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[i]
}

// tab is a page open in the browser.
type tab struct {
	*browsertest.Tab
	t *testing.T
}

func open(t *testing.T, chromium *browsertest.Browser, s *site) *tab {
	t.Helper()
	return &tab{chromium.Open(t, s.URL+"/page", 800, 600), t}
}

// want compares what an expression is in the page, as a string.
func (b *tab) want(js, want string) {
	b.t.Helper()
	if got := browsertest.Eval[string](b.Tab, "String("+js+")"); got != want {
		b.t.Errorf("%s: got %q, want %q", js, got, want)
	}
}
