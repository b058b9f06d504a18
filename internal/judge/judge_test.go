package judge

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
)

const weakManifest = `
app: {id: "ari:cloud:ecosystem::app/00000000-1111-2222-3333-444444444444", name: Weak}
modules:
  endpoint:
    - key: pages # no route
      remote: backend
    - key: tick # calls once an hour
      remote: backend
      route: {path: /forge}
`

// stranger is a key that no site knows, made once.
var stranger = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// narrow is a listener for so many connections at once.
type narrow struct {
	net.Listener
	places chan struct{}
}

func (n *narrow) Accept() (net.Conn, error) {
	n.places <- struct{}{}
	c, err := n.Listener.Accept()
	return &taken{c, sync.OnceFunc(func() { <-n.places })}, err
}

// taken is a connection that has a place.
type taken struct {
	net.Conn
	leave func()
}

func (t *taken) Close() error {
	t.leave()
	return t.Conn.Close()
}

// bird is a canary that ends with the test.
func bird(t *testing.T) *canary {
	t.Helper()
	c, err := newCanary(t.Context(), "http://127.0.0.1", &stranger().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.end)
	return c
}

// standOf is a stand before an app with a weakness.
func standOf(t *testing.T, site *connecttest.Site, weakness string) *stand {
	t.Helper()
	app := &weakApp{weakness: weakness, site: site, appID: arnApp + "00000000-1111-2222-3333-444444444444"}
	server := httptest.NewUnstartedServer(app)
	if strings.HasPrefix(weakness, "flood.") {
		server.Config.MaxHeaderBytes = 16 << 20
	}
	if strings.HasPrefix(weakness, "flood.half") {
		server.Listener = &narrow{server.Listener, make(chan struct{}, slow/2)}
	}
	server.Start()
	t.Cleanup(server.Close)
	app.base = server.URL
	s := newStand(site, stranger(), bird(t))
	err := s.read(t.Context(), server.URL+"/atlassian-connect.json")
	if err == nil {
		err = s.readManifest(weakManifest, "")
	}
	if err == nil {
		err = s.begin(t.Context())
	}
	if err == nil {
		err = s.readChat(t.Context(), ChatApp{server.URL + "/atlassian-chat.json", chatClient, chatSecret})
	}
	if err != nil {
		t.Fatalf("%s: %v", weakness, err)
	}
	return s
}

// A right app passes everything, and nothing is skipped.
func TestRightApp(t *testing.T) {
	t.Parallel()
	r := run(t.Context(), standOf(t, connecttest.NewSite(t), ""), Cases(), nil)
	for _, one := range r.Results {
		if one.Verdict != Pass {
			t.Errorf("%s: %s: sent %s, came %s", one.ID, one.Verdict, one.Sent, one.Got)
		}
	}
	if n := r.Count(Pass); n != len(Cases()) || n < 300 {
		t.Errorf("%d of %d cases passed", n, len(Cases()))
	}
}

// Each case finds the app that is weak in just this.
func TestMutants(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	for _, c := range Cases() {
		t.Run(c.ID, func(t *testing.T) {
			s := standOf(t, site, c.ID)
			s.patience = time.Second / 5 // an app that is full answers nobody, however long one waits
			if o := c.run(t.Context(), s); o.verdict != Fail {
				t.Errorf("an app that is weak in it: %s: sent %s, came %s", o.verdict, o.sent, o.got)
			}
		})
	}
}

// The table names each case once, and no other.
func TestTable(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("cases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		requirement, names, ok := strings.Cut(line, "\t")
		if !ok || requirement == "" || names == "" {
			t.Errorf("not a requirement and its cases: %q", line)
			continue
		}
		for name := range strings.FieldsSeq(names) {
			picked, err := pick(Cases(), []string{name})
			if err != nil {
				t.Error(err)
			}
			for _, c := range picked {
				all = append(all, c.ID)
			}
		}
	}
	seen := map[string]int{}
	for _, id := range all {
		seen[id]++
	}
	for _, c := range Cases() {
		if seen[c.ID] != 1 {
			t.Errorf("%s is in the table %d times", c.ID, seen[c.ID])
		}
		if c.Title == "" || !strings.HasPrefix(c.Source, "https://") {
			t.Errorf("%s has no title or source", c.ID)
		}
	}
}

// The documentation says how many there are.
func TestCount(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "judge.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("That is %d cases", len(Cases())); !strings.Contains(string(data), want) {
		t.Errorf("docs/judge.md does not say %q", want)
	}
}

// play runs the command against an app with a weakness.
func play(t *testing.T, c Command) (string, string, error) {
	t.Helper()
	var out, say bytes.Buffer
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	err := c.Run(t.Context(), &out, &say)
	return out.String(), say.String(), err
}

