// Package faults answers calls with failures on demand.
package faults

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Fault is a failure on demand: the site answers matching calls with it instead
// of the true answer, or delays that.
type Fault struct {
	// Method is the HTTP method; empty means every one.
	Method string `json:"method,omitempty"`
	// Path is the path to match; * stands for any run of characters.
	Path string `json:"path"`
	// Status is answered instead of the true answer, if it is not zero.
	Status int `json:"status,omitempty"`
	// RetryAfter is in seconds, sent with Status; a fraction is sent as it is,
	// zero sends no header. For another text, such as a date, set the header
	// Retry-After itself; over HTTP a text does that here.
	RetryAfter float64 `json:"retryAfter,omitempty"`
	// DelayMs holds the answer back.
	DelayMs int `json:"delayMs,omitempty"`
	// Reset breaks the connection without an answer.
	Reset bool `json:"reset,omitempty"`
	// Times is how many calls the fault lasts; zero means that it never ends.
	Times int `json:"times,omitempty"`
	// Headers and Body replace those of the answer with Status, for redirects,
	// wrong content types and broken JSON. Without Body an error has one in the
	// shape of the API's errors. {n} in Body is the number of the call, from 1,
	// for example for page tokens that never come twice. With a Content-Length
	// above the body's the connection breaks after it: half an answer.
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`
	// Fill is how many spaces follow Body, to make an answer too long.
	Fill int64 `json:"fill,omitempty"`
	// Stall keeps the connection open after Body without sending more, and
	// Endless sends Body again and again, until the caller hangs up or the
	// site closes. Both need Status.
	Stall   bool `json:"stall,omitempty"`
	Endless bool `json:"endless,omitempty"`

	played int // calls so far
}

func (f Fault) check() error {
	switch {
	case !strings.HasPrefix(f.Path, "/") && !strings.HasPrefix(f.Path, "*"):
		return fmt.Errorf("path: must begin with / or *, got %q", f.Path)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status: must be from 200 to 599, got %d", f.Status)
	case f.RetryAfter < 0 || f.DelayMs < 0 || f.Times < 0 || f.Fill < 0:
		return fmt.Errorf("retryAfter, delayMs, times and fill: must not be negative")
	case f.Status == 0 && f.DelayMs == 0 && !f.Reset:
		return fmt.Errorf("status, delayMs or reset: one is needed")
	case (f.Stall || f.Endless) && f.Status == 0:
		return fmt.Errorf("stall and endless: need a status")
	case f.Endless && f.Body == "":
		return fmt.Errorf("endless: needs a body to repeat")
	}
	return nil
}

func (f Fault) matches(r *http.Request) bool {
	return (f.Method == "" || strings.EqualFold(f.Method, r.Method)) && glob(f.Path, r.URL.Path)
}

// glob knows only *, which also crosses slashes.
func glob(pattern, text string) bool {
	pieces := strings.Split(pattern, "*")
	if len(pieces) == 1 {
		return pattern == text
	}
	first, last := pieces[0], pieces[len(pieces)-1]
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, piece := range pieces[1 : len(pieces)-1] {
		at := strings.Index(text, piece)
		if at < 0 {
			return false
		}
		text = text[at+len(piece):]
	}
	return true
}

// List is the faults on demand, in the order in which they were added.
type List struct {
	// ended is closed when the site closes, which ends all delays.
	ended <-chan struct{}

	mu   sync.Mutex
	list []Fault
}

// New makes a list without faults. ended is closed when the site closes, which
// ends all delays.
func New(ended <-chan struct{}) *List { return &List{ended: ended} }

// take finds the first fault that matches and counts it.
func (f *List) take(r *http.Request) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.list, func(fault Fault) bool { return fault.matches(r) })
	if i < 0 {
		return Fault{}, false
	}
	f.list[i].played++
	fault := f.list[i]
	if fault.Times == 1 {
		f.list = slices.Delete(f.list, i, i+1)
	} else if fault.Times > 1 {
		f.list[i].Times--
	}
	return fault, true
}

// Add makes the site fail from now on. Faults added first win.
func (f *List) Add(fault Fault) error {
	if err := fault.check(); err != nil {
		return fmt.Errorf("add fault: %w", err)
	}
	fault.Headers = maps.Clone(fault.Headers)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, fault)
	return nil
}

// All are the faults that go on, in the order in which they win. Times is how many
// calls are left.
func (f *List) All() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Fault{}, f.list...)
}

// Clear ends all faults.
func (f *List) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

// Fail plays the matching fault and reports whether the call is over.
func (f *List) Fail(w http.ResponseWriter, r *http.Request) bool {
	fault, ok := f.take(r)
	if !ok {
		return false
	}
	reply.Note(w, "fault on demand")
	if !f.wait(r, time.Duration(fault.DelayMs)*time.Millisecond) || fault.Reset {
		panic(http.ErrAbortHandler)
	}
	if fault.Status == 0 {
		return false
	}
	fault.write(w, r.URL.Path)
	if fault.Stall {
		flush(w)
		f.hold(r)
	}
	for fault.Endless && f.open(r) {
		if _, err := io.WriteString(w, fault.Body); err != nil {
			break
		}
	}
	return true
}

// flush sends what is written so far.
func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// hold waits until the caller has gone or the site has closed.
func (f *List) hold(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-f.ended:
	}
}

// open reports whether the caller is still there and the site too.
func (f *List) open(r *http.Request) bool {
	select {
	case <-r.Context().Done():
	case <-f.ended:
	default:
		return true
	}
	return false
}

// wait reports false when the caller has gone or the site has closed.
func (f *List) wait(r *http.Request, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-f.ended:
	}
	return false
}

// errorBody is an error in the shape of the API that the path belongs to.
func (f Fault) errorBody(path string) string {
	switch {
	case strings.HasPrefix(path, "/wiki/"):
		return fmt.Sprintf(`{"statusCode":%d,"message":"fault on demand"}`, f.Status)
	case strings.HasPrefix(path, "/slack/api/"):
		return `{"ok":false,"error":"internal_error"}`
	case strings.HasPrefix(path, "/site/"):
		return fmt.Sprintf(`{"code":%d,"message":"fault on demand"}`, f.Status)
	}
	return `{"errorMessages":["fault on demand"],"errors":{}}`
}

func (f Fault) write(w http.ResponseWriter, path string) {
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatFloat(f.RetryAfter, 'f', -1, 64))
	}
	body := f.Body
	if body == "" && f.Status >= http.StatusBadRequest {
		body = f.errorBody(path)
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	}
	for name, value := range f.Headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(f.Status)
	_, _ = io.WriteString(w, strings.ReplaceAll(body, "{n}", strconv.Itoa(f.played)))
	_, _ = io.CopyN(w, spaces{}, f.Fill)
}

// spaces is an endless body.
type spaces struct{}

// Read implements io.Reader.
func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
