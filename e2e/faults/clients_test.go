package faults

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// knock connects to the program.
func knock(t *testing.T, r *harness.Running) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// byteByByte sends a call whose body comes a byte at a time, until the program
// or the test hangs up.
func byteByByte(c net.Conn) {
	_, err := io.WriteString(c, "POST /lifecycle/installed HTTP/1.1\r\nHost: app\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n")
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for err == nil {
		<-tick.C
		_, err = io.WriteString(c, "{")
	}
}

// readsNothing asks again and again over one connection and never reads an
// answer, until neither side can send more.
func readsNothing(c net.Conn) {
	for {
		_ = c.SetWriteDeadline(time.Now().Add(time.Second))
		if _, err := io.WriteString(c, "GET /atlassian-connect.json HTTP/1.1\r\nHost: app\r\n\r\n"); err != nil {
			return
		}
	}
}

// TestSlowClients: whatever clients send slowly, never read or never send, all
// others are served meanwhile, and once they have gone nothing is left of them.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	viewer := r.Person(2)
	want := r.Count(t, viewer, workload.OpenIssues("HARB"))
	looksAt(t, b, viewer, want)
	before := r.Work(t)
	var bad []net.Conn
	for range 200 { // these send nothing
		bad = append(bad, knock(t, r))
	}
	for range 50 {
		slow, deaf := knock(t, r), knock(t, r)
		bad = append(bad, slow, deaf)
		go byteByByte(slow)
		go readsNothing(deaf)
	}
	harness.Eventually(t, "the bad clients are being served", func() bool {
		return r.Work(t).Calls() >= 50
	})
	for range 5 {
		r.ForgetViews(t)
		looksAt(t, b, viewer, want)
		if _, err := r.Site.Rotate(t.Context(), harness.AppKey); err != nil {
			t.Errorf("a lifecycle call meanwhile: %v", err)
		}
	}
	for _, c := range bad {
		_ = c.Close()
	}
	r.Rests(t, before)
	if got := len(tenantsOf(t, r)); got != 1 {
		t.Errorf("%d tenants, want 1", got)
	}
	looksAt(t, b, viewer, want)
}

// tenantsOf lists the tenants that the program's database has.
func tenantsOf(t *testing.T, r *harness.Running) (list []string) {
	t.Helper()
	all, err := r.Store.Tenants.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		list = append(list, string(one.ID))
	}
	return list
}

// TestSlowClientsEnd: a body that takes longer than the server's limit, and an
// answer that nobody reads, end by themselves.
func TestSlowClientsEnd(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	before := r.Work(t)
	for name, send := range map[string]func(net.Conn){"a byte at a time": byteByByte, "reads nothing": readsNothing} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := knock(t, r)
			go send(c)
			// Longer than the limits of bodies and of answers, on a busy machine.
			deadline := time.Now().Add(90 * time.Second)
			if name == "reads nothing" {
				harness.Eventually(t, "the answers are stuck", func() bool { return r.Work(t).Calls() > 0 })
				waitUntil(t, deadline, "the answer is given up", func() bool { return r.Work(t).Calls() == 0 })
				return
			}
			if err := c.SetReadDeadline(deadline); err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(c)
			if errors.Is(err, os.ErrDeadlineExceeded) || len(answer) > 0 && !strings.HasPrefix(string(answer), "HTTP/1.1 4") {
				t.Errorf("got %q and %v, want a refusal or the end of the connection", answer, err)
			}
		})
	}
	t.Cleanup(func() { r.Rests(t, before) })
}

// waitUntil waits longer than harness.Eventually does.
func waitUntil(t *testing.T, deadline time.Time, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		<-tick.C
	}
}

// TestGoneClients: callers who hang up while Jira is slow leave nothing behind,
// and what they asked for is there for the next.
func TestGoneClients(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	before := r.Work(t)
	r.Fault(t, connecttest.Fault{Path: harness.SearchPath, DelayMs: 300})
	var gone []net.Conn
	for n := range 10 {
		address, err := r.Site.ModuleURL(harness.AppKey, "workload", r.Person(n), b.Dashboard.ID, b.Item)
		if err != nil {
			t.Fatal(err)
		}
		c := knock(t, r)
		fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: app\r\n\r\n", strings.TrimPrefix(address, r.URL))
		gone = append(gone, c)
	}
	harness.Eventually(t, "they are being served", func() bool { return r.Work(t).Calls() >= len(gone)/2 })
	for _, c := range gone {
		_ = c.Close()
	}
	r.Rests(t, before)
	r.Site.ClearFaults()
	if got := b.Look(t, r.Person(2)); got.Status != http.StatusOK {
		t.Errorf("status %d\n%s", got.Status, got.Body)
	}
}
