package scale

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
)

// gauges are what a process reports about itself, sampled while it works.
type gauges struct {
	url string

	mu         sync.Mutex
	samples    int
	goroutines float64 // the most
	memory     float64 // the most, in bytes
}

// What the process may use: its workers, their connections and readings, and
// memory that does not grow with the number of conversations.
const maxGoroutines = 600

const maxMemory = 300 << 20

// watch reads the gauges until the context ends.
func (g *gauges) watch(ctx context.Context) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			g.sample(ctx)
		}
	}
}

func (g *gauges) sample(ctx context.Context) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.url, nil)
	if err != nil {
		return
	}
	resp, err := harness.Client().Do(req)
	if err != nil {
		return // killed just now
	}
	defer func() { _ = resp.Body.Close() }()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.samples++
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		name, text, _ := strings.Cut(lines.Text(), " ")
		value, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil:
		case name == "go_goroutines":
			g.goroutines = max(g.goroutines, value)
		case name == "process_resident_memory_bytes":
			g.memory = max(g.memory, value)
		}
	}
}

// String tells the maxima.
func (g *gauges) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return fmt.Sprintf("at most %.0f goroutines and %.0f MiB in %d samples", g.goroutines, g.memory/(1<<20), g.samples)
}

func (g *gauges) check(t *testing.T) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.samples == 0 || g.goroutines == 0 || g.memory == 0 {
		t.Error("the program's gauges were never read")
	}
	if g.goroutines > maxGoroutines || g.memory > maxMemory {
		t.Errorf("want at most %d goroutines and %d MiB", maxGoroutines, maxMemory>>20)
	}
}
