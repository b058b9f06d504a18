// Package replicas runs the program several times on one database, as processes of
// their own behind one address: what one learns the others know, and one that stops or
// is killed loses nothing.
package replicas

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

var command harness.SharedBinary

func TestMain(m *testing.M) { os.Exit(command.Run(m, "replicas")) }

// fleet are processes on one database behind one address, which the test leads to one
// of them.
type fleet struct {
	// whole is the address, the site and the database.
	whole     *harness.Running
	site      *connecttest.Site
	url       string
	processes []*harness.Process
	proxies   []http.Handler
	// now is the process that the address leads to.
	now atomic.Int64
}

// newFleet starts a process for each database URL; all lead to one database.
func newFleet(t *testing.T, databases ...string) *fleet {
	t.Helper()
	f := &fleet{}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.proxies[f.now.Load()].ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	f.site, f.url = connecttest.NewSite(t), front.URL
	for _, database := range databases {
		f.join(t, database)
	}
	whole := *f.processes[0].Running
	whole.URL = front.URL
	f.whole = &whole
	return f
}

// join starts another process.
func (f *fleet) join(t *testing.T, database string) {
	t.Helper()
	p := harness.NewProcess(t, f.site, database)
	target, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	p.Flags.BaseURL = f.url
	p.Run(t, command.Path(t))
	f.processes = append(f.processes, p)
	f.proxies = append(f.proxies, httputil.NewSingleHostReverseProxy(target))
}

// at leads the address to a process.
func (f *fleet) at(i int) { f.now.Store(int64(i)) }

// within waits until something is so on all processes but the first, for no longer than
// a limit from now on.
func (f *fleet) within(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	defer f.at(0)
	begun := time.Now()
	left := map[int]bool{}
	for i := range f.processes[1:] {
		left[i+1] = true
	}
	for len(left) > 0 && time.Since(begun) < limit {
		for i := range left {
			if f.at(i); ok() {
				delete(left, i)
			}
		}
		<-time.After(5 * time.Millisecond)
	}
	if len(left) > 0 {
		t.Errorf("%s: not within %s on %d of %d processes", what, limit, len(left), len(f.processes)-1)
		return
	}
	t.Logf("%s: known to the others after %s", what, time.Since(begun).Round(time.Millisecond))
}

// refuses waits until all processes but the first answer each question with 401, asked no
// later than a limit from now on. The answer may take longer: who is refused is looked up
// once more, at most once a second.
func (f *fleet) refuses(t *testing.T, limit time.Duration, what string, questions ...*http.Request) {
	t.Helper()
	begun := time.Now()
	var asking sync.WaitGroup
	for _, p := range f.processes[1:] {
		for _, q := range questions {
			asking.Go(func() {
				asked, ok := f.refused(t, p, q, begun.Add(limit))
				if !ok {
					t.Errorf("%s: %s %s is answered %s later", what, q.Method, q.URL.Path, limit)
				}
				t.Logf("%s: %s %s is refused after %s", what, q.Method, q.URL.Path, asked.Sub(begun).Round(time.Millisecond))
			})
		}
	}
	asking.Wait()
}

// refused asks a process until it refuses, or the time is over. It returns when the last
// question was asked.
func (f *fleet) refused(t *testing.T, p *harness.Process, q *http.Request, until time.Time) (asked time.Time, ok bool) {
	t.Helper()
	for asked = time.Now(); asked.Before(until); asked = time.Now() {
		if f.ask(t, p, q) == http.StatusUnauthorized {
			return asked, true
		}
		<-time.After(5 * time.Millisecond)
	}
	return asked, false
}

// ask is the status of a process's answer, 0 without one.
func (f *fleet) ask(t *testing.T, p *harness.Process, q *http.Request) int {
	t.Helper()
	own := q.Clone(t.Context())
	own.URL.Host, own.Host = strings.TrimPrefix(p.URL, "http://"), ""
	resp, err := harness.Client().Do(own)
	if err != nil {
		t.Error(err)
		return 0
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
