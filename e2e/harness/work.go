package harness

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// labelled is the profiler's label of a program's goroutines. Whatever they
// start has it too, so programs that run side by side in tests are told apart.
const labelled = "program"

// asProgram runs f with the label of the program at an address.
func asProgram(address string, f func(context.Context)) {
	pprof.Do(context.Background(), pprof.Labels(labelled, address), f)
}

// Work is what a program's goroutines were started for, with how many there are
// of each kind and the stacks that they have.
type Work map[string]struct {
	count  int
	stacks []string
}

// Work is what the program is at now, once it serves. Connections that are kept
// for later calls, in either direction, do not count; one whose answer was
// neither read to its end nor closed does.
func (r *Running) Work(t testing.TB) Work {
	t.Helper()
	Fetch(t, NewRequest(t, http.MethodGet, r.URL+"/healthz", nil))
	out, begun := r.work(t)
	Eventually(t, "what was started has begun", func() bool {
		if !begun {
			out, begun = r.work(t)
		}
		return begun
	})
	return out
}

// work reports with begun false that a goroutine has not come to what it was
// started for.
func (r *Running) work(t testing.TB) (out Work, begun bool) {
	t.Helper()
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		t.Fatal(err)
	}
	out, begun = Work{}, true
	for _, group := range strings.Split(profile.String(), "\n\n") {
		count, stack := goroutines(group)
		if !strings.Contains(group, fmt.Sprintf("%q:%q", labelled, r.URL)) || isIdle(stack) {
			continue
		}
		kind := strings.Join(stack[max(0, len(stack)-2):], "\n")
		begun = begun && kind != "sync.(*WaitGroup).Go.func1"
		one := out[kind]
		one.count, one.stacks = one.count+count, append(one.stacks, strings.Join(stack, "\n"))
		out[kind] = one
	}
	return out, begun
}

var (
	goroutineCount = regexp.MustCompile(`(?m)^(\d+) @`)
	goroutineFrame = regexp.MustCompile(`(?m)^#\t0x[0-9a-f]+\t(\S+?)\+0x`)
)

// goroutines reads one group of a goroutine profile: how many there are, and
// the functions of their stack.
func goroutines(group string) (count int, stack []string) {
	if m := goroutineCount.FindStringSubmatch(group); m != nil {
		count, _ = strconv.Atoi(m[1])
	}
	for _, m := range goroutineFrame.FindAllStringSubmatch(group, -1) {
		stack = append(stack, m[1])
	}
	return count, stack
}

// isIdle reports whether a goroutine only waits for a connection's next use: a
// client's reader waits for the first byte of an answer that nobody has asked
// for, its writer goes with it, and a server's waits for a request. What follows the
// changes of other programs begins a while after the program serves, and waits always.
func isIdle(stack []string) bool {
	at := func(name string) bool {
		return slices.ContainsFunc(stack, func(frame string) bool { return strings.Contains(frame, name) })
	}
	switch {
	case at("persistConn).readLoop"):
		return at("bufio.(*Reader).Peek")
	case at("net/http.(*conn).serve"):
		return !at("serverHandler")
	}
	return at("persistConn).writeLoop") || at("store.(*Follower).")
}

// Rests waits until the program does no more than it did before: no goroutine
// and no connection is left over.
func (r *Running) Rests(t testing.TB, before Work) {
	t.Helper()
	var more []string
	defer func() {
		if t.Failed() && len(more) > 0 {
			t.Logf("left over:\n%s", strings.Join(more, "\n\n"))
		}
	}()
	Eventually(t, "nothing is left over", func() bool {
		more = r.Work(t).beyond(before)
		return len(more) == 0
	})
}

// Calls is how many calls are being answered.
func (w Work) Calls() (n int) {
	for kind, now := range w {
		if strings.Contains(kind, "net/http.(*conn).serve") {
			n += now.count
		}
	}
	return n
}

// beyond lists what there is more of than before.
func (w Work) beyond(before Work) (more []string) {
	for kind, now := range w {
		if n := now.count - before[kind].count; n > 0 {
			more = append(more, fmt.Sprintf("%d more among\n%s", n, strings.Join(now.stacks, "\n\n")))
		}
	}
	slices.Sort(more)
	return more
}
