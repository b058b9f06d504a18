package refusals

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
)

// crowd is how many bad clients of each kind there are.
const crowd = 60

// TestSlowClientsAreCutOff lets in crowds of bad clients. Each is cut off
// within the header timeout, and lifecycle calls are served all the while.
func TestSlowClientsAreCutOff(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	f := harness.NewForger(t)
	const late = app.HeaderTimeout + 5*time.Second // for a busy machine
	start := time.Now()
	var clients sync.WaitGroup
	for name, send := range map[string]func(net.Conn){
		"half-open":      func(net.Conn) {},
		"half a line":    func(c net.Conn) { _, _ = io.WriteString(c, "POST /lifecycle/inst") },
		"endless header": dribble,
	} {
		for range crowd {
			conn := dial(t, f.Running)
			clients.Go(func() {
				go send(conn)
				if took, err := untilCut(conn, start.Add(late)); err != nil || took < app.HeaderTimeout-time.Second {
					t.Errorf("%s: cut off after %s: %v", name, took, err)
				}
			})
		}
	}
	for range crowd { // their bodies never arrive; these calls wait, others do not
		conn := dial(t, f.Running)
		fmt.Fprintf(conn, "POST /lifecycle/installed HTTP/1.1\r\nHost: app\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{")
	}
	cut := make(chan struct{})
	go func() { clients.Wait(); close(cut) }()
	calls := 0
	for done := false; !done; calls++ {
		called := time.Now()
		if _, err := f.Site.Rotate(t.Context(), harness.AppKey); err != nil {
			t.Errorf("a lifecycle call meanwhile: %v", err)
		}
		if took := time.Since(called); took > app.HeaderTimeout {
			t.Errorf("a lifecycle call takes %s", took)
		}
		select {
		case <-cut:
			done = true
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Logf("%d installs while %d bad clients hung on", calls, 4*crowd)
}

// dial connects to the program until the test ends.
func dial(t testing.TB, r *harness.Running) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// dribble sends a header that never ends, a line now and then.
func dribble(c net.Conn) {
	_, err := io.WriteString(c, "POST /lifecycle/installed HTTP/1.1\r\nHost: app\r\n")
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for i := 0; err == nil; i++ {
		<-tick.C
		_, err = fmt.Fprintf(c, "X-Slow-%d: x\r\n", i)
	}
}

// untilCut waits until the other side has hung up and returns how long that
// took. What it sends first, such as a 408, does not matter.
func untilCut(c net.Conn, deadline time.Time) (time.Duration, error) {
	start := time.Now()
	if err := c.SetReadDeadline(deadline); err != nil {
		return 0, err
	}
	_, err := io.Copy(io.Discard, c)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return time.Since(start), err
	}
	return time.Since(start), nil // closed or reset
}

// TestHeaderFloods sends more header than anybody needs: it is refused at a
// limit, whether it is one long line or many.
func TestHeaderFloods(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	const most = 2 * app.MaxHeader
	for name, line := range map[string]string{
		"one long line":   "X-Long: " + strings.Repeat("x", 10<<20),
		"many lines":      strings.Repeat("X-A: y\r\n", 1<<20),
		"a long name":     strings.Repeat("x", 10<<20) + ": y",
		"many of a token": strings.Repeat("Authorization: JWT a.b.c\r\n", 1<<18),
		"a long address":  "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, f.Running)
			address := "/configure"
			if line == "" {
				address += "?x=" + strings.Repeat("x", 10<<20)
			}
			sent, answer := make(chan int64, 1), ""
			go func() {
				n, _ := io.Copy(conn, strings.NewReader("GET "+address+" HTTP/1.1\r\nHost: app\r\n"+line+"\r\n\r\n"))
				sent <- n
			}()
			if err := conn.SetReadDeadline(time.Now().Add(app.HeaderTimeout)); err != nil {
				t.Fatal(err)
			}
			buf := make([]byte, 64)
			if n, err := io.ReadAtLeast(conn, buf, 12); err == nil {
				answer = string(buf[:n])
			} else if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("neither refused nor cut off at %d bytes", most)
			}
			if answer != "" && !strings.HasPrefix(answer, "HTTP/1.1 431") {
				t.Errorf("answered %q", answer)
			}
			_ = conn.Close()
			<-sent
		})
	}
	if status, body := forgerSend(t, f, http.MethodGet, "/configure", f.Sign(t, f.Claims(http.MethodGet, "/configure")), ""); status != http.StatusOK {
		t.Errorf("a valid request meanwhile: %d\n%s", status, body)
	}
}
