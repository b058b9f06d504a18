package main

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
	"github.com/sightline-go/sightline/internal/onsite"
)

// TestUpstreamFailuresOfCalls fails Jira for the later calls and for the
// chat's pages: problems for the former, pages for the latter.
func TestUpstreamFailuresOfCalls(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	b := newBoard(t, r.running, "HARB")
	session := attribute(t, b.look(t, b.dashboard.Owner).body, "data-session")
	if status, body := r.saveRoom(t, r.key, r.ID, r.Members[0], url.Values{"projects": {"LANT"}, "window": {"7"}, "zone": {"UTC"}}); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	token := "Bearer " + r.sign(t, r.claims())
	chat := func(method, path, body string) func() page {
		return func() page {
			req := newRequest(t, method, r.url+path, strings.NewReader(body))
			req.Header.Set("Authorization", token)
			if body != "" {
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			return ask(t, req)
		}
	}
	const problem, html = "application/problem+json", "text/html; charset=utf-8"
	for name, tc := range map[string]struct {
		path string
		ask  func() page
		kind string
	}{
		"form":         {"/rest/api/3/dashboard/*", func() page { return b.call(t, b.address("/gadget/workload/form"), session) }, problem},
		"projects":     {"/rest/api/3/project/search", func() page { return b.call(t, b.address("/gadget/workload/form"), session) }, problem},
		"dialog":       {"/rest/api/3/project/search", chat(http.MethodGet, "/chat/setup", ""), html},
		"save room":    {"/rest/api/3/project/search", chat(http.MethodPost, "/chat/setup", "projects=HARB&window=14&zone=UTC"), html},
		"sidebar":      {searchPath, chat(http.MethodGet, "/chat/sidebar", ""), html},
		"sidebar view": {searchPath, chat(http.MethodGet, "/chat/sidebar/view", ""), problem},
	} {
		for _, fault := range []struct{ status, retry, want int }{{500, 0, 502}, {429, 90, 429}, {503, 3600, 502}, {418, 0, 502}} {
			r.fault(t, connecttest.Fault{Path: tc.path, Status: fault.status, RetryAfter: fault.retry, Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"message":"` + upstreamWords + `"}`})
			got := tc.ask()
			r.site.ClearFaults()
			if got.status != fault.want || got.header.Get("Content-Type") != tc.kind {
				t.Errorf("%s with a %d: %d %s, want %d %s\n%s", name, fault.status, got.status, got.header.Get("Content-Type"), fault.want, tc.kind, got.body)
			}
			r.unseen(t, got)
		}
	}
	if kept := r.kept(t); !slices.ContainsFunc(kept, func(s string) bool { return strings.Contains(s, "[LANT]") }) {
		t.Errorf("a save that failed changed the room: %q", kept)
	}
}

// front is a site whose searches a test answers.
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
	if r.URL.Path == searchPath && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
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
	r := startProgram(t, f.Site)
	r.install(t)
	got := newBoard(t, r, "HARB").look(t, r.person(2))
	if got.status != http.StatusBadGateway {
		t.Errorf("status %d, want 502\n%s", got.status, got.body)
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
	r := startProgram(t, f.Site)
	r.install(t)
	got := newBoard(t, r, "HARB").look(t, r.person(2))
	if got.status != http.StatusBadGateway {
		t.Errorf("status %d, want 502\n%s", got.status, got.body)
	}
}

// TestAddressesInAnswersAreNotCalled gives the app addresses of a stranger in
// every place of an answer.
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
		_, _ = io.WriteString(w, asJSON(map[string]any{
			"self": stranger, "nextPage": stranger, "next": stranger,
			"nextPageToken": stranger + searchPath, "isLast": r.URL.Query().Has("nextPageToken"),
			"issues": []any{map[string]any{
				"id": "1" + r.URL.Query().Get("nextPageToken"), "key": "HARB-1", "self": stranger + "/issue/1",
				"fields": map[string]any{
					"assignee": person, "project": map[string]any{"key": "HARB", "self": stranger},
					"status": map[string]any{"statusCategory": map[string]any{"key": "new"}},
				},
			}},
		}))
	})
	r := startProgram(t, f.Site)
	r.install(t)
	got := newBoard(t, r, "HARB").look(t, r.person(2))
	if got.status != http.StatusOK || total(t, got.body) != 2 {
		t.Errorf("status %d\n%s", got.status, got.body)
	}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Contains(asked, stranger+searchPath) {
		t.Errorf("the token of the next page did not stay one: %q", asked)
	}
	policy := got.header.Get("Content-Security-Policy")
	if strings.Contains(policy, stranger) {
		t.Errorf("the browser may ask the stranger: %s", policy)
	}
}

// TestRedirectsOfBackgroundCalls redirects what no viewer waits for: the cloud
// id, the chat's token and a state.
func TestRedirectsOfBackgroundCalls(t *testing.T) {
	t.Parallel()
	stranger := newStranger(t)
	to := func(path string) connecttest.Fault {
		return connecttest.Fault{Path: path, Status: 307, Headers: map[string]string{"Location": stranger}}
	}
	t.Run("cloud id", func(t *testing.T) {
		t.Parallel()
		r := startProgram(t, connecttest.NewSite(t))
		r.fault(t, to("/_edge/*"))
		if _, err := r.site.Install(t.Context(), r.url+"/atlassian-connect.json"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the look-up has failed", func() bool { return strings.Contains(r.logs.String(), "look up cloud id") })
	})
	t.Run("install key", func(t *testing.T) {
		t.Parallel()
		r := startProgram(t, connecttest.NewSite(t))
		r.fault(t, to("/install-keys/*"))
		if _, err := r.site.Install(t.Context(), r.url+"/atlassian-connect.json"); err == nil {
			t.Error("installed with the key of a stranger")
		}
	})
	for name, path := range map[string]string{"chat token": "/oauth/token", "state": "/site/*"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startProgram(t, connecttest.NewSite(t))
			r.install(t)
			r.fault(t, to(path))
			if _, err := r.site.InstallChat(t.Context(), r.url+"/atlassian-chat.json", "", onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the push has failed", func() bool { return strings.Contains(r.logs.String(), "glance not delivered") })
			r.leaksNothing(t)
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
	r := startProgram(t, f.Site)
	r.install(t)
	b := newBoard(t, r, "HARB")
	address, err := b.site.ModuleURL(appKey, "workload", r.person(2), b.dashboard.ID, b.item)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: app\r\n\r\n", strings.TrimPrefix(address, r.url))
	<-started
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the request is given up", func() bool { return strings.Contains(r.logs.String(), "client.gone") })
	done := make(chan page, 1)
	go func() { done <- b.look(t, r.person(2)) }()
	close(release)
	got := <-done
	if got.status != http.StatusOK {
		t.Errorf("status %d\n%s", got.status, got.body)
	}
	searches := 0
	for _, q := range r.site.Requests(0) {
		if q.Path == searchPath {
			searches++
		}
	}
	if searches != 2 {
		t.Errorf("%d searches, want the two of one load", searches)
	}
}
