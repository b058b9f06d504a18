package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// readyTime is how long a process may take to answer.
	readyTime = 30 * time.Second
	// stopTime is how long it may take to end when told to.
	stopTime = 10 * time.Second
	// pollTime is how often a starting process is polled.
	pollTime = time.Millisecond
	// tailSize is how much of a process's last output an error shows.
	tailSize = 2 << 10
)

// output runs a command to its end and returns what it prints. Its error ends
// with the command's error output.
func output(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var said tail
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", name, args[0], err, said.String())
	}
	return out, nil
}

// process is a running server of ours.
type process struct {
	cmd    *exec.Cmd
	cancel context.CancelFunc
	ended  chan struct{} // closed when it has ended
	said   *tail
}

// start starts a server whose output goes to out, or is kept for errors.
func start(ctx context.Context, out io.Writer, env []string, name string, args ...string) (*process, error) {
	ctx, cancel := context.WithCancel(ctx)
	p := &process{cmd: exec.CommandContext(ctx, name, args...), cancel: cancel, ended: make(chan struct{}), said: &tail{}}
	p.cmd.Env = append(environment(), env...)
	p.cmd.Stderr, p.cmd.Stdout = p.said, p.said
	if out != nil {
		p.cmd.Stdout = out
	}
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = stopTime
	if err := p.cmd.Start(); err != nil {
		cancel()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		_ = p.cmd.Wait() // usually the error that it was told to end
		close(p.ended)
	}()
	return p, nil
}

// environment is ours without the program's settings.
func environment() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SIGHTLINE_") })
}

// stop ends the process and waits for it.
func (p *process) stop() {
	p.cancel()
	<-p.ended
}

// ready waits until an address answers 200.
func (p *process) ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	poll := time.NewTicker(pollTime)
	defer poll.Stop()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		if _, err := get(ctx, client, address, ""); err == nil {
			return nil
		}
		select {
		case <-poll.C:
		case <-p.ended:
			return fmt.Errorf("%s ended:\n%s", p.cmd.Path, p.said.String())
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("%s did not get ready:\n%s", p.cmd.Path, p.said.String()), ctx.Err())
		}
	}
}

// get reads an address; every status except 200 is an error.
func get(ctx context.Context, client *http.Client, address, encoding string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if encoding != "" {
		req.Header.Set("Accept-Encoding", encoding)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = &statusError{resp.StatusCode, body}
	}
	return body, err
}

// statusError is an answer other than 200.
type statusError struct {
	status int
	body   []byte
}

// Error implements error.
func (e *statusError) Error() string { return fmt.Sprintf("status %d\n%.300s", e.status, e.body) }

// freeAddr returns a free address of 127.0.0.1.
func freeAddr(ctx context.Context) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// tail keeps the end of what is written.
type tail struct {
	mu  sync.Mutex
	end []byte
}

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = append(t.end, p...)
	if extra := len(t.end) - tailSize; extra > 0 {
		t.end = bytes.Clone(t.end[extra:])
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.end)
}
