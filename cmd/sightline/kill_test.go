package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/store"
)

// killable is the program as a process of its own, on a database file that
// stays when the process is killed.
type killable struct {
	*running
	env     []string
	process *exec.Cmd
}

func newKillable(t *testing.T) *killable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a port that is free now
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	site := connecttest.NewSite(t)
	database := "sqlite://" + filepath.Join(t.TempDir(), "sightline.db")
	f := onsite.Flags("http://"+addr, site.URL(), database)
	k := &killable{running: &running{site: site, url: "http://" + addr, logs: &logBuffer{}}}
	for flag, value := range map[string]string{
		"addr": f.Addr, "base-url": f.BaseURL, "database-url": f.DatabaseURL, "secret-keys": testKeys(),
		"install-keys-url": f.InstallKeysURL, "allowed-hosts": f.AllowedHosts, "acjs-url": f.ACJSURL,
		"oauth-token-url": f.OAuthTokenURL, "chat-api-url": f.ChatAPIURL, "chat-token-url": f.ChatTokenURL,
		"chat-client-id": f.ChatClientID, "chat-client-secret": f.ChatClientSecret, "chat-origins": f.ChatOrigins,
	} {
		k.env = append(k.env, app.Variable(flag)+"="+value)
	}
	k.store = openStore(t, database)
	return k
}

// openStore opens the database beside the program.
func openStore(t *testing.T, address string) *store.Store {
	t.Helper()
	keys, err := store.ParseKeyRing(testKeys())
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Options{URL: address, Keys: keys, Version: sightline.Version, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

// start starts the process and waits until it is ready.
func (k *killable) start(t *testing.T) {
	t.Helper()
	k.process = exec.Command(os.Args[0], "serve")
	k.process.Env = append(append(os.Environ(), "SIGHTLINE_TEST_MAIN=1"), k.env...)
	k.process.Stderr = k.logs
	if err := k.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.process.Process.Kill() })
	eventually(t, "ready", func() bool {
		resp, err := client().Do(newRequest(t, http.MethodGet, k.url+"/readyz", nil))
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// kill ends the process as kill -9 does.
func (k *killable) kill(t *testing.T) {
	t.Helper()
	if err := k.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = k.process.Wait() // says that it was killed
}

// TestKilledProcessLosesNoGlance kills the program between a webhook and its
// push; the next start pushes.
func TestKilledProcessLosesNoGlance(t *testing.T) {
	t.Parallel()
	k := newKillable(t)
	k.start(t)
	r := k.running
	app := r.install(t)
	project := r.site.Objects().Projects[0].Key
	room := r.site.Objects().Conversations[0]
	r.setUpRoom(t, app.Key, room, project)
	open := r.count(t, r.site.Objects().Dashboards[0].Owner, "project = "+project+" AND statusCategory != Done")
	r.waitForLabel(t, room.ID, fmt.Sprintf("%d open", open))

	if err := r.site.AddFault(connecttest.Fault{Method: http.MethodPut, Path: "/site/*", DelayMs: 60_000, Times: 1}); err != nil {
		t.Fatal(err)
	}
	seen := len(r.site.Requests(0))
	r.finishOneIssue(t, r.site.Objects().Dashboards[0].Owner, project)
	eventually(t, "the program works on the new label", func() bool {
		return slices.ContainsFunc(r.site.Requests(0)[seen:], func(q connecttest.Request) bool {
			return q.From == appKey && strings.HasPrefix(q.Path, "/rest/api/3/search")
		})
	})
	k.kill(t)
	k.site.ClearFaults() // the push may not have begun
	if label := r.shown(t, room.ID).label; !strings.HasPrefix(label, fmt.Sprintf("%d open", open)) {
		t.Fatalf("the label is %q before the restart", label)
	}
	k.start(t)
	r.waitForLabel(t, room.ID, fmt.Sprintf("%d open", open-1))
}
