package refusals

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/onsite"
)

// TestUpstreamFailuresOfCalls makes Jira fail for later calls and for the
// chat's pages: the former get problems, the latter pages.
func TestUpstreamFailuresOfCalls(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	b := harness.NewBoard(t, r.Running, "HARB")
	session := harness.Attribute(t, b.Look(t, b.Dashboard.Owner).Body, "data-session")
	if status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], url.Values{"projects": {"LANT"}, "window": {"7"}, "zone": {"UTC"}}); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	token := "Bearer " + r.Sign(t, r.Claims())
	chat := func(method, path, body string) func() harness.Page {
		return func() harness.Page {
			req := harness.NewRequest(t, method, r.URL+path, strings.NewReader(body))
			req.Header.Set("Authorization", token)
			if body != "" {
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			return harness.Ask(t, req)
		}
	}
	const problem, html = "application/problem+json", "text/html; charset=utf-8"
	for name, tc := range map[string]struct {
		path string
		ask  func() harness.Page
		kind string
	}{
		"form":         {"/rest/api/3/dashboard/*", func() harness.Page { return b.Call(t, b.Address("/gadget/workload/form"), session) }, problem},
		"projects":     {"/rest/api/3/project/search", func() harness.Page { return b.Call(t, b.Address("/gadget/workload/form"), session) }, problem},
		"dialog":       {"/rest/api/3/project/search", chat(http.MethodGet, "/chat/setup", ""), html},
		"save room":    {"/rest/api/3/project/search", chat(http.MethodPost, "/chat/setup", "projects=HARB&window=14&zone=UTC"), html},
		"sidebar":      {harness.SearchPath, chat(http.MethodGet, "/chat/sidebar", ""), html},
		"sidebar view": {harness.SearchPath, chat(http.MethodGet, "/chat/sidebar/view", ""), problem},
	} {
		for _, fault := range []struct{ status, retry, want int }{{500, 0, 502}, {429, 90, 429}, {503, 3600, 502}, {418, 0, 502}} {
			r.Fault(t, connecttest.Fault{Path: tc.path, Status: fault.status, RetryAfter: float64(fault.retry), Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"message":"` + harness.UpstreamWords + `"}`})
			got := tc.ask()
			r.Site.ClearFaults()
			if got.Status != fault.want || got.Header.Get("Content-Type") != tc.kind {
				t.Errorf("%s with a %d: %d %s, want %d %s\n%s", name, fault.status, got.Status, got.Header.Get("Content-Type"), fault.want, tc.kind, got.Body)
			}
			r.Unseen(t, got)
		}
	}
	if kept := r.Kept(t); !slices.ContainsFunc(kept, func(s string) bool { return strings.Contains(s, "[LANT]") }) {
		t.Errorf("a save that failed changed the room: %q", kept)
	}
}

// front is a site whose searches are answered by a test.
type front struct {
	*connecttest.Site
	search http.HandlerFunc
}

func newFront(t testing.TB, search http.HandlerFunc) *front {
	t.Helper()
	f := &front{connecttest.NewSite(t), search}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	if err := f.SetBaseURL(server.URL); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == harness.SearchPath && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		f.search(w, r)
		return
	}
	f.Site.ServeHTTP(w, r)
}

func TestEndlessAnswerIsCutOff(t *testing.T) {
	t.Parallel()
	var calls sync.WaitGroup
	f := newFront(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		defer calls.Done()
		w.Header().Set("Content-Type", "application/json")
		chunk := []byte(strings.Repeat(" ", 1<<20))
		for {
			if _, err := w.Write(chunk); err != nil {
				return // the app has hung up
			}
		}
	})
	r := harness.Start(t, f.Site)
	r.Install(t)
	got := harness.NewBoard(t, r, "HARB").Look(t, r.Person(2))
	if got.Status != http.StatusBadGateway {
		t.Errorf("status %d, want 502\n%s", got.Status, got.Body)
	}
	calls.Wait()
}

func TestAnswerCutShort(t *testing.T) {
	t.Parallel()
	f := newFront(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "5000")
		_, _ = io.WriteString(w, `{"issues":[],"isLast":true}`)
	})
	r := harness.Start(t, f.Site)
	r.Install(t)
	got := harness.NewBoard(t, r, "HARB").Look(t, r.Person(2))
	if got.Status != http.StatusBadGateway {
		t.Errorf("status %d, want 502\n%s", got.Status, got.Body)
	}
}

// TestAddressesInAnswersAreNotCalled puts a stranger's addresses in every place
// of an answer.
func TestAddressesInAnswersAreNotCalled(t *testing.T) {
	t.Parallel()
	stranger := newStranger(t)
	var mu sync.Mutex
	var asked []string
	f := newFront(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.URL.Query().Get("nextPageToken"))
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		person := map[string]any{
			"self": stranger + "/user", "accountId": stranger, "displayName": "Somebody",
			"avatarUrls": map[string]string{"24x24": stranger + "/avatar.png"},
		}
		_, _ = io.WriteString(w, harness.AsJSON(map[string]any{
			"self": stranger, "nextPage": stranger, "next": stranger,
			"nextPageToken": stranger + harness.SearchPath, "isLast": r.URL.Query().Has("nextPageToken"),
			"issues": []any{map[string]any{
				"id": "1" + r.URL.Query().Get("nextPageToken"), "key": "HARB-1", "self": stranger + "/issue/1",
				"fields": map[string]any{
					"assignee": person, "project": map[string]any{"key": "HARB", "self": stranger},
					"status": map[string]any{"statusCategory": map[string]any{"key": "new"}},
				},
			}},
		}))
	})
	r := harness.Start(t, f.Site)
	r.Install(t)
	got := harness.NewBoard(t, r, "HARB").Look(t, r.Person(2))
	if got.Status != http.StatusOK || harness.Total(t, got.Body) != 2 {
		t.Errorf("status %d\n%s", got.Status, got.Body)
	}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Contains(asked, stranger+harness.SearchPath) {
		t.Errorf("the token of the next page did not stay one: %q", asked)
	}
	policy := got.Header.Get("Content-Security-Policy")
	if strings.Contains(policy, stranger) {
		t.Errorf("the browser may ask the stranger: %s", policy)
	}
}

// TestRedirectsOfBackgroundCalls redirects the calls that no viewer waits for:
// the cloud id, the chat's token and a state.
func TestRedirectsOfBackgroundCalls(t *testing.T) {
	t.Parallel()
	stranger := newStranger(t)
	to := func(path string) connecttest.Fault {
		return connecttest.Fault{Path: path, Status: 307, Headers: map[string]string{"Location": stranger}}
	}
	t.Run("cloud id", func(t *testing.T) {
		t.Parallel()
		r := harness.Start(t, connecttest.NewSite(t))
		r.Fault(t, to("/_edge/*"))
		if _, err := r.Site.Install(t.Context(), r.URL+"/atlassian-connect.json"); err != nil {
			t.Fatal(err)
		}
		harness.Eventually(t, "the look-up has failed", func() bool { return strings.Contains(r.Logs.String(), "look up cloud id") })
	})
	t.Run("install key", func(t *testing.T) {
		t.Parallel()
		r := harness.Start(t, connecttest.NewSite(t))
		r.Fault(t, to("/install-keys/*"))
		if _, err := r.Site.Install(t.Context(), r.URL+"/atlassian-connect.json"); err == nil {
			t.Error("installed with the key of a stranger")
		}
	})
	for name, path := range map[string]string{"chat token": "/oauth/token", "state": "/site/*"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := harness.Start(t, connecttest.NewSite(t))
			r.Install(t)
			r.Fault(t, to(path))
			if _, err := r.Site.InstallChat(t.Context(), r.URL+"/atlassian-chat.json", "", onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
				t.Fatal(err)
			}
			harness.Eventually(t, "the push has failed", func() bool { return strings.Contains(r.Logs.String(), "glance not delivered") })
			r.LeaksNothing(t)
		})
	}
}

// TestViewerWhoGivesUp leaves a slow load to the next viewer.
func TestViewerWhoGivesUp(t *testing.T) {
	t.Parallel()
	started := make(chan struct{}, 8)
	release := make(chan struct{})
	var f *front
	f = newFront(t, func(w http.ResponseWriter, r *http.Request) {
		started <- struct{}{}
		<-release
		f.Site.ServeHTTP(w, r)
	})
	r := harness.Start(t, f.Site)
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	address, err := b.Site.ModuleURL(harness.AppKey, "workload", r.Person(2), b.Dashboard.ID, b.Item)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: app\r\n\r\n", strings.TrimPrefix(address, r.URL))
	<-started
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	harness.Eventually(t, "the request is given up", func() bool { return strings.Contains(r.Logs.String(), "client.gone") })
	done := make(chan harness.Page, 1)
	go func() { done <- b.Look(t, r.Person(2)) }()
	close(release)
	got := <-done
	if got.Status != http.StatusOK {
		t.Errorf("status %d\n%s", got.Status, got.Body)
	}
	searches := 0
	for _, q := range r.Site.Requests(0) {
		if q.Path == harness.SearchPath {
			searches++
		}
	}
	if searches != 2 {
		t.Errorf("%d searches, want the two of one load", searches)
	}
}
