package scale

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// platform is a chat platform that fails now and then, and remembers what each
// conversation was shown, in which order, and how often it was called.
type platform struct {
	*httptest.Server

	// quiet leaves out the failures. Set it before the first call.
	quiet bool

	mu     sync.Mutex
	takes  time.Duration // of each call
	random *rand.Rand
	rooms  map[string]*scaleRoom
	// calls are all calls, puts those for glances.
	calls, puts int
	faults      map[string]int
	problems    []string
}

// scaleRoom is one conversation.
type scaleRoom struct {
	open       int // what it shows
	labels     int // how often it changed
	configured bool
	recent     []time.Time // calls of the last minute
}

// platformLimit is how many calls a conversation accepts in any minute.
const platformLimit = 100

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{
		random: rand.New(rand.NewPCG(1, 2)), rooms: map[string]*scaleRoom{}, faults: map[string]int{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"access_token":"scale","expires_in":3600,"token_type":"Bearer"}`)
	})
	mux.HandleFunc("PUT /site/{cloud}/conversation/{room}/app/module/{kind}/{module}/state", p.put)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// put shows a state, or fails as platforms fail: before it has taken the state,
// or after.
func (p *platform) put(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer scale" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var state struct {
		Label      string `json:"label"`
		Configured bool   `json:"configured"`
	}
	if err := json.NewDecoder(r.Body).Decode(&state); err != nil {
		return // the caller was killed within the call
	}
	p.mu.Lock()
	takes := p.takes
	p.mu.Unlock()
	<-time.After(takes)
	fault := p.take(r.PathValue("cloud")+"/"+r.PathValue("room"), r.PathValue("kind"), state.Label, state.Configured)
	switch fault {
	case "429":
		w.Header().Set("X-RateLimit-Reset", time.Now().Add(2*time.Second).UTC().Format(time.RFC3339))
		w.WriteHeader(http.StatusTooManyRequests)
	case "503 before", "503 after":
		w.WriteHeader(http.StatusServiceUnavailable)
	case "reset before", "reset after":
		reset(w)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// reset ends the connection without an answer.
func reset(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// take notes a call and, unless the fault comes first, shows the state.
func (p *platform) take(name, kind, label string, configured bool) (fault string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	room := p.rooms[name]
	if room == nil {
		room = &scaleRoom{open: -1}
		p.rooms[name] = room
	}
	p.count(name, room)
	fault = p.fault()
	p.faults[fault]++
	if kind == "chat:glance" {
		p.puts++
	}
	if fault == "429" || strings.HasSuffix(fault, "before") {
		return fault
	}
	if kind != "chat:glance" {
		room.configured = configured
		return fault
	}
	open := openOf(label)
	if open < room.open {
		p.problems = append(p.problems, fmt.Sprintf("%s was shown %d after %d", name, open, room.open))
	}
	if open != room.open {
		room.labels++
	}
	room.open = open
	return fault
}

// count checks a room's calls against the limit of any minute.
func (p *platform) count(name string, room *scaleRoom) {
	now := time.Now()
	for len(room.recent) > 0 && now.Sub(room.recent[0]) >= time.Minute {
		room.recent = room.recent[1:]
	}
	room.recent = append(room.recent, now)
	if len(room.recent) == platformLimit+1 {
		p.problems = append(p.problems, fmt.Sprintf("%s: more than %d calls in a minute", name, platformLimit))
	}
}

// slow makes each call take a while.
func (p *platform) slow(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.takes = d
}

func (p *platform) fault() string {
	if p.quiet {
		return ""
	}
	switch n := p.random.IntN(200); {
	case n < 10:
		return "429"
	case n < 12:
		return "503 before"
	case n < 14:
		return "503 after"
	case n < 15:
		return "reset before"
	case n < 16:
		return "reset after"
	}
	return ""
}

// openOf is the first number of a label.
func openOf(label string) int {
	n := -1
	_, _ = fmt.Sscanf(label, "%d open", &n)
	return n
}

func (p *platform) called() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

// busiest is the most calls that a conversation had in the last minute.
func (p *platform) busiest() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	most := 0
	for _, room := range p.rooms {
		most = max(most, len(room.recent))
	}
	return most
}

// behind lists a few of the rooms that do not show what they should, and counts
// all.
func (p *platform) behind(want map[string]int) (list []string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, open := range want {
		room := p.rooms[name]
		if room != nil && room.open == open && room.configured {
			continue
		}
		if n++; len(list) < 5 {
			list = append(list, fmt.Sprintf("%s: want %d, got %+v", name, open, room))
		}
	}
	return list, n
}
