package index

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
)

// wire stands before the program and treats events badly.
type wire struct {
	*httptest.Server
	program string

	// told is called after an event was passed on, by the time of now; both may be nil.
	told func(wired)
	now  func() time.Time

	mu   sync.Mutex
	rng  *rand.Rand
	bad  bool
	late []wired
	lost int
	// all are the events that came, in order.
	all []wired
}

// wired is an event and its way.
type wired struct {
	*http.Request
	about about
	// at is when it came, and passed when the program had it; zero: never.
	at     time.Time
	passed *atomic.Int64
}

// between puts a wire before the program.
func between(t *testing.T, w *wire) func(*app.ServeFlags) {
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return func(f *app.ServeFlags) { w.program, f.BaseURL = "http://"+f.Addr, w.URL }
}

// ServeHTTP passes calls on; events may be lost, come twice, late or in another order.
func (w *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		rw.WriteHeader(http.StatusBadGateway)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	if !strings.HasPrefix(r.URL.Path, "/webhooks/") {
		w.pass(rw, r)
		return
	}
	e := w.came(r, body)
	switch w.fate() {
	case "lost":
	case "late":
		e.Request = r.Clone(r.Context())
		w.mu.Lock()
		w.late = append(w.late, e)
		w.mu.Unlock()
	case "twice":
		w.passOn(httptest.NewRecorder(), e)
		w.passOn(rw, e)
	default:
		w.passOn(rw, e)
	}
}

func (w *wire) came(r *http.Request, body []byte) wired {
	e := wired{Request: r, passed: new(atomic.Int64)}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now != nil && json.Unmarshal(body, &e.about) == nil {
		e.at = w.now()
		w.all = append(w.all, wired{about: e.about, at: e.at, passed: e.passed})
	}
	return e
}

// passOn passes an event on, and tells of it.
func (w *wire) passOn(rw http.ResponseWriter, e wired) {
	w.pass(rw, e.Request)
	if w.told != nil {
		w.told(e)
		e.passed.CompareAndSwap(0, w.now().UnixNano())
	}
}

func (w *wire) fate() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.bad {
		return ""
	}
	switch n := w.rng.IntN(100); {
	case n < 6:
		w.lost++
		return "lost"
	case n < 25:
		return "late"
	case n < 40:
		return "twice"
	}
	return ""
}

func (w *wire) pass(rw http.ResponseWriter, r *http.Request) {
	body, _ := r.GetBody()
	req, err := http.NewRequest(r.Method, w.program+r.URL.RequestURI(), body)
	if err != nil {
		rw.WriteHeader(http.StatusBadGateway)
		return
	}
	req.Header = r.Header
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		rw.WriteHeader(http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		rw.Header()[name] = values
	}
	rw.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(rw, resp.Body)
}

// deliver sends what was late, in any order, and returns how many were lost since
// the last time.
func (w *wire) deliver(t *testing.T) (lost int) {
	t.Helper()
	w.mu.Lock()
	late := w.late
	lost, w.late, w.lost = w.lost, nil, 0
	w.rng.Shuffle(len(late), func(i, j int) { late[i], late[j] = late[j], late[i] })
	w.mu.Unlock()
	for _, r := range late {
		answer := httptest.NewRecorder()
		if w.passOn(answer, r); answer.Code != http.StatusOK {
			t.Errorf("late event: %d %s", answer.Code, answer.Body)
		}
	}
	return lost
}

// A few hundred changes, whose events are lost, come twice, late and in any order:
// the index counts what Jira does as soon as the events are there, and after a lost
// one as soon as changes have been read.
func TestChaos(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		rounds := 4
		if harness.AllTests() {
			rounds = 40
		}
		clock, seed := &harness.Clock{}, uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		rng := rand.New(rand.NewPCG(seed, 1))
		w := &wire{rng: rand.New(rand.NewPCG(seed, 2))}
		b := newBoard(t, connecttest.NewSite(t, connecttest.Options{Now: clock.Now}), harness.On(database), harness.By(clock), between(t, w), on)
		b.now = clock.Now
		b.filled(t)
		w.bad = true
		fromIndex, total := 0, 0
		for round := range rounds {
			since := clock.Now()
			for range 10 {
				b.change(t, rng)
				total++
				if _, ok := b.held(t); ok {
					fromIndex++
				}
			}
			b.settled(t, w, clock, since, fmt.Sprintf("round %d", round))
		}
		t.Logf("%d changes, counted from the index after %d of them", total, fromIndex)
		if fromIndex*10 < total*8 {
			t.Errorf("the index answered %d of %d times", fromIndex, total)
		}
	})
}

// settled waits until all events have come, tells of lost ones, and compares.
func (b *board) settled(t *testing.T, w *wire, clock *harness.Clock, since time.Time, when string) {
	t.Helper()
	if err := b.Site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.deliver(t) > 0 {
		if err := b.feed.Lost(t.Context(), b.tenant, since); err != nil {
			t.Fatal(err)
		}
		// The last minute of work logs, Jira does not tell.
		clock.Forward(6 * time.Minute)
		b.feed.Survey()
	}
	var diff string
	defer func() {
		if t.Failed() {
			t.Logf("%s: (-Jira +index)\n%s", when, diff)
		}
	}()
	harness.Eventually(t, when+": the index counts what Jira does", func() bool {
		diff = b.differ(t)
		return diff == ""
	})
}
