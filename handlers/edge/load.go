package edge

import (
	"sync"
	"time"

	"github.com/sightline-go/sightline/internal/lang"
)

// DefaultMaxPages is how many calls of pages are served at once at most.
const DefaultMaxPages = 1000

// loadRetry is when a page may be asked for again that was one too many.
const loadRetry = 2 * time.Second

// Why a page is not served now, as the metric has it.
const (
	// LoadFull says that as many pages are being served as may be.
	LoadFull = "full"
	// LoadShare says that most of them are, and more than half are the same site's.
	LoadShare = "share"
)

// LoadReasons are all reasons.
func LoadReasons() []string { return []string{LoadFull, LoadShare} }

// load counts the calls of pages that are being served. Lifecycle calls, events, states
// and probes are not among them: they are always taken.
type load struct {
	most int

	mu  sync.Mutex
	all int
	of  map[string]int // by site
}

// enter counts a call, or says why it is one too many. While a quarter is free everybody
// is served; after that nobody gets more than half.
func (l *load) enter(site string) (reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.all >= l.most:
		return LoadFull
	case 4*l.all >= 3*l.most && 2*l.of[site] >= l.most:
		return LoadShare
	}
	if l.of == nil {
		l.of = map[string]int{}
	}
	l.all++
	l.of[site]++
	return ""
}

func (l *load) leave(site string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.of[site]--; l.of[site] == 0 {
		delete(l.of, site)
	}
}

// Enter takes one of the places for calls of pages, for a site; call Leave when it is
// served. The error is a [*Problem]: there is none, try again.
func (e *Edge) Enter(site string) error {
	reason := e.load.enter(site)
	if reason == "" {
		return nil
	}
	if e.Shed != nil {
		e.Shed(reason)
	}
	return &Problem{Code: lang.ProblemOverloaded, Reason: loadCode + reason, Retry: loadRetry}
}

// Leave gives back what Enter took.
func (e *Edge) Leave(site string) { e.load.leave(site) }

// loadCode begins the code of the log's line.
const loadCode = "load."
