package harness

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
)

// InBrowser has viewers' own pages read.
func InBrowser(f *app.ServeFlags) { f.Reader = "browser" }

// OnServer has the server read.
func OnServer(f *app.ServeFlags) { f.Reader = "server" }

// ToRead is what a page is told to read.
type ToRead struct {
	Path, To      string
	Want          []Want
	Headers, Drop []string
}

// Want is one request that a page is told to make.
type Want struct {
	Key, Method, Path, Body string
	Wait                    int64
}

// Answer is Jira's, as a page hands it over.
type Answer struct {
	Key     string            `json:"key"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
	Text    string            `json:"text,omitempty"`
}

// Reader is a page of a gadget that reads Jira for its viewer, without a browser.
type Reader struct {
	Forge
	As, Gadget string
	// Client asks Jira; nil: Client().
	Client *http.Client
	// Lie changes what Jira answered; nil is an honest page.
	Lie func(w Want, a *Answer)

	answers map[string]Answer
	// Calls are those to the app, Waves the times that something was read, Sent the
	// bytes of the largest part and Bytes those of all.
	Calls, Waves, Sent, Bytes int
	// Asked are the requests that were made of Jira.
	Asked []Want
}

// Reader opens a page that reads.
func (f Forge) Reader(as, gadget string) *Reader {
	return &Reader{Forge: f, As: as, Gadget: gadget, answers: map[string]Answer{}}
}

// View is what the page shows in the end.
func (p *Reader) View(t testing.TB) string {
	t.Helper()
	got := p.Follow(t, p.First(t))
	if got.Status != http.StatusOK || got.Code != http.StatusOK || got.HTML == "" {
		t.Fatalf("view: %+v", got)
	}
	return got.HTML
}

// First is the answer to the page's first call.
func (p *Reader) First(t testing.TB) ForgeAnswer {
	t.Helper()
	return p.Get(t, "?entry=view")
}

// Get makes a call of the page.
func (p *Reader) Get(t testing.TB, path string) ForgeAnswer {
	t.Helper()
	mark := "?reads=1-2"
	if strings.Contains(path, "?") {
		mark = "&reads=1-2"
	}
	p.Calls++
	return p.Call(t, p.As, p.Gadget, path+mark)
}

// Follow reads what an answer asks for until there is nothing to read.
func (p *Reader) Follow(t testing.TB, got ForgeAnswer) ForgeAnswer {
	t.Helper()
	for round := 0; got.Read != nil; round++ {
		if round == 200 {
			t.Fatal("there is always more to read")
		}
		p.Fetch(t, got.Read)
		got = p.Hand(t, got.Read)
	}
	return got
}

// Fetch reads what is wanted and not known yet.
func (p *Reader) Fetch(t testing.TB, read *ToRead) {
	t.Helper()
	want := slices.DeleteFunc(slices.Clone(read.Want), func(w Want) bool { _, known := p.answers[w.Key]; return known })
	found, errs := make([]Answer, len(want)), make([]error, len(want))
	var work sync.WaitGroup
	slots := make(chan struct{}, 8)
	for i, w := range want {
		work.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			found[i], errs[i] = p.ask(t, w, read)
		})
	}
	work.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	for i, w := range want {
		if p.Lie != nil {
			p.Lie(w, &found[i])
		}
		p.answers[w.Key] = found[i]
		p.Asked = append(p.Asked, w)
	}
	if len(want) > 0 {
		p.Waves++
	}
}

// ask makes a request as the viewer.
func (p *Reader) ask(t testing.TB, w Want, read *ToRead) (Answer, error) {
	t.Helper()
	req := NewRequest(t, w.Method, p.Site.URL()+w.Path, strings.NewReader(w.Body))
	req.Header.Set("Content-Type", "application/json")
	people := p.Site.People()
	i := slices.IndexFunc(people, func(o connecttest.Person) bool { return o.AccountID == p.As })
	req.SetBasicAuth(people[i].Email, people[i].Token)
	client := p.Client
	if client == nil {
		client = Client()
	}
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Key: w.Key, Status: resp.StatusCode, Headers: map[string]string{}}
	for _, name := range read.Headers {
		if value := resp.Header.Get(name); value != "" {
			a.Headers[strings.ToLower(name)] = value
		}
	}
	var value any
	if json.Unmarshal(body, &value) != nil {
		a.Text = string(body)
		return a, nil
	}
	drop(value, read.Drop)
	a.Body, err = json.Marshal(value)
	return a, err
}

// drop leaves out the members of those names, at any depth.
func drop(value any, names []string) {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range names {
			delete(v, name)
		}
		for _, member := range v {
			drop(member, names)
		}
	case []any:
		for _, item := range v {
			drop(item, names)
		}
	}
}

// maxPart is how many bytes of answers a page hands over at once.
const maxPart = 190_000

// Hand hands over all answers that the page has, or of those wanted as many as fit.
func (p *Reader) Hand(t testing.TB, read *ToRead) ForgeAnswer {
	t.Helper()
	packed := Packed(t, slices.Collect(maps.Values(p.answers)))
	var some []Answer
	for _, w := range read.Want {
		if a, ok := p.answers[w.Key]; ok {
			some = append(some, a)
		}
	}
	rand.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	for ; len(packed) > maxPart && len(some) > 0; some = some[:len(some)/2] {
		packed = Packed(t, some)
	}
	return p.HandPacked(t, read, packed)
}

// HandPacked hands over a text in place of packed answers.
func (p *Reader) HandPacked(t testing.TB, read *ToRead, packed string) ForgeAnswer {
	t.Helper()
	body := AsJSON(map[string]string{"page": "1-2", "path": read.Path, "answers": packed})
	p.Calls++
	p.Sent, p.Bytes = max(p.Sent, len(body)), p.Bytes+len(body)
	return p.Invoke(t, p.As, p.Gadget, connecttest.ForgeCall{Method: http.MethodPost, Path: "/read", Body: json.RawMessage(body)})
}

// Packed are answers as a page packs them.
func Packed(t testing.TB, list any) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if err := json.NewEncoder(z).Encode(list); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}