func TestCommandUsage(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "baseline")
	if err := os.WriteFile(missing, []byte("# none\npage.nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, c := range map[string]Command{
		"want the app's base URL":      {},
		"want the app's base":          {URL: "ftp://127.0.0.1"},
		"give --yes":                   {URL: "http://127.0.0.1:1"},
		"go together":                  {URL: "http://127.0.0.1:1", Yes: true, Chat: "http://127.0.0.1:1/c.json"},
		`no case "nothing"`:            {URL: "http://127.0.0.1:1", Yes: true, Only: []string{"nothing"}},
		`baseline: no case "page.noth`: {URL: "http://127.0.0.1:1", Yes: true, Baseline: missing},
		"does not answer the nonce":    {URL: "http://sightline.invalid", Yes: true, Wait: 10 * time.Millisecond},
	} {
		_, _, err := play(t, c)
		if wrong := (UsageError{}); !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %s", c, err, want)
		}
	}
	list, _, err := play(t, Command{List: true})
	if ids := strings.Fields(list); err != nil || len(ids) != len(Cases()) || slices.Contains(ids, "") {
		t.Errorf("list: %d ids, %v", len(strings.Fields(list)), err)
	}
	if _, _, err := play(t, Command{URL: "http://127.0.0.1:1", Yes: true}); err == nil || errors.As(err, new(UsageError)) {
		t.Errorf("nobody there: got %v", err)
	}
}

// trusting starts an app that trusts the judge's own site, which listens where the
// command is told.
func TestCommandJudges(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	s := standOf(t, site, "page.exp-past")
	cases, err := pick(Cases(), []string{"page.exp", "page.qsh-wrong"})
	if err != nil {
		t.Fatal(err)
	}
	r := run(t.Context(), s, cases, nil)
	known := run(t.Context(), s, cases, map[string]bool{"page.exp-past": true})
	if r.Count(Fail) != 1 || known.Count(Fail) != 0 || r.Count(Pass) != len(cases)-1 {
		t.Fatalf("got %d and %d failures", r.Count(Fail), known.Count(Fail))
	}
	var text, data, junit, sarif bytes.Buffer
	for format, into := range map[string]*bytes.Buffer{FormatText: &text, FormatJSON: &data, FormatJUnit: &junit, FormatSARIF: &sarif} {
		if err := r.Write(into, format); err != nil {
			t.Fatal(err)
		}
		for _, leak := range []string{s.tenant.secret, "eyJ"} {
			if strings.Contains(into.String(), leak) {
				t.Errorf("%s holds a secret or a token", format)
			}
		}
	}
	if !strings.Contains(text.String(), "fail  page.exp-past") || !strings.Contains(text.String(), "1 failed") {
		t.Errorf("text: %s", &text)
	}
	var read Report
	if err := json.Unmarshal(data.Bytes(), &read); err != nil || read.Count(Fail) != 1 {
		t.Errorf("json: %v", err)
	}
	var suite junitSuite
	if err := xml.Unmarshal(junit.Bytes(), &suite); err != nil || suite.Failures != 1 || len(suite.Cases) != len(cases) {
		t.Errorf("junit: %+v, %v", suite, err)
	}
	var runs struct {
		Runs []struct{ Results []struct{ RuleID string } }
	}
	if err := json.Unmarshal(sarif.Bytes(), &runs); err != nil || len(runs.Runs) != 1 || len(runs.Runs[0].Results) != 1 || runs.Runs[0].Results[0].RuleID != "page.exp-past" {
		t.Errorf("sarif: %s, %v", &sarif, err)
	}
}

// An address that is not on this machine is tried only if it answers the nonce.
func TestNonce(t *testing.T) {
	t.Parallel()
	said := make(chan string, 1)
	owner := roundTrip(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		if r.URL.String() != "https://app.example.com/.well-known/sightline-judge.txt" {
			t.Errorf("asked %s", r.URL)
		}
		select {
		case text := <-said:
			said <- text
			_, _ = w.WriteString(text + "\n")
		default:
			w.WriteHeader(http.StatusNotFound)
		}
		return w.Result(), nil
	})
	say := writer(func(text string) {
		lines := strings.Split(text, "\n")
		said <- strings.TrimSpace(lines[2])
	})
	client := &http.Client{Transport: owner}
	if err := permitted(t.Context(), client, "https://app.example.com/atlassian-connect.json", 10*time.Second, say); err != nil {
		t.Errorf("with the nonce: %v", err)
	}
	<-said
	said <- "another text"
	var out bytes.Buffer
	if err := permitted(t.Context(), client, "https://app.example.com/x.json", 20*time.Millisecond, &out); !errors.As(err, new(UsageError)) {
		t.Errorf("with another text: got %v", err)
	}
	for _, address := range []string{"http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:1/x"} {
		if err := permitted(context.Background(), client, address, 0, &out); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type writer func(text string)

func (f writer) Write(p []byte) (int, error) {
	f(string(p))
	return len(p), nil
}
